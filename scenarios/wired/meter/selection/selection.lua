-- SPDX-License-Identifier: Apache-2.0
-- Other devices may fit a wildcard as well, so the device is alone where the rig can see to it.
local identity = require "identity"

local function claims(ics) return ics.secondary end
local deselect = frame { c = 0x40, a = 0xFD }
local request_selected = frame { c = 0x7B, a = 0xFD }

local function select(line, mask, what, requirement)
  expect(line:exchange(identity.selection(mask)), "answer to " .. what, requirement):is_acknowledge()
end

return cases {
  case {
    id = "wired.selection.exact",
    title = "The exact secondary address selects the device, and it answers at FDh",
    checks = { "MB7-SA-002" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      line:exchange(deselect)
      select(line, mask, "the selection")
      local r = line:exchange(request_selected)
      expect(r, "answer to REQ_UD2 for FDh"):is_telegram()
      expect(r.frame.user_data:sub(2, 9), "secondary address in the answer"):equals(mask)
    end,
  },

  case {
    id = "wired.selection.mismatch",
    title = "A selection that differs in any one digit or byte deselects the device, silently",
    checks = { "MB7-SA-003" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      local others = {}
      for digit = 0, 7 do
        local i, shift = digit // 2 + 1, 4 * (digit % 2)
        local other = ((mask:byte(i) >> shift & 0x0F) + 1) % 10
        others[#others + 1] = { "digit " .. 8 - digit, i, mask:byte(i) & ~(0x0F << shift) | other << shift }
      end
      for i = 5, 8 do others[#others + 1] = { "byte " .. i, i, mask:byte(i) ~ 0x01 } end
      for _, other in ipairs(others) do
        select(line, mask, "the exact selection")
        line:expect_silence(identity.selection(identity.with_byte(mask, other[2], other[3])),
                            { what = "answer to a selection that differs in " .. other[1] })
        line:expect_silence(request_selected, { what = "answer to REQ_UD2 for FDh after it" })
      end
      select(line, mask, "the exact selection again")
    end,
  },

  case {
    id = "wired.selection.wildcard.digits",
    title = "Each digit of the identification number can be a wildcard",
    checks = { "MB7-SA-004" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      for digit = 0, 7 do
        local i, shift = digit // 2 + 1, 4 * (digit % 2)
        line:exchange(deselect)
        select(line, identity.with_byte(mask, i, mask:byte(i) | (0x0F << shift)),
               "a selection with digit " .. 8 - digit .. " wild")
      end
      line:exchange(deselect)
      select(line, "\xFF\xFF\xFF\xFF" .. mask:sub(5), "a selection with all digits wild")
    end,
  },

  case {
    id = "wired.selection.wildcard.fields",
    title = "Manufacturer, version and device type can be wildcards",
    checks = { "MB7-SA-005" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      local wild = { { "manufacturer", 5, 6 }, { "version", 7, 7 }, { "device type", 8, 8 } }
      for _, field in ipairs(wild) do
        local open = mask
        for i = field[2], field[3] do open = identity.with_byte(open, i, 0xFF) end
        line:exchange(deselect)
        select(line, open, "a selection with the " .. field[1] .. " wild")
      end
      line:exchange(deselect)
      select(line, mask:sub(1, 4) .. "\xFF\xFF\xFF\xFF", "a selection by identification number alone")
    end,
  },

  case {
    id = "wired.selection.deselect",
    title = "SND_NKE to FDh deselects the device",
    checks = { "MB7-SA-007" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      select(line, mask, "the selection")
      expect(line:exchange(request_selected), "answer to REQ_UD2 for FDh"):is_telegram()
      line:exchange(deselect)
      line:expect_silence(request_selected, { what = "answer to REQ_UD2 for FDh after SND_NKE" })
      select(line, mask, "the selection again")
    end,
  },

  case {
    id = "wired.selection.fcb",
    title = "Each selection starts the telegrams anew, whatever the frame count bit was",
    checks = { "MB7-SA-009" },
    applies = function(ics) return ics.secondary and ics.fcb and ics.telegrams > 1 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      select(line, mask, "the selection")
      local first = line:exchange(request_selected)
      select(line, mask, "the second selection")
      expect(line:exchange(request_selected), "telegram after it"):same_records(first)
      local second = line:exchange(frame { c = 0x5B, a = 0xFD })
      expect(second, "second telegram"):other_telegram(first)
      select(line, mask, "the third selection")
      expect(line:exchange(request_selected), "telegram after it"):same_records(first)
    end,
  },

  case {
    id = "wired.selection.obsolete",
    title = "CI 56h, the selection of old with the most significant byte first, selects nobody",
    checks = { "MB7-SA-011" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      select(line, mask, "the exact selection")
      line:exchange(identity.selection(mask:reverse(), 0x56))
      line:expect_silence(request_selected, { what = "answer to REQ_UD2 for FDh after CI 56h" })
      line:exchange(deselect)
      line:exchange(identity.selection(mask:reverse(), 0x56))
      line:expect_silence(request_selected, { what = "answer to REQ_UD2 for FDh after CI 56h, not selected before" })
      select(line, mask, "the exact selection")
    end,
  },

  case {
    id = "wired.selection.power",
    title = "The selection outlives requests and not a power failure",
    checks = { "MB7-SA-018" },
    needs = { "line", "power" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      select(line, mask, "the selection")
      expect(line:exchange(request_selected), "first answer"):is_telegram()
      expect(line:exchange(frame { c = 0x5B, a = 0xFD }), "second answer"):is_telegram()
      rig.power:off()
      rig:wait(s(5))
      rig.power:on()
      rig:wait(s(3))
      line:expect_silence(request_selected, { what = "answer to REQ_UD2 for FDh after the power failure" })
      select(line, mask, "the selection after it")
    end,
  },
}
