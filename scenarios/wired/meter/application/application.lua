-- SPDX-License-Identifier: Apache-2.0
return cases {
  case {
    id = "wired.application.reset.sequence",
    title = "An application reset starts the telegrams anew",
    checks = { "MB3-AP-004" },
    applies = function(ics) return ics.application_reset and ics.fcb and ics.telegrams > 1 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local first = line:request(dut, { fcb = 1 })
      local second = line:request(dut, { fcb = 0 })
      expect(second, "second telegram"):other_telegram(first)
      local r = line:exchange(frame { c = 0x73, a = dut.address, ci = 0x50 })
      precondition(r, "answer to the application reset"):is_acknowledge()
      expect(line:request(dut, { fcb = 1 }), "telegram after the reset"):same_records(first)
    end,
  },

  case {
    id = "wired.application.ci.unknown",
    title = "An unknown CI-field is acknowledged on the link, and the device goes on working",
    checks = { "MB2-LL-065" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local r = line:exchange(frame { c = 0x73, a = dut.address, ci = 0xA7 })
      expect(r, "answer to SND_UD with CI A7h"):is_acknowledge()
      local report = line:request(dut, { fcb = 1 })
      expect(report, "answer to the next REQ_UD2"):is_telegram()
      note("the device reports with CI " .. string.format("%02Xh", report.frame.ci))
      line:exchange(frame { c = 0x53, a = dut.address, ci = 0x50 })
      line:reset(dut)
      local again = line:request(dut, { fcb = 1 })
      expect(again, "answer after an application reset"):is_telegram()
      expect(again.frame.ci, "its CI-field"):differs(0x70)
    end,
  },

  case {
    id = "wired.application.readout",
    title = "The reference master reads all telegrams, and every record in them can be decoded",
    checks = { "MB3-RC-001" },

    run = function(rig)
      local readout = rig.master:read(rig.dut)
      expect(readout.fault, "fault of the read-out"):is_nil()
      expect(#readout.telegrams, "telegrams"):equals(rig.ics.telegrams)
      expect(#readout.records, "records"):at_least(1)
      for i, record in ipairs(readout.records) do
        expect(record.quantity, "quantity of record " .. i):differs("unknown")
      end
    end,
  },

  case {
    id = "wired.application.current-value",
    title = "Storage number 0 is the current value: it grows with time, and the stored value does not",
    checks = { "MB3-RC-008" },
    needs = { "line", "world" },

    run = function(rig)
      local address = rig.unused_address
      rig:meter { address = address, profile = "heat", id = "99000250" }
      local now = rig.master:read(address)
      local stored = now:value { quantity = "energy", unit = "Wh", storage = 1 }
      expect(now:value { quantity = "energy", storage = 0 }, "energy"):equals(decimal "35000", "Wh")
      rig:wait(s(5 * 3600))
      local later = rig.master:read(address)
      expect(later:value { quantity = "energy", storage = 0 }, "energy five hours later")
        :equals(decimal "41000", "Wh")
      expect(later:value { quantity = "energy", storage = 1 }, "stored energy"):equals(stored)
    end,
  },
}
