-- SPDX-License-Identifier: Apache-2.0
-- Rates: those that a device has from the start, those that CI B8h to BFh set, and the way back.
local bits = require "bits"

local rates = { 300, 600, 1200, 2400, 4800, 9600, 19200, 38400 }

-- The CI-field that asks for a rate (EN 13757-7, 8.2).
local function ci_of(baud)
  for i, rate in ipairs(rates) do
    if rate == baud then return 0xB8 + i - 1 end
  end
  error("no CI-field sets " .. baud .. " Bd", 0)
end

local function switch(line, dut, baud)
  return line:exchange(frame { c = 0x53, a = dut.address, ci = ci_of(baud) })
end

-- A rate of the statement that is not the one in use.
local function another(ics, current)
  for _, baud in ipairs(ics.baud_switch) do
    if baud ~= current then return baud end
  end
  return nil
end

local function switches(ics) return #ics.baud_switch > 1 end

local function expect_alive(line, dut, what, requirement)
  local r = line:exchange(frame { c = 0x40, a = dut.address })
  expect(r, "answer to SND_NKE " .. what, requirement):is_acknowledge()
  return r
end

-- Back to where the case began; inconclusive where that fails.
local function restore(line, dut, baud)
  if line.baud ~= baud then
    switch(line, dut, baud)
    line:set_baud(baud)
  end
  line:reset(dut)
end

local function has(list, wanted)
  for _, item in ipairs(list) do
    if item == wanted then return true end
  end
  return false
end

local switched = each(rates, function(baud)
  return case {
    id = "wired.baud.switch." .. baud,
    title = "CI-field " .. string.format("%02Xh", ci_of(baud)) .. " is acknowledged at the old rate and sets " ..
      baud .. " Bd",
    checks = { "MB2-LL-058", "MB2-PH-031", "MB2-PH-032" },
    needs = { "line", "baud" },
    applies = function(ics) return has(ics.baud_switch, baud) end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local old = line.baud
      line:reset(dut)
      local r = switch(line, dut, baud)
      expect(r, "acknowledge at " .. old .. " Bd", "MB2-LL-058"):is_acknowledge()
      line:set_baud(baud)
      local requirement = baud == 300 and "MB2-PH-031" or (baud == 2400 or baud == 9600) and "MB2-PH-032"
        or "MB2-LL-058"
      expect_alive(line, dut, "at " .. baud .. " Bd", requirement)
      r = line:request(dut, { fcb = 1 })
      expect(r, "answer to REQ_UD2 at " .. baud .. " Bd", "MB2-LL-058"):is_telegram { address = dut.address }
      if old ~= baud then
        line:set_baud(old)
        expect(line:exchange(frame { c = 0x40, a = dut.address }, { within = ms(500) }),
               "answer at " .. old .. " Bd, which is not its rate any more", "MB2-LL-058"):is_silence()
        line:set_baud(baud)
        rig:wait(line:bits(33))
      end
      restore(line, dut, old)
    end,
  }
end)

local timed = each(rates, function(baud)
  return case {
    id = "wired.timing.reply.at-" .. baud,
    title = "Answers begin inside the reply window at " .. baud .. " Bd, too",
    checks = { "MB2-LL-016", "MB2-LL-017" },
    needs = { "line", "baud", "timing" },
    applies = function(ics) return has(ics.baud_switch, baud) end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local old = line.baud
      line:reset(dut)
      precondition(switch(line, dut, baud), "acknowledge of the new rate"):is_acknowledge()
      line:set_baud(baud)
      local limits = bits.reply_window(line, dut)
      for _, c in ipairs { 0x40, 0x7B } do
        local r = line:exchange(frame { c = c, a = dut.address })
        precondition(r, "answer at " .. baud .. " Bd"):is_heard()
        local delay = r.start - r.request.finish
        measure("from request to answer, earliest", delay, { min = limits.min }, "MB2-LL-016")
        measure("from request to answer, latest", delay, { max = limits.max }, "MB2-LL-017")
      end
      restore(line, dut, old)
    end,
  }
end)

return cases {
  switched,
  timed,

  case {
    id = "wired.baud.accuracy",
    title = "The rate at which the device sends is off by 0.5 % at most",
    checks = { "MB2-PH-035" },
    needs = { "line", "timing" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local r = line:request(dut, { fcb = 1 })
      precondition(r, "answer to REQ_UD2"):is_telegram()
      local time, count = bits.span(line, r)
      measure(count .. " bit times", time, { min = line:bits(count / 1.005), max = line:bits(count / 0.995) + 1 })
    end,
  },

  case {
    id = "wired.baud.declared",
    title = "The device answers at every rate that it works at",
    checks = { "MB2-PH-031", "MB2-PH-032", "MB2-LL-064" },
    needs = { "line", "baud" },
    applies = function(ics) return ics.auto_baud end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local old = line.baud
      for _, baud in ipairs(rig.ics.baud) do
        line:set_baud(baud)
        local requirement = baud == 300 and "MB2-PH-031" or "MB2-LL-064"
        expect_alive(line, dut, "at " .. baud .. " Bd", requirement)
        expect(line:request(dut, { fcb = 1 }), "answer to REQ_UD2 at " .. baud .. " Bd", "MB2-PH-032")
          :is_telegram()
      end
      line:set_baud(old)
      line:reset(dut)
    end,
  },

  case {
    id = "wired.baud.switch.broadcast",
    title = "A change of rate for all is carried out, and acknowledged by nobody",
    checks = { "MB2-LL-059" },
    needs = { "line", "baud" },
    applies = switches,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local old, new = line.baud, another(rig.ics, line.baud)
      rig:isolate()
      line:reset(dut)
      line:expect_silence(frame { c = 0x53, a = 0xFF, ci = ci_of(new) },
                          { what = "answer to a change of rate for FFh" })
      line:set_baud(new)
      expect_alive(line, dut, "at " .. new .. " Bd")
      restore(line, dut, old)
    end,
  },

  case {
    id = "wired.baud.switch.unknown",
    title = "A rate that the device does not have leaves it where it is",
    checks = { "MB2-LL-063" },
    applies = function(ics) return #ics.baud_switch > 0 end,

    run = function(rig)
      local line, dut, ics = rig.line, rig.dut, rig.ics
      local tried = 0
      for _, baud in ipairs(rates) do
        if baud ~= line.baud and not has(ics.baud_switch, baud) and tried < 2 then
          tried = tried + 1
          line:reset(dut)
          switch(line, dut, baud)
          expect_alive(line, dut, "at the old rate, after " .. baud .. " Bd was asked for")
        end
      end
      if tried == 0 then
        note("the device has every rate: none is left to ask for in vain")
        line:exchange(frame { c = 0x53, a = dut.address, ci = 0xA0 })
        expect_alive(line, dut, "at its rate")
      end
      line:exchange(frame { c = 0x53, a = dut.address, ci = 0x50 })
    end,
  },

  case {
    id = "wired.baud.switch.fallback",
    title = "Without a valid frame at the new rate the device goes back to the old one",
    checks = { "MB2-LL-061" },
    needs = { "line", "baud" },
    applies = function(ics) return switches(ics) and not ics.auto_baud end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local new = another(rig.ics, line.baud)
      line:reset(dut)
      precondition(switch(line, dut, new), "acknowledge of the new rate"):is_acknowledge()
      rig:wait(rig.ics.baud_fallback + s(1))
      expect_alive(line, dut, "at the old rate, " .. rig.ics.baud_fallback // s(1) + 1 .. " s later")
    end,
  },

  case {
    id = "wired.baud.switch.kept",
    title = "With a valid frame at the new rate the device stays there",
    checks = { "MB2-LL-061", "MB2-LL-058" },
    needs = { "line", "baud" },
    applies = function(ics) return switches(ics) and not ics.auto_baud end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local old, new = line.baud, another(rig.ics, line.baud)
      line:reset(dut)
      precondition(switch(line, dut, new), "acknowledge of the new rate"):is_acknowledge()
      line:set_baud(new)
      expect_alive(line, dut, "at " .. new .. " Bd", "MB2-LL-058")
      rig:wait(rig.ics.baud_fallback + s(1))
      expect_alive(line, dut, "at " .. new .. " Bd, long after", "MB2-LL-058")
      restore(line, dut, old)
    end,
  },

  case {
    id = "wired.baud.power",
    title = "The rate that was set outlives a power failure, or is 300 Bd after it",
    checks = { "MB2-PH-034" },
    needs = { "line", "baud", "power" },
    applies = switches,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local old, new = line.baud, another(rig.ics, line.baud)
      line:reset(dut)
      precondition(switch(line, dut, new), "acknowledge of the new rate"):is_acknowledge()
      line:set_baud(new)
      line:reset(dut)
      rig.power:off()
      rig:wait(s(5))
      rig.power:on()
      rig:wait(s(3))
      local r = line:exchange(frame { c = 0x40, a = dut.address })
      if r == nil then
        line:set_baud(300)
        r = line:exchange(frame { c = 0x40, a = dut.address })
      end
      expect(r, "answer to SND_NKE at " .. new .. " or 300 Bd"):is_acknowledge()
      restore(line, dut, old)
    end,
  },
}
