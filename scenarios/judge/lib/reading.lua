-- SPDX-License-Identifier: Apache-2.0
-- What a record says (EN 13757-3, tables of VIFs and Annex A), read anew from its octets.
local C = require "content"
local V = {}

-- ---- numbers

local function is_unsigned(record)
  for _, q in ipairs(C.qualifiers(record)) do
    if q.fc and q.code == 0x11 then return true end
  end
  if record.vif & 0x7F == 0x7A or record.vif & 0x7F == 0x78 then return true end
  local code = (record.vifes:byte(1) or 0) & 0x7F
  if record.vif == 0xFB then return code >= 0x68 and code <= 0x6E end
  return record.vif == 0xFD and not (code <= 0x07 or code == 0x3A or code >= 0x40 and code <= 0x5F or code == 0x71)
end

-- Type A: digits, the last octet first; Fh in the first place is a minus.
local function decimal(data)
  local text = ""
  for i = #data, 1, -1 do text = text .. string.format("%02X", data:byte(i)) end
  local sign, digits = text:match "^(F?)(%d+)$"
  return digits and (sign == "F" and -1 or 1) * tonumber(digits)
end

local function binary(data, unsigned)
  local value = 0
  for i = #data, 1, -1 do value = value * 256 + data:byte(i) end
  if unsigned then return data:find "[^\xFF]" and value or false end
  local half = 2 ^ (8 * #data - 1)
  if value == half then return false end
  return value > half and value - 2 * half or value
end

local sizes = { [1] = 1, [2] = 2, [3] = 3, [4] = 4, [6] = 6, [7] = 8 }

-- The number in the data: false where they are none (a code for invalid, digits that are none), nil where it is not
-- known how to read them.
function V.number(record)
  local field, data = record.dif & 0x0F, record.lvar and record.data:sub(2) or record.data
  if field >= 0x09 and field <= 0x0C or field == 0x0E then return decimal(data) or false end
  if sizes[field] then return binary(data, is_unsigned(record)) end
  if field == 0x05 then
    local value = string.unpack("<f", data)
    return value == value and value or false
  end
  local lvar = record.lvar
  if not lvar then return nil end
  if lvar >= 0xC0 and lvar <= 0xC9 then return data ~= "" and decimal(data) or false end
  if lvar >= 0xD0 and lvar <= 0xD9 then
    local value = data ~= "" and decimal(data)
    return value and -value or false
  end
  if lvar >= 0xE1 and lvar <= 0xE8 then return binary(data, is_unsigned(record)) end
  return nil
end

-- ---- what the primary table says

local rows = {
  { 0x00, 0x07, -3, "energy", "Wh" }, { 0x08, 0x0F, 0, "energy", "J" }, { 0x10, 0x17, -6, "volume", "m3" },
  { 0x18, 0x1F, -3, "mass", "kg" }, { 0x28, 0x2F, -3, "power", "W" }, { 0x30, 0x37, 0, "power", "J/h" },
  { 0x38, 0x3F, -6, "volume flow", "m3/h" }, { 0x40, 0x47, -7, "volume flow", "m3/min" },
  { 0x48, 0x4F, -9, "volume flow", "m3/s" }, { 0x50, 0x57, -3, "mass flow", "kg/h" },
  { 0x58, 0x5B, -3, "flow temperature", "degC" }, { 0x5C, 0x5F, -3, "return temperature", "degC" },
  { 0x60, 0x63, -3, "temperature difference", "K" }, { 0x64, 0x67, -3, "external temperature", "degC" },
  { 0x68, 0x6B, -3, "pressure", "bar" },
}
local durations = { [0x20] = "on time", [0x24] = "operating time", [0x70] = "averaging duration",
                    [0x74] = "actuality duration" }
local time_units = { [0] = "s", "min", "h", "d" }

-- Exponent of ten, quantity, unit; nil for a VIF that is no number with a scale.
function V.primary(vif)
  vif = vif & 0x7F
  for _, row in ipairs(rows) do
    if vif >= row[1] and vif <= row[2] then return row[3] + vif - row[1], row[4], row[5] end
  end
  local duration = durations[vif & 0x7C]
  if duration then return 0, duration, time_units[vif & 3] end
  return nil
end

-- The same of the extension tables, where the unit has no prefix of its own (kvar, MWh): those are the statement's.
local extended = {
  [0xFD] = { { 0x00, 0x03, -3 }, { 0x04, 0x07, -3 }, { 0x40, 0x4F, -9 }, { 0x50, 0x5F, -12 } },
  [0xFB] = { { 0x1A, 0x1B, -1 }, { 0x2C, 0x2F, -3 }, { 0x74, 0x77, -3 }, { 0x78, 0x7F, -3 } },
}
local function exponent_of(record)
  if record.vif ~= 0xFB and record.vif ~= 0xFD then return (V.primary(record.vif)) end
  local code = (record.vifes:byte(1) or 0) & 0x7F
  for _, row in ipairs(extended[record.vif]) do
    if code >= row[1] and code <= row[2] then return row[3] + code - row[1] end
  end
  return nil
end

-- The exponent with all that VIFEs add to it; nil where one of them makes another thing of the value.
function V.exponent(record)
  local exponent = exponent_of(record)
  if not exponent or record.vifes:find "[\x7F\xFF]" then return nil end
  for _, q in ipairs(C.qualifiers(record)) do
    if q.fc and q.code == 0x12 then return nil end -- bits
    if not q.fc and q.code >= 0x70 and q.code <= 0x77 then
      exponent = exponent + q.code - 0x76
    elseif not q.fc and q.code == 0x7D then
      exponent = exponent + 3
    elseif not q.fc and (q.code < 0x12 or q.code > 0x12 and q.code < 0x20 or q.code == 0x39 or q.code == 0x3D or
        q.code > 0x40 and q.code ~= 0x48 and q.code ~= 0x7E) then
      return nil
    end
  end
  return exponent
end

-- ---- dates, in minutes from a day of long ago

local function days(year, month, day)
  local y = month > 2 and year or year - 1
  local shifted = (month + 9) % 12
  return 365 * y + y // 4 - y // 100 + y // 400 + (153 * shifted + 2) // 5 + day
end

local lengths = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
function V.is_leap(year) return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0) end

local function minutes(year, month, day, hour, minute)
  local length = lengths[month]
  if not length or day < 1 or day > (month == 2 and V.is_leap(year) and 29 or length) then return false end
  if hour > 23 or minute > 59 then return false end
  return days(year, month, day) * 1440 + hour * 60 + minute
end

-- Day, month and two digits of the year of types F, G and I.
local function date_of(low, high) return low & 0x1F, high & 0x0F, low >> 5 | high >> 4 << 3 end

-- Minutes, false where the octets are no date; the year beside them.
local dates = {
  [0x02] = function(d) -- type G
    local day, month, year = date_of(d:byte(1), d:byte(2))
    if year > 99 then return false end
    year = year <= 80 and 2000 + year or 1900 + year
    return minutes(year, month, day, 0, 0), year
  end,
  [0x04] = function(d) -- type F
    if d:byte(1) & 0x80 ~= 0 then return false end
    local day, month, year = date_of(d:byte(3), d:byte(4))
    local century = d:byte(2) >> 5 & 3
    if year > 99 then return false end
    year = century == 0 and year <= 80 and 2000 + year or 1900 + 100 * century + year
    return minutes(year, month, day, d:byte(2) & 0x1F, d:byte(1) & 0x3F), year
  end,
  [0x06] = function(d) -- type I
    if d:byte(2) & 0x80 ~= 0 then return false end
    local day, month, year = date_of(d:byte(4), d:byte(5))
    if year > 99 then return false end
    return minutes(2000 + year, month, day, d:byte(3) & 0x1F, d:byte(2) & 0x3F), 2000 + year
  end,
  [0x03] = function(d) -- type J
    local hour, minute = d:byte(3) & 0x1F, d:byte(2) & 0x3F
    return hour <= 23 and minute <= 59 and hour * 60 + minute
  end,
}
function V.date(record)
  local read = dates[record.dif & 0x0F]
  if not read then return nil end
  return read(record.data)
end

-- The same of a text of the statement: 2026-01-31T12:30, 2026-01-31 or 12:30.
function V.said_date(text)
  local year, month, day = text:match "^(%d%d%d%d)-(%d%d)-(%d%d)"
  local hour, minute = text:match "(%d%d):(%d%d)"
  hour, minute = tonumber(hour or 0), tonumber(minute or 0)
  if not year then return hour * 60 + minute end
  return minutes(tonumber(year), tonumber(month), tonumber(day), hour, minute)
end

-- ---- what the DIB says

local functions = { [0] = "instantaneous", "maximum", "minimum", "during error" }
function V.dib(record)
  local storage, tariff, subunit = record.dif >> 6 & 1, 0, 0
  for k = 1, #record.difes do
    local dife = record.difes:byte(k)
    storage = storage | (dife & 0x0F) << 4 * k - 3
    tariff = tariff | (dife >> 4 & 3) << 2 * k - 2
    subunit = subunit | (dife >> 6 & 1) << k - 1
  end
  return { storage = storage, tariff = tariff, subunit = subunit, field = record.dif & 0x0F,
           ["function"] = functions[record.dif >> 4 & 3] }
end

return V
