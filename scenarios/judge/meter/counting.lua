-- SPDX-License-Identifier: Apache-2.0
-- The frame count bit and class 1 data of a meter (EN 13757-2, 5.5.7; EN 13757-3, 9), judged from the trace.
local T = require "trace"
local D = require "device"
local judge = {}

-- REQ_UD2 with FCV, at `address` or the device's own, and its answer.
local function read(t, e, address)
  if not e or e.commanded or not T.is_response(T.answer(e)) then return nil end
  local asked = address and T.asks(t, e, T.REQ_UD2, address) or not address and D.telegram(t, e)
  return asked and e.request.frame.c & T.FCV ~= 0 and T.answer(e) or nil
end
local function bit(e) return e.request.frame.c & T.FCB end

-- The same telegram, or two with the same records, which may differ in their values.
local function equal(a, b) return T.shape(a) == T.shape(b) end
local function records(p)
  local header = T.header(p)
  return header and header.records or p.bytes
end

-- A request without FCV between two with the same bit: a repetition all the same.
judge["MB2-LL-034"] = function(t)
  if not t.ics.fcb or (t.ics.telegrams or 1) < 2 then return "none" end
  return D.judge(t, function(e, i)
    local between, first = t.exchanges[i - 1], t.exchanges[i - 2]
    local before, now = read(t, first), read(t, e)
    if not before or not now or bit(first) ~= bit(e) or not D.asks(t, between, T.REQ_UD2) then return nil end
    if between.request.frame.c & T.FCV ~= 0 or between.answers[1] and not D.answered(between) then return nil end
    if equal(before, now) then return true end
    return "another telegram for the same bit, behind a request without FCV", now
  end)
end

-- Behind SND_NKE a request with FCB = 1 is new: it does not get the telegram that came last, where that is
-- not the first.
judge["MB2-LL-035"] = function(t)
  local first = (t.ics.telegrams or 1) > 1 and D.first(D.prepare(t))
  if not first then return "none" end
  return D.judge(t, function(e, i)
    local reset, last, now = t.exchanges[i - 1], read(t, t.exchanges[i - 2]), read(t, e)
    if not last or not now or e.request.frame.c ~= 0x7B or not D.asks(t, reset, T.NKE) then return nil end
    if not T.is_acknowledge(T.answer(reset)) or equal(last, first) then return nil end
    if equal(now, last) then return "the telegram from before the reset", now end
    return equal(now, first) or nil
  end)
end

-- FDh, then the device's own address with the other bit, then FDh with that one: new there.
judge["MB2-LL-042"] = function(t)
  if not t.ics.fcb or (t.ics.telegrams or 1) < 2 or not T.own_address(t) then return "none" end
  local own = T.own_address(t)
  local function selected(e)
    local p = read(t, e, T.SELECTED)
    local header = p and T.header(p)
    return header and header.long and header.address == own and p or nil
  end
  return D.judge(t, function(e, i)
    local between, first = t.exchanges[i - 1], t.exchanges[i - 2]
    local before, now = selected(first or e), selected(e)
    if not first or not before or not now or not read(t, between) then return nil end
    if bit(first) == bit(between) or bit(between) ~= bit(e) then return nil end
    if not equal(before, now) then return true end
    return records(before) == records(now) and "a request that is new at FDh got the same telegram" or nil, now
  end)
end

-- One telegram, whatever the bit.
judge["MB2-LL-045"] = function(t)
  if t.ics.telegrams ~= 1 then return "none" end
  local first, first_bit
  return D.judge(t, function(e)
    local now = read(t, e)
    if not now then return nil end
    if not first then first, first_bit = now, bit(e) end
    if not equal(first, now) then return "another telegram of a device that has one", now end
    return bit(e) ~= first_bit or nil
  end)
end

-- ---- class 1

local alarm_ci = { [0x71] = true, [0x74] = true, [0x75] = true }

-- REQ_UD1 with FCV to the device: "none", the octets of an alarm, "other"; nil where it is garbled.
local function class1(t, e)
  local p = e and T.answer(e)
  if not p or not D.asks(t, e, T.REQ_UD1) or e.request.frame.c & T.FCV == 0 then return nil end
  if T.is_acknowledge(p) then return "none" end
  if not T.is_response(p) then return nil end
  return alarm_ci[p.frame.ci] and p.bytes:sub(7, -3) or "other"
end

judge["MB2-LL-029"] = function(t)
  if not t.ics.alarms then return "none" end
  return D.judge(t, function(e)
    if not D.asks(t, e, T.REQ_UD1) or e.request.frame.c & T.FCV == 0 then return nil end
    if not T.answer(e) then return "no answer to REQ_UD1" end
    local what = class1(t, e)
    if what == "other" then
      return string.format("REQ_UD1 answered with CI %02Xh", T.answer(e).frame.ci), T.answer(e)
    end
    return what and true
  end)
end

-- ACD (bit 5) asks for REQ_UD1. A device with class 1 data may raise an alarm at any time: its bit must be clear
-- between two answers that say there is none.
judge["MB2-LL-031"] = function(t)
  local clear, set = false, nil
  local without = false -- the last REQ_UD1 got E5h
  local what, text, packet = D.judge(t, function(e)
    local p = T.answer(e)
    if t.ics.alarms then
      local found = class1(t, e)
      if found == "none" and set then return "ACD is set, and there is no class 1 data", set end
      if found then without, set = found == "none", nil end
      if D.asks(t, e, T.REQ_UD1) and not found then without, set = false, nil end
    end
    local telegram = D.telegram(t, e) and p
    if not telegram then return nil end
    local demands = telegram.frame.c & 0x20 ~= 0
    if demands and not t.ics.alarms then return "ACD is set by a device without class 1 data", telegram end
    if demands and without then set = set or telegram end
    clear = clear or not demands and (without or not t.ics.alarms)
    return nil
  end)
  if what == "fail" then return what, text, packet end
  return clear and not set and "pass" or "none"
end

-- The same bit gets the same alarm again.
judge["MB3-AP-021"] = function(t)
  return D.judge(t, function(e, i)
    local before, now = class1(t, t.exchanges[i - 1]), class1(t, e)
    if not before or not now or before == "none" or before == "other" then return nil end
    if e.request.frame.c ~= t.exchanges[i - 1].request.frame.c then return nil end
    if now == "none" then return "an alarm that was asked for again is gone", T.answer(e) end
    if now:byte(-1) ~= before:byte(-1) then return "another alarm for the same frame count bit", T.answer(e) end
    return true
  end)
end

return judge
