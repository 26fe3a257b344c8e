-- SPDX-License-Identifier: Apache-2.0
-- What records mean, read from the tables of EN 13757-3 by itself: primary VIFs (table E.3 of
-- docs/tables.md), dates and times (Annex A). Independent of the decoder of the reference master.
local records = require "records"
local values = {}

-- First VIF of a row, last VIF, quantity, unit, exponent of the first.
local numeric = {
  { 0x00, 0x07, "energy", "Wh", -3 },              { 0x08, 0x0F, "energy", "J", 0 },
  { 0x10, 0x17, "volume", "m3", -6 },              { 0x18, 0x1F, "mass", "kg", -3 },
  { 0x28, 0x2F, "power", "W", -3 },                { 0x30, 0x37, "power", "J/h", 0 },
  { 0x38, 0x3F, "volume flow", "m3/h", -6 },       { 0x40, 0x47, "volume flow", "m3/min", -7 },
  { 0x48, 0x4F, "volume flow", "m3/s", -9 },       { 0x50, 0x57, "mass flow", "kg/h", -3 },
  { 0x58, 0x5B, "flow temperature", "degC", -3 },  { 0x5C, 0x5F, "return temperature", "degC", -3 },
  { 0x60, 0x63, "temperature difference", "K", -3 }, { 0x64, 0x67, "external temperature", "degC", -3 },
  { 0x68, 0x6B, "pressure", "bar", -3 },
}
local spans = { [0x20] = "on time", [0x24] = "operating time", [0x70] = "averaging duration",
                [0x74] = "actuality duration" }
local span_units = { [0] = "s", "min", "h", "d" }

-- Quantity, unit and exponent of a primary VIF that counts something; nil for any other.
function values.primary(vif)
  for _, row in ipairs(numeric) do
    if vif >= row[1] and vif <= row[2] then return row[3], row[4], row[5] + vif - row[1] end
  end
  if spans[vif & 0x7C] then return spans[vif & 0x7C], span_units[vif & 0x03], 0 end
  return nil
end

-- A whole number times 10^exponent as millionths; nil where it has more decimals than six.
function values.scaled(number, exponent)
  if exponent < -6 then return nil end
  return number * math.tointeger(10 ^ (exponent + 6))
end

-- Days since 1970-01-01 (proleptic Gregorian calendar).
local function days(year, month, day)
  if month <= 2 then year, month = year - 1, month + 12 end
  return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719469
end

-- Minutes since 1970 of `2026-01-31` or `2026-01-31T12:30[:00]`; of the time alone those since midnight.
function values.minutes(text)
  local year, month, day = text:match("^(%d%d%d%d)-(%d%d)-(%d%d)")
  local hour, minute = text:match("(%d%d):(%d%d)")
  local date = year and days(tonumber(year), tonumber(month), tonumber(day)) or 0
  return date * 1440 + tonumber(hour or 0) * 60 + tonumber(minute or 0)
end

local function text_of(year, month, day, hour, minute)
  local date = string.format("%04d-%02d-%02d", year, month, day)
  return hour and string.format("%sT%02d:%02d", date, hour, minute) or date
end

-- Two bytes with day, month and year: types F, G and I share them.
local function date_of(low, high)
  return low & 0x1F, high & 0x0F, low >> 5 | (high & 0xF0) >> 1
end

-- The date or time of a record in ISO 8601, nil where it says none: types G, F, I, J by length.
function values.date(record)
  local d = record.data
  if record.field == 0x02 then
    local day, month, year = date_of(d:byte(1), d:byte(2))
    return text_of(year + (year <= 80 and 2000 or 1900), month, day)
  elseif record.field == 0x04 and d:byte(1) & 0x80 == 0 then
    local day, month, year = date_of(d:byte(3), d:byte(4))
    local century = d:byte(2) >> 5 & 0x03
    local first = (century == 0 and year <= 80) and 2000 or 1900 + 100 * century
    return text_of(first + year, month, day, d:byte(2) & 0x1F, d:byte(1) & 0x3F)
  elseif record.field == 0x06 and d:byte(2) & 0x80 == 0 then
    local day, month, year = date_of(d:byte(4), d:byte(5))
    return text_of(2000 + year, month, day, d:byte(3) & 0x1F, d:byte(2) & 0x3F)
  elseif record.field == 0x03 then
    return string.format("%02d:%02d", d:byte(3) & 0x1F, d:byte(2) & 0x3F)
  end
  return nil
end

-- What a variable length text says: its characters are sent last first.
function values.text(record)
  if record.field ~= 0x0D or record.lvar > 0xBF then return nil end
  return record.data:sub(2):reverse()
end

values.number = records.number
return values
