-- SPDX-License-Identifier: Apache-2.0
-- A change of the rate: the meter is told at the old rate and must be asked at the new one.
local meters = require "meter"

-- The CI-field that sets a rate (EN 13757-3; B8h to BFh).
local rate_ci = { [300] = 0xB8, [600] = 0xB9, [1200] = 0xBA, [2400] = 0xBB, [4800] = 0xBC, [9600] = 0xBD,
                  [19200] = 0xBE, [38400] = 0xBF }

local function near(r, rate)
  local octet = r.octets[1]
  local length = octet.finish - octet.start
  return math.abs(length * rate - 11 * 1000000000) < 11 * 10000000 -- 1 %
end

-- A rate of the statement that the line does not have now.
local function other_rate(rig)
  for _, rate in ipairs(rig.ics.baud_switch) do
    if rate ~= rig.line.baud then return rate end
  end
  return nil
end

local function switches(ics)
  return #ics.baud_switch > 1
end

return cases {
  case {
    id = "wired.master.baud.new-rate",
    title = "After the command the meter is asked at the new rate, within two minutes",
    checks = { "MB2-LL-060" },
    role = "master",
    needs = { "job", "baud" },
    applies = switches,
    run = function(rig)
      local old, rate = rig.line.baud, other_rate(rig)
      local meter = meters.meter { a = 5, telegrams = { meters.telegram { a = 5, records = meters.records(1) } } }
      local told, first
      local job = rig.dut:start("baud", { address = 5, baud = rate })
      local outcome = meters.play(rig, job, function(r)
        if r.frame and r.frame.ci == rate_ci[rate] then
          told = r
          return meters.acknowledge, { baud = old }
        end
        if told and near(r, rate) then
          first = first or r
          return meters.acknowledge, { baud = rate }
        end
        return not told and meter.answer(r) or nil
      end, { within = s(300) })
      precondition(told ~= nil, "a command to change the rate"):is_true()
      expect(first ~= nil, "a frame at the new rate"):is_true()
      measure("time to the first frame at the new rate", first.start - told.finish, { max = s(120) })
      expect(outcome.status, "exit status"):equals(0)
    end,
  },

  case {
    id = "wired.master.baud.old-rate",
    title = "A master that gets no answer at the new rate returns to the old one",
    checks = { "MB2-LL-062" },
    role = "master",
    needs = { "job", "baud" },
    applies = switches,
    run = function(rig)
      local old, rate = rig.line.baud, other_rate(rig)
      local meter = meters.meter { a = 5, telegrams = { meters.telegram { a = 5, records = meters.records(1) } } }
      local told, tried, back = nil, 0, 0
      local job = rig.dut:start("baud", { address = 5, baud = rate })
      local outcome = meters.play(rig, job, function(r)
        if r.frame and r.frame.ci == rate_ci[rate] then
          told = r
          return meters.acknowledge, { baud = old }
        end
        if told and near(r, rate) then
          tried = tried + 1
          return nil -- the meter has stayed at the old rate
        end
        if tried > 0 and near(r, old) then back = back + 1 end
        return meter.answer(r), { baud = old }
      end, { within = s(300) })
      precondition(told ~= nil, "a command to change the rate"):is_true()
      precondition(tried, "frames at the new rate"):at_least(1)
      expect(back, "frames at the old rate afterwards"):at_least(1)
      expect(outcome.status, "exit status: the rate was not changed"):equals(1)
    end,
  },
}
