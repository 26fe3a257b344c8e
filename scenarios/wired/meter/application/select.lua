-- SPDX-License-Identifier: Apache-2.0
-- Application reset and select (EN 13757-3, clause 7), selection for readout, and the way back.
local writing = require "writing"

local function resets(ics) return ics.application_reset end

local function normal_answer(rig)
  writing.tidy(rig.line, rig.dut)
  local r = rig.line:request(rig.dut, { fcb = 1 })
  precondition(r, "normal answer"):is_telegram { address = rig.dut.address }
  precondition(writing.is_error(r), "the normal answer is an application error"):equals(false)
  return r
end

-- An answer that carries data or says by CI 66h to 68h what is selected.
local function expect_answer(r, dut, what, requirement)
  expect(r, what, requirement):is_telegram { address = dut.address }
end

-- Sends CI 51h with a selection of records and asks for them.
local function readout_of(rig, data, requirement)
  local line, dut = rig.line, rig.dut
  local r = writing.send(line, dut, data)
  expect(r, "answer to the selection", requirement):is_acknowledge()
  return line:request(dut, { fcb = 1 })
end

return cases {
  case {
    id = "wired.application.select",
    title = "CI 50h with a subcode is acknowledged, and the next answer carries that application or the default",
    checks = { "MB3-AP-002" },
    applies = resets,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local normal = normal_answer(rig)
      local subcodes = { 0x00, 0x10, 0x20, 0x80 }
      for _, application in ipairs(rig.ics.applications) do subcodes[#subcodes + 1] = application << 4 end
      for _, subcode in ipairs(subcodes) do
        local what = string.format("50 %02X", subcode)
        line:reset(dut)
        local r = line:exchange(frame { c = 0x73, a = dut.address, ci = 0x50, data = string.char(subcode) })
        expect(r, "answer to " .. what):is_acknowledge()
        r = line:request(dut, { fcb = 1 })
        expect_answer(r, dut, "answer after " .. what)
        expect(writing.is_error(r), "the answer after " .. what .. " is an application error"):equals(false)
        writing.tidy(line, dut)
      end
      expect(line:request(dut, { fcb = 1 }), "answer after an application reset"):same_records(normal)
    end,
  },

  case {
    id = "wired.application.select.unknown",
    title = "A subcode that the device does not have acts as application reset, without an error",
    checks = { "MB3-AP-003" },
    applies = function(ics)
      for _, application in ipairs(ics.applications) do
        if application == 15 then return false end
      end
      return ics.application_reset
    end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local normal = normal_answer(rig)
      line:reset(dut)
      local r = line:exchange(frame { c = 0x73, a = dut.address, ci = 0x50, data = "\xF0" })
      expect(r, "answer to 50 F0"):is_acknowledge()
      r = line:request(dut, { fcb = 1 })
      expect_answer(r, dut, "answer after it")
      if not (r and r.frame) then return end
      expect(writing.is_error(r), "the answer after it is an application error"):equals(false)
      expect(r, "answer after it"):same_records(normal)
      if r.frame.ci == 0x72 then
        expect(r.frame.data:byte(10) & 0x03, "application status"):equals(rig.ics.status & 0x03)
      end
    end,
  },

  case {
    id = "wired.application.select.each",
    title = "Each application that the device claims can be selected, and its answer can be decoded",
    checks = { "MB3-AP-002", "MB3-RC-001" },
    applies = function(ics) return #ics.applications > 0 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      expect(rig.master:read(dut).fault, "fault of the read-out before", "MB3-RC-001"):is_nil()
      for _, application in ipairs(rig.ics.applications) do
        line:reset(dut)
        local r = line:exchange(frame { c = 0x73, a = dut.address, ci = 0x50,
                                        data = string.char(application << 4) })
        expect(r, "answer to the selection of application " .. application, "MB3-AP-002"):is_acknowledge()
        local readout = rig.master:read(dut)
        expect(readout.fault, "fault of the read-out of application " .. application, "MB3-RC-001"):is_nil()
      end
      writing.tidy(line, dut)
    end,
  },

  case {
    id = "wired.application.select.oms",
    title = "A wired end-device takes application reset and select, and reports errors",
    checks = { "MB3-AP-039" },
    applies = function(ics) return ics.oms end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      for _, data in ipairs { "", "\x10" } do
        line:reset(dut)
        local fields = { c = 0x73, a = dut.address, ci = 0x50, data = data }
        expect(line:exchange(frame(fields)), "answer to CI 50h with " .. #data .. " bytes"):is_acknowledge()
        expect_answer(line:request(dut, { fcb = 1 }), dut, "answer after it")
      end
      line:reset(dut)
      line:exchange(frame { c = 0x73, a = dut.address, ci = 0xA7, data = "\x00" })
      local r = line:request(dut, { fcb = 1 })
      expect_answer(r, dut, "answer after a bad command")
      expect(writing.shows_refusal(r), "the answer shows the error"):is_true()
      writing.tidy(line, dut)
    end,
  },

  case {
    id = "wired.application.select.power",
    title = "After a bus disconnection the device is in its standard state",
    checks = { "MB3-AP-040" },
    needs = { "line", "power" },
    applies = function(ics) return ics.application_reset and (ics.oms or #ics.applications > 0) end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local normal = normal_answer(rig)
      line:reset(dut)
      line:exchange(frame { c = 0x73, a = dut.address, ci = 0x50,
                            data = string.char((rig.ics.applications[1] or 1) << 4) })
      rig.power:off()
      rig:wait(s(1))
      rig.power:on()
      rig:wait(s(3))
      line:reset(dut)
      expect(line:request(dut, { fcb = 1 }), "answer after the disconnection"):same_records(normal)
    end,
  },

  case {
    id = "wired.application.select.fallback",
    title = "A selected response falls back to the standard one 255 s after the last command",
    checks = { "MB3-AP-040" },
    needs = { "line", "world" },
    applies = function(ics) return ics.oms and ics.application_reset end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local normal = normal_answer(rig)
      line:reset(dut)
      line:exchange(frame { c = 0x73, a = dut.address, ci = 0x50,
                            data = string.char((rig.ics.applications[1] or 1) << 4) })
      rig:wait(s(260))
      line:reset(dut)
      expect(line:request(dut, { fcb = 1 }), "answer 260 s later"):same_records(normal)
    end,
  },

  case {
    id = "wired.application.readout-selection",
    title = "DIF 08h and a VIF choose a record: the next answer has it",
    checks = { "MB3-AP-006" },
    applies = function(ics) return ics.readout_selection and #ics.records > 0 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local all = normal_answer(rig)
      -- The first record with a primary VIF of the statement.
      local vif
      for _, item in ipairs(rig.ics.records) do
        local header = item.header and hex(item.header)
        if header and #header == 2 and not vif then vif = header:sub(2) end
      end
      precondition(vif ~= nil, "a record of the statement with one byte of DIF and VIF"):is_true()
      local r = readout_of(rig, "\x08" .. vif, "MB3-AP-006")
      expect_answer(r, dut, "answer with the selected record", "MB3-AP-006")
      expect(#r.bytes < #all.bytes, "it is shorter than a whole answer", "MB3-AP-006"):is_true()
      expect(r.frame.user_data:sub(14), "its records", "MB3-AP-006"):contains(vif)
      writing.tidy(line, dut)
      expect(line:request(dut, { fcb = 1 }), "answer after an application reset", "MB3-AP-006"):same_records(all)
    end,
  },

  case {
    id = "wired.application.readout-selection.all",
    title = "DIF 7Fh chooses the complete read-out, and so do wildcards (C8 3F 7E)",
    checks = { "MB3-AP-008", "MB3-AP-007" },
    applies = function(ics) return ics.readout_selection and #ics.records > 0 and ics.records[1].header ~= nil end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local all = normal_answer(rig)
      local one = "\x08" .. hex(rig.ics.records[1].header):sub(2) -- what has to be widened again
      for _, item in ipairs { { "\x7F", "MB3-AP-008" }, { "\xC8\x3F\x7E", "MB3-AP-007" } } do
        local narrow = readout_of(rig, one, item[2])
        precondition(narrow ~= nil and #narrow.bytes < #all.bytes, "a selection of one record"):is_true()
        local sent = writing.send(line, dut, item[1])
        expect(sent, "answer to the selection of everything", item[2]):is_acknowledge()
        local r = line:request(dut, { fcb = 1 })
        expect_answer(r, dut, "answer with everything", item[2])
        expect(#r.bytes, "octets of the answer with everything", item[2]):at_least(#all.bytes)
        writing.tidy(line, dut)
      end
    end,
  },

  case {
    id = "wired.application.readout-selection.kept",
    title = "A selection for readout holds for the next read-outs, until an application reset",
    checks = { "MB3-AP-009" },
    applies = function(ics) return ics.readout_selection and #ics.records > 0 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local all = normal_answer(rig)
      local header = hex(rig.ics.records[1].header or "0C78")
      local first = readout_of(rig, "\x08" .. header:sub(2))
      expect(first, "first answer after the selection"):is_telegram()
      local second = line:request(dut, { fcb = 0 })
      expect(second, "second answer after the selection"):same_records(first)
      writing.tidy(line, dut)
      expect(line:request(dut, { fcb = 1 }), "answer after an application reset"):same_records(all)
    end,
  },
}
