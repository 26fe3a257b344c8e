-- SPDX-License-Identifier: Apache-2.0
-- Telegrams in which no DIF 1Fh stands where a DIF is due, with 1Fh at most other places: a fixed
-- data structure, a compact frame, a manufacturer's own content, records that break off. Who takes
-- such bytes for records asks for a telegram that nobody announced.
local meters = require "meter"

local water = hex "04 06 2A 00 00 00"

-- CRC-16 of EN 13757 (polynomial 3D65h, complemented), LSB first: annex G signs formats with it.
local function crc(bytes)
  local value = 0
  for i = 1, #bytes do
    value = value ~ bytes:byte(i) << 8
    for _ = 1, 8 do
      value = (value & 0x8000 ~= 0 and value << 1 ~ 0x3D65 or value << 1) & 0xFFFF
    end
  end
  value = value ~ 0xFFFF
  return string.char(value & 0xFF, value >> 8)
end

local function filled(count) return string.rep("\x1F", count) end

-- Reads a meter that says `first`, and has a second telegram for who asks for the next.
local function read(rig, first)
  local second = meters.telegram { a = 5, access = 2, records = water }
  local meter = meters.meter { a = 5, telegrams = { first, second } }
  local outcome, seen = meters.serve(rig, rig.dut:start("read", { address = 5 }), meter)
  return outcome, meters.of(seen, "REQ_UD2", 5), second
end

-- What a master may refuse: then it says so and may have asked for the same again, but the next
-- telegram is not asked for.
local function expect_refused_or_whole(outcome, requests, first, second, what, id)
  for i = 2, #requests do
    expect(requests[i].bytes, what .. ": request " .. i .. " asks for the same again", id):equals(requests[1].bytes)
  end
  for i, telegram in ipairs(outcome.telegrams) do
    expect(telegram ~= second, what .. ": telegram " .. i .. " was asked for", id):is_true()
    expect(telegram, what .. ": telegram handed on", id):equals(first)
  end
  expect(#outcome.telegrams == 1 or outcome.status == 1, what .. ": handed on whole, or a failed job", id):is_true()
end

-- A telegram to be handed on as it is: `whole` gives the user data behind the address.
local function whole(t)
  return case {
    id = "wired.master.content." .. t.name,
    title = t.title,
    checks = t.checks,
    role = "master",
    needs = { "job" },
    run = function(rig)
      for _, content in ipairs(t.contents) do
        local first = frame { c = 0x08, a = 5, ci = content.ci, data = content.data }
        local outcome, requests = read(rig, first)
        local what = string.format("CI %02Xh", content.ci)
        for _, id in ipairs(t.checks) do
          expect(#requests, what .. ": requests", id):equals(1)
          expect(outcome.telegrams, what .. ": telegrams handed on", id):equals({ first })
          expect(outcome.status, what .. ": exit status", id):equals(0)
        end
      end
    end,
  }
end

local function refused_or_whole(t)
  return case {
    id = "wired.master.content." .. t.name,
    title = t.title,
    checks = { t.check },
    role = "master",
    needs = { "job" },
    applies = function(ics) return ics.fcb end, -- without FCB every request asks for the next telegram
    run = function(rig)
      for _, content in ipairs(t.contents) do
        local first = content.ci and frame { c = 0x08, a = 5, ci = content.ci, data = content.data } or
          meters.telegram { a = 5, records = content.records }
        local outcome, requests, second = read(rig, first)
        expect(#requests, content.what .. ": requests", t.check):at_least(1)
        expect_refused_or_whole(outcome, requests, first, second, content.what, t.check)
      end
    end,
  }
end

-- Annex G: the records 02 02, 02 15, 02 2A (signature 3B31h), with 1Fh in all data.
local format = hex "02 02 02 15 02 2A"
local full = hex "02 02 1F 1F 02 15 1F 1F 02 2A 1F 1F"
local compact = crc(format) .. crc(full) .. filled(6)
local long_header = meters.address_bytes "12345678" .. hex "01 00 00 00"

-- So many records that the length of the format frame is 1Fh: the signature's two bytes and 29.
local long_format = string.rep(hex "02 06", 13) .. hex "02 FD 17"
local format_frame = string.char(#long_format + 2) .. crc(long_format) .. long_format

local function with_reserved_dif(dif)
  return { what = string.format("DIF %02Xh", dif), records = water .. string.char(dif) .. filled(16) }
end

-- Whatever length somebody takes such an LVAR for, 76 bytes at most, DIF 1Fh is behind it.
local function with_reserved_lvar(lvar)
  return { what = string.format("LVAR %02Xh", lvar), records = hex "0D 06" .. string.char(lvar) .. filled(80) }
end

local function with_reserved_ci(ci)
  return { what = string.format("CI %02Xh", ci), ci = ci, data = filled(16) }
end

return cases {
  each({
    { name = "fixed", title = "The 16 bytes of a fixed data structure are no header and no records",
      checks = { "MB3-AP-036", "MB7-TL-020" },
      contents = { { ci = 0x73, data = hex "78 56 34 12 1F 01 E9 7E 1F 1F 00 00 1F 00 00 00" } } },
    { name = "compact-long", title = "With another length than 13h, CI 73h is a compact frame: no DIF is looked for",
      checks = { "MB3-AP-026", "MB3-AP-030", "MB7-TL-020" },
      contents = { { ci = 0x73, data = long_header .. compact } } },
    { name = "compact", title = "A compact frame with CI 79h or 7Bh is handed on as it is: no DIF is looked for",
      checks = { "MB3-AP-026", "MB3-AP-030" },
      contents = { { ci = 0x79, data = compact }, { ci = 0x7B, data = hex "01 00 00 00" .. compact } } },
    { name = "format", title = "A format frame begins with its length and signature, which are no records",
      checks = { "MB3-AP-029" }, contents = { { ci = 0x69, data = format_frame } } },
    { name = "manufacturer", title = "What comes with CI A0h or B7h is handed on as it is: no DIF is looked for",
      checks = { "MB3-AP-038" },
      contents = { { ci = 0xA0, data = filled(16) }, { ci = 0xB7, data = filled(16) } } },
  }, whole),

  each({
    { name = "reserved-ci", title = "Content with a reserved CI-field is not taken for records", check = "MB7-TL-019",
      contents = { with_reserved_ci(0x20), with_reserved_ci(0x4F), with_reserved_ci(0xC8), with_reserved_ci(0xFF) } },
    { name = "header-short", title = "A header that is cut off is not taken for records", check = "MB7-TL-018",
      contents = { { what = "5 of 12 bytes", ci = 0x72, data = filled(5) },
                   { what = "11 of 12 bytes", ci = 0x72, data = filled(11) },
                   { what = "3 of 4 bytes", ci = 0x7A, data = filled(3) } } },
    { name = "reserved-dif", title = "Behind a reserved DIF nothing is read: its length is unknown",
      check = "MB3-RC-015",
      contents = { with_reserved_dif(0x3F), with_reserved_dif(0x4F), with_reserved_dif(0x5F),
                   with_reserved_dif(0x6F) } },
    { name = "reserved-lvar", title = "Behind a reserved LVAR nothing is read: its length is unknown",
      check = "MB3-RC-023",
      contents = { with_reserved_lvar(0xCA), with_reserved_lvar(0xCF), with_reserved_lvar(0xDA),
                   with_reserved_lvar(0xDF), with_reserved_lvar(0xF7), with_reserved_lvar(0xFF) } },
  }, refused_or_whole),

  case {
    id = "wired.master.content.truncated",
    title = "A telegram whose last record breaks off is handed on, and no DIF is looked for in that record",
    checks = { "MB3-RC-042" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      for _, cut in ipairs { hex "04 06 1F", hex "04 06 1F 1F 1F", hex "0D FD 0C 04 1F 1F", hex "8B 1F 06 1F" } do
        local first = meters.telegram { a = 5, records = water .. cut }
        local outcome, requests = read(rig, first)
        expect(#requests, "requests"):equals(1)
        expect(outcome.telegrams, "telegrams handed on"):equals({ first })
      end
    end,
  },
}
