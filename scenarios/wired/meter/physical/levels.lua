-- SPDX-License-Identifier: Apache-2.0
-- Voltage and current at a meter's terminals (EN 13757-2, 4.2). For a rig that sets and measures them;
-- the device is alone on the bus, near the master. What the levels must be is partly known from memory
-- alone: the catalogue says of each requirement how sure it is.
local unit_load = 1.5 -- mA, 4.2.2.2

local function alive(line, dut)
  return line:exchange(frame { c = 0x40, a = dut.address })
end

-- What the device must not hear goes to FEh, which it answers, too, while it is alone: in a trace, that has
-- no voltages, silence at its own address would be a fault.
local test_address = 0xFE

-- The current that the device may draw at mark, in mA.
local function budget(ics) return ics.unit_loads * unit_load end

-- Puts a case together that begins with the device alone, and ends with the voltages it began with.
local function levels_case(t, body)
  t.needs = t.needs or { "line", "levels" }
  t.run = function(rig)
    rig:isolate()
    local before = rig.line:levels().voltage
    body(rig, rig.line, rig.dut)
    rig.power:set { mark = before }
    rig:wait(s(3))
    rig.line:reset(rig.dut)
  end
  return case(t)
end

-- Mark and step, V: the least mark with a space that stays at 12 V, and so on up to the most. 0.2 V are
-- for the cable between the master's terminals, where they are set, and the device's.
local communicating = { { 21.2, 9 }, { 24, 12 }, { 30, 12 }, { 36, 12 }, { 42, 12 } }

return cases {
  levels_case({
    id = "wired.physical.mark-levels",
    title = "The device answers with any mark from 21 V to 42 V",
    checks = { "MB2-PH-002", "MB2-PH-004" },
  }, function(rig, line, dut)
    for _, level in ipairs(communicating) do
      rig.power:set { mark = level[1], space = level[1] - level[2] }
      rig:wait(s(3))
      local what = "at mark " .. level[1] .. " V, space " .. level[1] - level[2] .. " V"
      expect(alive(line, dut), "answer to SND_NKE " .. what, "MB2-PH-004"):is_acknowledge()
      expect(line:request(dut, { fcb = 1 }), "answer to REQ_UD2 " .. what, "MB2-PH-002"):is_telegram()
    end
  end),

  levels_case({
    id = "wired.physical.space-detected",
    title = "A step of 8.2 V is a space",
    checks = { "MB2-PH-005" },
  }, function(rig, line, dut)
    for _, mark in ipairs { 24, 30, 42 } do
      rig.power:set { mark = mark, space = mark - 8.3 }
      rig:wait(s(3))
      expect(alive(line, dut), "answer to SND_NKE with a step of 8.3 V from " .. mark .. " V"):is_acknowledge()
    end
  end),

  levels_case({
    id = "wired.physical.mark-detected",
    title = "A step of less than 5.7 V is still mark: nothing was sent",
    checks = { "MB2-PH-006" },
  }, function(rig, line, dut)
    for _, mark in ipairs { 24, 30, 42 } do
      rig.power:set { mark = mark, space = mark - 12 }
      rig:wait(s(3))
      precondition(alive(line, dut), "answer with a step of 12 V from " .. mark .. " V"):is_acknowledge()
      rig.power:set { mark = mark, space = mark - 5.6 }
      local r = line:exchange(frame { c = 0x40, a = test_address })
      expect(r, "answer to SND_NKE with a step of 5.6 V from " .. mark .. " V"):is_silence()
      rig.power:set { mark = mark, space = mark - 12 }
      expect(alive(line, dut), "answer with a step of 12 V again"):is_acknowledge()
    end
  end),

  levels_case({
    id = "wired.physical.mark-current",
    title = "At mark the device draws its unit loads of 1.5 mA at most, hardly more at a higher voltage",
    checks = { "MB2-PH-008", "MB2-PH-009" },
  }, function(rig, line, _)
    local most = budget(rig.ics)
    local currents = {}
    for _, mark in ipairs { 12, 21, 30, 42 } do
      rig.power:set { mark = mark, space = math.max(mark - 12, 0) }
      rig:wait(s(3))
      local current = line:levels().current
      expect(current, "current at " .. mark .. " V in mA", "MB2-PH-008"):at_most(most)
      currents[#currents + 1] = current
    end
    -- 3 uA a volt and unit load, from 12 V to 42 V.
    local change = math.abs(currents[#currents] - currents[1])
    expect(change, "change of the current from 12 V to 42 V in mA", "MB2-PH-009")
      :at_most(rig.ics.unit_loads * 0.003 * 30)
  end),

  levels_case({
    id = "wired.physical.current-steady",
    title = "At mark the current stays within 1 % for 10 s",
    checks = { "MB2-PH-010" },
  }, function(rig, line, _)
    rig:wait(s(3))
    local least, most = math.huge, 0
    for _ = 1, 100 do
      local current = line:levels().current
      least, most = math.min(least, current), math.max(most, current)
      rig:wait(ms(100))
    end
    precondition(most > 0, "the device draws a current"):is_true()
    expect((most - least) / most * 100, "change of the current within 10 s in %"):at_most(1)
  end),

  levels_case({
    id = "wired.physical.slow-start",
    title = "While the voltage rises from 0 V to 42 V the device draws its unit loads at most",
    checks = { "MB2-PH-013" },
  }, function(rig, line, _)
    local most = budget(rig.ics)
    rig.power:set { mark = 0, space = 0 }
    rig:wait(s(5))
    for mark = 0, 42 do
      rig.power:set { mark = mark, space = math.max(mark - 12, 0) }
      rig:wait(ms(200))
      expect(line:levels().current, "current at " .. mark .. " V in mA"):at_most(most)
    end
  end),

  levels_case({
    id = "wired.physical.step",
    title = "1 ms after a step of the voltage the current is within the unit loads again",
    checks = { "MB2-PH-014" },
  }, function(rig, line, _)
    local most = budget(rig.ics)
    for _, mark in ipairs { 42, 30, 24, 36, 42, 24 } do
      rig.power:set { mark = mark, space = mark - 12 }
      rig:wait(ms(1))
      expect(line:levels().current, "current 1 ms after a step to " .. mark .. " V in mA"):at_most(most)
    end
  end),

  levels_case({
    id = "wired.physical.space-current",
    title = "A space of the device adds 11 mA to 20 mA, with any mark",
    checks = { "MB2-PH-015" },
    needs = { "line", "levels", "timing" },
  }, function(rig, line, dut)
    for _, level in ipairs(communicating) do
      local what = " at " .. level[1] .. " V in mA"
      rig.power:set { mark = level[1], space = level[1] - level[2] }
      rig:wait(s(3))
      line:reset(dut)
      local rest = line:levels().current
      line:send(frame { c = 0x7B, a = dut.address })
      -- Eight looks a bit through the latest begin of an answer and some characters of it.
      local steps = line:bits(330 + 11 * 8) + ms(50)
      local least, most = math.huge, 0
      for _ = 0, steps // (line:bits(1) // 8) do
        local added = line:levels().current - rest
        if added > 1 then least, most = math.min(least, added), math.max(most, added) end
        rig:wait(line:bits(1) // 8)
      end
      precondition(most > 0, "a space of the answer was seen" .. what):is_true()
      expect(least, "least current of a space" .. what):at_least(11)
      expect(most, "most current of a space" .. what):at_most(20)
      rig:wait(s(3))
    end
  end),

  levels_case({
    id = "wired.physical.voltage-return",
    title = "3 s after a drop below 12 V for more than 0.1 s the device answers again",
    checks = { "MB2-PH-017" },
  }, function(rig, line, dut)
    local mark = line:levels().voltage
    for _, low in ipairs { 11, 5, 0 } do
      line:reset(dut)
      rig.power:set { mark = low, space = 0 }
      rig:wait(ms(200))
      rig.power:set { mark = mark }
      rig:wait(s(3))
      expect(alive(line, dut), "answer to SND_NKE 3 s after 0.2 s at " .. low .. " V"):is_acknowledge()
    end
  end),
}
