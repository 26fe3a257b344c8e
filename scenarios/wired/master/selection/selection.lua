-- SPDX-License-Identifier: Apache-2.0
-- Selection by secondary address, and searches with wildcards.
local meters = require "meter"

local function selects(ics) return ics.secondary end

local function read_selected(rig, id, device)
  local meter = meters.meter { a = 5, id = id, device = device, telegrams = {
    meters.telegram { a = 5, id = id, device = device, records = meters.records(rig:random(1, 60000)) } } }
  local job = rig.dut:start("read", { address = meters.address_text(id, device) })
  local outcome, seen = meters.serve(rig, job, meter)
  return outcome, seen, meter
end

-- A world of water meters with these numbers.
local function meters_with(rig, ids)
  for i, id in ipairs(ids) do
    rig:meter { name = "meter " .. i, address = i, profile = "water", id = id }
  end
end

local function search(rig)
  local job = rig.dut:start "search"
  return job:finish { within = s(20000) }, job
end

local function numbers_of(found)
  local list = {}
  for i, text in ipairs(found) do list[i] = text:sub(1, 8) end
  table.sort(list)
  return list
end

-- The exchanges of a search: selections (the digits of their masks), and what was heard behind each.
local function probes_of(job)
  local probes, last = {}, nil
  for _, item in ipairs(job:wire()) do
    if item.from == "master" then
      last = nil
      local f = item.frame
      if f and f["function"] == "SND_UD" and f.ci == 0x52 then
        local id = f.data:sub(1, 4):reverse()
        local digits = ""
        for i = 1, 4 do digits = digits .. string.format("%02X", id:byte(i)) end
        last = { digits = digits, mask = f.data, heard = nil, item = item }
        probes[#probes + 1] = last
      elseif #probes > 0 and f and f["function"] == "REQ_UD2" then
        probes[#probes].request = item
      end
    elseif last then
      last.heard = last.heard or item
    end
  end
  return probes
end

return cases {
  case {
    id = "wired.master.selection.frame",
    title = "A selection is SND_UD to FDh with CI 52h, number, manufacturer, version and device type",
    checks = { "MB7-SA-001" },
    role = "master",
    needs = { "job" },
    applies = selects,
    run = function(rig)
      local device = hex "77 04 14 07"
      local outcome, seen, meter = read_selected(rig, "11490378", device)
      local selections = meters.of(seen, "SND_UD")
      expect(#selections, "SND_UD frames"):at_least(1)
      for _, r in ipairs(selections) do
        local f = r.frame
        expect(f.c == 0x53 or f.c == 0x73, "C field 53h or 73h"):is_true()
        expect(f.a, "A field"):equals(0xFD)
        expect(r.bytes:byte(2), "L field"):equals(0x0B)
        expect(f.ci, "CI field"):equals(0x52)
        expect(f.data, "number, manufacturer, version, device type"):equals(hex "78 03 49 11" .. device)
      end
      expect(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
    end,
  },

  case {
    id = "wired.master.selection.first-fcb",
    title = "After a selection the first request to FDh has FCV = 1 and FCB = 1",
    checks = { "MB7-SA-010" },
    role = "master",
    needs = { "job" },
    applies = function(ics) return ics.secondary and ics.fcb end,
    run = function(rig)
      local outcome, seen = read_selected(rig, "12345678")
      expect(#outcome.telegrams, "telegrams handed on"):equals(1)
      local last
      for _, r in ipairs(meters.frames(seen)) do
        if last == "SND_UD" and r.frame["function"] == "REQ_UD2" then
          expect(r.frame.c, "C field of the first request"):equals(0x7B)
        end
        last = r.frame["function"]
      end
    end,
  },

  case {
    id = "wired.master.selection.one-of-two",
    title = "Of two meters the selected one is read, and then the other",
    checks = { "MB7-SA-014" },
    role = "master",
    needs = { "job", "world" },
    applies = selects,
    run = function(rig)
      local function make(a, id)
        return meters.telegram { a = a, id = id, records = meters.records(a) }
      end
      local first, second = make(1, "12345678"), make(2, "12345679")
      rig:meter { name = "first", telegrams = { first } }
      rig:meter { name = "second", telegrams = { second } }
      for _, t in ipairs { { "12345678", first }, { "12345679", second } } do
        local outcome = rig.dut:start("read", { address = meters.address_text(t[1]) }):finish()
        expect(#outcome.telegrams, "telegrams handed on"):equals(1)
        expect(outcome.telegrams[1]:sub(8, 11), "the number in it"):equals(t[2]:sub(8, 11))
      end
    end,
  },

  case {
    id = "wired.master.search.digits",
    title = "Every digit is tried: meters whose numbers begin and end with each of them are found",
    checks = { "MB7-SA-022" },
    role = "master",
    needs = { "job", "world" },
    applies = selects,
    run = function(rig)
      local ids = {}
      for digit = 0, 9 do
        ids[#ids + 1] = digit .. "5000000"
        ids[#ids + 1] = "123" .. digit .. "5678"
      end
      table.sort(ids)
      meters_with(rig, ids)
      local outcome = search(rig)
      expect(numbers_of(outcome.found), "numbers found"):equals(ids)
    end,
  },

  case {
    id = "wired.master.search.pruned",
    title = "Below a mask that nobody answers to nothing is tried, and it is tried a few times only",
    checks = { "MB7-SA-023", "MB7-SA-030" },
    role = "master",
    needs = { "job", "world" },
    applies = selects,
    run = function(rig)
      meters_with(rig, { "12345678", "12399999", "70000000" })
      local outcome, job = search(rig)
      expect(#outcome.found, "meters found", "MB7-SA-023"):equals(3)
      local silent, tries, mask_of = {}, {}, {}
      for _, probe in ipairs(probes_of(job)) do
        tries[probe.mask] = (tries[probe.mask] or 0) + 1
        mask_of[probe.digits] = mask_of[probe.digits] or probe.mask
        for length = 1, 7 do
          local above = probe.digits:sub(1, length) .. string.rep("F", 8 - length)
          if above ~= probe.digits then
            expect(silent[above] == nil, "mask " .. probe.digits .. ": above it somebody answered",
                   "MB7-SA-023"):is_true()
          end
        end
        if not probe.heard then silent[probe.digits] = true else silent[probe.digits] = nil end
      end
      for digits in pairs(silent) do
        expect(tries[mask_of[digits]], "tries of the silent mask " .. digits, "MB7-SA-030"):at_most(2)
      end
    end,
  },

  case {
    id = "wired.master.search.collision",
    title = "Where several answer the next digit is tried, so that all are found",
    checks = { "MB7-SA-024" },
    role = "master",
    needs = { "job", "world" },
    applies = selects,
    run = function(rig)
      local ids = { "12345670", "12345671", "12345679" }
      meters_with(rig, ids)
      local outcome = search(rig)
      expect(numbers_of(outcome.found), "numbers found"):equals(ids)
    end,
  },

  case {
    id = "wired.master.search.read",
    title = "After E5h the meter is read, and its telegram tells the whole address",
    checks = { "MB7-SA-025", "MB7-TL-006" },
    role = "master",
    needs = { "job", "world" },
    applies = selects,
    run = function(rig)
      local device = hex "77 04 14 07"
      rig:meter { name = "one", telegrams = { meters.telegram { a = 1, id = "11490378", device = device,
                                                                records = meters.records(1) } } }
      rig:meter { name = "two", telegrams = { meters.telegram { a = 2, id = "61490378", device = device,
                                                                records = meters.records(2) } } }
      local outcome, job = search(rig)
      local found = {}
      for i, text in ipairs(outcome.found) do found[i] = text end
      table.sort(found)
      expect(found, "addresses found", "MB7-TL-006"):equals {
        meters.address_text("11490378", device), meters.address_text("61490378", device) }
      expect(#job:wire(), "frames on the wire", "MB7-SA-025"):at_least(1)
      local requests = 0
      for _, probe in ipairs(probes_of(job)) do
        local wild = probe.digits:find("F", 1, true)
        if wild and probe.heard and probe.heard.bytes == meters.acknowledge then
          expect(probe.request ~= nil, "a request behind E5h to mask " .. probe.digits, "MB7-SA-025"):is_true()
          requests = requests + 1
        end
      end
      expect(requests, "meters read", "MB7-SA-025"):at_least(2)
    end,
  },

  case {
    id = "wired.master.search.same-number",
    title = "Meters with one number and different manufacturers are told apart",
    checks = { "MB7-SA-026" },
    role = "master",
    needs = { "job", "world" },
    applies = selects,
    run = function(rig)
      local devices = { hex "58 34 01 04", hex "77 04 01 04" }
      local due = {}
      for i, device in ipairs(devices) do
        rig:meter { name = "meter " .. i, telegrams = { meters.telegram { a = i, id = "12345678", device = device,
                                                                          records = meters.records(i) } } }
        due[i] = meters.address_text("12345678", device)
      end
      local outcome = search(rig)
      local found = {}
      for i, text in ipairs(outcome.found) do found[i] = text end
      table.sort(found)
      expect(found, "addresses found"):equals(due)
    end,
  },

  case {
    id = "wired.master.search.verified",
    title = "What is found is selected once more by its whole address",
    checks = { "MB7-SA-027" },
    role = "master",
    needs = { "job", "world" },
    applies = selects,
    run = function(rig)
      meters_with(rig, { "12345678", "92345678" })
      local outcome, job = search(rig)
      expect(#outcome.found, "meters found"):equals(2)
      local selected = {}
      for _, probe in ipairs(probes_of(job)) do
        if not probe.mask:find("\xFF", 1, true) then selected[probe.digits] = true end
      end
      for _, number in ipairs(numbers_of(outcome.found)) do
        expect(selected[number] == true, "an exact selection of " .. number):is_true()
      end
    end,
  },

  case {
    id = "wired.master.search.deselects",
    title = "A search begins with SND_NKE to FDh or FFh",
    checks = { "MB7-SA-028" },
    role = "master",
    needs = { "job", "world" },
    applies = selects,
    run = function(rig)
      meters_with(rig, { "12345678" })
      local outcome, job = search(rig)
      expect(#outcome.found, "meters found"):equals(1)
      local first = job:wire()[1]
      local f = first and first.frame
      expect(f and f["function"], "the first frame"):equals("SND_NKE")
      expect(f and (f.a == 0xFD or f.a == 0xFF), "its address FDh or FFh"):is_true()
    end,
  },

  case {
    id = "wired.master.search.hex-digit",
    title = "A number with a digit Ah to Eh is told as it is or as a fault, never as another number",
    checks = { "MB7-SA-021" },
    role = "master",
    needs = { "job" },
    applies = selects,
    run = function(rig)
      -- The first seven digits are found with 0 to 9, so that the meter answers to a wildcard.
      for _, id in ipairs { "1234567A", "1234567E" } do
        local meter = meters.meter { a = 5, id = id, telegrams = {
          meters.telegram { a = 5, id = id, records = meters.records(rig:random(1, 60000)) } } }
        local outcome, seen = meters.serve(rig, rig.dut:start "search", meter, { within = s(20000) })
        expect(#meters.of(seen, "REQ_UD2", 0xFD), "requests to meter " .. id):at_least(1)
        local own = meters.address_text(id)
        for _, found in ipairs(outcome.found) do
          expect(found:upper(), "what was found of meter " .. id):equals(own)
        end
        expect(#outcome.found + #outcome.faults, "finds and faults of meter " .. id):at_least(1)
      end
    end,
  },

  case {
    id = "wired.master.search.fixed",
    title = "A meter with a fixed data structure is found by the number in its first four bytes",
    checks = { "MB3-AP-036" },
    role = "master",
    needs = { "job" },
    applies = selects,
    run = function(rig)
      local id = string.format("%08d", rig:random(10000000, 99999999))
      local telegram = frame { c = 0x08, a = 5, ci = 0x73, data = meters.address_bytes(id, "") ..
        hex "0A 00 E9 7E 01 00 00 00 35 01 00 00" }
      local meter = meters.meter { a = 5, id = id, telegrams = { telegram } }
      local outcome = meters.serve(rig, rig.dut:start "search", meter, { within = s(20000) })
      expect(numbers_of(outcome.found), "numbers found"):equals({ id })
    end,
  },

  case {
    id = "wired.master.scan.addresses",
    title = "A scan finds the meters at 0, 1 and 250",
    checks = { "MB7-SA-029" },
    role = "master",
    needs = { "job", "world" },
    run = function(rig)
      for i, address in ipairs { 0, 1, 250 } do
        rig:meter { name = "meter " .. i, address = address, profile = "water", id = "1234567" .. i }
      end
      local outcome = rig.dut:start("scan"):finish { within = s(600) }
      local found = {}
      for i, text in ipairs(outcome.found) do found[i] = tonumber(text) end
      table.sort(found)
      expect(found, "addresses found"):equals { 0, 1, 250 }
    end,
  },
}
