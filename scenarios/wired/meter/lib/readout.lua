-- SPDX-License-Identifier: Apache-2.0
-- A whole read-out by hand: SND_NKE, then REQ_UD2 with the frame count bit toggled, as many answers as
-- the statement says. The case is inconclusive without them.
local records = require "records"
local readout = {}

function readout.receptions(rig)
  local line, dut = rig.line, rig.dut
  local list, fcb = {}, 1
  line:reset(dut)
  for i = 1, rig.ics.telegrams do
    local r = line:request(dut, { fcb = fcb })
    precondition(r, "answer " .. i .. " of the read-out"):is_telegram()
    list[i] = r
    fcb = 1 - fcb
  end
  return list
end

-- The answers of a read-out, split into records.
function readout.answers(rig)
  local list = {}
  for i, r in ipairs(readout.receptions(rig)) do
    list[i] = records.split(r.frame.user_data)
    list[i].reception = r
  end
  return list
end

-- All records of a read-out; the case is inconclusive where an answer cannot be split.
function readout.records(rig)
  local list = {}
  for i, answer in ipairs(readout.answers(rig)) do
    precondition(answer.fault, "fault in the records of answer " .. i):is_nil()
    for _, record in ipairs(answer.list) do
      record.answer = i
      list[#list + 1] = record
    end
  end
  precondition(#list, "records of the read-out"):at_least(1)
  return list
end

return readout
