-- SPDX-License-Identifier: Apache-2.0
-- Application errors, alarms and application select (EN 13757-3, 7, 9 and 10), judged from the trace.
local T = require "trace"
local C = require "content"
local judge = {}

-- ---- the form of a report

local function is_report(entry) return entry.reports end

-- One octet behind the header or none; a dynamic error (F0h) and a manufacturer's may bring more.
judge["MB3-AP-022"] = function(t)
  return C.each(t, is_report, function(entry)
    if not entry.rest then return string.format("the header of CI %02Xh is cut off", entry.ci) end
    if #entry.rest > 1 and entry.code < 0xF0 then return #entry.rest .. " octets of code" end
  end)
end

-- Never encrypted, so what it says can be read: one code, as above.
judge["MB3-AP-042"] = function(t)
  return C.each(t, function(entry) return entry.ci == 0x70 or entry.ci == 0x71 end, function(entry)
    local data = entry.packet.frame.data
    if #data > 1 and data:byte(1) < 0xF0 then return #data .. " octets behind CI " .. T.hex(string.char(entry.ci)) end
  end)
end

-- ---- codes

local known = {}
for _, code in ipairs { 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x20, 0x21, 0x22 } do known[code] = true end
for code = 0x00, 0x09 do known[code] = code ~= 0x07 end
for code = 0xF0, 0xFF do known[code] = true end

local function code_among(first, last)
  return function(t)
    return C.each(t, function(entry)
      return entry.reports and entry.rest ~= nil and entry.code >= first and entry.code <= last
    end, function(entry)
      if not known[entry.code] then return string.format("error code %02Xh has no meaning", entry.code) end
    end)
  end
end
-- The codes of 2018 and later.
judge["MB3-AP-024"] = code_among(0x10, 0xFF)

-- The older ones, and that they fit what was wrong. 08h (busy) fits always.
local unfit = {
  difes = { [0x01] = true, [0x06] = true },
  vifes = { [0x01] = true, [0x05] = true },
  ci = { [0x03] = true, [0x04] = true, [0x05] = true, [0x06] = true },
}
judge["MB3-AP-023"] = function(t)
  for _, command in ipairs(C.refusable(t)) do
    local entry = command.entry
    if entry.reports and unfit[command.fault][entry.code] then
      return "fail", string.format("error code %02Xh, which is about something else", entry.code), entry.packet.index
    end
  end
  return code_among(0x00, 0x0F)(t)
end

-- ---- what is reported, and how often

-- CI A7h is the manufacturers': who knows it has nothing to report, and must not be judged by it.
judge["MB7-TL-012"] = function(t)
  return C.refused(t, function(command)
    return command.fault ~= "ci" or command.exchange.request.frame.ci == 0xA7
  end)
end

-- The next new answer is a normal one, unless something else was told the device; 08h (busy) may go on.
judge["MB3-AP-025"] = function(t)
  local last
  return C.each(t, function(entry)
    local before = last
    last = entry
    if not before or not before.reports or before.code == 0x08 or before.packet.frame.ci == 0x71 then return false end
    if entry.place and before.place then
      -- Toggled straight behind it; or behind an application reset and a reset of the link.
      return entry.index == before.index + 1 and entry.place == before.place + 1 or
        entry.place == 1 and not entry.commanded
    end
    return false
  end, function(entry)
    if entry.reports then return "an application error is reported once more" end
    return not entry.list and C.unseen or nil
  end)
end

-- ---- alarms

local alarm = { [0x71] = 0, [0x74] = 4, [0x75] = 12 }

judge["MB3-AP-019"] = function(t)
  if not t.ics.alarms then return "none" end
  return T.each(t, function(e)
    local p = T.answer(e)
    return T.asks(t, e, T.REQ_UD1) and T.is_response(p) and p.frame.a == t.dut and not p.cut
  end, function(e)
    local f = T.answer(e).frame
    local header = alarm[f.ci]
    if not header then return string.format("CI %02Xh in an answer to REQ_UD1", f.ci), T.answer(e) end
    if #f.data ~= header + 1 then return #f.data - header .. " octets behind the header of an alarm", T.answer(e) end
  end)
end

-- ---- what an end-device of OMS has

-- It acknowledges CI 50h without and with a subcode, and what it cannot do shows in its next answer.
judge["MB3-AP-039"] = function(t)
  if not t.ics.oms then return "none" end
  local plain, selecting = false, false
  local answered, silent = {}, {} -- by subcode: who answers one frame and not the next has another fault
  local verdict, what, packet = T.each(t, function(e)
    return not e.moved and T.asks(t, e, T.SND_UD) and e.request.frame.ci == 0x50
  end, function(e)
    local data, p = e.request.frame.data, T.answer(e)
    if not p then
      silent[#silent + 1] = e
    elseif not T.is_acknowledge(p) then
      return "CI 50h is not acknowledged", p
    else
      answered[data] = true
      if data == "" then plain = true else selecting = true end
    end
  end)
  if verdict == "fail" then return verdict, what, packet end
  for _, e in ipairs(silent) do
    if not answered[e.request.frame.data] then return "fail", "CI 50h is not answered", e.request.index end
  end
  local refused = { C.refused(t, function(command)
    return command.fault ~= "ci" or command.exchange.request.frame.ci == 0xA7
  end) }
  if refused[1] == "fail" then return table.unpack(refused) end
  return plain and selecting and refused[1] == "pass" and "pass" or "none"
end

-- Back to the standard answer when the device was told nothing for 255 s; its clock may be off by 1 %. A trace does not
-- show where the supply failed: what a short pause leads to is open.
judge["MB3-AP-040"] = function(t)
  if not t.ics.oms then return "none" end
  local entry_at = {}
  for _, entry in ipairs(C.answers(t)) do entry_at[entry.index] = entry end
  local standard, selected, rested, last
  local seen = false
  for i, e in ipairs(t.exchanges) do
    local f, entry = e.request.frame, entry_at[i]
    local shape = entry and entry.place == 1 and entry.list and T.shape(entry.packet)
    if f.a == t.dut or f.a == nil or f.a >= T.SELECTED then
      rested = rested or selected and last ~= nil and e.request.start - last > 258e9
      last = e.request.finish
    end
    if shape and not entry.touched then
      standard = standard or shape
    elseif shape and standard and rested then
      if shape ~= standard then
        return "fail", "another answer than the standard one, 255 s after the last command", entry.packet.index
      end
      seen, selected, rested = true, false, false -- it is back; what comes next is for others
    elseif f.ci == 0x50 and T.asks(t, e, T.SND_UD) and T.is_acknowledge(T.answer(e)) then
      selected, rested = f.data ~= "", false
    elseif f.ci and f.ci ~= 0x52 and (f.a == t.dut or f.a >= T.SELECTED) then
      standard, selected, rested = nil, false, false -- may have changed the answer for good
    end
  end
  return seen and "pass" or "none"
end

return judge
