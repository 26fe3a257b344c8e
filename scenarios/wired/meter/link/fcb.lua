-- SPDX-License-Identifier: Apache-2.0
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
}
