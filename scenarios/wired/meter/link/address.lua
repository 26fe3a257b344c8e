-- SPDX-License-Identifier: Apache-2.0
return cases {
  case {
    id = "wired.link.address.foreign",
    title = "Frames for other addresses are ignored silently",
    checks = { "MB2-LL-056" },
    judges = { "foreign" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local other = rig.unused_address
      line:expect_silence(frame { c = 0x40, a = other },
                          { probe = dut, what = "answer to SND_NKE for address " .. other })
      line:expect_silence(frame { c = 0x7B, a = other },
                          { probe = dut, what = "answer to REQ_UD2 for address " .. other })
      line:expect_silence(frame { c = 0x53, a = other, ci = 0x50 },
                          { probe = dut, what = "answer to SND_UD for address " .. other })
    end,
  },

  case {
    id = "wired.link.address.broadcast",
    title = "Frames to FFh are answered by nobody",
    checks = { "MB2-LL-053" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:expect_silence(frame { c = 0x40, a = 0xFF },
                          { probe = dut, what = "answer to SND_NKE for FFh" })
      line:expect_silence(frame { c = 0x7B, a = 0xFF },
                          { probe = dut, what = "answer to REQ_UD2 for FFh" })
      line:expect_silence(frame { c = 0x53, a = 0xFF, ci = 0x50 },
                          { probe = dut, what = "answer to SND_UD for FFh" })
    end,
  },

  case {
    id = "wired.link.address.broadcast-reset",
    title = "SND_NKE to FFh is executed: the telegrams start anew",
    checks = { "MB2-LL-053" },
    applies = function(ics) return ics.fcb and ics.telegrams > 1 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local first = line:request(dut, { fcb = 1 })
      expect(line:request(dut, { fcb = 0 }), "second telegram"):other_telegram(first)
      line:expect_silence(frame { c = 0x40, a = 0xFF }, { what = "answer to SND_NKE for FFh" })
      local r = line:request(dut, { fcb = 1 })
      expect(r, "telegram after the broadcast"):same_records(first)
    end,
  },

  case {
    id = "wired.link.address.broadcast-data",
    title = "SND_UD to FFh is executed: an application reset starts the telegrams anew",
    checks = { "MB2-LL-053" },
    applies = function(ics) return ics.application_reset and ics.fcb and ics.telegrams > 1 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local first = line:request(dut, { fcb = 1 })
      expect(line:request(dut, { fcb = 0 }), "second telegram"):other_telegram(first)
      line:expect_silence(frame { c = 0x53, a = 0xFF, ci = 0x50 }, { what = "answer to SND_UD for FFh" })
      local r = line:request(dut, { fcb = 1 })
      expect(r, "telegram after the broadcast"):same_records(first)
    end,
  },

  case {
    id = "wired.link.address.near",
    title = "An address that differs in one bit is another device's",
    checks = { "MB2-LL-056" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      for bit = 0, 7 do
        local other = dut.address ~ 1 << bit
        if other <= 250 then
          line:expect_silence(frame { c = 0x40, a = other }, { what = "answer to SND_NKE for address " .. other })
        end
      end
      expect(line:exchange(frame { c = 0x40, a = dut.address }), "answer at its own address"):is_acknowledge()
    end,
  },

  case {
    id = "wired.link.address.test",
    title = "A device alone on the bus answers the test address FEh with its own address",
    checks = { "MB2-LL-052", "MB2-LL-054" },
    judges = { "request" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      line:reset(dut)
      local r = line:exchange(frame { c = 0x7B, a = 0xFE })
      expect(r, "answer to REQ_UD2 for FEh", "MB2-LL-052"):is_telegram()
      expect(r.frame.a, "address of the answer", "MB2-LL-054"):equals(dut.address)
    end,
  },

  case {
    id = "wired.link.address.selected",
    title = "FDh is not answered by a device that is not selected",
    checks = { "MB2-LL-051" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:exchange(frame { c = 0x40, a = 0xFD })
      line:expect_silence(frame { c = 0x7B, a = 0xFD },
                          { probe = dut, what = "answer to REQ_UD2 for FDh" })
      line:expect_silence(frame { c = 0x40, a = 0xFD },
                          { probe = dut, what = "answer to SND_NKE for FDh" })
      line:expect_silence(frame { c = 0x53, a = 0xFD, ci = 0x50 },
                          { probe = dut, what = "answer to SND_UD for FDh" })
    end,
  },
}
