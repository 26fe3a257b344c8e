-- SPDX-License-Identifier: Apache-2.0
-- Records from master to meter (CI 51h): what the statement says can be written, and what cannot.
local writing = require "writing"
local records = require "records"

-- Writes `data` behind `header`; the acknowledge is expected.
local function write(rig, header, data, requirement)
  local r = writing.send(rig.line, rig.dut, header .. data)
  expect(r, "answer to the write", requirement):is_acknowledge()
end

-- A sum, a difference, ... of two little-endian numbers of the same length.
local operations = {
  add = { 0x01, function(a, b) return a + b end },
  subtract = { 0x02, function(a, b) return a - b end },
  ["or"] = { 0x03, function(a, b) return a | b end },
  ["and"] = { 0x04, function(a, b) return a & b end },
  xor = { 0x05, function(a, b) return a ~ b end },
  ["and not"] = { 0x06, function(a, b) return a & ~b end },
  clear = { 0x07, function() return 0 end },
}

-- The header with an action VIFE behind it.
local function with_action(header, action)
  local last = header:byte(-1)
  return header:sub(1, -2) .. string.char(last | 0x80, action)
end

local function number_of(data)
  return (string.unpack("<I" .. #data, data))
end

return cases {
  case {
    id = "wired.application.write",
    title = "A record from the master replaces the value, and the next read-out has it",
    checks = { "MB3-AP-005", "MB3-AP-014" },
    applies = function(ics) return #ics.writable > 0 end,

    run = function(rig)
      for _, item in ipairs(rig.ics.writable) do
        local header, data = hex(item.header), hex(item.data)
        local before = writing.find(rig, header)
        precondition(before ~= nil, "record " .. item.header .. " is in the read-out"):is_true()
        write(rig, header, data, "MB3-AP-005")
        local after = writing.find(rig, header)
        expect(after and after.data, "data of record " .. item.header .. " after the write", "MB3-AP-014"):equals(data)
        write(rig, header, before.data, "MB3-AP-005")
        after = writing.find(rig, header)
        expect(after and after.data, "data of record " .. item.header .. " when written back", "MB3-AP-014")
          :equals(before.data)
      end
    end,
  },

  case {
    id = "wired.application.write.fillers",
    title = "Idle fillers (DIF 2Fh) before a record are skipped",
    checks = { "MB3-RC-010" },
    applies = function(ics) return #ics.writable > 0 end,

    run = function(rig)
      local item = rig.ics.writable[1]
      local header, data = hex(item.header), hex(item.data)
      local before = writing.find(rig, header)
      precondition(before ~= nil, "record " .. item.header .. " is in the read-out"):is_true()
      write(rig, "\x2F\x2F" .. header, data .. "\x2F")
      local after = writing.find(rig, header)
      expect(after and after.data, "data after a write among fillers"):equals(data)
      write(rig, header, before.data)
    end,
  },

  case {
    id = "wired.application.write.wrong-checksum",
    title = "A write in a frame with a wrong checksum is not carried out",
    checks = { "MB2-LL-007" },
    applies = function(ics) return #ics.writable > 0 end,

    run = function(rig)
      local line, dut, item = rig.line, rig.dut, rig.ics.writable[1]
      local header, data = hex(item.header), hex(item.data)
      local before = writing.find(rig, header)
      precondition(before ~= nil, "record " .. item.header .. " is in the read-out"):is_true()
      local good = frame { c = 0x73, a = dut.address, ci = 0x51, data = header .. data }
      local bad = good:sub(1, -3) .. string.char(good:byte(-2) ~ 0x01) .. good:sub(-1)
      line:expect_silence(bad, { what = "answer to a write with a wrong checksum" })
      local after = writing.find(rig, header)
      expect(after and after.data, "data after it"):equals(before.data)
    end,
  },

  case {
    id = "wired.application.write.broadcast",
    title = "A write to FFh is carried out and answered by nobody",
    checks = { "MB2-LL-053" },
    applies = function(ics) return #ics.writable > 0 end,

    run = function(rig)
      local line, item = rig.line, rig.ics.writable[1]
      local header, data = hex(item.header), hex(item.data)
      rig:isolate()
      local before = writing.find(rig, header)
      precondition(before ~= nil, "record " .. item.header .. " is in the read-out"):is_true()
      line:expect_silence(frame { c = 0x53, a = 0xFF, ci = 0x51, data = header .. data },
                          { what = "answer to a write for FFh" })
      local after = writing.find(rig, header)
      expect(after and after.data, "data after it"):equals(data)
      write(rig, header, before.data)
    end,
  },

  case {
    id = "wired.application.write.protected",
    title = "A record that cannot be written keeps its value, and the refusal can be seen",
    checks = { "MB3-AP-016" },
    applies = function(ics) return #ics.write_protected > 0 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      for _, item in ipairs(rig.ics.write_protected) do
        local header, data = hex(item.header), hex(item.data)
        local before = writing.find(rig, header)
        precondition(before ~= nil, "record " .. item.header .. " is in the read-out"):is_true()
        local r = writing.send(line, dut, header .. data)
        local _, answer = writing.report(line, dut)
        expect(r == nil or writing.shows_refusal(answer), "the refusal of " .. item.header .. " can be seen"):is_true()
        writing.tidy(line, dut)
        local after = writing.find(rig, header)
        expect(after and after.data, "data of record " .. item.header .. " afterwards"):equals(before.data)
      end
    end,
  },

  case {
    id = "wired.application.write.identification",
    title = "The fabrication number cannot be changed, nor the identification of an end-device",
    checks = { "MB7-SA-019" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local before = line:request(dut, { fcb = 1 })
      precondition(before, "answer before the writes"):is_telegram()
      precondition(before.frame.ci, "its CI-field"):equals(0x72)
      local number = writing.find(rig, "\x0C\x78")
      writing.send(line, dut, "\x0C\x78\x11\x22\x33\x44")
      if rig.ics.oms or not rig.ics.identification_writable then
        writing.send(line, dut, "\x0C\x79\x11\x22\x33\x44")
      end
      writing.tidy(line, dut)
      local after = line:request(dut, { fcb = 1 })
      expect(after, "answer after the writes"):is_telegram()
      expect(after.frame.data:sub(1, 4), "identification number after the writes"):equals(before.frame.data:sub(1, 4))
      if number then
        local again = writing.find(rig, "\x0C\x78")
        expect(again and again.data, "fabrication number after the writes"):equals(number.data)
      end
    end,
  },

  case {
    id = "wired.application.write.new-identification",
    title = "Where the maker allows it VIF 79h changes identification, manufacturer, version and device type",
    checks = { "MB3-AP-012", "MB7-SA-020" },
    applies = function(ics) return ics.identification_writable and not ics.oms end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local before = line:request(dut, { fcb = 1 })
      precondition(before, "answer before the writes"):is_telegram()
      local address = before.frame.data:sub(1, 8)
      write(rig, "\x0C\x79", "\x11\x22\x33\x44", "MB3-AP-012")
      line:reset(dut)
      local r = line:request(dut, { fcb = 1 })
      expect(r, "answer after the write", "MB3-AP-012"):is_telegram()
      expect(r.frame.data:sub(1, 4), "identification number", "MB3-AP-012"):equals("\x11\x22\x33\x44")
      write(rig, "\x07\x79", address, "MB7-SA-020")
      line:reset(dut)
      r = line:request(dut, { fcb = 1 })
      expect(r, "answer after the write of the whole address", "MB7-SA-020"):is_telegram()
      expect(r.frame.data:sub(1, 8), "secondary address", "MB7-SA-020"):equals(address)
    end,
  },

  case {
    id = "wired.application.action",
    title = "Object actions do to the value what they say",
    checks = { "MB3-AP-013" },
    applies = function(ics) return #ics.actions > 0 end,

    run = function(rig)
      for _, item in ipairs(rig.ics.actions) do
        local operation = operations[item.action]
        precondition(operation ~= nil, "action '" .. item.action .. "' of the statement has a name"):is_true()
        local header, data = hex(item.header), item.data and hex(item.data) or ""
        local before = writing.find(rig, header)
        precondition(before ~= nil, "record " .. item.header .. " is in the read-out"):is_true()
        write(rig, with_action(header, operation[1]), #data > 0 and data or before.data)
        local after = writing.find(rig, header)
        local mask = (1 << 8 * #before.data) - 1
        local wanted = operation[2](number_of(before.data), #data > 0 and number_of(data) or 0) & mask
        expect(after and number_of(after.data), "value of " .. item.header .. " after '" .. item.action .. "'")
          :equals(wanted)
        write(rig, header, before.data)
      end
    end,
  },

  case {
    id = "wired.application.action.once",
    title = "SND_UD that is repeated with the same frame count bit is carried out once",
    checks = { "MB2-LL-043" },
    applies = function(ics)
      for _, item in ipairs(ics.actions) do
        if item.action == "add" then return ics.fcb end
      end
      return false
    end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      for _, item in ipairs(rig.ics.actions) do
        if item.action == "add" then
          local header, data = hex(item.header), hex(item.data)
          local before = writing.find(rig, header)
          precondition(before ~= nil, "record " .. item.header .. " is in the read-out"):is_true()
          line:reset(dut)
          local add = frame { c = 0x73, a = dut.address, ci = 0x51, data = with_action(header, 0x01) .. data }
          precondition(line:exchange(add), "answer to the first SND_UD"):is_acknowledge()
          expect(line:exchange(add), "answer to the same SND_UD again"):is_acknowledge()
          local after = writing.find(rig, header)
          expect(after and number_of(after.data), "value of " .. item.header .. " after both")
            :equals(number_of(before.data) + number_of(data))
          write(rig, header, before.data)
        end
      end
    end,
  },

  case {
    id = "wired.application.action.unknown",
    title = "An action that the device does not have is refused visibly",
    checks = { "MB3-AP-015" },
    applies = function(ics) return ics.application_errors and #ics.writable > 0 end,

    run = function(rig)
      local line, dut, item = rig.line, rig.dut, rig.ics.writable[1]
      local header = hex(item.header)
      local before = writing.find(rig, header)
      precondition(before ~= nil, "record " .. item.header .. " is in the read-out"):is_true()
      writing.send(line, dut, with_action(header, 0x0E) .. hex(item.data))
      local _, answer = writing.report(line, dut)
      expect(writing.shows_refusal(answer), "the answer shows that action 0Eh was refused"):is_true()
      writing.tidy(line, dut)
      local after = writing.find(rig, header)
      expect(after and records.hex(after.data), "data afterwards"):equals(records.hex(before.data))
    end,
  },
}
