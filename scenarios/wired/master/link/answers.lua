-- SPDX-License-Identifier: Apache-2.0
-- What a master makes of answers that are wrong, late, long or more than one.
local meters = require "meter"

-- A read-out of one meter with one telegram; spoil(answer) is what its first RSP_UD becomes.
local function read_with_one_bad(rig, spoil, how)
  local meter = meters.meter { a = 5, telegrams = {
    meters.telegram { a = 5, records = meters.records(rig:random(1, 60000)) } } }
  local bad = 0
  local job = rig.dut:start("read", { address = 5 })
  local outcome, seen = meters.play(rig, job, function(r)
    local answer = meter.answer(r)
    if answer and #answer > 1 and bad == 0 then
      bad = 1
      local bytes = spoil(answer)
      return bytes, how and how(bytes)
    end
    return answer
  end)
  precondition(bad, "bad answers given"):equals(1)
  return meter, outcome, meters.of(seen, "REQ_UD2", 5)
end

local function replaced(bytes, at, value)
  return bytes:sub(1, at - 1) .. string.char(value) .. bytes:sub(at + 1)
end

local faulty = {
  { name = "checksum", what = "a wrong checksum",
    spoil = function(b) return replaced(b, #b - 1, (b:byte(#b - 1) + 1) % 256) end },
  { name = "stop", what = "a wrong stop byte",
    spoil = function(b) return replaced(b, #b, 0x17) end },
  { name = "lengths-differ", what = "unequal L fields",
    spoil = function(b) return replaced(b, 3, b:byte(3) + 1) end },
  { name = "length", what = "an L field that counts more than is there",
    spoil = function(b) return replaced(replaced(b, 2, b:byte(2) + 2), 3, b:byte(3) + 2) end },
  { name = "direction", what = "PRM = 1",
    spoil = function(b)
      return frame { c = 0x48, a = b:byte(6), ci = b:byte(7), data = b:sub(8, #b - 2) }
    end },
  { name = "parity", what = "a parity error", needs = { "job", "octet_errors" },
    spoil = function(b) return b end,
    how = function() return { octets = { [12] = { parity = "odd" } } } end },
}

local function faulty_answer(t)
  return case {
    id = "wired.master.answer.faulty." .. t.name,
    title = "An answer with " .. t.what .. " is never handed on: the same request asks again, or the job fails",
    checks = { "MB2-LL-074", "MB2-LL-040", "MB2-LL-015" },
    role = "master",
    needs = t.needs or { "job" },
    run = function(rig)
      local meter, outcome, requests = read_with_one_bad(rig, t.spoil, t.how)
      expect(outcome.telegrams, "telegrams handed on", "MB2-LL-074"):equals(
        #requests > 1 and meter.telegrams or {})
      if #requests > 1 then
        expect(requests[2].bytes, "the request behind the bad answer", "MB2-LL-040"):equals(requests[1].bytes)
        expect(outcome.status, "exit status", "MB2-LL-015"):equals(0)
      else
        expect(outcome.status, "exit status", "MB2-LL-074"):equals(1)
      end
    end,
  }
end

return cases {
  each(faulty, faulty_answer),

  case {
    id = "wired.master.answer.faulty.always",
    title = "Where every answer is garbled nothing is handed on, and the job has failed",
    checks = { "MB2-LL-074", "MB2-LL-020" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local meter = meters.meter { a = 5, telegrams = { meters.telegram { a = 5, records = meters.records(7) } } }
      local job = rig.dut:start("read", { address = 5 })
      local outcome, seen = meters.play(rig, job, function(r)
        local answer = meter.answer(r)
        if answer and #answer > 1 then return faulty[1].spoil(answer) end
        return answer
      end)
      expect(#meters.of(seen, "REQ_UD2", 5), "requests", "MB2-LL-020"):at_least(1)
      expect(outcome.telegrams, "telegrams handed on", "MB2-LL-074"):equals({})
      expect(outcome.status, "exit status", "MB2-LL-020"):equals(1)
    end,
  },

  case {
    id = "wired.master.answer.repeated",
    title = "A request whose answer was faulty is repeated",
    checks = { "MB2-LL-019" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local _, outcome, requests = read_with_one_bad(rig, faulty[1].spoil)
      expect(#requests, "requests, the first answer being faulty"):equals(2)
      expect(outcome.status, "exit status"):equals(0)
    end,
  },

  case {
    id = "wired.master.answer.resynchronised",
    title = "After garbage and 33 idle bit times an answer is understood again",
    checks = { "MB2-LL-015" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local meter, outcome, requests = read_with_one_bad(rig, function() return hex "68 FF 00 16 A5" end)
      expect(#requests, "requests, the first answer being garbage"):at_least(2)
      expect(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
    end,
  },

  case {
    id = "wired.master.answer.short-length",
    title = "A long-type frame with L below 3 is no answer",
    checks = { "MB2-LL-073" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local meter = meters.meter { a = 5, telegrams = { meters.telegram { a = 5, records = meters.records(9) } } }
      local bad = 0
      local job = rig.dut:start("read", { address = 5 })
      local outcome, seen = meters.play(rig, job, function(r)
        local answer = meter.answer(r)
        if answer == meters.acknowledge and bad == 0 then
          bad = 1
          meter.reset()
          return hex "68 02 02 68 08 05 0D 16"
        end
        return answer
      end)
      precondition(bad, "frames with L = 2"):equals(1)
      if #seen == 1 then -- it does not repeat, and must give up
        expect(outcome.status, "exit status"):equals(1)
      else
        expect(seen[2].bytes, "the frame behind it"):equals(seen[1].bytes)
        expect(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
      end
    end,
  },

  case {
    id = "wired.master.answer.long",
    title = "A telegram with L = 255 is read",
    checks = { "MB2-LL-072" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local records = hex "04 06 2A 00 00 00"
      local telegram = meters.telegram { a = 5, records = records .. string.rep("\x2F", 240 - #records) }
      precondition(telegram:byte(2), "its L field"):equals(255)
      local meter = meters.meter { a = 5, telegrams = { telegram } }
      local outcome = meters.serve(rig, rig.dut:start("read", { address = 5 }), meter)
      expect(outcome.telegrams, "telegrams handed on"):equals({ telegram })
      expect(outcome.status, "exit status"):equals(0)
    end,
  },

  case {
    id = "wired.master.answer.surplus",
    title = "Octets behind a complete answer are a disturbance, not to be passed over",
    checks = { "MB2-LL-068" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local _, outcome, requests = read_with_one_bad(rig, function(b) return b .. hex "E5 E5" end)
      expect(#requests > 1 or outcome.status == 1, "asked again or given up"):is_true()
    end,
  },

  case {
    id = "wired.master.answer.other-address",
    title = "An answer with another A field is not handed on as the meter's",
    checks = { "MB2-LL-075" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local meter, outcome, requests = read_with_one_bad(rig, function(b)
        return frame { c = 0x08, a = 6, ci = b:byte(7), data = b:sub(8, #b - 2) }
      end)
      expect(outcome.telegrams, "telegrams handed on"):equals(#requests > 1 and meter.telegrams or {})
    end,
  },

  case {
    id = "wired.master.answer.other-identification",
    title = "The telegram of another meter than the selected one is not handed on",
    checks = { "MB2-LL-075" },
    role = "master",
    needs = { "job" },
    applies = function(ics) return ics.secondary end,
    run = function(rig)
      local other = meters.telegram { a = 5, id = "87654321", records = meters.records(3) }
      local meter = meters.meter { a = 5, id = "12345678", telegrams = { other } }
      local job = rig.dut:start("read", { address = meters.address_text "12345678" })
      local outcome, seen = meters.serve(rig, job, meter)
      expect(#meters.of(seen, "REQ_UD2", 0xFD), "requests to the selected meter"):at_least(1)
      expect(outcome.telegrams, "telegrams handed on"):equals({})
      expect(outcome.status, "exit status"):equals(1)
    end,
  },

  case {
    id = "wired.master.answer.echo",
    title = "A master behind a converter that echoes reads all the same",
    checks = { "MB2-LL-067" },
    role = "master",
    needs = { "job", "fault:line.echo" },
    run = function(rig)
      rig.line:fault "line.echo"
      local meter = meters.meter { a = 5, telegrams = { meters.telegram { a = 5, records = meters.records(11) } } }
      local outcome = meters.serve(rig, rig.dut:start("read", { address = 5 }), meter)
      expect(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
      expect(outcome.status, "exit status"):equals(0)
    end,
  },

  each({ { name = "own", a = 5 }, { name = "selected", a = 0xFD } }, function(t)
    return case {
      id = "wired.master.answer.at-fdh." .. t.name,
      title = string.format("A selected meter that answers with A = %02Xh is read", t.a),
      checks = { "MB2-LL-055" },
      role = "master",
      needs = { "job" },
      applies = function(ics) return ics.secondary end,
      run = function(rig)
        local meter = meters.meter { a = 5, telegrams = { meters.telegram { a = t.a, records = meters.records(13) } } }
        local job = rig.dut:start("read", { address = meters.address_text "12345678" })
        local outcome = meters.serve(rig, job, meter)
        expect(outcome.telegrams, "telegrams handed on"):equals(meter.telegrams)
      end,
    }
  end),

  case {
    id = "wired.master.answer.two-at-one-address",
    title = "One E5h of two meters at an address is not taken for one meter",
    checks = { "MB2-LL-069" },
    role = "master",
    needs = { "job", "world" },
    run = function(rig)
      rig:meter { name = "first", address = 3, profile = "water", id = "11111111" }
      rig:meter { name = "second", address = 3, profile = "heat", id = "22222222" }
      rig:meter { name = "alone", address = 7, profile = "water", id = "33333333" }
      local outcome = rig.dut:start("scan"):finish { within = s(600) }
      expect(outcome.found, "addresses with one meter"):equals({ "7" })
    end,
  },
}
