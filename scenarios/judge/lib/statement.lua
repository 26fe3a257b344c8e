-- SPDX-License-Identifier: Apache-2.0
-- What a meter sends against what it shows, as its statement has it (`records`: header, value, tolerance). A value may
-- move while a case runs: broken is what no answer of the trace agrees with, kept what all do.
local C = require "content"
local V = require "reading"
local L = {}

-- The octets of a text in hex, with or without blanks.
function L.octets_of(hex)
  return (hex:gsub("%s", ""):gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end))
end

-- The header of an item as a record without data; nil where it is no DIB and VIB.
function L.header_of(item)
  if not item.header or type(item.value) ~= "string" then return nil end
  local key = L.octets_of(item.header)
  local last = key:find "[%z\x01-\x7F]"
  if not last or last == #key then return nil end
  return { key = key, dif = key:byte(1), difes = key:sub(2, last), vif = key:byte(last + 1), vifes = key:sub(last + 2) }
end

-- `agrees` below returns this where the value is right, but would be if the requirement were broken, too.
L.untold = {}

-- How long after its first packet a trace's values are compared: they move on.
local FRESH = 600e9

-- Records by their header, of the answers that nothing was written before, with their packets.
function L.sent(t)
  if t.sent_records then return t.sent_records end
  local by_key = {}
  for _, entry in ipairs(C.answers(t)) do
    local fresh = not entry.touched and entry.packet.start - t.packets[1].start < FRESH
    for _, record in ipairs(fresh and entry.list or {}) do
      by_key[record.key] = by_key[record.key] or {}
      table.insert(by_key[record.key], { record = record, packet = entry.packet })
    end
  end
  t.sent_records = by_key
  return by_key
end

-- Whether the trace has a whole read-out that nothing was written before: then what is not in it is not sent.
function L.is_whole(t)
  local found = {}
  for _, entry in ipairs(C.answers(t)) do
    if entry.list and entry.place and not entry.touched then found[entry.place] = true end
  end
  for i = 1, t.ics.telegrams or 1 do
    if not found[i] then return false end
  end
  return true
end

-- `fits(header, item)`: the item needs the requirement. `agrees(record, item)`: true, false, L.untold, or nil where
-- that is open.
function L.label(fits, agrees)
  return function(t)
    local seen = false
    for _, item in ipairs(t.ics.records or {}) do
      local header = L.header_of(item)
      if header and fits(header, item) then
        local good, told, bad = false, false, nil
        for _, it in ipairs(L.sent(t)[header.key] or {}) do
          local agreed = agrees(it.record, item)
          good, told = good or agreed, told or agreed == true
          if agreed == false then bad = bad or it.packet end
        end
        if bad and not good then
          return "fail", item.header .. " does not say " .. tostring(item.value), bad.index
        end
        seen = seen or told and not bad
      end
    end
    return seen and "pass" or "none"
  end
end

-- ---- what values are compared by

local function near(number, item, scale)
  local wanted, spare = tonumber(item.value), tonumber(item.tolerance or "0")
  if not wanted or not spare then return nil end
  local value = number * 10.0 ^ scale
  return math.abs(value - wanted) <= spare + 1e-6 + math.abs(wanted) * 1e-6
end

function L.as_number(record, item)
  local exponent = V.exponent(record)
  if not exponent or not tonumber(item.value) then return nil end
  local number = V.number(record)
  return number and near(number, item, exponent)
end

-- A number without a scale: identifications, counters, codes.
function L.as_code(record, item)
  if record.vifes:find "[\x7F\xFF]" or not tonumber(item.value) then return nil end
  local number = V.number(record)
  if number == nil then return nil end
  return number and near(number, item, 0)
end

function L.as_value(record, item)
  if V.exponent(record) then return L.as_number(record, item) end
  if record.vif == 0x78 then return L.as_code(record, item) end
  return nil
end

function L.as_date(record, item)
  local wanted = V.said_date(item.value)
  if not wanted then return nil end
  local minutes = V.date(record)
  if not minutes then return minutes end
  return math.abs(minutes - wanted) <= (tonumber(item.tolerance or "0") or 0)
end

function L.as_either(record, item)
  local vif = record.vif
  if vif == 0x6C or vif == 0x6D then return L.as_date(record, item) end
  return L.as_value(record, item)
end

-- The last character comes first.
function L.as_text(record, item) return record.data:sub(2):reverse() == item.value end

-- Texts and codes are compared as they are sent; what a number is scaled by, by the tables.
function L.as_sent(record, item)
  if record.lvar and record.lvar <= 0xBF then
    local code = record.vifes:byte(1) & 0x7F
    if record.vif == 0xFD and (code == 0x3B or code == 0x76) then return nil end
    return L.as_text(record, item)
  end
  if V.exponent(record) then return L.as_number(record, item) end
  return L.as_code(record, item) or nil -- what the value of another code looks like is the statement's
end

return L
