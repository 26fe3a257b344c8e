-- SPDX-License-Identifier: Apache-2.0
-- Rates of a meter (EN 13757-2, 5.2; EN 13757-7, 8.2), judged from the trace.
local T = require "trace"
local D = require "device"
local judge = {}

local function at(e, baud) return D.near(e.request.baud, baud) end

-- Whoever answers a rate that is the device's no more, where it has been heard at the new one.
local function still_at_the_old(t, e)
  return e.confirmed and not e.doubt and not t.ics.auto_baud and T.valid(e.request) and e.request.frame.a == e.at and
    e.rate ~= nil and not at(e, e.rate) and at(e, e.old) and D.answered(e)
end

judge["MB2-LL-058"] = function(t)
  return D.judge(t, function(e)
    if D.asks(t, e, T.SND_UD) and D.has(t.ics.baud_switch, D.rate_of(e.request.frame.ci)) and not T.answer(e) then
      return "a change of rate that is not acknowledged"
    end
    if still_at_the_old(t, e) then return "an answer at the rate that was left", T.answer(e) end
    if e.switched == "own" and not e.fell and D.calls(t, e) then return D.called(e, "at the rate that was set") end
  end)
end

judge["MB2-LL-059"] = function(t)
  return D.judge(t, function(e)
    local f = e.request.frame
    if T.asks(t, e, T.SND_UD, T.BROADCAST) and D.has(t.ics.baud_switch, D.rate_of(f.ci)) and T.answer(e) then
      return "a change of rate for all was answered", T.answer(e)
    end
    if e.switched == "all" and D.calls(t, e) then return D.called(e, "at the rate that was set for all") end
  end)
end

judge["MB2-LL-061"] = function(t)
  if t.ics.auto_baud then return "none" end
  return D.judge(t, function(e)
    if e.fell and D.calls(t, e) then return D.called(e, "at the old rate") end
  end)
end

judge["MB2-LL-063"] = function(t)
  return D.judge(t, function(e)
    if e.in_vain and D.calls(t, e) then return D.called(e, "behind a change to a rate that it does not have") end
  end)
end

judge["MB2-LL-064"] = function(t)
  if not t.ics.auto_baud then return "none" end
  return D.judge(t, function(e)
    if not D.calls(t, e) then return nil end
    local p = T.answer(e)
    if p and D.answered(e) and not at(e, p.baud) then return "an answer at another rate than the request's", p end
    return D.called(e, "at " .. e.request.baud .. " Bd")
  end)
end

local function heard_at(wanted)
  return function(t)
    return D.judge(t, function(e)
      if D.has(wanted, e.request.baud) and D.calls(t, e) then
        return D.called(e, "at " .. e.request.baud .. " Bd")
      end
    end)
  end
end
judge["MB2-PH-031"] = heard_at { 300 }
judge["MB2-PH-032"] = heard_at { 2400, 9600 }

-- Behind a long pause of a case that needs the supply: the rate that was set, or 300 Bd.
judge["MB2-PH-034"] = function(t)
  if not t.needs.power or t.ics.auto_baud then return "none" end
  return D.judge(t, function(e)
    if not e.confirmed or not e.doubt or not e.rate then return nil end
    if not T.asks(t, e, T.NKE, e.at) or not D.answered(e) then return nil end
    if at(e, e.rate) or at(e, 300) then return true end
    return "an answer at " .. e.request.baud .. " Bd, which was not set", T.answer(e)
  end)
end

-- From the start of the first character of an answer to that of the last one. Too long may be idle time as well,
-- which another requirement is about; too short is a wrong rate.
judge["MB2-PH-035"] = function(t)
  if t.uncertainty > 0 then return "none" end
  local doubt = false
  local what, text, packet = D.judge(t, function(e)
    local p = T.answer(e)
    if not p or #p.bytes < 16 or not T.is_response(p) or not T.valid(e.request) then return nil end
    if e.request.frame.a ~= e.at or not e.listening then return nil end
    local character = T.bits(e.request, 11)
    local ratio = (p.finish - p.start - character) / (character * (#p.bytes - 1))
    if ratio < 0.9999 / 1.005 then return string.format("%.2f %% too fast", 100 / ratio - 100), p end
    doubt = doubt or ratio > 1.0001 / 0.995
    return true
  end)
  return what == "pass" and doubt and "none" or what, text, packet
end

return judge
