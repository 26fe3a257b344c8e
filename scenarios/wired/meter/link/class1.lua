-- SPDX-License-Identifier: Apache-2.0
-- Class 1 data: alarms (EN 13757-3, clause 9). A device that has none of them may stay silent.
local readout = require "readout"

local function claims(ics) return ics.alarms end
local alarm_ci = { [0x71] = 0, [0x74] = 4, [0x75] = 12 }

-- E5, or an alarm: an RSP_UD with CI 71h, 74h or 75h and one byte behind its header. Nil where it is no
-- telegram, and that costs a remark alone.
local function expect_class1(r, what, requirement)
  expect(r, what, requirement):is_heard()
  if not r then return nil end
  if r.bytes == "\xE5" then return "none" end
  expect(r, what, requirement):is_telegram()
  if r.fault or not r.frame.ci then return nil end
  expect(alarm_ci[r.frame.ci] ~= nil, string.format("CI %02Xh of %s is one of an alarm", r.frame.ci, what),
         requirement):is_true()
  return r.frame.user_data
end

return cases {
  case {
    id = "wired.link.class1.answer",
    title = "REQ_UD1 is answered with E5, or with an alarm",
    checks = { "MB2-LL-029" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      for i, c in ipairs { 0x7A, 0x5A, 0x7A } do
        expect_class1(line:exchange(frame { c = c, a = dut.address }), "answer " .. i .. " to REQ_UD1")
      end
    end,
  },

  case {
    id = "wired.link.class1.form",
    title = "An alarm has CI 71h, 74h or 75h, and one byte behind its header",
    checks = { "MB3-AP-019" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local r = line:exchange(frame { c = 0x7A, a = dut.address })
      local alarm = expect_class1(r, "answer to REQ_UD1")
      local header = alarm and alarm ~= "none" and alarm_ci[alarm:byte(1)]
      if header then
        expect(#alarm - 1 - header, "bytes behind the header of the alarm"):equals(1)
      end
    end,
  },

  case {
    id = "wired.link.class1.repeat",
    title = "With the same frame count bit the answer to REQ_UD1 is repeated",
    checks = { "MB3-AP-021" },
    applies = function(ics) return ics.alarms and ics.fcb end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local first = expect_class1(line:exchange(frame { c = 0x7A, a = dut.address }), "answer to REQ_UD1")
      if not first then return end
      local again = expect_class1(line:exchange(frame { c = 0x7A, a = dut.address }), "its repetition")
      expect(again, "repeated answer"):equals(first)
    end,
  },

  case {
    id = "wired.link.class1.alarm",
    title = "An alarm that stands is reported, repeated for the same frame count bit, and gone after a toggled one",
    checks = { "MB3-AP-019", "MB3-AP-021" },
    needs = { "line", "world", "fault:state.alarm" },
    applies = function(ics) return ics.alarms and ics.fcb end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      rig.meters[dut.address]:fault("state.alarm", { code = 4 })
      local first = expect_class1(line:exchange(frame { c = 0x7A, a = dut.address }), "answer to REQ_UD1",
                                  "MB3-AP-019")
      if not first then return end
      expect(first ~= "none", "the answer reports the alarm", "MB3-AP-019"):is_true()
      expect(first:byte(-1), "byte of the alarm", "MB3-AP-019"):equals(4)
      local again = expect_class1(line:exchange(frame { c = 0x7A, a = dut.address }), "its repetition", "MB3-AP-021")
      expect(again, "repeated answer", "MB3-AP-021"):equals(first)
      local next = expect_class1(line:exchange(frame { c = 0x5A, a = dut.address }), "answer to a toggled REQ_UD1",
                                 "MB3-AP-021")
      expect(next, "answer when the alarm was seen", "MB3-AP-021"):equals("none")
    end,
  },

  case {
    id = "wired.link.class1.no-demand",
    title = "A device that has no class 1 data leaves ACD clear",
    checks = { "MB2-LL-031" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      if rig.ics.alarms then
        line:reset(dut)
        local r = line:exchange(frame { c = 0x7A, a = dut.address })
        precondition(r and r.bytes == "\xE5", "no alarm stands (E5h to REQ_UD1)"):is_true()
      end
      for i, r in ipairs(readout.receptions(rig)) do
        expect(r.frame.acd, "ACD of answer " .. i):equals(false)
      end
    end,
  },
}
