-- SPDX-License-Identifier: Apache-2.0
-- SND_UD with records (CI 51h), and what became of it in the next read-out.
local records = require "records"
local readout = require "readout"
local writing = {}

-- Sends records to the device; the reception.
function writing.send(line, dut, data)
  line:reset(dut)
  return line:exchange(frame { c = 0x73, a = dut.address, ci = 0x51, data = data })
end

-- Application error in the answer to the next REQ_UD2: its code (0 where none is given), nil where there
-- is none; and the answer. A refusal can also be seen in the status byte or in a record error.
function writing.report(line, dut)
  line:reset(dut)
  local r = line:request(dut, { fcb = 1 })
  precondition(r, "answer to REQ_UD2"):is_telegram { address = dut.address }
  local header = { [0x70] = 0, [0x6E] = 4, [0x6F] = 12 }
  local skip = header[r.frame.ci]
  if skip then return r.frame.data:byte(skip + 1) or 0, r end
  return nil, r
end

-- The record with this DIB and VIB in a read-out, nil where there is none.
function writing.find(rig, header)
  for _, record in ipairs(readout.records(rig)) do
    if record.dib .. record.vib == header then return record end
  end
  return nil
end

-- Ends an application error or a selection that a case left behind.
function writing.tidy(line, dut)
  line:exchange(frame { c = 0x53, a = dut.address, ci = 0x50 })
  line:reset(dut)
end

-- Whether an answer is an application error (CI 70h, 6Eh, 6Fh), or its status says so.
function writing.is_error(r)
  local ci = r.frame.ci
  if ci == 0x70 or ci == 0x6E or ci == 0x6F then return true end
  return ci == 0x72 and #r.frame.user_data >= 13 and r.frame.user_data:byte(11) & 0x03 == 0x02
end

-- Whether an answer shows that something was refused: an application error, bits 1 and 0 of the status
-- byte at 10b, or a record error.
function writing.shows_refusal(r)
  if writing.is_error(r) then return true end
  local answer = records.split(r.frame.user_data)
  for _, record in ipairs(answer.list) do
    for i = 2, #record.vib do
      local code = record.vib:byte(i) & 0x7F
      if code >= 0x01 and code <= 0x1C and record.vif ~= 0xFB and record.vif ~= 0xFD then return true end
    end
  end
  return false
end

return writing
