-- SPDX-License-Identifier: Apache-2.0
-- What a meter hears as a frame for it and what not (EN 13757-2, 5; IEC 60870-5-1), judged from the trace.
local T = require "trace"
local D = require "device"
local judge = {}

-- Silence of a device that is heard later; anything else is wrong.
local function silent(e, what)
  local p = T.answer(e)
  if p then return what .. " was answered: " .. T.hex(p.bytes:sub(1, 12)), p end
  return e.alive or nil
end

local function has_defect(f, wanted)
  for _, defect in ipairs(f.defects) do
    if defect == wanted then return true end
  end
  return false
end

judge["MB2-LL-002"] = function(t)
  return D.judge(t, function(e)
    local f = e.request.frame
    if D.asks(t, e, T.NKE) then return D.called(e, "to a short frame") end
    if f.kind == "short" and f.due and f.size < f.due and T.answer(e) then
      return "a part of a short frame was answered", T.answer(e)
    end
  end)
end

-- Idle time in front of a request, in bit times.
local function idle(t, e, i)
  local before = t.exchanges[i - 1]
  if not before then return 0 end
  local last = before.answers[#before.answers] or before.request
  return (e.request.start - last.finish - t.uncertainty) / T.bits(e.request, 1)
end

-- No octet of it begins a frame; nobody answers it, and what follows behind idle time is heard.
local function is_stray(p) return p.frame.kind == "other" and not p.bytes:find("[\x10\x68]") end
judge["MB2-LL-013"] = function(t)
  return D.judge(t, function(e, i)
    local before = t.exchanges[i - 1]
    if is_stray(e.request) then return silent(e, string.format("what begins with %02Xh", e.request.bytes:byte(1))) end
    if not before or not is_stray(before.request) or before.answers[1] or not D.calls(t, e) then return nil end
    return idle(t, e, i) >= 32.99 and D.called(e, "behind octets that begin no frame") or nil
  end)
end

local function erroneous(p)
  return p.wrong or p.gapped or p.frame.kind == "other" or #p.frame.defects > 0
end

judge["MB2-LL-015"] = function(t)
  return D.judge(t, function(e, i)
    local before = t.exchanges[i - 1]
    if not before or not erroneous(before.request) or before.answers[1] or not D.calls(t, e) then return nil end
    return idle(t, e, i) >= 32.99 and D.called(e, "behind an error and idle time") or nil
  end)
end

-- Only short characters of space, many of them: half of a master's longest space, at least.
judge["MB2-PH-007"] = function(t)
  return D.judge(t, function(e, i)
    local before = t.exchanges[i - 1]
    if not before or before.answers[1] or not D.calls(t, e) then return nil end
    local bytes = before.request.bytes
    if #bytes < 16 or bytes:find "[^\0]" or idle(t, e, i) < 32.99 then return nil end
    return D.called(e, "behind characters 00h")
  end)
end

-- What has bit 6 clear comes from a slave: nobody answers it. For another address only an answer of the device
-- itself is held against it.
judge["MB2-LL-025"] = function(t)
  return D.judge(t, function(e)
    local f, p = e.request.frame, T.answer(e)
    local single = f.kind == "acknowledge" and not e.request.wrong
    if not single and not (T.valid(e.request) and f.c and f.c & 0x40 == 0) then return nil end
    local own = p and (single or f.a == e.at or T.is_response(p) and p.frame.a == e.at)
    if own then return "an answer of a slave was answered", p end
    return not p and e.alive or nil
  end)
end

judge["MB2-LL-033"] = function(t)
  return D.judge(t, function(e)
    local f = e.request.frame
    if not T.valid(e.request) or f.kind ~= "short" or f.a ~= e.at or not e.listening or e.doubt then return nil end
    if T.function_of(f.c) ~= 0x49 then return nil end
    return silent(e, string.format("control field %02Xh", f.c))
  end)
end

-- A reset that began while the device was answering: no E5h for it.
judge["MB2-LL-067"] = function(t)
  for i, e in ipairs(D.prepare(t).exchanges) do
    local p, f, over = e.request, e.request.frame, e.before[#e.before]
    local last = t.exchanges[i - 1]
    local inside = over and over.start < p.start and over.finish > p.finish and over.baud == p.baud
    if inside and last.at and last.request.frame.a == last.at and f.kind == "short" and #f.defects == 0 and
      not p.wrong and f.c == T.NKE and f.a == last.at then
      local answer = T.answer(e)
      if T.is_acknowledge(answer) and answer.start - over.finish < T.bits(p, 330) + 50e6 then
        return "fail", "a reset sent into the answer was acknowledged", answer.index
      end
      if not answer and e.alive then return "pass" end
    end
  end
  return "none"
end

judge["MB2-LL-072"] = function(t)
  if not t.ics.oms then return "none" end
  return D.judge(t, function(e)
    if D.asks(t, e, T.SND_UD) and e.request.frame.length == 255 then return D.called(e, "to a frame with L = 255") end
  end)
end

judge["MB2-LL-073"] = function(t)
  return D.judge(t, function(e)
    local f = e.request.frame
    if not has_defect(f, "short length") then return nil end
    local what = silent(e, "a long frame with L = " .. f.length)
    if what == true and (#f.defects > 1 or e.request.wrong or f.length == 2 and f.a ~= e.at) then return nil end
    return what, T.answer(e)
  end)
end

-- Valid but for its kind: data in a short frame, a reset or a request in a long one.
judge["MB2-LL-076"] = function(t)
  return D.judge(t, function(e)
    local f = e.request.frame
    if not T.valid(e.request) or not f.c or f.c & 0x40 == 0 or f.a ~= e.at then return nil end
    local fn = T.function_of(f.c)
    local known = fn == T.NKE or fn == T.SND_UD or fn == T.REQ_UD1 or fn == T.REQ_UD2
    if not known or (f.kind == "short") == (fn ~= T.SND_UD) then return nil end
    return silent(e, string.format("control field %02Xh in a %s frame", f.c, f.kind))
  end)
end

-- 4.2.3: a mark in every eleven bit times. A rig that does not hear breaks shows nothing.
judge["MB2-PH-038"] = function(t)
  return D.judge(t, function(e)
    local p = T.answer(e)
    if not p or not T.valid(e.request) or e.request.frame.a ~= e.at or p.errors.collision then return nil end
    if p.errors["break"] then return "a space of eleven bit times", p end
    return t.needs.octet_errors or nil
  end)
end

return judge
