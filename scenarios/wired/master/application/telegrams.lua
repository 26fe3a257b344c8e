-- SPDX-License-Identifier: Apache-2.0
-- How many telegrams a master reads: DIF 1Fh says that more follow, and it is found by parsing the
-- records. So what a master makes of a record's structure shows in what it asks for next.
local meters = require "meter"

local water = hex "04 06 2A 00 00 00"
local last = hex "04 06 2B 00 00 00"

-- Reads a meter whose first telegram has these user data behind `header`, and a second one.
local function read_two(rig, t, more)
  local first = meters.telegram { a = 5, ci = t.ci, header = t.header, records = t.records .. (more and
    hex "1F" .. (t.behind or "") or "") }
  local second = meters.telegram { a = 5, access = 2, records = last }
  local meter = meters.meter { a = 5, telegrams = { first, second } }
  local outcome, seen = meters.serve(rig, rig.dut:start("read", { address = 5 }), meter)
  return outcome, meters.of(seen, "REQ_UD2", 5), { first, more and second or nil }
end

-- Twice: with DIF 1Fh the second telegram must be read, without it not asked for.
local function family(t)
  return each({ true, false }, function(more)
    if t.only ~= nil and t.only ~= more then return {} end
    return case {
      id = "wired.master.telegrams." .. t.name .. (more and ".more" or ".last"),
      title = (more and "DIF 1Fh is found " or "No DIF 1Fh is seen ") .. t.title,
      checks = t.checks,
      role = "master",
      needs = { "job" },
      run = function(rig)
        local outcome, requests, due = read_two(rig, t, more)
        for _, id in ipairs(t.checks) do
          expect(#requests, "requests", id):equals(#due)
          expect(outcome.telegrams, "telegrams handed on", id):equals(due)
          expect(outcome.status, "exit status", id):equals(0)
        end
      end,
    }
  end)
end

-- A long header whose configuration field says security mode 5 and so many encrypted blocks of 16
-- bytes (EN 13757-7, 7.6.3: bits 12 to 8, and 7 to 4). Nobody here has a key.
local function encrypted_header(blocks)
  return meters.address_bytes "12345678" .. hex "01 00" .. string.char(blocks << 4, 5)
end

local function blocks(count) return string.rep("\x1F", 16 * count) end

-- Every 1Fh in these records is data, or encrypted.
local structures = {
  { name = "plain", title = "behind plain records", checks = { "MB2-LL-046", "MB3-RC-001", "MB3-RC-012" },
    records = water },
  { name = "padded", title = "with padding behind it", checks = { "MB2-LL-046", "MB3-RC-012" },
    records = water, behind = hex "00 00 00", only = true },
  { name = "manufacturer", title = "with manufacturer data behind it", checks = { "MB2-LL-046", "MB3-RC-012" },
    records = water, behind = hex "01 02 1F 03", only = true },
  { name = "in-data", title = "in the data of a record", checks = { "MB2-LL-046", "MB3-RC-001" },
    records = hex "04 06 1F 1F 1F 1F" },
  { name = "last-data", title = "as the last data byte of a record", checks = { "MB2-LL-046", "MB3-RC-001" },
    records = hex "04 06 00 00 00 1F" },
  { name = "lengths", title = "behind data of every fixed length", checks = { "MB3-RC-004" },
    records = hex "00 06" .. hex "01 06 1F" .. hex "02 06 1F 1F" .. hex "03 06 1F 1F 1F" .. hex "04 06 1F 1F 1F 1F" ..
      hex "05 2B 1F 1F 1F 1F" .. hex "06 06 1F 1F 1F 1F 1F 1F" .. hex "07 06 1F 1F 1F 1F 1F 1F 1F 1F" ..
      hex "09 06 1F" .. hex "0A 06 1F 1F" .. hex "0B 06 1F 1F 1F" .. hex "0C 06 1F 1F 1F 1F" ..
      hex "0E 06 1F 1F 1F 1F 1F 1F" },
  { name = "dife", title = "behind a record with DIFEs of value 1Fh", checks = { "MB3-RC-001", "MB3-RC-007" },
    records = hex "84 1F 06 2A 00 00 00" .. hex "C4 9F 1F 06 2A 00 00 00" },
  { name = "dife-ten", title = "behind a record with ten DIFEs", checks = { "MB3-RC-001" },
    records = hex "84 80 80 80 80 80 80 80 80 80 1F 06 2A 00 00 00" },
  { name = "dife-register", title = "behind ten DIFEs and 00h, which marks a register number and is not counted",
    checks = { "MB3-RC-002", "MB3-RC-009" },
    records = hex "84 81 81 81 81 81 81 81 81 81 81 00 06 2A 00 00 00" },
  { name = "register", title = "behind a register number", checks = { "MB3-RC-009" },
    records = hex "C4 9F 00 06 2A 00 00 00" },
  { name = "vife", title = "behind a record with VIFEs of value 1Fh", checks = { "MB3-RC-001", "MB3-RC-025" },
    records = hex "04 FD 1F 2A 00 00 00" .. hex "02 FB 9F 1F 1F 1F" },
  { name = "vife-ten", title = "behind a record with ten VIFEs", checks = { "MB3-RC-001" },
    records = hex "01 86 80 80 80 80 80 80 80 80 80 1F 1F" },
  { name = "filler", title = "behind idle fillers", checks = { "MB3-RC-010" },
    records = hex "2F 2F" .. water .. hex "2F 2F" },
  { name = "manufacturer-end", title = "in manufacturer data behind DIF 0Fh", checks = { "MB3-RC-011" },
    records = water .. hex "0F 1F 1F 1F", only = false },
  { name = "text", title = "behind a text", checks = { "MB3-RC-019", "MB3-RC-020" },
    records = hex "0D FD 0C 04 1F 1F 1F 1F" },
  { name = "text-empty", title = "behind an empty text", checks = { "MB3-RC-019", "MB3-RC-020" },
    records = hex "0D FD 0C 00" },
  { name = "bcd-variable", title = "behind BCD numbers of variable length", checks = { "MB3-RC-021" },
    records = hex "0D 06 C3 1F 1F 1F" .. hex "0D 06 D2 1F 1F" },
  { name = "binary-variable", title = "behind binary numbers of variable length", checks = { "MB3-RC-022" },
    records = hex "0D 06 E5 1F 1F 1F 1F 1F" .. hex "0D 06 F0 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F 1F" },
  { name = "container", title = "behind a container", checks = { "MB3-RC-024" },
    records = hex "0D FD 3B 03 1F 1F 1F" },
  { name = "unit-text", title = "behind a unit in plain text", checks = { "MB3-RC-034" },
    records = hex "04 7C 03 1F 1F 1F 2A 00 00 00" },
  { name = "vif-manufacturer", title = "behind a record with VIF 7Fh and FFh", checks = { "MB3-RC-035" },
    records = hex "02 7F 1F 1F" .. hex "02 FF 1F 1F 1F" },
  { name = "vife-manufacturer", title = "behind a VIFE FFh", checks = { "MB3-RC-037" },
    records = hex "02 86 FF 1F 1F 1F" },
  { name = "reserved-vif", title = "behind a record with a reserved VIF", checks = { "MB3-RC-039" },
    records = hex "02 6F 1F 1F" },
  { name = "vif-no-extension", title = "behind records with VIF 7Bh and 7Dh, which lead to no table",
    checks = { "MB3-RC-026" }, records = hex "04 7B 1F 1F 1F 1F" .. hex "02 7D 1F 1F" },
  { name = "vif-third-table", title = "behind a record with VIF EFh and a VIFE", checks = { "MB3-RC-039" },
    records = hex "02 EF 1F 1F 1F" },
  { name = "vif-any", title = "behind records with VIF 7Eh and FEh, reserved in answers", checks = { "MB3-RC-039" },
    records = hex "02 7E 1F 1F" .. hex "02 FE 1F 1F 1F" },
  { name = "vife-reserved", title = "behind records with reserved VIFEs", checks = { "MB3-RC-038" },
    records = hex "02 86 10 1F 1F" .. hex "02 86 C4 FC 1F 1F 1F" },
  { name = "date-lengths", title = "behind dates and times of every length, also of wrong ones",
    checks = { "MB3-TY-018" },
    records = hex "02 6C 1F 1F" .. hex "04 6C 1F 1F 1F 1F" .. hex "01 6D 1F" .. hex "02 6D 1F 1F" ..
      hex "03 6D 1F 1F 1F" .. hex "04 6D 1F 1F 1F 1F" .. hex "06 6D 1F 1F 1F 1F 1F 1F" ..
      hex "0D 6D E5 1F 1F 1F 1F 1F" },
  { name = "encrypted", title = "behind an encrypted block", checks = { "MB7-TL-013", "MB7-TL-017" },
    header = encrypted_header(1), records = blocks(1) .. water },
  { name = "encrypted-three", title = "behind three encrypted blocks", checks = { "MB7-TL-016", "MB7-TL-017" },
    header = encrypted_header(3), records = blocks(3) .. water },
  { name = "header-long", title = "behind the long header of CI 72h", checks = { "MB7-TL-001", "MB7-TL-004" },
    header = meters.address_bytes("1F1F1F1F", hex "1F 1F 1F 1F") .. hex "1F 00 00 00", records = water },
  { name = "header-short", title = "behind the short header of CI 7Ah", checks = { "MB7-TL-002", "MB7-TL-005" },
    ci = 0x7A, header = hex "1F 00 00 00", records = water },
  { name = "header-none", title = "behind CI 78h, which has no header", checks = { "MB7-TL-003" },
    ci = 0x78, header = "", records = hex "04 06 1F 1F 1F 1F" },
}

return cases {
  each(structures, family),

  case {
    id = "wired.master.telegrams.five",
    title = "Five telegrams are read in their order and handed on, each once",
    checks = { "MB2-LL-046" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local telegrams = {}
      for i = 1, 5 do
        telegrams[i] = meters.telegram { a = 5, access = i, records = meters.records(i) .. (i < 5 and hex "1F" or "") }
      end
      local meter = meters.meter { a = 5, telegrams = telegrams }
      local outcome = meters.serve(rig, rig.dut:start("read", { address = 5 }), meter)
      expect(outcome.telegrams, "telegrams handed on"):equals(telegrams)
      expect(outcome.status, "exit status"):equals(0)
    end,
  },
}
