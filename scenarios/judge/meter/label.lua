-- SPDX-License-Identifier: Apache-2.0
-- What a meter sends against what it shows (its statement's `records`), judged from the trace. Each predicate takes
-- the records of the statement that need its requirement to be read.
local T = require "trace"
local C = require "content"
local V = require "reading"
local L = require "statement"
local judge = {}

local function has_qualifier(first, last, fc)
  return function(header)
    for _, q in ipairs(C.qualifiers(header)) do
      if q.fc == (fc or false) and q.code >= first and q.code <= last then return true end
    end
    return false
  end
end

-- ---- values

judge["MB3-RC-018"] = L.label(function(header)
  local number = header.dif & 0x0F
  return number >= 0x02 and number ~= 0x09 and number ~= 0x0D
end, function(record, item)
  local agreed = L.as_either(record, item)
  if agreed and record.data == record.data:reverse() then return L.untold end -- the same in any order
  return agreed
end)
judge["MB3-RC-020"] = L.label(function(header, item)
  return header.dif & 0x0F == 0x0D and item.coding == "text" and header.vif & 0x7F ~= 0x7C and
    not (header.vif == 0xFD and header.vifes:find "^[\x3B\x76]")
end, function(record, item)
  if record.lvar > 0xBF then return false end
  return L.as_text(record, item)
end)
judge["MB3-RC-021"] = L.label(function(header, item)
  return header.dif & 0x0F == 0x0D and (item.coding or ""):find "bcd" ~= nil
end, function(record, item)
  if record.lvar < 0xC0 or record.lvar > 0xD9 then return false end
  return L.as_number(record, item)
end)
judge["MB3-RC-022"] = L.label(function(header, item)
  return header.dif & 0x0F == 0x0D and (item.coding or ""):find "binary" ~= nil
end, function(record, item)
  if record.lvar < 0xE0 then return false end
  return L.as_number(record, item)
end)

judge["MB3-RC-027"] = L.label(function(header)
  return V.primary(header.vif) ~= nil and #header.vifes == 0
end, function(record, item)
  local _, quantity, unit = V.primary(record.vif)
  if quantity ~= item.quantity or unit ~= item.unit then return false end
  return L.as_number(record, item)
end)

-- The codes of an extension table. Those which have never had a meaning are not used, whatever the statement has.
local function extension(vif, reserved, agrees)
  return function(t)
    return C.all({ C.each_record(t, function(record)
      local code = record.vif == vif and record.vifes:byte(1) & 0x7F
      if code and reserved(code) then return string.format("the reserved code %02Xh", code) end
      return C.unseen
    end) }, { L.label(function(header) return header.vif == vif and header.vifes:byte(1) ~= 0xFD end, agrees)(t) })
  end
end
judge["MB3-RC-028"] = extension(0xFD, function(code) return code >= 0x77 and code ~= 0x7D end, L.as_sent)
judge["MB3-RC-030"] = extension(0xFB, function(code)
  return code == 0x06 or code == 0x07 or code == 0x0A or code == 0x0B or code == 0x12 or code == 0x13 or
    code >= 0x1C and code <= 0x1F or code == 0x27 or code == 0x32 or code == 0x33 or code >= 0x38 and code <= 0x57 or
    code == 0x6F
end, function(record, item) return L.as_number(record, item) end)

-- FDh FDh: 00h, 02h and 03h, the others are reserved.
judge["MB3-RC-029"] = function(t)
  local function second(header) return header.vif == 0xFD and header.vifes:byte(1) == 0xFD end
  return C.all({ C.each_record(t, function(record)
    local code = second(record) and (record.vifes:byte(2) or 0) & 0x7F
    if code and code ~= 0x00 and code ~= 0x02 and code ~= 0x03 then
      return string.format("the reserved code %02Xh", code)
    end
    return C.unseen
  end) }, { L.label(second, L.as_code)(t) })
end

judge["MB3-RC-031"] = L.label(has_qualifier(0x20, 0x6F), L.as_number)
judge["MB3-RC-032"] = L.label(has_qualifier(0x00, 0x7F, true), L.as_number)
judge["MB3-RC-034"] = L.label(function(header) return header.vif & 0x7F == 0x7C end, function(record, item)
  if not item.unit then return nil end
  return record.text:reverse() == item.unit
end)
judge["MB3-RC-043"] = L.label(function(header)
  return has_qualifier(0x39, 0x39)(header) or has_qualifier(0x42, 0x4F)(header) or has_qualifier(0x6A, 0x6F)(header) or
    header.vif & 0x7F == 0x6C and has_qualifier(0x7E, 0x7E)(header)
end, function(record, item)
  if not item.value:find "^%d+[-:]%d+" then return nil end
  return L.as_date(record, item)
end)
judge["MB3-RC-044"] = L.label(function(header)
  return has_qualifier(0x70, 0x77)(header) or has_qualifier(0x7D, 0x7D)(header)
end, L.as_number)

-- ---- DIBs: the header says what the statement does, and a whole read-out has it: not one that differs by just this

local aspects = { "field", "function", "storage", "tariff", "subunit" }

local function dib_says(keys, needs)
  local function others(record)
    local dib, text = V.dib(record), T.hex(string.char(record.vif) .. record.vifes)
    for _, name in ipairs(aspects) do
      if not keys[name] then text = text .. "/" .. dib[name] end
    end
    return text
  end
  local says = L.label(needs, function(record, item)
    local dib, told = V.dib(record), nil
    for name in pairs(keys) do
      if item[name] ~= nil and item[name] ~= dib[name] then return false end
      told = told or item[name] ~= nil
    end
    return told or nil
  end)
  return function(t)
    local verdict, what, packet = says(t)
    if verdict == "fail" or not L.is_whole(t) then return verdict, what, packet end
    local listed, unlisted = {}, {}
    for _, item in ipairs(t.ics.records or {}) do
      local header = L.header_of(item)
      if header then listed[header.key] = true end
    end
    for key, list in pairs(L.sent(t)) do
      if not listed[key] then unlisted[others(list[1].record)] = list[1].packet end
    end
    for _, item in ipairs(t.ics.records or {}) do
      local header = L.header_of(item)
      if header and needs(header, item) and not L.sent(t)[header.key] and unlisted[others(header)] then
        return "fail", item.header .. " is not sent, but another like it", unlisted[others(header)].index
      end
    end
    return verdict
  end
end
judge["MB3-RC-005"] = dib_says({ ["function"] = true }, function(header) return header.dif & 0x30 ~= 0 end)
judge["MB3-RC-006"] = dib_says({ storage = true }, function(_, item) return (item.storage or 0) ~= 0 end)
judge["MB3-RC-007"] = dib_says({ tariff = true, subunit = true }, function(_, item)
  return (item.tariff or 0) + (item.subunit or 0) > 0
end)

return judge
