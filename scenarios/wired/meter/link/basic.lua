-- SPDX-License-Identifier: Apache-2.0
local rsp_ud = { [0x08] = true, [0x18] = true, [0x28] = true, [0x38] = true }

return cases {
  case {
    id = "wired.link.reset",
    title = "SND_NKE is acknowledged with the single character E5h, and nothing follows it",
    checks = { "MB2-LL-026", "MB2-LL-001" },
    judges = { "reset" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local r = line:exchange(frame { c = 0x40, a = dut.address })
      expect(r, "answer to SND_NKE", "MB2-LL-026"):is_heard()
      expect(r, "the acknowledge", "MB2-LL-001"):is_acknowledge()
      local until_late = r.finish - r.request.finish + line:bits(330) + ms(50)
      expect(line:receive { within = until_late }, "octets after the acknowledge",
             "MB2-LL-001"):is_nil()
    end,
  },

  case {
    id = "wired.link.request",
    title = "REQ_UD2 is answered with one well-formed RSP_UD that carries the device's address",
    checks = { "MB2-LL-028", "MB2-LL-030", "MB2-LL-003", "MB2-LL-004", "MB2-LL-006", "MB2-LL-023",
               "MB2-LL-024" },
    judges = { "request" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local r = line:request(dut, { fcb = 1 })
      expect(r, "answer to REQ_UD2", "MB2-LL-028"):is_heard()
      local b = r.bytes
      expect(b:byte(1), "first octet of the answer", "MB2-LL-028"):equals(0x68)
      expect(b:byte(3), "second L field", "MB2-LL-003"):equals(b:byte(2))
      expect(b:byte(4), "second start", "MB2-LL-003"):equals(0x68)
      expect(#b, "octets of the answer", "MB2-LL-004"):equals(b:byte(2) + 6)
      expect(b:byte(#b), "stop", "MB2-LL-003"):equals(0x16)
      local sum = 0
      for i = 5, #b - 2 do sum = (sum + b:byte(i)) % 256 end
      expect(b:byte(#b - 1), "checksum", "MB2-LL-006"):equals(sum)
      local c = b:byte(5)
      expect(c & 0x80, "bit 7 of the control field", "MB2-LL-023"):equals(0)
      expect(c & 0x40, "bit 6 of the control field", "MB2-LL-024"):equals(0)
      expect(rsp_ud[c] or false, "control field is one of RSP_UD", "MB2-LL-030"):is_true()
      expect(b:byte(6), "address of the answer", "MB2-LL-028"):equals(dut.address)
      -- Counted from the request, as all receptions are.
      local until_late = r.finish - r.request.finish + line:bits(330) + ms(50)
      expect(line:receive { within = until_late }, "octets after the answer", "MB2-LL-004"):is_nil()
      expect(line:request(dut, { fcb = 0 }), "answer to REQ_UD2 with FCB 0", "MB2-LL-028")
        :is_telegram { address = dut.address }
    end,
  },

  case {
    id = "wired.link.characters",
    title = "Every character of an answer is 8E1, with no idle time between characters",
    checks = { "MB2-PH-036", "MB2-PH-037", "MB2-PH-038", "MB2-LL-014" },
    needs = { "line", "octet_errors", "timing" },
    judges = { "reset", "request" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local function check_characters(r, what)
        precondition(r, "answer to " .. what):is_heard()
        for i, octet in ipairs(r.octets) do
          local errors = octet.errors
          -- A character is heard at all because its start bit is space on a line that is mark.
          expect(octet.finish - octet.start, "time of octet " .. i .. " of the answer to " .. what,
                 "MB2-PH-037"):between(line:bits(10), line:bits(12))
          expect(errors["break"], "a space of eleven bits in octet " .. i .. " of the answer to " .. what,
                 "MB2-PH-038"):equals(false)
          expect(errors.parity or errors.framing or errors["break"],
                 "wrong parity or stop bit in octet " .. i .. " of the answer to " .. what,
                 "MB2-PH-036"):equals(false)
        end
      end
      check_characters(line:exchange(frame { c = 0x40, a = dut.address }), "SND_NKE")
      local r = line:request(dut, { fcb = 1 })
      check_characters(r, "REQ_UD2")
      precondition(#r.octets, "octets of the answer to REQ_UD2"):at_least(2)
      local longest, shortest = 0, r.octets[2].start - r.octets[1].start
      for i = 2, #r.octets do
        shortest = math.min(shortest, r.octets[i].start - r.octets[i - 1].start)
        longest = math.max(longest, r.octets[i].start - r.octets[i - 1].finish)
      end
      -- One start bit, eight data bits, parity, one stop bit: with more, no character is this short.
      measure("shortest time from start bit to start bit", shortest, { max = line:bits(11.5) }, "MB2-PH-036")
      -- Half a bit time is sampling tolerance; up to 11 bit times is reported, more fails.
      if longest > line:bits(0.5) and longest <= line:bits(11) then
        remark("idle time between two characters of an answer: " .. longest .. " ns", "MB2-LL-014")
      end
      measure("longest idle time between characters", longest, { max = line:bits(11) }, "MB2-LL-014")
    end,
  },

  case {
    id = "wired.link.data.acknowledge",
    title = "SND_UD is acknowledged with E5h",
    checks = { "MB2-LL-027", "MB3-AP-001" },
    applies = function(ics) return ics.application_reset end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local r = line:exchange(frame { c = 0x73, a = dut.address, ci = 0x50 })
      expect(r, "answer to the application reset", "MB2-LL-027"):is_acknowledge()
      r = line:request(dut, { fcb = 1 })
      expect(r, "answer to REQ_UD2 after it", "MB3-AP-001"):is_telegram { address = dut.address }
      expect(r.frame.ci, "its CI-field, which is that of a read-out", "MB3-AP-001")
        :differs(0x70):differs(0x6E):differs(0x6F)
      r = line:exchange(frame { c = 0x53, a = dut.address, ci = 0x50 })
      expect(r, "answer to the application reset with FCB 0", "MB2-LL-027"):is_acknowledge()
      line:expect_silence(frame { c = 0x53, a = 0xFF, ci = 0x50 },
                          { requirement = "MB3-AP-001", what = "answer to the broadcast" })
    end,
  },

  case {
    id = "wired.link.unasked",
    title = "The device is silent for a minute when nobody asks",
    checks = { "MB2-LL-022" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      expect(line:receive { within = s(60) }, "octets nobody asked for"):is_nil()
      line:reset(dut)
    end,
  },

  case {
    id = "wired.link.function.unsupported",
    title = "A function that meters need not have is answered with silence",
    checks = { "MB2-LL-033" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:expect_silence(frame { c = 0x49, a = dut.address },
                          { probe = dut, what = "answer to REQ_SKE (49h)" })
    end,
  },
}
