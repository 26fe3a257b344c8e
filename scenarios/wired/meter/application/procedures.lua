-- SPDX-License-Identifier: Apache-2.0
-- Primary address, clock and synchronised action, all by telegram.
local writing = require "writing"
local values = require "values"
local identity = require "identity"

local function set_address(line, from, to)
  return line:exchange(frame { c = 0x73, a = from, ci = 0x51, data = string.char(0x01, 0x7A, to) })
end

-- Addresses that no device known to the rig has, the ends of the range among them where they are free.
local function free_addresses(rig)
  local list = {}
  for _, address in ipairs { 1, 250, rig.unused_address } do
    local r = rig.line:exchange(frame { c = 0x40, a = address }, { within = rig.line:bits(330) + ms(60) })
    if r == nil then list[#list + 1] = address end
  end
  return list
end

-- A clock synchronisation: CI 6Ch or 6Dh, long header with the device's address, timing control, time.
local function clock_frame(dut, ci, address, timing, time)
  local data = address .. "\x01\x00\x00\x00" .. string.char(timing) .. time
  return frame { c = 0x73, a = dut.address, ci = ci, data = data }
end

local function clock_of(rig)
  local record = writing.find(rig, "\x04\x6D") or writing.find(rig, "\x06\x6D")
  precondition(record ~= nil, "a date and time (04 6D or 06 6D) in the read-out"):is_true()
  local text = values.date(record)
  precondition(text ~= nil, "its value is a date and time"):is_true()
  return values.minutes(text)
end

return cases {
  case {
    id = "wired.application.address",
    title = "01 7A nn sets the primary address: acknowledged at the old one, answered at the new one",
    checks = { "MB3-AP-010", "MB2-LL-049" },
    applies = function(ics) return ics.address_writable end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local list = free_addresses(rig)
      precondition(#list, "free addresses to try"):at_least(1)
      for _, new in ipairs(list) do
        line:reset(dut)
        expect(set_address(line, dut.address, new), "answer at the old address", "MB3-AP-010"):is_acknowledge()
        local r = line:exchange(frame { c = 0x40, a = new })
        expect(r, "answer to SND_NKE at address " .. new, "MB2-LL-049"):is_acknowledge()
        r = line:request(new, { fcb = 1 })
        expect(r, "answer to REQ_UD2 at address " .. new, "MB2-LL-049"):is_telegram { address = new }
        line:expect_silence(frame { c = 0x40, a = dut.address },
                            { requirement = "MB3-AP-010", what = "answer at the old address afterwards" })
        expect(set_address(line, new, dut.address), "answer to the way back", "MB3-AP-010"):is_acknowledge()
      end
      line:reset(dut)
    end,
  },

  case {
    id = "wired.application.address.reserved",
    title = "Addresses 251 to 255 cannot be set: the device stays where it is",
    checks = { "MB2-LL-050", "MB3-AP-011" },
    applies = function(ics) return ics.address_writable end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      for _, new in ipairs { 251, 252, 253, 254, 255 } do
        local requirement = new <= 252 and "MB2-LL-050" or "MB3-AP-011"
        line:reset(dut)
        set_address(line, dut.address, new)
        local r = line:exchange(frame { c = 0x40, a = dut.address })
        expect(r, "answer at the old address after " .. new .. " was written", requirement):is_acknowledge()
        r = line:request(dut, { fcb = 1 })
        expect(r, "answer to REQ_UD2 there", requirement):is_telegram { address = dut.address }
        writing.tidy(line, dut)
      end
    end,
  },

  case {
    id = "wired.application.address.power",
    title = "The address that was set outlives a power failure",
    checks = { "MB3-AP-010" },
    needs = { "line", "power" },
    applies = function(ics) return ics.address_writable end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local new = rig.unused_address
      line:reset(dut)
      expect(set_address(line, dut.address, new), "answer at the old address"):is_acknowledge()
      rig.power:off()
      rig:wait(s(5))
      rig.power:on()
      rig:wait(s(3))
      expect(line:exchange(frame { c = 0x40, a = new }), "answer at the new address"):is_acknowledge()
      expect(set_address(line, new, dut.address), "answer to the way back"):is_acknowledge()
      line:reset(dut)
    end,
  },

  case {
    id = "wired.application.address.unconfigured",
    title = "A device without a configured address has address 0",
    checks = { "MB2-LL-048" },
    applies = function(ics) return ics.unconfigured end,

    run = function(rig)
      local line = rig.line
      expect(line:exchange(frame { c = 0x40, a = 0 }), "answer to SND_NKE at address 0"):is_acknowledge()
      expect(line:request(0, { fcb = 1 }), "answer to REQ_UD2 there"):is_telegram { address = 0 }
    end,
  },

  case {
    id = "wired.application.clock",
    title = "CI 6Ch sets the clock, CI 6Dh shifts it",
    checks = { "MB3-AP-018" },
    applies = function(ics) return ics.clock_writable end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local address = identity.read(line, dut)
      line:reset(dut)
      -- 2027-03-04T05:06:00 as type I, and three bytes to spare; timing control 00b: set.
      local time = string.char(0x00, 0x06, 0x05, 0x64, 0x33, 0x00) .. "\x00\x00\x00"
      expect(line:exchange(clock_frame(dut, 0x6C, address, 0x00, time)), "answer to CI 6Ch"):is_acknowledge()
      local wanted = values.minutes("2027-03-04T05:06")
      expect(clock_of(rig), "clock after it, in minutes"):between(wanted, wanted + 1)
      line:reset(dut)
      -- Two hours and ten minutes as type J, and six bytes to spare; 01b: add.
      time = string.char(0x00, 0x0A, 0x02) .. ("\x00"):rep(6)
      expect(line:exchange(clock_frame(dut, 0x6D, address, 0x01, time)), "answer to CI 6Dh"):is_acknowledge()
      expect(clock_of(rig), "clock two hours and ten minutes on"):between(wanted + 130, wanted + 131)
    end,
  },

  case {
    id = "wired.application.synchronise",
    title = "CI 5Ch to FFh is answered by nobody, and to the device with E5",
    checks = { "MB3-AP-017" },
    applies = function(ics) return ics.synchronised_action end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      expect(line:exchange(frame { c = 0x73, a = dut.address, ci = 0x5C }), "answer to CI 5Ch"):is_acknowledge()
      line:expect_silence(frame { c = 0x53, a = 0xFF, ci = 0x5C }, { probe = dut, what = "answer to CI 5Ch for FFh" })
      local code = writing.report(line, dut)
      expect(code, "application error after it"):is_nil()
    end,
  },

  case {
    id = "wired.application.synchronise.stored",
    title = "What the synchronised action stores has the value of its moment afterwards",
    checks = { "MB3-AP-017" },
    applies = function(ics) return ics.synchronised_action and #ics.stored > 0 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      for _, item in ipairs(rig.ics.stored) do
        local before = writing.find(rig, hex(item.takes))
        precondition(before ~= nil, "record " .. item.takes .. " is in the read-out"):is_true()
        line:reset(dut)
        expect(line:exchange(frame { c = 0x73, a = dut.address, ci = 0x5C }), "answer to CI 5Ch"):is_acknowledge()
        local stored = writing.find(rig, hex(item.header))
        local kept = expect(stored ~= nil, "record " .. item.header .. " is in the read-out"):is_true()
        if not kept.held then return end -- it only should
        local after = writing.find(rig, hex(item.takes))
        precondition(after ~= nil, "record " .. item.takes .. " is in the read-out"):is_true()
        -- A counter may have moved on since.
        expect(stored.data == before.data or stored.data == after.data,
               "record " .. item.header .. " has the value of " .. item.takes):is_true()
      end
    end,
  },
}
