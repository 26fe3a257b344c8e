-- SPDX-License-Identifier: Apache-2.0
-- What the records of a read-out must look like whatever they say.
local readout = require "readout"

-- The VIFEs that qualify a value: those after the code of an extension table, up to a manufacturer's.
local function qualifiers(record)
  local list = {}
  local from = (record.vif == 0xFB or record.vif == 0xFD) and 3 or 2
  if record.vif & 0x7F == 0x7F then return list end
  local i = from
  while i <= #record.vib do
    local code = record.vib:byte(i)
    if code == 0xFF then return list end
    if code == 0xFC then
      i = i + 1 -- the next byte is of another table
    else
      list[#list + 1] = code & 0x7F
    end
    i = i + 1
  end
  return list
end

-- What a record is about, whatever its coding, unit and number of digits.
local function meaning(record)
  local parts = { record.quantity, record["function"], "storage " .. record.storage, "tariff " .. record.tariff,
                  "subunit " .. record.subunit }
  for _, qualifier in ipairs(record.qualifiers) do parts[#parts + 1] = qualifier end
  -- Only the unit tells one plain text or one unknown VIF from another.
  if record.quantity == "plain text" or record.quantity == "unknown" then return nil end
  return table.concat(parts, ", ")
end

-- A case about each record of the read-out; `judge(record)` expects something of it. `unsplit`: what an
-- answer that cannot be split must not be for: part of the fault, words for it, requirement. `some`: words
-- for the records that `judge` is about, which it says by true; the case is inconclusive without any.
local function of_each(t, judge)
  local unsplit, some = t.unsplit, t.some
  t.unsplit, t.some = nil, nil
  t.run = function(rig)
    local seen = 0
    for i, answer in ipairs(readout.answers(rig)) do
      if unsplit then
        local found = (answer.fault or ""):find(unsplit[1], 1, true) ~= nil
        expect(found, unsplit[2] .. " in answer " .. i, unsplit[3]):equals(false)
      end
      precondition(answer.fault, "fault in the records of answer " .. i):is_nil()
      for _, record in ipairs(answer.list) do
        if judge(record) then seen = seen + 1 end
      end
    end
    if some then precondition(seen, some .. " in the read-out"):at_least(1) end
  end
  return case(t)
end

return cases {
  case {
    id = "wired.records.structure",
    title = "Every answer of a read-out can be split into records to its last byte",
    checks = { "MB3-RC-001", "MB3-RC-004", "MB3-RC-015", "MB3-RC-019", "MB3-RC-023" },

    run = function(rig)
      for i, answer in ipairs(readout.answers(rig)) do
        local fault = answer.fault or ""
        expect(fault:find("DIF .* reserved") and fault, "reserved DIF in answer " .. i, "MB3-RC-015"):is_nil()
        expect(fault:find("LVAR .* reserved") and fault, "reserved LVAR in answer " .. i, "MB3-RC-023"):is_nil()
        expect(fault:find("before LVAR") and fault, "missing LVAR in answer " .. i, "MB3-RC-019"):is_nil()
        expect(answer.fault, "what is wrong with the records of answer " .. i, "MB3-RC-004"):is_nil()
        expect(#answer.list, "records in answer " .. i, "MB3-RC-001"):at_least(1)
      end
    end,
  },

  of_each({
    id = "wired.records.extensions.few",
    title = "No record has more than ten DIFEs or ten VIFEs",
    checks = { "MB3-RC-002", "MB3-RC-003" },
  }, function(record)
    local difes = #record.dib - 1
    -- A last DIFE 00h that marks a register number does not count.
    if difes > 0 and record.dib:byte(-1) == 0x00 then difes = difes - 1 end
    expect(difes, "DIFEs of " .. record.name, "MB3-RC-002"):at_most(10)
    expect(#record.vib - 1, "VIFEs of " .. record.name, "MB3-RC-003"):at_most(10)
  end),

  of_each({
    id = "wired.records.extensions.due",
    title = "VIF FBh and FDh are followed by a VIFE, and 7Bh and 7Dh are not used without",
    checks = { "MB3-RC-025" },
    unsplit = { "in the VIB", "a VIB that is cut off" },
  }, function(record)
    expect(record.vif, "VIF of " .. record.name):differs(0x7B):differs(0x7D)
    if record.vif == 0xFB or record.vif == 0xFD then
      expect(#record.vib, "bytes of the VIB of " .. record.name):at_least(2)
    end
  end),

  of_each({
    id = "wired.records.master-only",
    title = "What only a master may send does not appear in an answer: DIF 7Fh, data field 8, VIF 7Eh",
    checks = { "MB3-RC-016", "MB3-RC-017", "MB3-RC-036" },
    unsplit = { "DIF 7Fh", "DIF 7Fh", "MB3-RC-016" },
  }, function(record)
    expect(record.dif, "DIF of " .. record.name, "MB3-RC-016"):differs(0x7F)
    expect(record.field, "data field of " .. record.name, "MB3-RC-017"):differs(0x08)
    expect(record.vif & 0x7F, "VIF of " .. record.name, "MB3-RC-036"):differs(0x7E)
  end),

  of_each({
    id = "wired.records.reserved",
    title = "VIF EFh, which is kept for a third table, is not used",
    checks = { "MB3-RC-033" },
  }, function(record)
    expect(record.vif, "VIF of " .. record.name):differs(0xEF)
  end),

  of_each({
    id = "wired.records.errors",
    title = "Of the VIFEs for record errors only those with a meaning are used",
    checks = { "MB3-RC-040", "MB3-RC-041" },
  }, function(record)
    for _, code in ipairs(qualifiers(record)) do
      local what = string.format("VIFE %02Xh of %s", code, record.name)
      expect(code >= 0x08 and code <= 0x0A, what .. " is reserved", "MB3-RC-040"):equals(false)
      expect(code >= 0x19 and code <= 0x1B, what .. " is reserved", "MB3-RC-041"):equals(false)
    end
    expect(record.vif, "VIF of " .. record.name, "MB3-RC-040"):between(0, 0xFF)
  end),

  of_each({
    id = "wired.records.dates",
    title = "A date is 16 bits long; a date and time 24, 32 or 48 bits, or of variable length",
    checks = { "MB3-TY-018" },
    applies = function(ics)
      for _, item in ipairs(ics.records) do
        if item.quantity == "date" or item.quantity == "date and time" then return true end
      end
      return false
    end,
    some = "dates",
  }, function(record)
    local date_fields = { [0x03] = true, [0x04] = true, [0x06] = true, [0x0D] = true }
    local has_data = record.field ~= 0x00
    if record.vif & 0x7F == 0x6C and has_data then
      expect(record.field, "data field of " .. record.name):equals(0x02)
      return true
    elseif record.vif & 0x7F == 0x6D and has_data then
      expect(date_fields[record.field] or false, "a data field for date and time in " .. record.name):is_true()
      return true
    end
    return false
  end),

  case {
    id = "wired.records.more",
    title = "DIF 1Fh says that more telegrams follow: all but the last answer of a read-out have it",
    checks = { "MB3-RC-012", "MB3-RC-014" },

    run = function(rig)
      local answers = readout.answers(rig)
      for i, answer in ipairs(answers) do
        precondition(answer.fault, "fault in the records of answer " .. i):is_nil()
        expect(answer.more, "DIF 1Fh in answer " .. i, "MB3-RC-012"):equals(i < #answers)
        if answer.more then
          local mode = answer.ci == 0x72 and answer.header:byte(12) & 0x1F or 0
          expect(mode, "security mode of answer " .. i .. ", which announces more", "MB3-RC-014"):equals(0)
        end
      end
    end,
  },

  case {
    id = "wired.records.unique",
    title = "No two records of one answer share DIB and VIB, or differ in coding, unit or digits only",
    checks = { "MB3-AP-041" },
    applies = function(ics) return ics.oms end,

    run = function(rig)
      for i, answer in ipairs(readout.answers(rig)) do
        precondition(answer.fault, "fault in the records of answer " .. i):is_nil()
        local seen = {}
        for _, record in ipairs(answer.list) do
          local key = record.dib .. "/" .. record.vib
          expect(seen[key], "an earlier record of answer " .. i .. " like " .. record.name):is_nil()
          seen[key] = record.name
        end
      end
      -- What the records mean, as the reference master reads them.
      local read = rig.master:read(rig.dut)
      precondition(read.fault, "fault of the read-out"):is_nil()
      local said = {}
      for i, record in ipairs(read.records) do
        local text = meaning(record)
        if text and record.error == "" then
          local key = record.telegram .. "/" .. text
          expect(said[key], "an earlier record of the same telegram that says what record " .. i .. " says (" ..
                 text .. ")"):is_nil()
          said[key] = i
        end
      end
    end,
  },
}
