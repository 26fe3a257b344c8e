-- SPDX-License-Identifier: Apache-2.0
local identity = require "identity"

local function several(ics) return ics.fcb and ics.telegrams > 1 end

return cases {
  case {
    id = "wired.link.fcb.repeat",
    title = "The same frame count bit gets the same telegram again",
    checks = { "MB2-LL-038" },
    applies = function(ics) return ics.fcb end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local first = line:request(dut, { fcb = 1 })
      local again = line:request(dut, { fcb = 1 })
      expect(again, "answer to the repeated request"):same_telegram(first)
    end,
  },

  case {
    id = "wired.link.fcb.toggle",
    title = "A toggled frame count bit gets the next telegram, and after the last one the first",
    checks = { "MB2-LL-037" },
    applies = several,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local first = line:request(dut, { fcb = 1 })
      local last, fcb = first, 1
      for i = 2, rig.ics.telegrams do
        fcb = 1 - fcb
        local answer = line:request(dut, { fcb = fcb })
        expect(answer, "telegram " .. i):other_telegram(last)
        last = answer
      end
      local wrapped = line:request(dut, { fcb = 1 - fcb })
      expect(wrapped, "telegram after the last"):same_records(first)
    end,
  },

  case {
    id = "wired.link.fcb.reset",
    title = "SND_NKE clears the frame count bit and starts the telegrams anew",
    checks = { "MB2-LL-035", "MB2-LL-036" },
    applies = several,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local first = line:request(dut, { fcb = 1 })
      local second = line:request(dut, { fcb = 0 })
      expect(second, "second telegram", "MB2-LL-036"):other_telegram(first)
      line:reset(dut)
      local again = line:request(dut, { fcb = 1 })
      expect(again, "telegram after the second reset", "MB2-LL-035"):other_telegram(second)
      expect(again, "telegram after the second reset", "MB2-LL-036"):same_records(first)
    end,
  },

  case {
    id = "wired.link.fcb.single",
    title = "A device with one telegram gives the same one whatever the frame count bit",
    checks = { "MB2-LL-045" },
    applies = function(ics) return ics.telegrams == 1 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local first = line:request(dut, { fcb = 1 })
      for i, fcb in ipairs { 1, 0, 0, 1 } do
        expect(line:request(dut, { fcb = fcb }), "answer " .. i + 1):same_records(first)
      end
    end,
  },

  case {
    id = "wired.link.fcb.not-valid",
    title = "With FCV = 0 the frame count bit is neither looked at nor kept",
    checks = { "MB2-LL-034" },
    applies = several,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      precondition(line:request(dut, { fcb = 1 }), "answer to 7Bh"):is_telegram()
      local without = line:request(dut)
      if without == nil then
        note("the device does not answer REQ_UD2 with FCV = 0")
      else
        expect(without, "answer to 4Bh"):is_telegram { address = dut.address }
      end
      -- Its memory still says 1: the same bit is a repetition, the other one is new.
      line:reset(dut)
      local first = line:request(dut, { fcb = 1 })
      local second = line:request(dut, { fcb = 0 })
      line:exchange(frame { c = 0x6B, a = dut.address })
      -- The repetition may be that of the answer to 6Bh, which had its own access number.
      expect(line:request(dut, { fcb = 0 }), "answer to 5Bh again, with 6Bh between"):same_records(second)
      expect(second, "second telegram"):other_telegram(first)
    end,
  },

  case {
    id = "wired.link.fcb.separate",
    title = "The frame count bit of FDh is kept apart from that of the primary address",
    checks = { "MB2-LL-042" },
    applies = function(ics) return several(ics) and ics.secondary end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local mask = identity.read(line, dut)
      line:reset(dut)
      line:exchange(identity.selection(mask))
      precondition(line:exchange(frame { c = 0x7B, a = 0xFD }), "first answer at FDh"):is_telegram()
      local second = line:exchange(frame { c = 0x5B, a = 0xFD })
      precondition(second, "second answer at FDh"):is_telegram()
      -- FCB 1 at the primary address is new there, and changes nothing at FDh.
      expect(line:request(dut, { fcb = 1 }), "answer at the primary address"):is_telegram { address = dut.address }
      local third = line:exchange(frame { c = 0x7B, a = 0xFD })
      expect(third, "answer at FDh with FCB 1, which is new there"):other_telegram(second)
    end,
  },

  case {
    id = "wired.link.fcb.long",
    title = "A read-out can be repeated many times without a reset: telegram follows telegram",
    checks = { "MB2-LL-037", "MB2-LL-038" },
    tags = { "random" },
    applies = several,

    run = function(rig)
      local line, dut, count = rig.line, rig.dut, rig.ics.telegrams
      line:reset(dut)
      local seen, fcb = {}, 1
      for i = 1, 4 * count do
        local r = line:request(dut, { fcb = fcb })
        precondition(r, "answer " .. i):is_telegram()
        local place = (i - 1) % count + 1
        if seen[place] then
          expect(r, "answer " .. i .. ", telegram " .. place .. " again", "MB2-LL-037"):same_records(seen[place])
        else
          for _, other in ipairs(seen) do
            expect(r, "answer " .. i .. ", telegram " .. place, "MB2-LL-037"):other_telegram(other)
          end
        end
        seen[place] = seen[place] or r
        if rig:random(0, 2) == 0 then
          expect(line:request(dut, { fcb = fcb }), "answer " .. i .. " repeated", "MB2-LL-038"):same_telegram(r)
        end
        fcb = 1 - fcb
      end
    end,
  },
}
