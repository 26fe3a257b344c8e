-- SPDX-License-Identifier: Apache-2.0
-- Selection by secondary address (EN 13757-7, 8.4), judged from the trace. Other meters may be on the bus:
-- only what the device under test does is judged, by the address in its answers.
local T = require "trace"
local judge = {}

-- A trace does not show the supply: after a pause that the reply window cannot explain it may have failed.
local function may_have_failed(before, e)
  if not before then return false end
  local last = before.answers[#before.answers] or before.request
  return e.request.start - last.finish > 2 * T.bits(e.request, 330) + 400e6
end

-- Goes through the trace with what the selections so far mean for the device: true, false, nil not known.
local function follow(t, visit)
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
    local mask = T.selection(t, e)
    local f = e.request.frame
    if mask then
      selected, why = T.matches(mask, own), T.matches(mask, own) and "match" or "mismatch"
    elseif T.asks(t, e, T.NKE, T.SELECTED) then
      selected, why = false, "reset"
    elseif T.valid(e.request) and (f.a == T.BROADCAST or f.a == T.SELECTED and f.kind ~= "short") then
      selected = nil -- what else is said to the selected device, or to all, may change it
    end
  end
  return seen and "pass" or "none"
end

local function from_own(p, own)
  if not T.is_response(p) then return false end
  local header = T.header(p)
  return header ~= nil and header.long and header.address == own
end

local function acknowledged(wanted)
  return function(t)
    return follow(t, function(e, _, _, own)
      local mask = T.selection(t, e)
      if not mask or not T.matches(mask, own) or not wanted(mask) then return nil end
      -- Of several that match, all answer at once.
      if not T.answer(e) then return "a selection that matches is not answered" end
      return "seen"
    end)
  end
end
local function has_wildcard_digit(mask)
  for i = 1, 4 do
    if mask:byte(i) & 0x0F == 0x0F or mask:byte(i) & 0xF0 == 0xF0 then return true end
  end
  return false
end
judge["MB7-SA-002"] = acknowledged(function(mask) return not mask:find("\xFF", 1, true) end)
judge["MB7-SA-004"] = acknowledged(has_wildcard_digit)
judge["MB7-SA-005"] = acknowledged(function(mask) return mask:sub(5, 8):find("\xFF", 1, true) ~= nil end)

local function unselected(reason)
  return function(t)
    return follow(t, function(e, selected, why, own)
      if selected ~= false or why ~= reason or not T.asks(t, e, T.REQ_UD2, T.SELECTED) then return nil end
      if from_own(T.answer(e), own) then return "answered to FDh though it is not selected", T.answer(e) end
      return "seen"
    end)
  end
end
judge["MB7-SA-003"] = unselected("mismatch")
judge["MB7-SA-007"] = unselected("reset")

judge["MB2-LL-051"] = function(t)
  return follow(t, function(e, selected, _, own)
    if selected ~= false or not T.asks(t, e, T.REQ_UD2, T.SELECTED) then return nil end
    if from_own(T.answer(e), own) then return "answered to FDh though it is not selected", T.answer(e) end
    return "seen"
  end)
end

return judge
