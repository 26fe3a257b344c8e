-- SPDX-License-Identifier: Apache-2.0
-- What a master sends: frames and characters. These cases judge the reading of prologue and
-- epilogue themselves: a master whose frames are wrong reads nothing.
local meters = require "meter"

local function sum(bytes, from, to)
  local total = 0
  for i = from, to do total = (total + bytes:byte(i)) % 256 end
  return total
end

local function one_meter(rig)
  return meters.meter { a = 5, telegrams = {
    meters.telegram { a = 5, records = meters.records(rig:random(1, 60000)) } } }
end

-- Some frames of every kind: those of job read and job write.
local function frames_of(rig, name, arguments)
  local meter = one_meter(rig)
  local job = rig.dut:start(name, arguments)
  local outcome, seen = meters.serve(rig, job, meter)
  expect(#seen, "frames from the master"):at_least(1)
  return seen, outcome, meter
end

local read_one = { "read", { address = 5 } }
local write_one = { "write", { address = 5, data = hex "51 04 13 01 02 03 04" } }

local function read_delivers(outcome, meter)
  expect(outcome.telegrams, "telegrams delivered"):equals(meter.telegrams)
end

-- It can read: what it sends besides is worth looking at.
local function reads(rig)
  local _, outcome, meter = frames_of(rig, read_one[1], read_one[2])
  precondition(outcome.telegrams, "telegrams delivered"):equals(meter.telegrams)
end

return cases {
  case {
    id = "wired.master.frame.short",
    title = "Short frames are 10h C A CS 16h with the right checksum",
    checks = { "MB2-LL-002", "MB2-LL-006" },
    role = "master",
    needs = { "job" },
    judges = { "read" },
    run = function(rig)
      local seen, outcome, meter = frames_of(rig, read_one[1], read_one[2])
      for _, r in ipairs(seen) do
        expect(#r.bytes, "octets of a short frame", "MB2-LL-002"):equals(5)
        expect(r.bytes:byte(1), "its first octet", "MB2-LL-002"):equals(0x10)
        expect(r.bytes:byte(5), "its last octet", "MB2-LL-002"):equals(0x16)
        expect(r.bytes:byte(4), "its checksum", "MB2-LL-006"):equals(sum(r.bytes, 2, 3))
      end
      read_delivers(outcome, meter)
    end,
  },

  case {
    id = "wired.master.frame.long",
    title = "Long frames have two equal L fields that count C to the last user data, and the right checksum",
    checks = { "MB2-LL-003", "MB2-LL-004", "MB2-LL-006" },
    role = "master",
    needs = { "job" },
    judges = { "read" },
    run = function(rig)
      reads(rig)
      local seen, outcome = frames_of(rig, write_one[1], write_one[2])
      local long = 0
      for _, r in ipairs(seen) do
        local b = r.bytes
        if b:byte(1) == 0x68 then
          long = long + 1
          expect(b:byte(2), "the first L field", "MB2-LL-003"):equals(b:byte(3))
          expect(b:byte(4), "the second start", "MB2-LL-003"):equals(0x68)
          expect(b:byte(2), "the L field of a frame with 3 + 6 octets from C on", "MB2-LL-004"):equals(#b - 6)
          expect(b:byte(#b), "the last octet", "MB2-LL-003"):equals(0x16)
          expect(b:byte(#b - 1), "the checksum", "MB2-LL-006"):equals(sum(b, 5, #b - 2))
        end
      end
      expect(long, "long frames", "MB2-LL-003"):at_least(1)
      expect(outcome.status, "exit status", "MB2-LL-003"):equals(0)
    end,
  },

  case {
    id = "wired.master.frame.data",
    title = "CI 51h carries the records of a command, and all of them",
    checks = { "MB3-AP-005" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local data = write_one[2].data
      local seen, outcome = frames_of(rig, write_one[1], write_one[2])
      local sent = meters.of(seen, "SND_UD", 5)
      expect(#sent, "SND_UD frames"):equals(1)
      expect(sent[1].frame.user_data, "its user data"):equals(data)
      expect(outcome.status, "exit status"):equals(0)
    end,
  },

  case {
    id = "wired.master.frame.longest",
    title = "A command of 252 bytes behind the CI-field goes out in one frame with L = 255",
    checks = { "MB2-LL-004", "MB2-LL-072" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local data = write_one[2].data .. string.rep("\x2F", 253 - #write_one[2].data)
      local outcome, seen = meters.serve(rig, rig.dut:start("write", { address = 5, data = data }), one_meter(rig))
      local sent = meters.of(seen, "SND_UD", 5)
      expect(#sent, "SND_UD frames", "MB2-LL-072"):equals(1)
      expect(sent[1].bytes:byte(2), "its L field", "MB2-LL-004"):equals(255)
      expect(sent[1].frame.user_data, "its user data", "MB2-LL-072"):equals(data)
      expect(outcome.status, "exit status", "MB2-LL-072"):equals(0)
    end,
  },

  case {
    id = "wired.master.frame.clear",
    title = "An application reset, which has no transport header, goes out in clear and whole",
    checks = { "MB3-AP-042" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      for _, data in ipairs { hex "50", hex "50 10" } do
        local seen, outcome = frames_of(rig, "write", { address = 5, data = data })
        local sent = meters.of(seen, "SND_UD", 5)
        expect(#sent, "SND_UD frames"):equals(1)
        expect(sent[1].frame.user_data, "its user data"):equals(data)
        expect(outcome.status, "exit status"):equals(0)
      end
    end,
  },

  case {
    id = "wired.master.frame.control-field",
    title = "Bit 7 of the C field is 0 and bit 6 is 1",
    checks = { "MB2-LL-023", "MB2-LL-024" },
    role = "master",
    needs = { "job" },
    judges = { "read" },
    run = function(rig)
      for _, order in ipairs { read_one, write_one } do
        local seen, outcome, meter = frames_of(rig, order[1], order[2])
        for _, r in ipairs(seen) do
          local c = r.bytes:byte(r.bytes:byte(1) == 0x68 and 5 or 2)
          expect(c & 0x80, "bit 7 of C", "MB2-LL-023"):equals(0)
          expect(c & 0x40, "bit 6 of C, PRM", "MB2-LL-024"):equals(0x40)
        end
        expect(outcome.status, "exit status", "MB2-LL-024"):equals(0)
        if order == read_one then
          expect(outcome.telegrams, "telegrams delivered", "MB2-LL-024"):equals(meter.telegrams)
        end
      end
    end,
  },

  case {
    id = "wired.master.frame.characters",
    title = "Characters have a start bit, eight data bits, even parity and a stop bit",
    checks = { "MB2-PH-036", "MB2-PH-037" },
    role = "master",
    needs = { "job", "octet_errors" },
    judges = { "read" },
    run = function(rig)
      local seen, outcome, meter = frames_of(rig, read_one[1], read_one[2])
      for _, r in ipairs(seen) do
        for _, octet in ipairs(r.octets) do
          expect(octet.errors.parity, "wrong parity", "MB2-PH-036"):equals(false)
          expect(octet.errors.framing, "no stop bit", "MB2-PH-036"):equals(false)
        end
      end
      expect(outcome.telegrams, "telegrams delivered", "MB2-PH-037"):equals(meter.telegrams)
    end,
  },

  case {
    id = "wired.master.frame.gaps",
    title = "No idle time between the characters of a frame",
    checks = { "MB2-LL-014" },
    role = "master",
    needs = { "job", "gaps" },
    judges = { "read" },
    run = function(rig)
      local seen, outcome, meter = frames_of(rig, read_one[1], read_one[2])
      local longest = 0
      for _, r in ipairs(seen) do
        for i = 2, #r.octets do
          longest = math.max(longest, r.octets[i].start - r.octets[i - 1].finish)
        end
      end
      measure("longest idle time between characters", longest, { max = rig.line:bits(11) })
      if longest > rig.line:bits(0.5) then
        remark("there is more idle time between characters than sampling explains, half a bit time")
      end
      read_delivers(outcome, meter)
    end,
  },

  case {
    id = "wired.master.frame.rate",
    title = "The rate is at most 0.5 % off",
    checks = { "MB2-PH-035" },
    role = "master",
    needs = { "job", "gaps" },
    run = function(rig)
      local seen, outcome, meter = frames_of(rig, read_one[1], read_one[2])
      local count, length = 0, 0
      for _, r in ipairs(seen) do
        for _, octet in ipairs(r.octets) do
          count, length = count + 1, length + (octet.finish - octet.start)
        end
      end
      local bits = rig.line:bits(11 * count)
      measure("length of " .. count .. " characters", length,
              { min = bits * 995 // 1000, max = bits * 1005 // 1000 })
      read_delivers(outcome, meter)
    end,
  },

  case {
    id = "wired.master.frame.acknowledge",
    title = "Only E5h acknowledges",
    checks = { "MB2-LL-001" },
    role = "master",
    needs = { "job" },
    run = function(rig)
      local meter = one_meter(rig)
      local job = rig.dut:start("read", { address = 5 })
      local wrong = 0
      local outcome, seen = meters.play(rig, job, function(r)
        local answer = meter.answer(r)
        if answer == meters.acknowledge and wrong == 0 then
          wrong = 1
          meter.reset()
          return hex "A2"
        end
        return answer
      end)
      precondition(wrong, "answers A2h"):equals(1)
      if #seen == 1 then -- it does not repeat, and must give up
        expect(outcome.status, "exit status after A2h instead of E5h"):equals(1)
      else
        expect(seen[2].bytes, "the frame after A2h came instead of E5h"):equals(seen[1].bytes)
        read_delivers(outcome, meter)
      end
    end,
  },
}
