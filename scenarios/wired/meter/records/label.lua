-- SPDX-License-Identifier: Apache-2.0
-- What the device sends against what it shows. The statement lists some of its records (`records`:
-- header, quantity, value, tolerance); each case here takes those that need one requirement to be
-- read. Numbers of primary VIFs, dates and texts are read by lib/values.lua, all by the reference
-- master as well.
local records = require "records"
local values = require "values"

local function bytes_of(item)
  return hex(item.header)
end
local function split_header(item)
  local header = bytes_of(item)
  local last = 1
  while header:byte(last) >= 0x80 do last = last + 1 end
  return header:sub(1, last), header:sub(last + 1)
end

-- The record of the read-out with this header, and what the reference master makes of it.
local function find(rig, item)
  local decoded = rig.master:read(rig.dut)
  precondition(decoded.fault, "fault of the read-out"):is_nil()
  local index = 0
  for _, telegram in ipairs(decoded.telegrams) do
    local answer = records.split(telegram.frame.user_data)
    precondition(answer.fault, "fault in the records"):is_nil()
    for _, record in ipairs(answer.list) do
      index = index + 1
      if record.dib .. record.vib == bytes_of(item) then return record, decoded.records[index] end
    end
  end
  return nil
end

local function tolerance_of(item)
  return item.tolerance and records.millionths(item.tolerance) or 0
end

-- The value as this suite reads it by itself; nothing is expected of what it cannot read.
local function expect_own(record, item, what)
  local vif = record.vif & 0x7F
  if #record.vib > 1 then return end
  local quantity, unit, exponent = values.primary(vif)
  if quantity and record.field ~= 0x05 and record.field ~= 0x0D then
    local number = values.number(record)
    expect(quantity, "quantity of " .. what):equals(item.quantity)
    expect(unit, "unit of " .. what):equals(item.unit)
    expect(number ~= nil, what .. " is a number"):is_true()
    local scaled, wanted = values.scaled(number, exponent), records.millionths(item.value)
    if scaled then
      expect(scaled, what .. ", in millionths"):between(wanted - tolerance_of(item), wanted + tolerance_of(item))
    end
  elseif vif == 0x6C or vif == 0x6D then
    local text = values.date(record)
    expect(text ~= nil, what .. " is a date"):is_true()
    local spare = (tonumber(item.tolerance or "0") or 0)
    local wanted = values.minutes(item.value)
    expect(values.minutes(text), what .. ", in minutes"):between(wanted - spare, wanted + spare)
  end
end

local function expect_reference(decoded, item, what)
  expect(decoded.quantity, "quantity of " .. what .. " as decoded"):equals(item.quantity)
  expect(decoded.unit, "unit of " .. what .. " as decoded"):equals(item.unit or "")
  for _, key in ipairs { "function", "storage", "tariff", "subunit", "coding" } do
    if item[key] ~= nil then
      expect(decoded[key], key .. " of " .. what .. " as decoded"):equals(item[key])
    end
  end
  expect(decoded.value ~= nil, what .. " has a value"):is_true()
  if decoded.type == "decimal" and decoded.value:find("^-?%d+%.?%d?%d?%d?%d?%d?%d?$") then
    local wanted = records.millionths(item.value)
    expect(records.millionths(decoded.value), what .. " as decoded, in millionths")
      :between(wanted - tolerance_of(item), wanted + tolerance_of(item))
  elseif decoded.type == "date" or decoded.type == "datetime" or decoded.type == "time" then
    local wanted, spare = values.minutes(item.value), tonumber(item.tolerance or "0") or 0
    expect(values.minutes(decoded.value), what .. " as decoded, in minutes"):between(wanted - spare, wanted + spare)
  else
    expect(decoded.value, what .. " as decoded"):equals(item.value)
  end
end

local function is_binary(dib) return dib:byte(1) & 0x0F >= 1 and dib:byte(1) & 0x0F <= 7 and dib:byte(1) & 0x0F ~= 5 end
local function is_bcd(dib) return dib:byte(1) & 0x0F >= 9 and dib:byte(1) & 0x0F <= 14 and dib:byte(1) & 0x0F ~= 13 end
local function field(number) return function(dib) return dib:byte(1) & 0x0F == number end end
local function is_date(vib) return vib:byte(1) & 0x7F == 0x6C or vib:byte(1) & 0x7F == 0x6D end
local function is_table(vif) return function(_, vib) return vib:byte(1) == vif end end
-- Codes of VIFEs after the one that names a quantity of an extension table.
local function qualified(low, high, after_fc)
  return function(_, vib)
    local from = (vib:byte(1) == 0xFB or vib:byte(1) == 0xFD) and 3 or 2
    for i = from, #vib do
      local prefixed = i > from and vib:byte(i - 1) == 0xFC
      local code = vib:byte(i) & 0x7F
      if prefixed == (after_fc or false) and code >= low and code <= high then return true end
    end
    return false
  end
end
local function of_item(key)
  return function(_, _, item) return (item[key] or 0) ~= 0 end
end

local function is_type_i(dib, vib) return field(6)(dib) and vib:byte(1) & 0x7F == 0x6D end

local readings = {
  { "function", "MB3-RC-005", "the function of a record", function(dib) return dib:byte(1) & 0x30 ~= 0 end },
  { "storage", "MB3-RC-006", "storage numbers", of_item("storage") },
  { "tariff", "MB3-RC-007", "tariff and subunit",
    function(_, _, item) return (item.tariff or 0) + (item.subunit or 0) > 0 end },
  { "order", "MB3-RC-018", "values of several bytes, the least significant first",
    function(dib) return dib:byte(1) & 0x0F >= 2 and dib:byte(1) & 0x0F ~= 9 and dib:byte(1) & 0x0F ~= 13 end },
  { "text", "MB3-RC-020", "texts", function(dib, vib, item)
    return field(13)(dib) and vib:byte(1) & 0x7F ~= 0x7C and item.coding == "text" end },
  { "variable-bcd", "MB3-RC-021", "decimal numbers of variable length",
    function(dib, _, item) return field(13)(dib) and (item.coding or ""):find("bcd") ~= nil end },
  { "variable-binary", "MB3-RC-022", "binary numbers of variable length",
    function(dib, _, item) return field(13)(dib) and (item.coding or ""):find("binary") ~= nil end },
  { "primary", "MB3-RC-027", "quantities of the primary VIF table",
    function(_, vib) return vib:byte(1) & 0x7F < 0x7B and vib:byte(1) & 0x7F ~= 0x6F end },
  { "main", "MB3-RC-028", "quantities of the main extension table (FDh)", is_table(0xFD) },
  { "second-level", "MB3-RC-029", "quantities of the second level of the main table (FDh FDh)",
    function(_, vib) return vib:byte(1) == 0xFD and vib:byte(2) == 0xFD end },
  { "alternate", "MB3-RC-030", "quantities of the alternate extension table (FBh)", is_table(0xFB) },
  { "combinable", "MB3-RC-031", "combinable VIFEs", qualified(0x20, 0x7B) },
  { "combinable-fc", "MB3-RC-032", "combinable VIFEs after FCh", qualified(0x00, 0x7F, true) },
  { "plain-text", "MB3-RC-034", "units in plain text",
    function(_, vib) return vib:byte(1) & 0x7F == 0x7C end },
  { "to-date", "MB3-RC-043", "VIFEs that make a value a date or a duration", function(dib, vib)
    return qualified(0x39, 0x39)(dib, vib) or qualified(0x40, 0x6F)(dib, vib)
      or qualified(0x7E, 0x7E)(dib, vib) end },
  { "correction", "MB3-RC-044", "VIFEs that correct a value", function(dib, vib)
    return qualified(0x70, 0x7B)(dib, vib) or qualified(0x7D, 0x7D)(dib, vib) end },
  { "type-a", "MB3-TY-001", "decimal numbers (type A)", is_bcd },
  { "type-b", "MB3-TY-003", "signed numbers (type B)",
    function(dib, vib) return is_binary(dib) and not is_date(vib) end },
  { "type-c", "MB3-TY-004", "unsigned numbers (type C)",
    function(dib, vib) return is_binary(dib) and (vib:byte(1) & 0x7F == 0x7A or vib:byte(1) == 0xFD) end },
  { "type-d", "MB3-TY-005", "bit fields (type D)",
    function(dib, vib) return is_binary(dib) and vib:sub(1, 2) == "\xFD\x17" end },
  { "type-h", "MB3-TY-006", "floating point numbers (type H)", field(5) },
  { "signed", "MB3-TY-007", "numbers that are signed unless something says otherwise",
    function(dib, vib) return is_binary(dib) and vib:byte(1) & 0x7F < 0x6C end },
  { "type-f", "MB3-TY-008", "dates and times of 32 bits (type F)",
    function(dib, vib) return field(4)(dib) and vib:byte(1) & 0x7F == 0x6D end },
  { "century", "MB3-TY-010", "the year of type F",
    function(dib, vib) return field(4)(dib) and vib:byte(1) & 0x7F == 0x6D end },
  { "type-g", "MB3-TY-012", "dates (type G)",
    function(dib, vib) return field(2)(dib) and vib:byte(1) & 0x7F == 0x6C end },
  { "type-i", "MB3-TY-014", "dates and times of 48 bits (type I)", is_type_i },
  { "type-j", "MB3-TY-016", "times of 24 bits (type J)",
    function(dib, vib) return field(3)(dib) and vib:byte(1) & 0x7F == 0x6D end },
}

-- The records of the statement that need this reading.
local function chosen_by(fits)
  return function(ics)
    local list = {}
    for _, item in ipairs(ics.records) do
      if item.header then
        local dib, vib = split_header(item)
        if fits(dib, vib, item) then list[#list + 1] = item end
      end
    end
    return list
  end
end

local function label(reading)
  local name, requirement, what, fits = table.unpack(reading)
  local chosen = chosen_by(fits)
  return case {
    id = "wired.records.label." .. name,
    title = "What the device shows is what it sends: " .. what,
    checks = { requirement },
    applies = function(ics) return #chosen(ics) > 0 end,

    run = function(rig)
      for _, item in ipairs(chosen(rig.ics)) do
        local record, decoded = find(rig, item)
        local shown = item.quantity .. " (" .. item.header .. ")"
        expect(record ~= nil, shown .. " is in the read-out"):is_true()
        expect_own(record, item, shown)
        precondition(decoded ~= nil, shown .. " can be decoded"):is_true()
        expect_reference(decoded, item, shown)
      end
    end,
  }
end

local of_type_i = chosen_by(is_type_i)

return cases {
  each(readings, label),

  -- Of what type I says about summer time only this is seen: the rule itself is inside the device.
  case {
    id = "wired.records.leap-year",
    title = "Bit 7 of the first byte of type I says whether the year that is sent is a leap year",
    checks = { "MB3-TY-015" },
    applies = function(ics) return #of_type_i(ics) > 0 end,
    run = function(rig)
      for _, item in ipairs(of_type_i(rig.ics)) do
        local record = find(rig, item)
        precondition(record ~= nil, item.header .. " is in the read-out"):is_true()
        local text = values.date(record)
        precondition(text ~= nil, "it is a valid date"):is_true()
        -- Two digits of the year are sent; of the years they stand for 1900 is not in reach.
        local leap = tonumber(text:sub(1, 4)) % 4 == 0
        expect(record.data:byte(1) & 0x80 ~= 0, "leap year in " .. text):equals(leap)
      end
    end,
  },
}
