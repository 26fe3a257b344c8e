-- SPDX-License-Identifier: Apache-2.0
-- Selection by secondary address (EN 13757-7, 8.4), judged from the trace. Other meters may be on the bus:
-- only what the device under test does is judged, by the address in its answers.
local T = require "trace"
local S = require "selected"
local judge = {}

local function acknowledged(wanted)
  return function(t)
    return S.follow(t, function(e, _, _, own)
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
    return S.follow(t, function(e, selected, why, own)
      if selected ~= false or why ~= reason or not T.asks(t, e, T.REQ_UD2, T.SELECTED) then return nil end
      if S.from_own(T.answer(e), own) then return "answered to FDh though it is not selected", T.answer(e) end
      return "seen"
    end)
  end
end
judge["MB7-SA-003"] = unselected("mismatch")
judge["MB7-SA-007"] = unselected("reset")

judge["MB2-LL-051"] = function(t)
  return S.follow(t, function(e, selected, _, own)
    if selected ~= false or not T.asks(t, e, T.REQ_UD2, T.SELECTED) then return nil end
    if S.from_own(T.answer(e), own) then return "answered to FDh though it is not selected", T.answer(e) end
    return "seen"
  end)
end

return judge
