-- SPDX-License-Identifier: Apache-2.0
-- Types of data (EN 13757-3, Annex A) of what a meter sends, against its statement and by themselves, judged from the
-- trace.
local C = require "content"
local V = require "reading"
local L = require "statement"
local judge = {}

local function field(number) return function(header) return header.dif & 0x0F == number end end
local function of_field(number, vif)
  return function(header) return header.dif & 0x0F == number and header.vif == vif end
end
local function is_bcd(header)
  local number = header.dif & 0x0F
  return number >= 0x09 and number <= 0x0E and number ~= 0x0D
end
local function is_integer(header)
  local number = header.dif & 0x0F
  return number >= 0x01 and number <= 0x07 and number ~= 0x05
end
local function is_physical(header) return header.vif & 0x7F <= 0x6B end
local function has_plain_number(header) return header.vif ~= 0x6C and header.vif ~= 0x6D end

-- Numbers below half of their range read alike with a sign and without: they show neither.
local function telling(agrees)
  return function(record, item)
    local agreed = agrees(record, item)
    if agreed and record.data:byte(-1) < 0x80 then return L.untold end
    return agreed
  end
end

judge["MB3-TY-001"] = L.label(is_bcd, L.as_value)
judge["MB3-TY-003"] = L.label(function(header) return is_integer(header) and has_plain_number(header) end,
  telling(L.as_value))
judge["MB3-TY-004"] = L.label(function(header)
  return is_integer(header) and (header.vif & 0x7F == 0x7A or header.vif == 0xFD)
end, telling(function(record, item)
  if record.vif & 0x7F == 0x7A and record.vifes == "" then return L.as_code(record, item) end
  return L.as_sent(record, item)
end))
-- Bits that are written as a number. There is no code for invalid.
judge["MB3-TY-005"] = L.label(function(header)
  return is_integer(header) and header.vif == 0xFD and header.vifes == "\x17"
end, function(record, item)
  local wanted = math.tointeger(tonumber(item.value))
  if not wanted or #record.data == 8 then return nil end
  return string.unpack("<I" .. #record.data, record.data) == wanted
end)
judge["MB3-TY-006"] = L.label(field(0x05), function(record, item)
  local exponent = V.exponent(record)
  if not exponent or not tonumber(item.value) then return nil end
  return V.number(record) and L.as_number(record, item)
end)
judge["MB3-TY-007"] = L.label(function(header) return is_integer(header) and is_physical(header) end,
  telling(L.as_value))

-- Fields of a time in their range, where the record is not marked as invalid: a day and month 0 occur, and stand for
-- a date that was never set. The last value of each field means "every".
local function ranges(number, vif, check)
  return function(t)
    return C.each_record(t, function(record)
      if record.dif & 0x0F ~= number or record.vif ~= vif then return C.unseen end
      local what, value = check(record.data)
      return what and string.format("%s %d", what, value)
    end)
  end
end
local function clock(hour, minute, second)
  if hour > 23 and hour ~= 31 then return "hour", hour end
  if minute > 59 and minute ~= 63 then return "minute", minute end
  if second > 59 and second ~= 63 then return "second", second end
end
local function month(high)
  if high & 0x0F == 13 or high & 0x0F == 14 then return "month", high & 0x0F end
end
-- A label tells whether a date is kept; a value out of range is wrong in any record.
local function date_type(number, vif, check)
  local kept = L.label(of_field(number, vif), L.as_date)
  local ranged = ranges(number, vif, check)
  return function(t)
    local verdict, what, packet = ranged(t)
    if verdict == "fail" then return verdict, what, packet end
    return kept(t)
  end
end
local function type_f(d)
  if d:byte(1) & 0x80 ~= 0 then return nil end
  local what, value = clock(d:byte(2) & 0x1F, d:byte(1) & 0x3F, 0)
  if what then return what, value end
  return month(d:byte(4))
end
judge["MB3-TY-008"] = date_type(0x04, 0x6D, type_f)
judge["MB3-TY-010"] = L.label(of_field(0x04, 0x6D), L.as_date)
-- What has month 13 or 14 is invalid (MB3-TY-013), and may be meant to be: the label tells.
judge["MB3-TY-012"] = L.label(of_field(0x02, 0x6C), L.as_date)
judge["MB3-TY-014"] = date_type(0x06, 0x6D, function(d)
  if d:byte(2) & 0x80 ~= 0 then return nil end
  local what, value = clock(d:byte(3) & 0x1F, d:byte(2) & 0x3F, d:byte(1) & 0x3F)
  if what then return what, value end
  what, value = month(d:byte(5))
  if what then return what, value end
  if d:byte(6) & 0x3F > 53 and d:byte(6) & 0x3F ~= 63 then return "week", d:byte(6) & 0x3F end
end)
judge["MB3-TY-016"] = date_type(0x03, 0x6D, function(d)
  if d == "\xFF\xFF\xFF" then return nil end
  return clock(d:byte(3) & 0x1F, d:byte(2) & 0x3F, d:byte(1) & 0x3F)
end)

-- Of what type I says about summer time a trace shows the leap year alone, of a date that is one.
judge["MB3-TY-015"] = function(t)
  return C.each_record(t, function(record)
    if record.dif & 0x0F ~= 0x06 or record.vif ~= 0x6D then return C.unseen end
    local minutes, year = V.date(record)
    if not minutes then return C.unseen end
    if (record.data:byte(1) & 0x80 ~= 0) ~= V.is_leap(year) then
      return string.format("the bit for leap years is wrong for %d", year)
    end
  end)
end

return judge
