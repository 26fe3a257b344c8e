-- SPDX-License-Identifier: Apache-2.0
-- What the selections of a trace mean for the meter under test (EN 13757-7, 8.4). Other meters may be on the
-- bus: only what the device itself does is judged, by the address in its answers.
local T = require "trace"
local S = {}

-- A trace does not show the supply: after a pause that the reply window cannot explain it may have failed.
local function may_have_failed(before, e)
  if not before then return false end
  local last = before.answers[#before.answers] or before.request
  return e.request.start - last.finish > 2 * T.bits(e.request, 330) + 400e6
end

-- What a request makes of it: true where the device said so, too; false where nothing else can be meant.
local function after(t, e, selected, why, own)
  local mask = T.selection(t, e)
  local f = e.request.frame
  if mask then
    if not T.matches(mask, own) then return false, "mismatch" end
    return T.is_acknowledge(T.answer(e)) or nil, "match"
  end
  if T.asks(t, e, T.NKE, T.SELECTED) then return false, "reset" end
  if not T.valid(e.request) then return selected, why end
  if T.asks(t, e, T.NKE, T.BROADCAST) then return nil, "broadcast" end
  -- A reset of the device may end the selection. So may what else is said to the selected device, or to all.
  if selected and T.function_of(f.c or 0) == T.NKE then return nil end
  if f.a == T.BROADCAST then return nil end
  if f.a == T.SELECTED and f.kind ~= "short" and not (selected and f.ci == 0x50) then return nil end
  return selected, why
end

-- Goes through the trace with what the selections so far mean for the device: true, false, nil not known.
function S.follow(t, visit)
  T.prepare(t)
  local own = T.own_address(t)
  if not own then return "none" end
  local selected, why
  local seen = false
  for i, e in ipairs(t.exchanges) do
    if may_have_failed(t.exchanges[i - 1], e) then selected = nil end
    local what, packet = visit(e, selected, why, own)
    if what == "seen" then
      seen = true
    elseif what then
      return "fail", what, (packet or e.request).index
    end
    selected, why = after(t, e, selected, why, own)
  end
  return seen and "pass" or "none"
end

function S.from_own(p, own)
  if not T.is_response(p) then return false end
  local header = T.header(p)
  return header ~= nil and header.long and header.address == own
end

return S
