-- SPDX-License-Identifier: Apache-2.0
-- When a master asks again, how long it waits, and what its frame count bit says.
local meters = require "meter"

-- A meter with so many telegrams; `drawn` makes them unlike any that somebody has seen.
local function with_telegrams(count, drawn)
  local telegrams = {}
  for i = 1, count do
    local more = i < count and hex "1F" or ""
    telegrams[i] = meters.telegram { a = 5, access = i, records = meters.records((drawn or 100) + i) .. more }
  end
  return meters.meter { a = 5, telegrams = telegrams }
end

local function uses_fcb(ics) return ics.fcb end

-- The n-th RSP_UD becomes garbage.
local function garble_nth(meter, nth)
  local count = 0
  return function(r)
    local answer = meter.answer(r)
    if answer and #answer > 1 then
      count = count + 1
      if count == nth then return answer:sub(1, -3) .. "\0\x16" end
    end
    return answer
  end
end

-- What each frame count bit is to be: toggled behind a good answer, the same behind a bad one.
-- `good(i)`: whether request i was answered well.
local function check_count_bits(requests, good, requirement)
  for i = 2, #requests do
    local due = requests[i - 1].frame.fcb
    if good(i - 1) then due = not due end
    expect(requests[i].frame.fcb, "FCB of request " .. i, requirement):equals(due)
  end
end

-- Between an answer's last octet and the next frame.
local function least_idle(job)
  local least, answer_end
  for _, item in ipairs(job:wire()) do
    if item.from == "meter" then
      answer_end = item.finish
    elseif answer_end then
      local idle = item.start - answer_end
      if least == nil or idle < least then least = idle end
      answer_end = nil
    end
  end
  return least
end

return cases {
  case {
    id = "wired.master.request.silence-repeated",
    title = "A frame that nobody answers is repeated as it is, up to two times",
    checks = { "MB2-LL-019" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local job = rig.dut:start("read", { address = 5 })
      local _, seen = meters.play(rig, job, function() return nil end)
      expect(#seen, "transmissions"):between(2, 3)
      for i = 2, #seen do
        expect(seen[i].bytes, "transmission " .. i):equals(seen[1].bytes)
      end
    end,
  },

  case {
    id = "wired.master.request.silence-later-repeated",
    title = "A REQ_UD2 that nobody answers is repeated as it is, up to two times",
    checks = { "MB2-LL-019" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local meter = with_telegrams(1)
      local job = rig.dut:start("read", { address = 5 })
      local _, seen = meters.play(rig, job, function(r)
        local answer = meter.answer(r)
        return answer == meters.acknowledge and answer or nil
      end)
      local requests = meters.of(seen, "REQ_UD2", 5)
      expect(#requests, "transmissions"):between(2, 3)
      for i = 2, #requests do
        expect(requests[i].bytes, "transmission " .. i):equals(requests[1].bytes)
      end
    end,
  },

  case {
    id = "wired.master.request.silence-reported",
    title = "A meter that does not answer is a failed job and no data",
    checks = { "MB2-LL-020" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local job = rig.dut:start("read", { address = 5 })
      local outcome, seen = meters.play(rig, job, function() return nil end)
      expect(#seen, "frames from the master"):at_least(1)
      expect(outcome.telegrams, "telegrams handed on"):equals({})
      expect(outcome.status, "exit status"):equals(1)
    end,
  },

  case {
    id = "wired.master.request.silence-later-reported",
    title = "A meter that falls silent after one telegram of two is a failed job",
    checks = { "MB2-LL-020" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local meter = with_telegrams(2)
      local job = rig.dut:start("read", { address = 5 })
      local outcome, seen = meters.play(rig, job, function(r)
        local answer = meter.answer(r)
        if answer == meter.telegrams[2] then return nil end
        return answer
      end)
      expect(#meters.of(seen, "REQ_UD2", 5), "requests"):at_least(2)
      expect(#outcome.telegrams, "telegrams handed on"):at_most(1)
      expect(outcome.status, "exit status"):equals(1)
    end,
  },

  case {
    id = "wired.master.request.command-silence-reported",
    title = "A command that nobody acknowledges is a failed job",
    checks = { "MB2-LL-020" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local meter = with_telegrams(1)
      local job = rig.dut:start("write", { address = 5, data = hex "51 04 13 01 02 03 04" })
      local outcome, seen = meters.play(rig, job, function(r)
        if r.frame and r.frame["function"] == "SND_UD" then return nil end
        return meter.answer(r)
      end)
      expect(#meters.of(seen, "SND_UD", 5), "commands sent"):at_least(1)
      expect(outcome.status, "exit status"):equals(1)
    end,
  },

  case {
    id = "wired.master.request.patience",
    title = "An answer that begins 330 bit times + 50 ms after the request is in time",
    checks = { "MB2-LL-018" },
    role = "master",
    needs = { "job", "timing" },
    run = function(rig)
      local line = rig.line
      local latest = line:bits(330) + ms(50) - line:bits(1) - line.uncertainty
      local meter = with_telegrams(2)
      local job = rig.dut:start("read", { address = 5 })
      local outcome, seen = meters.play(rig, job, function(r)
        return meter.answer(r), { after = latest }
      end)
      expect(#meters.of(seen, "REQ_UD2", 5), "requests for two telegrams"):equals(2)
      expect(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
    end,
  },

  case {
    id = "wired.master.request.patience-measured",
    title = "A request is repeated 330 bit times + 50 ms after the one before, or later",
    checks = { "MB2-LL-018" },
    role = "master",
    needs = { "job", "timing" },
    run = function(rig)
      local line = rig.line
      local job = rig.dut:start("read", { address = 5 })
      local _, seen = meters.play(rig, job, function() return nil end)
      expect(#seen, "transmissions"):at_least(1)
      for i = 2, #seen do
        measure("wait before transmission " .. i, seen[i].start - seen[i - 1].finish,
                { min = line:bits(330) * 995 // 1000 + ms(50) })
      end
    end,
  },

  case {
    id = "wired.master.request.idle",
    title = "Before a request the line is idle for 33 bit times",
    checks = { "MB2-LL-021" },
    role = "master",
    needs = { "job", "timing" },
    run = function(rig)
      local meter = with_telegrams(3)
      local job = rig.dut:start("read", { address = 5 })
      local outcome = meters.serve(rig, job, meter)
      expect(#outcome.telegrams, "telegrams handed on"):equals(3)
      measure("shortest idle time before a request", least_idle(job),
              { min = rig.line:bits(33) * 995 // 1000 })
    end,
  },

  case {
    id = "wired.master.request.first-fcb",
    title = "After SND_NKE the first request has FCB = 1",
    checks = { "MB2-LL-039" },
    role = "master",
    needs = { "job" },
    applies = uses_fcb,
    run = function(rig)
      local meter = with_telegrams(1)
      local outcome, seen = meters.serve(rig, rig.dut:start("read", { address = 5 }), meter)
      expect(#outcome.telegrams, "telegrams handed on"):equals(1)
      local last
      for _, r in ipairs(meters.frames(seen)) do
        if last == "SND_NKE" and r.frame["function"] == "REQ_UD2" then
          expect(r.frame.fcb, "FCB of the first request"):equals(true)
        end
        last = r.frame["function"]
      end
    end,
  },

  case {
    id = "wired.master.request.fcv",
    title = "SND_UD, REQ_UD1 and REQ_UD2 have FCV = 1",
    checks = { "MB2-LL-044" },
    role = "master",
    needs = { "job" },
    applies = uses_fcb,
    run = function(rig)
      local orders = { { "read", { address = 5 } }, { "write", { address = 5, data = hex "51 04 13 01 02 03 04" } } }
      if rig.ics.alarms then orders[3] = { "alarm", { address = 5 } } end
      for _, order in ipairs(orders) do
        local outcome, seen = meters.serve(rig, rig.dut:start(order[1], order[2]), with_telegrams(1))
        expect(outcome.status, "exit status"):equals(0)
        for _, r in ipairs(meters.frames(seen)) do
          if r.frame["function"] ~= "SND_NKE" then
            expect(r.frame.fcv, "FCV of " .. r.frame["function"]):equals(true)
          end
        end
      end
    end,
  },

  case {
    id = "wired.master.request.fcb-toggles",
    title = "FCB toggles behind each good answer",
    checks = { "MB2-LL-040" },
    role = "master",
    needs = { "job" },
    applies = uses_fcb,
    run = function(rig)
      local meter = with_telegrams(4)
      local outcome, seen = meters.serve(rig, rig.dut:start("read", { address = 5 }), meter)
      local requests = meters.of(seen, "REQ_UD2", 5)
      check_count_bits(requests, function() return true end, "MB2-LL-040")
      expect(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
    end,
  },

  each({ 1, 2, 3 }, function(nth)
    return case {
      id = "wired.master.request.fcb-kept." .. nth,
      title = "FCB does not toggle behind a bad answer, to request " .. nth,
      checks = { "MB2-LL-040" },
      role = "master",
      needs = { "job" },
      applies = uses_fcb,
      run = function(rig)
        local meter = with_telegrams(3)
        local job = rig.dut:start("read", { address = 5 })
        local outcome, seen = meters.play(rig, job, garble_nth(meter, nth))
        local requests = meters.of(seen, "REQ_UD2", 5)
        expect(#requests, "requests"):at_least(2)
        check_count_bits(requests, function(i) return i ~= nth end, "MB2-LL-040")
        if #requests > nth then
          expect(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
        end
      end,
    }
  end),

  case {
    id = "wired.master.request.fcb-silence",
    title = "FCB does not toggle behind silence",
    checks = { "MB2-LL-040" },
    role = "master",
    needs = { "job" },
    applies = uses_fcb,
    run = function(rig)
      local meter = with_telegrams(2)
      local lost = false
      local job = rig.dut:start("read", { address = 5 })
      local outcome, seen = meters.play(rig, job, function(r)
        local answer = meter.answer(r)
        if answer and #answer > 1 and not lost then
          lost = true
          return nil
        end
        return answer
      end)
      local requests = meters.of(seen, "REQ_UD2", 5)
      expect(#requests, "requests"):at_least(1)
      check_count_bits(requests, function(i) return i ~= 1 end, "MB2-LL-040")
      if #requests > 1 then
        expect(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
      end
    end,
  },

  case {
    id = "wired.master.request.fcb-images",
    title = "Each meter has its own frame count bit, or is reset before it is read",
    checks = { "MB2-LL-041" },
    role = "master",
    needs = { "job" },
    applies = uses_fcb,
    run = function(rig)
      local function meter_at(a)
        return meters.meter { a = a, telegrams = { meters.telegram { a = a, records = meters.records(a) } } }
      end
      local both = { [5] = meter_at(5), [6] = meter_at(6) }
      local last = {} -- by address: FCB of the last good exchange; none after a reset
      for _, address in ipairs { 5, 6, 5, 5, 6 } do
        local job = rig.dut:start("read", { address = address })
        local outcome, seen = meters.serve(rig, job, both[address])
        for _, r in ipairs(meters.frames(seen)) do
          local f = r.frame
          if f["function"] == "SND_NKE" then
            last[f.a] = nil
          elseif f["function"] == "REQ_UD2" then
            if last[f.a] ~= nil then
              expect(f.fcb, "FCB of the next request to " .. f.a):equals(not last[f.a])
            end
            last[f.a] = f.fcb
          end
        end
        expect(outcome.telegrams, "telegrams of meter " .. address):equals(both[address].telegrams)
      end
    end,
  },

  case {
    id = "wired.master.request.given-up",
    title = "A read-out that was given up is ended by SND_NKE or an application reset, so that the next is whole",
    checks = { "MB2-LL-047" },
    role = "master",
    needs = { "job" },
    applies = uses_fcb, -- without FCB a repeated request asks for the next telegram
    run = function(rig)
      local meter = with_telegrams(3, rig:random(1, 60000))
      local ended = false
      local job = rig.dut:start("read", { address = 5 })
      local function watch(r)
        local f = r.frame
        if f and (f["function"] == "SND_NKE" or f.ci == 0x50) then ended = true end
      end
      local begun = false
      local outcome = meters.play(rig, job, function(r)
        watch(r)
        local answer = meter.answer(r)
        if answer == meter.telegrams[2] then return nil end
        if answer == meter.telegrams[1] then begun, ended = true, false end
        return answer
      end)
      precondition(begun, "one telegram of three was given"):is_true()
      precondition(outcome.status, "exit status of the read-out that broke off"):equals(1)
      job = rig.dut:start("read", { address = 5 })
      outcome = meters.play(rig, job, function(r)
        watch(r)
        if r.frame and r.frame["function"] == "REQ_UD2" then
          expect(ended, "SND_NKE or application reset before the next REQ_UD2"):is_true()
        end
        return meter.answer(r)
      end)
      expect(outcome.telegrams, "telegrams of the next read-out"):equals(meter.telegrams)
    end,
  },

  case {
    id = "wired.master.request.not-to-all",
    title = "No request goes to FFh",
    checks = { "MB2-LL-057" },
    role = "master",
    needs = { "job" },
    judges = { "read" }, -- one that asks everybody reads nothing
    run = function(rig)
      local meter = with_telegrams(2, rig:random(1, 60000))
      local outcome, seen = meters.serve(rig, rig.dut:start("read", { address = 5 }), meter)
      for _, name in ipairs { "REQ_UD1", "REQ_UD2" } do
        expect(#meters.of(seen, name, 0xFF), name .. " to FFh"):equals(0)
      end
      precondition(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
    end,
  },
}
