-- SPDX-License-Identifier: Apache-2.0
-- A device hears other things than frames for it, and goes on working.
local function expect_alive(line, dut, what, requirement)
  local r = line:exchange(frame { c = 0x40, a = dut.address })
  expect(r, "answer to SND_NKE " .. what, requirement):is_acknowledge()
end

return cases {
  case {
    id = "wired.link.short-frame",
    title = "A short frame is 10h C A CS 16h: five bytes are enough for an answer",
    checks = { "MB2-LL-002" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local sum = (0x40 + dut.address) % 256
      local r = line:exchange(string.char(0x10, 0x40, dut.address, sum, 0x16))
      expect(r, "answer to SND_NKE"):is_acknowledge()
      for cut = 1, 4 do
        line:expect_silence(string.char(0x10, 0x40, dut.address, sum, 0x16):sub(1, cut),
                            { what = "answer to the first " .. cut .. " bytes of it" })
        expect_alive(line, dut, "after " .. cut .. " bytes of a frame")
      end
    end,
  },

  case {
    id = "wired.link.frame.longest",
    title = "A frame with L = 255 is acknowledged, and the device goes on answering",
    checks = { "MB2-LL-072" },
    applies = function(ics) return ics.oms or ics.application_reset end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      -- Idle fillers (DIF 2Fh) alone: nothing to do.
      local r = line:exchange(frame { c = 0x73, a = dut.address, ci = 0x51, data = ("\x2F"):rep(252) })
      expect(r, "answer to SND_UD with 252 idle fillers"):is_acknowledge()
      expect_alive(line, dut, "afterwards")
      line:exchange(frame { c = 0x53, a = dut.address, ci = 0x50 })
    end,
  },

  case {
    id = "wired.link.half-duplex",
    title = "What comes while the device answers is not heard, and does not disturb it for long",
    checks = { "MB2-LL-067" },
    needs = { "line", "world" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      line:send(frame { c = 0x7B, a = dut.address })
      -- Well inside the answer, which is some 60 characters long.
      rig:wait(line:bits(330) + ms(50))
      line:send(frame { c = 0x40, a = dut.address }, { idle = 0 })
      local r = line:receive { within = line:bits(330) + ms(50) }
      expect(r and r.bytes, "acknowledge of SND_NKE sent into an answer"):differs("\xE5")
      rig:wait(s(2))
      expect_alive(line, dut, "when the line is quiet again")
    end,
  },

  case {
    id = "wired.link.frame.behind-noise",
    title = "Noise of any bytes, frame starts among them, keeps the device busy for a frame at most",
    checks = { "MB2-LL-013", "MB2-LL-015" },
    tags = { "random" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      for i = 1, 6 do
        local noise = {}
        for k = 1, rig:random(1, 12) do noise[k] = string.char(rig:random(0, 255)) end
        line:send(table.concat(noise))
        line:receive { within = line:bits(330) + ms(50) }
        -- A start may have promised a frame: idle time ends it.
        local r = line:exchange(frame { c = 0x40, a = dut.address }, { idle = line:bits(33) + ms(1) })
        expect(r, "answer to SND_NKE after noise " .. i, "MB2-LL-015"):is_acknowledge()
      end
    end,
  },

  case {
    id = "wired.link.frame.starts",
    title = "Only 10h and 68h begin a frame",
    checks = { "MB2-LL-013" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      for _, start in ipairs { 0x00, 0x11, 0x16, 0x69, 0xE5, 0xFF } do
        line:expect_silence(frame { c = 0x7B, a = dut.address, start = start },
                            { probe = dut, what = string.format("answer to REQ_UD2 with start %02Xh", start) })
      end
    end,
  },

  case {
    id = "wired.link.frame.gap",
    title = "A frame with more than 33 idle bit times inside is none",
    checks = { "MB2-LL-012" },
    needs = { "line", "gaps" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      for after = 1, 4 do
        line:expect_silence(frame { c = 0x7B, a = dut.address },
                            { probe = dut, gap = line:bits(40), gap_after = after,
                              what = "answer to REQ_UD2 with a gap after octet " .. after })
      end
    end,
  },

  case {
    id = "wired.link.frame.parity-long",
    title = "A parity error in any octet of a long frame makes it none",
    checks = { "MB2-LL-011" },
    needs = { "line", "octet_errors" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local reset = frame { c = 0x53, a = dut.address, ci = 0x50 }
      for i = 1, #reset do
        line:expect_silence(reset, { octets = { [i] = { parity = "odd" } },
                                     what = "answer to SND_UD with odd parity in octet " .. i })
        expect_alive(line, dut, "afterwards")
      end
    end,
  },

  case {
    id = "wired.link.break",
    title = "After a break of 50 ms the device answers as before",
    checks = { "MB2-PH-007", "MB2-LL-015" },
    needs = { "line", "break", "baud" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      -- Eleven bits low at 220 Bd are 50 ms.
      line:send("\x00", { baud = 220, octets = { [1] = { ["break"] = true } } })
      expect_alive(line, dut, "after the break", "MB2-LL-015")
      -- The longest space that characters make: 00h one behind the other.
      line:send(("\x00"):rep(32))
      expect_alive(line, dut, "after 32 characters 00h", "MB2-PH-007")
    end,
  },

  case {
    id = "wired.link.idle",
    title = "After an hour without a frame the device answers the first one",
    checks = { "MB2-LL-026", "MB2-LL-022" },
    needs = { "line", "world" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      expect(line:receive { within = s(3600) }, "octets nobody asked for", "MB2-LL-022"):is_silence()
      expect_alive(line, dut, "after an hour", "MB2-LL-026")
    end,
  },

  case {
    id = "wired.link.overheard",
    title = "Requests and answers of others, one behind the other, do not make the device answer",
    checks = { "MB2-LL-056", "MB2-LL-025" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local other = rig.unused_address
      line:reset(dut)
      for _ = 1, 3 do
        line:expect_silence(frame { c = 0x7B, a = other },
                            { requirement = "MB2-LL-056", what = "answer to REQ_UD2 for another" })
        line:expect_silence(frame { c = 0x08, a = other, ci = 0x72, data = ("\x00"):rep(12) },
                            { requirement = "MB2-LL-025", what = "answer to the RSP_UD of another" })
        line:expect_silence("\xE5", { requirement = "MB2-LL-025", what = "answer to the E5 of another" })
      end
      expect_alive(line, dut, "afterwards", "MB2-LL-056")
    end,
  },

  case {
    id = "wired.link.collision",
    title = "When another device answers into it, the device answers the next request as before",
    checks = { "MB2-LL-028" },
    needs = { "line", "world" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      line:reset(dut)
      rig:meter { address = rig.unused_address, profile = "water", id = "99000249" }
      local r = line:exchange(frame { c = 0x7B, a = 0xFE })
      note("two answers at once: " .. (r and r.fault or "no fault"))
      rig:wait(s(1))
      expect(line:request(dut, { fcb = 1 }), "answer to the next REQ_UD2"):is_telegram { address = dut.address }
    end,
  },
}
