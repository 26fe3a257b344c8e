-- SPDX-License-Identifier: Apache-2.0
-- What the header of an answer says, against the statement.
local readout = require "readout"
local records = require "records"

-- CI-fields of answers, and the length of their header (EN 13757-7, table of CI-fields).
local long = { [0x68] = true, [0x6F] = true, [0x72] = true, [0x73] = true, [0x75] = true }
local short = { [0x67] = true, [0x6A] = true, [0x6E] = true, [0x74] = true, [0x7A] = true, [0x7B] = true }
local none = { [0x66] = true, [0x69] = true, [0x70] = true, [0x71] = true, [0x78] = true, [0x79] = true }

-- The code of three letters: five bits each, A is 1.
local function code_of(letters)
  local code = 0
  for i = 1, 3 do code = code << 5 | letters:byte(i) - 64 end
  return code
end

local function header(rig)
  local answer = readout.answers(rig)[1]
  precondition(answer.ci, "CI-field of the answer"):equals(0x72)
  return answer.header, answer
end

return cases {
  case {
    id = "wired.transport.ci",
    title = "Each CI-field of an answer has the header that belongs to it",
    checks = { "MB7-TL-001", "MB7-TL-002", "MB7-TL-003", "MB7-TL-005" },

    run = function(rig)
      for i, answer in ipairs(readout.answers(rig)) do
        local what = string.format("CI-field %02Xh of answer %d", answer.ci, i)
        local known = long[answer.ci] or short[answer.ci] or none[answer.ci] or false
        expect(known, what .. " is one of an answer", "MB7-TL-003"):is_true()
        if rig.ics.oms then
          expect(short[answer.ci] ~= nil, what .. " has a short header, which goes to a meter", "MB7-TL-002")
            :equals(false)
        end
        local requirement = long[answer.ci] and "MB7-TL-001" or short[answer.ci] and "MB7-TL-005" or "MB7-TL-003"
        local length = long[answer.ci] and 12 or short[answer.ci] and 4 or 0
        expect(#answer.reception.frame.data, "bytes after " .. what, requirement):at_least(length)
        -- The records begin right behind the header: with another length they make no sense.
        expect(answer.fault, "fault in the records behind " .. what,
               short[answer.ci] and "MB7-TL-002" or requirement):is_nil()
      end
    end,
  },

  case {
    id = "wired.transport.identity",
    title = "The header has what is on the label: identification, manufacturer, version",
    checks = { "MB7-TL-004", "MB7-TL-006", "MB7-TL-007" },
    applies = function(ics) return ics.identity.id ~= nil end,

    run = function(rig)
      local head, label = header(rig), rig.ics.identity
      local digits = records.hex(head:sub(1, 4):reverse())
      expect(digits, "identification number", "MB7-TL-006"):equals(label.id)
      expect(head:byte(5) | head:byte(6) << 8, "manufacturer code", "MB7-TL-007"):equals(code_of(label.manufacturer))
      if label.version then
        expect(head:byte(7), "version", "MB7-TL-004"):equals(label.version)
      end
      if label.device_type then
        expect(head:byte(8), "device type (" .. label.device_type .. ")", "MB7-TL-004"):equals(label.device_type_code)
      end
    end,
  },

  case {
    id = "wired.transport.status",
    title = "The status byte says what is so: as presented, what the statement says",
    checks = { "MB7-TL-010", "MB7-TL-011" },

    run = function(rig)
      local status = header(rig):byte(10)
      expect(status & 0x03, "application status (bits 0 and 1)", "MB7-TL-010"):equals(rig.ics.status & 0x03)
      expect(status & 0x1C, "power low, permanent and temporary error (bits 2 to 4)", "MB7-TL-011")
        :equals(rig.ics.status & 0x1C)
    end,
  },

  case {
    id = "wired.transport.mode",
    title = "The configuration field names the security mode, 0000h where there is none",
    checks = { "MB7-TL-013" },

    run = function(rig)
      for i, answer in ipairs(readout.answers(rig)) do
        precondition(answer.ci, "CI-field of answer " .. i):equals(0x72)
        local configuration = answer.header:byte(11) | answer.header:byte(12) << 8
        expect(configuration >> 8 & 0x1F, "security mode of answer " .. i):equals(rig.ics.security_mode)
        if rig.ics.security_mode == 0 then
          expect(configuration, "configuration field of answer " .. i):equals(0)
          expect(answer.fault, "fault in the records of answer " .. i .. ", which are not encrypted"):is_nil()
        end
      end
    end,
  },

  case {
    id = "wired.transport.blocks",
    title = "With security mode 5 the encrypted blocks fit into the answer, and records may follow them",
    checks = { "MB7-TL-016", "MB7-TL-017" },
    applies = function(ics) return ics.security_mode == 5 end,

    run = function(rig)
      for i, r in ipairs(readout.receptions(rig)) do
        local data = r.frame.data
        precondition(r.frame.ci, "CI-field of answer " .. i):equals(0x72)
        local blocks = data:byte(11) >> 4
        expect(blocks, "encrypted blocks of answer " .. i, "MB7-TL-016"):at_least(1)
        expect(16 * blocks, "encrypted bytes of answer " .. i, "MB7-TL-016"):at_most(#data - 12)
        local rest = records.split("\x78" .. data:sub(13 + 16 * blocks))
        expect(rest.fault, "fault in the records behind the encrypted blocks", "MB7-TL-017"):is_nil()
      end
    end,
  },

  case {
    id = "wired.transport.long-header",
    title = "Every answer of a read-out has a long header",
    checks = { "MB7-TL-021" },
    applies = function(ics) return ics.oms end,

    run = function(rig)
      for i, answer in ipairs(readout.answers(rig)) do
        expect(long[answer.ci] or false, string.format("CI-field %02Xh of answer %d has a long header", answer.ci, i))
          :is_true()
      end
    end,
  },

  case {
    id = "wired.transport.access-number.repeat",
    title = "A repeated answer keeps its access number, or it is said how not",
    checks = { "MB7-TL-009" },
    applies = function(ics) return ics.fcb and not ics.repeat_refreshes end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local first = line:request(dut, { fcb = 1 })
      precondition(first, "first answer"):is_telegram()
      precondition(first.frame.ci, "its CI-field"):equals(0x72)
      local again = line:request(dut, { fcb = 1 })
      expect(again, "repeated answer"):is_telegram()
      if not (again and again.frame) then return end -- where that costs a remark
      expect(again.frame.user_data, "user data of the repeated answer"):equals(first.frame.user_data)
    end,
  },

  case {
    id = "wired.transport.ci.reserved",
    title = "A reserved CI-field is refused or ignored, and the device goes on working",
    checks = { "MB7-TL-019" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local function expect_assigned(r)
        local reserved = r.frame.ci >= 0x20 and r.frame.ci <= 0x4F or r.frame.ci >= 0xC8
        expect(reserved, string.format("CI %02Xh of the answer is a reserved one", r.frame.ci)):equals(false)
      end
      line:reset(dut)
      local normal = line:request(dut, { fcb = 1 })
      precondition(normal, "answer to REQ_UD2"):is_telegram()
      expect_assigned(normal)
      for _, ci in ipairs { 0x20, 0x4F, 0xC8, 0xFF } do
        local what = string.format("CI %02Xh", ci)
        line:reset(dut)
        line:exchange(frame { c = 0x73, a = dut.address, ci = ci, data = "\x01\x7A\x2A" })
        local r = line:request(dut, { fcb = 1 })
        expect(r, "answer to REQ_UD2 after " .. what):is_telegram { address = dut.address }
        expect_assigned(r)
        if r.frame.ci == 0x70 then
          expect(r.frame.data, "error after " .. what):equals("\x01")
        end
        line:exchange(frame { c = 0x53, a = dut.address, ci = 0x50 })
      end
    end,
  },
}
