-- SPDX-License-Identifier: Apache-2.0
-- Link layer of a meter (EN 13757-2, 5), judged from the trace.
local T = require "trace"
local judge = {}

local function long(p) return p.bytes:byte(1) == 0x68 and not p.wrong end

judge["MB2-LL-001"] = function(t)
  return T.each_heard(t, function(p) return #p.bytes == 1 and not p.wrong end, function(p)
    if p.bytes ~= "\xE5" then return "a single character that is not E5h: " .. T.hex(p.bytes) end
  end)
end

local function well_formed(t, defects)
  return T.each_heard(t, long, function(p)
    for _, defect in ipairs(p.frame.defects) do
      if defects[defect] then return "an answer with a wrong " .. defect .. ": " .. T.hex(p.bytes:sub(1, 12)) end
    end
  end)
end
judge["MB2-LL-003"] = function(t)
  return well_formed(t, { length = true, ["second start"] = true, stop = true, truncated = true, surplus = true })
end
judge["MB2-LL-004"] = function(t)
  return well_formed(t, { truncated = true, surplus = true, ["short length"] = true })
end
judge["MB2-LL-006"] = function(t) return well_formed(t, { checksum = true }) end

-- A spoilt request, addressed as if to the device under test, and nothing else wrong with it: silence. The
-- device must have answered something afterwards, or silence would be no evidence.
local function alive_after(t, index)
  for i = index + 1, #t.exchanges do
    local p = T.answer(t.exchanges[i])
    if p and (T.is_acknowledge(p) or T.is_response(p)) then return true end
  end
  return false
end

local function silent(t, applies)
  return T.each(t, function(e, i) return applies(e) and alive_after(t, i) end, function(e)
    local p = T.answer(e)
    if p then return "answered: " .. T.hex(p.bytes:sub(1, 12)), p end
  end)
end

-- Whatever its address, nobody answers a frame with this defect; evidence is one that has no other and is for
-- the device.
local function only(defect)
  return function(t)
    local evidence = false
    local _, what, packet = T.each(t, function(e)
      local f = e.request.frame
      for _, found in ipairs(f.defects) do
        if found == defect then return true end
      end
      return false
    end, function(e, i)
      local f, p = e.request.frame, T.answer(e)
      if p then return "answered: " .. T.hex(p.bytes:sub(1, 12)), p end
      local own = f.a == nil or f.a == t.dut or f.a == T.TEST
      evidence = evidence or own and #f.defects == 1 and not e.request.wrong and alive_after(t, i)
    end)
    if what then return "fail", what, packet end
    return evidence and "pass" or "none"
  end
end
judge["MB2-LL-007"] = only("checksum")
judge["MB2-LL-008"] = only("stop")
judge["MB2-LL-009"] = only("length")
judge["MB2-LL-010"] = only("second start")
judge["MB2-LL-012"] = only("truncated")
judge["MB2-LL-011"] = function(t)
  return silent(t, function(e) return e.request.wrong and e.request.frame.a == t.dut end)
end

-- The device speaks once a request, and only when asked.
judge["MB2-LL-022"] = function(t)
  T.prepare(t)
  if #t.unasked > 0 then return "fail", "octets before any request", t.unasked[1].index end
  local function asked(e) return T.valid(e.request) and e.request.frame.a == t.dut end
  return T.each(t, asked, function(e, i)
    if #e.answers > 1 then return "more than one answer to one request", e.answers[2] end
    -- Others may still be talking, unless the device alone was asked before.
    local last = t.exchanges[i - 1]
    local alone = last and T.valid(last.request) and last.request.frame.a == t.dut
    local early = e.before[1]
    if alone and early and not early.cut then return "octets while the request was being sent", early end
  end)
end

local function response(p) return T.valid(p) and p.frame.c ~= nil end
judge["MB2-LL-023"] = function(t)
  return T.each_heard(t, response, function(p)
    if p.frame.c & 0x80 ~= 0 then return string.format("control field %02Xh has bit 7", p.frame.c) end
  end)
end
judge["MB2-LL-024"] = function(t)
  return T.each_heard(t, response, function(p)
    if p.frame.c & 0x40 ~= 0 then return string.format("control field %02Xh has bit 6", p.frame.c) end
  end)
end
judge["MB2-LL-030"] = function(t)
  return T.each_heard(t, response, function(p)
    if p.frame.c & 0xCF ~= 0x08 then return string.format("control field %02Xh", p.frame.c) end
  end)
end

local function acknowledged(fn)
  return function(t)
    return T.each(t, function(e) return not e.moved and T.asks(t, e, fn) end, function(e)
      if not T.answer(e) then return "no answer" end
      if not T.is_acknowledge(T.answer(e)) then return "not answered by E5h", T.answer(e) end
    end)
  end
end
judge["MB2-LL-026"] = acknowledged(T.NKE)
judge["MB2-LL-027"] = acknowledged(T.SND_UD)
judge["MB2-LL-028"] = function(t)
  -- 5Bh and 7Bh: nobody needs to answer 4Bh and 6Bh, with FCV = 0.
  return T.each(t, function(e)
    return not e.moved and T.asks(t, e, T.REQ_UD2) and e.request.frame.c & T.FCV ~= 0
  end, function(e)
    if not T.answer(e) then return "no answer" end
    if not T.is_response(T.answer(e)) then return "not answered by RSP_UD", T.answer(e) end
  end)
end

-- A request after which the frame count bit decides: the exchange before it is a request of the same
-- device that was answered.
local function after_answered(t, e, i, repeated)
  local before = t.exchanges[i - 1]
  if not before or not T.asks(t, e, T.REQ_UD2) or not T.asks(t, before, T.REQ_UD2) then return false end
  local now, then_ = e.request.frame.c, before.request.frame.c
  if now & T.FCV == 0 or then_ & T.FCV == 0 then return false end
  return T.is_response(T.answer(before)) and T.is_response(T.answer(e)) and
    (now & T.FCB == then_ & T.FCB) == repeated
end
judge["MB2-LL-038"] = function(t)
  T.prepare(t)
  return T.each(t, function(e, i) return after_answered(t, e, i, true) end, function(e, i)
    local again, first = T.answer(e), T.answer(t.exchanges[i - 1])
    if T.shape(again) ~= T.shape(first) then return "the repeated request got another telegram", again end
    if not t.ics.repeat_refreshes and again.bytes ~= first.bytes then
      return "the repeated request got other octets", again
    end
  end)
end
-- The same records with other values: two telegrams of a sequence, or one that has been refreshed.
local function refreshed(p, before)
  local now, then_ = T.header(p), T.header(before)
  return T.shape(p) == T.shape(before) and now and then_ and now.records ~= then_.records
end
judge["MB2-LL-037"] = function(t)
  T.prepare(t)
  if (t.ics.telegrams or 1) < 2 then return "none" end
  return T.each(t, function(e, i)
    return not e.commanded and after_answered(t, e, i, false) and
      not refreshed(T.answer(e), T.answer(t.exchanges[i - 1]))
  end, function(e, i)
    if T.shape(T.answer(e)) == T.shape(T.answer(t.exchanges[i - 1])) then
      return "the toggled request got the same telegram", T.answer(e)
    end
  end)
end

-- The first request after SND_NKE gets the first telegram: all such answers have one shape.
judge["MB2-LL-036"] = function(t)
  T.prepare(t)
  local first
  return T.each(t, function(e, i)
    local before = t.exchanges[i - 1]
    return not e.commanded and before ~= nil and T.asks(t, before, T.NKE) and T.is_acknowledge(T.answer(before)) and
      T.asks(t, e, T.REQ_UD2) and e.request.frame.c == 0x7B and T.is_response(T.answer(e))
  end, function(e)
    local shape = T.shape(T.answer(e))
    if first and shape ~= first then return "another telegram than after the first reset", T.answer(e) end
    first = first or shape
  end)
end

judge["MB2-LL-052"] = function(t)
  return T.each(t, function(e)
    return (T.asks(t, e, T.NKE, T.TEST) or T.asks(t, e, T.REQ_UD2, T.TEST))
  end, function(e)
    local p = T.answer(e)
    -- A trace has no voltages: in a case that sets them silence may be what is due.
    if not p and t.needs.levels then return nil end
    if not p then return "no answer to FEh" end
    -- Where several meters are on the bus, all of them answer.
    if not p.wrong and not T.is_acknowledge(p) and not T.is_response(p) then
      return "the answer to FEh is no valid frame", p
    end
  end)
end
judge["MB2-LL-054"] = function(t)
  return T.each(t, function(e)
    return T.asks(t, e, T.REQ_UD2, T.TEST) and T.is_response(T.answer(e))
  end, function(e)
    local address = T.answer(e).frame.a
    if address ~= t.dut then return "the answer to FEh carries address " .. address, T.answer(e) end
  end)
end
judge["MB2-LL-053"] = function(t)
  return silent(t, function(e) return T.valid(e.request) and e.request.frame.a == T.BROADCAST end)
end
judge["MB2-LL-056"] = function(t)
  return T.each(t, function(e)
    local f = e.request.frame
    return T.valid(e.request) and f.a ~= nil and f.a <= 250 and f.a ~= t.dut
  end, function(e)
    local p = T.answer(e)
    if T.is_response(p) and p.frame.a == t.dut then return "a request to another address was answered", p end
  end)
end

-- 8E1: no parity or framing error in what only the device was asked for.
judge["MB2-PH-036"] = function(t)
  return T.each(t, function(e)
    return T.valid(e.request) and e.request.frame.a == t.dut and T.answer(e) ~= nil and
      not T.answer(e).errors.collision
  end, function(e)
    local p = T.answer(e)
    if p.errors.parity then return "a parity error", p end
    if p.errors.framing then return "a framing error", p end
  end)
end

return judge
