-- SPDX-License-Identifier: Apache-2.0
-- What a selected meter does, and what else selects or not (EN 13757-7, 8.4), judged from the trace.
local T = require "trace"
local R = require "records"
local S = require "selected"
local D = require "device"
local judge = {}

local function asks_selected(t, e)
  return T.asks(t, e, T.REQ_UD2, T.SELECTED) and e.request.frame.c & T.FCV ~= 0
end
local function exact(mask) return not mask:find("\xFF", 1, true) and not T.hex(mask:sub(1, 4)):find "F" end

-- A selection that fits and is not answered; where several fit, all answer at once.
local function acknowledged(t, wanted)
  return S.follow(t, function(e, _, _, own)
    local mask = T.selection(t, e)
    if not mask or not T.matches(mask, own) or not wanted(mask) then return nil end
    return T.answer(e) and "seen" or "a selection that matches is not answered"
  end)
end
judge["MB7-SA-006"] = function(t)
  return acknowledged(t, function(mask) return (mask:byte(5) == 0xFF) ~= (mask:byte(6) == 0xFF) end)
end
judge["MB7-SA-031"] = function(t)
  if not t.ics.oms then return "none" end
  return acknowledged(t, function() return true end)
end

-- Behind `reason` the device does not answer at FDh.
local function unselected(applies)
  return function(t)
    return S.follow(t, function(e, selected, why, own)
      if not asks_selected(t, e) or not applies(selected, why) then return nil end
      if S.from_own(T.answer(e), own) then return "answered to FDh though it is not selected", T.answer(e) end
      return "seen"
    end)
  end
end
judge["MB7-SA-008"] = unselected(function(_, why) return why == "broadcast" end)
-- Another selection ends the first: no other one of two is heard. With exact masks alone that is sure.
judge["MB7-SA-014"] = function(t)
  local others
  return S.follow(t, function(e, selected, why, own)
    local mask = T.selection(t, e)
    if mask then others = exact(mask) and selected == true and not T.matches(mask, own) or nil end
    if not others or not asks_selected(t, e) or selected ~= false or why ~= "mismatch" then return nil end
    if S.from_own(T.answer(e), own) then return "answered to FDh though another was selected", T.answer(e) end
    return "seen"
  end)
end

-- The first request behind a selection gets the first telegram: all such answers have one shape.
judge["MB7-SA-009"] = function(t)
  if (t.ics.telegrams or 1) < 2 or not t.ics.fcb then return "none" end
  local first, fresh
  return S.follow(t, function(e, selected, _, own)
    local behind = fresh
    fresh = T.selection(t, e) ~= nil
    if not behind or e.commanded or not selected or e.request.frame.c ~= 0x7B then return nil end
    local p = T.answer(e)
    if not asks_selected(t, e) or not S.from_own(p, own) then return nil end
    if not first then
      first = p
      return nil
    end
    if T.shape(p) ~= T.shape(first) then return "another telegram than behind the first selection", p end
    return "seen"
  end)
end

-- CI 56h to a device that is not selected: it stays so.
judge["MB7-SA-011"] = function(t)
  local armed = false
  return S.follow(t, function(e, selected, _, own)
    local f = e.request.frame
    if T.asks(t, e, T.SND_UD, T.SELECTED) then
      armed = f.ci == 0x56 and #f.data == 8 and selected == false
      return nil
    end
    if not armed or not asks_selected(t, e) then return nil end
    if S.from_own(T.answer(e), own) then return "answered to FDh behind a selection by CI 56h", T.answer(e) end
    return "seen"
  end)
end

-- Whether a telegram at FDh is the one that the bit asks for, behind another telegram there.
local function wrong_telegram(t, e, last)
  local p = T.answer(e)
  local same = T.shape(p) == T.shape(last.packet)
  if last.bit == e.request.frame.c & T.FCB then return not same and "the same bit at FDh got another telegram" end
  local several = t.ics.fcb and (t.ics.telegrams or 1) > 1
  local header, before = T.header(p), T.header(last.packet)
  -- Two telegrams may have the same records, with other values.
  return several and same and header.records == before.records and "a toggled bit at FDh got the same telegram"
end

-- What a selected device is asked at FDh it answers, as it would at its own address, telegram by telegram.
judge["MB7-SA-012"] = function(t)
  D.prepare(t)
  local last, behind -- of the requests since a selection that began with FCB = 1: where 0 leads is open
  return S.follow(t, function(e, selected, _, own)
    local before, begins = last, behind and e.request.frame.c == 0x7B
    behind = T.selection(t, e) ~= nil
    if e.request.frame.a == T.SELECTED or T.function_of(e.request.frame.c or 0) ~= T.REQ_UD2 then last = nil end
    if not selected or e.doubt or not e.listening then return nil end
    local reset = T.asks(t, e, T.SND_UD, T.SELECTED) and e.request.frame.ci == 0x50 and t.ics.application_reset
    if not reset and not asks_selected(t, e) then return nil end
    local p = T.answer(e)
    if not p then return "the selected device does not answer at FDh" end
    if reset then return T.is_acknowledge(p) and "seen" or nil end
    if not S.from_own(p, own) then return nil end
    local what = before and not e.commanded and wrong_telegram(t, e, before)
    last = (begins or before) and { packet = p, bit = e.request.frame.c & T.FCB } or nil
    return what or "seen", p
  end)
end

-- It answers at its own address as well, and that does not deselect it.
judge["MB7-SA-013"] = function(t)
  D.prepare(t)
  local called
  return S.follow(t, function(e, selected)
    local before = called
    called = selected and D.asks(t, e, T.REQ_UD2)
    if selected and before and not e.doubt and asks_selected(t, e) and not T.answer(e) then
      return "a request at the primary address deselects"
    end
    if not selected or not D.calls(t, e) then return nil end
    local what = D.called(e, "at the primary address of a selected device")
    return what == true and "seen" or what
  end)
end

-- More than one request behind one selection. Whether the supply failed is not in the trace.
judge["MB7-SA-018"] = function(t)
  D.prepare(t)
  local count = 0
  return S.follow(t, function(e, selected, _, own)
    if T.selection(t, e) or not selected then count = 0 end
    if not selected or e.doubt or not asks_selected(t, e) then return nil end
    local p = T.answer(e)
    if not p and count > 0 then return "a request at FDh was answered, and the next is not" end
    if S.from_own(p, own) then count = count + 1 end
    return count > 1 and "seen" or nil
  end)
end

-- ---- with a fabrication number

-- The mask and fabrication number of a selection that has both, and nothing else.
local function enhanced(t, e)
  local f = e.request.frame
  if not T.asks(t, e, T.SND_UD, T.SELECTED) or f.ci ~= 0x52 or #f.data ~= 14 then return nil end
  if f.data:sub(9, 10) == "\x0C\x78" then return f.data:sub(1, 8), f.data:sub(11) end
end

-- The device's fabrication number as it says itself.
local function number_of(t)
  for _, e in ipairs(D.prepare(t).exchanges) do
    local p = D.telegram(t, e)
    local header = p and p.frame.ci == 0x72 and T.header(p)
    for _, record in ipairs(header and header.configuration & 0x1F00 == 0 and R.walk(header.records) or {}) do
      if record.head == "\x0C\x78" then return record.data end
    end
  end
end

local function fits(number, own)
  for i = 1, 4 do
    for shift = 0, 4, 4 do
      local digit = number:byte(i) >> shift & 15
      if digit ~= 15 and digit ~= own:byte(i) >> shift & 15 then return false end
    end
  end
  return true
end

judge["MB7-SA-015"] = function(t)
  local number = t.ics.enhanced_selection and number_of(t)
  if not number then return "none" end
  return S.follow(t, function(e, _, _, own)
    local mask, wanted = enhanced(t, e)
    if not mask or e.doubt or not T.matches(mask, own) or not fits(wanted, number) then return nil end
    return T.answer(e) and "seen" or "a selection with the right fabrication number is not answered"
  end)
end

-- A selection with something behind it that must not select: no E5h where only this device is meant, and no
-- answer at FDh behind it.
local function not_selected(t, applies)
  local armed, evidence = false, nil
  return S.follow(t, function(e, selected, _, own)
    local mask, wanted = enhanced(t, e)
    if mask then
      armed = not e.doubt and T.matches(mask, own) and applies(wanted, selected)
      if armed and exact(mask) and T.is_acknowledge(T.answer(e)) then
        return "a selection that does not fit is acknowledged", T.answer(e)
      end
      evidence = armed and not T.answer(e)
      return nil
    end
    if T.asks(t, e, T.SND_UD, T.SELECTED) then armed = false end
    if not armed or not asks_selected(t, e) then return nil end
    if S.from_own(T.answer(e), own) then return "answered to FDh behind a selection that does not fit", T.answer(e) end
    return evidence and "seen" or nil
  end)
end
judge["MB7-SA-016"] = function(t)
  local number = t.ics.enhanced_selection and number_of(t)
  if not number then return "none" end
  return not_selected(t, function(wanted) return not fits(wanted, number) end)
end
-- Of a device that was selected before it is open whether it stays so.
judge["MB7-SA-017"] = function(t)
  if not t.ics.oms or t.ics.enhanced_selection then return "none" end
  return not_selected(D.prepare(t), function(_, selected) return selected == false end)
end

return judge
