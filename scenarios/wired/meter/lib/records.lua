-- SPDX-License-Identifier: Apache-2.0
-- Splits the records of an answer (EN 13757-3, clause 6; docs/application.md), by itself: it shares
-- nothing with the decoder of the reference master, so that an error in one shows.
local records = {}

-- Bytes of data by data field; D is told by LVAR, F is a special function.
local lengths = { [0] = 0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, nil, 6 }
local functions = { [0] = "instantaneous", "maximum", "minimum", "during error" }
-- Which CI-fields carry records, and the length of their header.
local headers = { [0x72] = 12, [0x7A] = 4, [0x78] = 0 }

-- Data bytes of a variable length record, its LVAR included; nil where the length is reserved.
local function variable_length(lvar)
  if lvar <= 0xBF then return 1 + lvar end
  if lvar <= 0xC9 then return 1 + lvar - 0xC0 end
  if lvar >= 0xD0 and lvar <= 0xD9 then return 1 + lvar - 0xD0 end
  if lvar >= 0xE0 and lvar <= 0xEF then return 1 + lvar - 0xE0 end
  if lvar >= 0xF0 and lvar <= 0xF4 then return 1 + 4 * (lvar - 0xEC) end
  if lvar == 0xF5 then return 1 + 48 end
  if lvar == 0xF6 then return 1 + 64 end
  return nil
end

-- A chain: the byte at `at` and those that follow as long as bit 7 is set. Nil where it is cut off.
local function chain(bytes, at)
  local last = at
  while true do
    local byte = bytes:byte(last)
    if not byte then return nil end
    if byte < 0x80 then return bytes:sub(at, last), last + 1 end
    last = last + 1
  end
end

local function number_of(record)
  local storage, tariff, subunit = record.dif >> 6 & 1, 0, 0
  for k = 2, #record.dib do
    local dife = record.dib:byte(k)
    storage = storage | (dife & 0x0F) << (4 * (k - 2) + 1)
    tariff = tariff | (dife >> 4 & 0x03) << (2 * (k - 2))
    subunit = subunit | (dife >> 6 & 0x01) << (k - 2)
  end
  record.storage, record.tariff, record.subunit = storage, tariff, subunit
  record["function"] = functions[record.dif >> 4 & 0x03]
end

-- One record at `at`: the record and where the next one begins, or nil and what is wrong.
local function one(bytes, at)
  local dib, next_at = chain(bytes, at)
  if not dib then return nil, "premature end in the DIB" end
  local record = { at = at, dib = dib, dif = dib:byte(1), field = dib:byte(1) & 0x0F }
  if record.field == 0x0F then
    return nil, string.format("DIF %02Xh is reserved", record.dif)
  end
  record.vib, next_at = chain(bytes, next_at)
  if not record.vib then return nil, "premature end in the VIB" end
  record.vif = record.vib:byte(1)
  if record.vif & 0x7F == 0x7C then -- plain text: its length and characters follow the VIB
    local length = bytes:byte(next_at)
    if not length then return nil, "premature end in the plain text" end
    record.plain_text = bytes:sub(next_at + 1, next_at + length)
    next_at = next_at + 1 + length
  end
  local length = lengths[record.field]
  if record.field == 0x0D then
    record.lvar = bytes:byte(next_at)
    if not record.lvar then return nil, "premature end before LVAR" end
    length = variable_length(record.lvar)
    if not length then return nil, string.format("LVAR %02Xh is reserved", record.lvar) end
  end
  record.data = bytes:sub(next_at, next_at + length - 1)
  if #record.data < length then return nil, "premature end in the data" end
  record.name = string.format("record %s %s", records.hex(dib), records.hex(record.vib))
  number_of(record)
  return record, next_at + length
end

function records.hex(bytes)
  return (bytes:gsub(".", function(c) return string.format("%02X", c:byte()) end))
end

-- What an answer carries, from its user data (CI-field and what follows): header, records, more (DIF
-- 1Fh), manufacturer (bytes after DIF 0Fh or 1Fh), fault (nil: everything was split).
function records.split(user_data)
  local ci = user_data:byte(1)
  local result = { ci = ci, list = {}, more = false }
  local header = headers[ci]
  if not header then
    result.fault = string.format("CI %02Xh carries no records", ci)
    return result
  end
  result.header = user_data:sub(2, 1 + header)
  if #result.header < header then
    result.fault = "the header is cut off"
    return result
  end
  local bytes, at = user_data:sub(2 + header), 1
  result.bytes = bytes
  while at <= #bytes do
    local dif = bytes:byte(at)
    if dif == 0x2F then
      at = at + 1
    elseif dif == 0x0F or dif == 0x1F then
      result.more = dif == 0x1F
      result.special_at = at
      result.manufacturer = bytes:sub(at + 1)
      return result
    else
      local record, next_at = one(bytes, at)
      if not record then
        result.fault = next_at .. " at byte " .. at .. " of the records"
        return result
      end
      result.list[#result.list + 1] = record
      at = next_at
    end
  end
  return result
end

-- The number in the data of a record: type A for BCD, type B or, `unsigned`, type C for binary. Nil
-- where it is none: the codes for invalid, digits that are none.
function records.number(record, unsigned)
  local data = record.data
  if record.field >= 0x09 and record.field <= 0x0E and record.field ~= 0x0D then
    local digits = {}
    for i = #data, 1, -1 do digits[#digits + 1] = string.format("%02X", data:byte(i)) end
    local text = table.concat(digits)
    local sign = 1
    if text:sub(1, 1) == "F" then sign, text = -1, text:sub(2) end
    if text:find("%D") then return nil end
    return sign * tonumber(text, 10)
  end
  if record.field < 1 or record.field > 7 or record.field == 5 then return nil end
  local value = string.unpack((unsigned and "<I" or "<i") .. #data, data)
  if unsigned then return data:find("[^\xFF]") and value or nil end
  if value == -(1 << (8 * #data - 1)) then return nil end
  return value
end

-- A decimal number in millionths, exact: texts of the statement and of the reference master.
function records.millionths(text)
  local sign, whole, fraction = text:match("^(-?)(%d+)%.?(%d*)$")
  if not whole or #fraction > 6 then error("'" .. tostring(text) .. "' is no decimal number", 0) end
  local value = tonumber(whole .. fraction .. ("0"):rep(6 - #fraction))
  return sign == "-" and -value or value
end

return records
