-- SPDX-License-Identifier: Apache-2.0
-- Where a meter under test is, told from the trace: its primary address, which a write moves, and its rate, which
-- a command sets. What a trace leaves open is nil, and nothing is expected of the meter then.
local T = require "trace"
local D = {}

local rates = { 300, 600, 1200, 2400, 4800, 9600, 19200, 38400 }

function D.has(list, wanted)
  for _, item in ipairs(list or {}) do
    if item == wanted then return true end
  end
  return false
end

function D.near(a, b) return a ~= nil and b ~= nil and math.abs(a - b) <= b / 100 end

-- The rate that a CI-field asks for (EN 13757-7, 8.2); nil for others.
function D.rate_of(ci) return ci and rates[ci - 0xB7] end

-- The address that this user data sets: 01 7A nn and nothing else.
function D.address_of(f)
  if f.ci == 0x51 and f.data and #f.data == 3 and f.data:sub(1, 2) == "\x01\x7A" then return f.data:byte(3) end
end

local function duration(text)
  local scale = { ms = 1e6, s = 1e9, min = 60e9, h = 3600e9 }
  local count, unit = tostring(text or ""):match "^(%d+)(%a+)$"
  return count and scale[unit] and tonumber(count) * scale[unit]
end

function D.answered(e)
  local p = T.answer(e)
  return p ~= nil and (T.is_acknowledge(p) or T.is_response(p))
end

-- Anything with a header of its own is from the device, whatever it was asked by.
local function learn_address(s, p, own)
  local header = p and T.is_response(p) and T.header(p)
  if header and header.long and header.address == own and p.frame.a <= 250 then
    s.at, s.renamed, s.was_confirmed = p.frame.a, nil, true
  end
end

local function note_rate(t, s, e, f, to_all)
  local baud = D.rate_of(f.ci)
  if not baud then return end
  local due = T.valid(e.request) and D.has(t.ics.baud_switch, baud) and not t.ics.auto_baud
  if T.valid(e.request) and not D.has(t.ics.baud_switch, baud) then
    s.in_vain = true
  elseif due and (to_all or T.is_acknowledge(T.answer(e))) and s.rate then
    s.old, s.rate, s.since, s.switched, s.confirmed = s.rate, baud, e.request.finish, to_all and "all" or "own", false
  else
    s.rate, s.switched = nil, nil
  end
end

local function note_address(t, s, e, f)
  if f.ci ~= 0x51 or not f.data:find("\x7A", 1, true) then return end
  local address = D.address_of(f)
  if address and address > 250 and f.a == s.at then
    s.refused = address
  elseif address and t.ics.address_writable and f.a == s.at and T.is_acknowledge(T.answer(e)) then
    if address ~= s.at then s.was, s.at, s.renamed, s.was_confirmed = s.at, address, true, false end
  else
    s.at = nil
  end
end

-- What a request and its answer change.
local function step(t, s, e, own)
  local f = e.request.frame
  local good = D.answered(e)
  learn_address(s, T.answer(e), own)
  if f.kind == "other" or #f.defects > 0 then return end
  local to_own = f.a == s.at
  if good and to_own then
    s.doubt = false
    if not s.rate or s.fell then
      s.rate, s.switched, s.confirmed = e.request.baud, nil, false
    elseif D.near(e.request.baud, s.rate) then
      if s.switched then s.confirmed = true end
      s.switched = nil
    end
    s.in_vain, s.refused, s.fell = nil, nil, nil
    if s.renamed then s.renamed, s.was_confirmed = nil, true end
  end
  if not f.ci or T.function_of(f.c) ~= T.SND_UD then return end
  if to_own or f.a >= T.SELECTED then
    note_rate(t, s, e, f, f.a == T.BROADCAST)
    note_address(t, s, e, f)
  end
end

-- The rate due now. A change that no valid frame followed is undone in its time; until then, past the first
-- seconds, either rate may be the one.
local function rate_due(t, s, now)
  if not s.switched or t.ics.auto_baud then return s.rate end
  local age, fallback = now - s.since, duration(t.ics.baud_fallback)
  if age < 20e9 then return s.rate end
  if fallback and age > fallback and s.switched == "own" then
    s.fell = true
    return s.old
  end
  return nil
end

-- A frame to the device with FCV is new for certain where its FCB differs from that of the last one of all, of its
-- kind, and at its address: a device may keep one bit or several. Behind a reset 1 is new.
local function note_count(s, e)
  local f = e.request.frame
  e.fresh = true
  if f.kind == "other" or #f.defects > 0 or not f.c or f.c & 0x40 == 0 then return end
  if f.a ~= s.at and f.a < T.SELECTED then return end
  local fn, bit = T.function_of(f.c), f.c & T.FCB
  if fn == T.NKE then
    if f.a ~= T.SELECTED then s.bits = {} end
  elseif f.c & T.FCV ~= 0 then
    for _, memory in ipairs { "all", "fn" .. fn, "a" .. f.a, f.a .. " " .. fn } do
      if bit == (s.bits[memory] or 0) then e.fresh = false end
      s.bits[memory] = bit
    end
  end
end

-- Each exchange gets: `at` and `rate`, where the device is; `listening`, whether the request is at its rate;
-- `doubt`, where the supply may have failed since it was heard; `switched` ("own" or "all"), `in_vain`, `renamed`,
-- `refused`, what was asked for by the last command about rate or address, until it is heard again; `fell`, where
-- the time to confirm a rate is over; `was`, the address before; `alive`, whether it is heard in a later exchange;
-- `fresh`, whether no device can take it for a repetition.
function D.prepare(t)
  if T.prepare(t).followed then return t end
  t.followed = true
  local own, s, last = T.own_address(t), { at = t.dut, doubt = false, bits = {} }, nil
  s.rate = t.exchanges[1] and t.exchanges[1].request.baud
  for _, e in ipairs(t.exchanges) do
    local p = e.request
    local pause = last and p.start - last > 2 * T.bits(p, 330) + 400e6
    if t.needs.levels or t.needs.power and pause then s.doubt = true end
    e.due = rate_due(t, s, p.start)
    e.at, e.rate, e.doubt, e.switched, e.in_vain = s.at, e.due, s.doubt, s.switched, s.in_vain
    e.renamed, e.refused, e.fell, e.was, e.confirmed = s.renamed, s.refused, s.fell, s.was, s.confirmed
    e.old, e.was_confirmed = s.old, s.was_confirmed
    e.listening = t.ics.auto_baud and D.has(t.ics.baud, p.baud) or D.near(p.baud, e.rate)
    note_count(s, e)
    step(t, s, e, own)
    last = (e.answers[#e.answers] or p).finish
  end
  local alive = false
  for i = #t.exchanges, 1, -1 do
    t.exchanges[i].alive = alive
    alive = alive or D.answered(t.exchanges[i])
  end
  return t
end

-- Goes through the exchanges: `visit(e, i)` returns true where the requirement is seen to be kept, nil where
-- nothing is shown, or what is wrong and maybe the packet.
function D.judge(t, visit)
  local seen = false
  for i, e in ipairs(D.prepare(t).exchanges) do
    local answer = e.answers[1]
    if not e.request.hasty and not (answer and answer.cut) then
      local what, packet = visit(e, i)
      if what == true then
        seen = true
      elseif what then
        return "fail", what, (packet or e.request).index
      end
    end
  end
  return seen and "pass" or "none"
end

-- A valid request by which the device, wherever it is now, must hear itself meant.
function D.asks(t, e, fn)
  return e.at ~= nil and e.listening and not e.doubt and T.asks(t, e, fn, e.at)
end

-- The same, and it must be answered: SND_NKE, or REQ_UD2 with FCV.
function D.calls(t, e)
  return D.asks(t, e, T.NKE) or D.asks(t, e, T.REQ_UD2) and e.request.frame.c & T.FCV ~= 0
end

-- Of a request that must be answered: true, or what is wrong; nil where the answer is garbled.
function D.called(e, what)
  if D.answered(e) then return true end
  return T.answer(e) == nil and "no answer " .. what or nil
end

-- A command (SND_UD) to the device with this CI-field.
function D.commands(t, e, ci) return D.asks(t, e, T.SND_UD) and e.request.frame.ci == ci end

-- The answer of the device to REQ_UD2 at its address, nil where there is none.
function D.telegram(t, e)
  local p = T.answer(e)
  if D.asks(t, e, T.REQ_UD2) and T.is_response(p) and p.frame.a == e.at then return p end
end

-- An application error (EN 13757-3, 10).
function D.is_error(p) return p.frame.ci == 0x70 or p.frame.ci == 0x6E or p.frame.ci == 0x6F end

-- What comes first behind SND_NKE where no command is in effect: the first such answer of the trace.
function D.first(t)
  if t.first_telegram == nil then
    t.first_telegram = false
    for i, e in ipairs(D.prepare(t).exchanges) do
      local before = t.exchanges[i - 1]
      if before and not e.commanded and D.asks(t, before, T.NKE) and e.request.frame.c == 0x7B and D.telegram(t, e) then
        t.first_telegram = T.answer(e)
        break
      end
    end
  end
  return t.first_telegram or nil
end

-- The octets of text in hexadecimal.
function D.octets(text)
  return (text:gsub("%s+", ""):gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

return D
