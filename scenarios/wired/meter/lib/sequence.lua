-- SPDX-License-Identifier: Apache-2.0
-- Sequences generated from the standard's table of the link layer (docs/model.md). Those of a family
-- find every single deviation from it, one output or one next state, in the states it reaches. Each
-- begins with a reset, and each step is judged by what the table allows there.
local identity = require "identity"
local stimuli = require "stimuli"

local sequence = {}

local max_telegrams = 3 -- that sequences tell apart

-- A secondary address for devices that cannot be selected: 00000001 PAD, version 1, water.
local nobody = hex "01 00 00 00 24 40 01 07"

-- The requirements that the steps of a family cite.
local function requirements(data)
  local list, seen = { "MB2-LL-026" }, { ["MB2-LL-026"] = true }
  for _, step in ipairs(data.steps) do
    for i = 3, 4 do
      if step[i] ~= "" and not seen[step[i]] then
        seen[step[i]] = true
        list[#list + 1] = step[i]
      end
    end
  end
  table.sort(list)
  return list
end

-- Which telegrams have been seen, by their number; another number must be another telegram.
local function check_telegram(r, number, seen, what, requirement)
  if seen[number] then return expect(r, what, requirement):same_records(seen[number]).held end
  for i = 1, max_telegrams do
    if seen[i] and not expect(r, what, requirement):other_telegram(seen[i]).held then return false end
  end
  seen[number] = r
  return true
end

-- Whether the answer is one of those allowed; a broken `shall` ends the case.
local function check(step, r, seen, what, ics)
  local allowed, requirement = step[2], step[3]
  -- Who claims class 1 data answers REQ_UD1: the table leaves it open, the claim does not.
  local class1 = requirement == "MB2-LL-029" and ics.alarms
  local may_be_silent = not class1 and allowed:find("-", 1, true)
  local may_acknowledge = allowed:find("A", 1, true)
  if allowed == "-" or r == nil and may_be_silent then
    return expect(r, what, requirement):is_silence().held
  end
  if allowed == "A" or r and r.bytes == "\xE5" and may_acknowledge then
    return expect(r, what, requirement):is_acknowledge().held
  end
  if not expect(r, what, requirement):is_telegram().held then return false end
  local number = tonumber(allowed:match("%d"))
  if not number then return true end
  return check_telegram(r, number, seen, what, step[4] ~= "" and step[4] or requirement)
end

-- Two requests running at one address: with the same bit they get the same telegram, with the other bit
-- another one, also where the table leaves open which (FCB 0 after a reset, telegrams beyond those told apart).
local function check_pair(stimulus, r, last, what, cited, telegrams)
  local address, bit = stimulus:match("^request%-(%l+)%-([01])$")
  if not (last and r and r.frame and last.answer and last.answer.frame) then return true end
  local before, other = (last.stimulus):match("^request%-(%l+)%-([01])$")
  if not bit or before ~= address then return true end
  local own = address == "own"
  local requirement = bit == other and "MB2-LL-038" or own and "MB2-LL-037" or "MB7-SA-012"
  if not cited[requirement] then return true end
  if bit ~= other then
    return telegrams < 2 or expect(r, what, requirement):other_telegram(last.answer).held
  end
  return not own or expect(r, what, requirement):same_telegram(last.answer).held
end

-- What the device answers first behind a reset: telegram 1 of every sequence, not only within one.
local function first_telegram(line, dut)
  line:reset(dut)
  local r = line:request(dut, { fcb = 1 })
  precondition(r, "answer behind a reset"):is_telegram()
  return r
end

-- Runs every `of`-th sequence, from `part` on. `data`: a module of lib/sequence_*.lua.
local function run(rig, data, part, of, cited)
  local line, dut = rig.line, rig.dut
  local to = { own = dut.address, unused = rig.unused_address,
               mask = rig.ics.secondary and identity.read(line, dut) or nobody }
  local list = data[tostring(rig.ics.telegrams)] or data.more
  local first = first_telegram(line, dut)
  local window = line:bits(330 + 33) + ms(50) + line.uncertainty
  for i = (part - 1) % #list + 1, #list, of do
    local seen, sent, last = { first }, {}, nil
    -- Not selected: by a selection of another meter, to which nobody answers.
    line:exchange(stimuli["select-other"](to), { within = window })
    expect(line:exchange(frame { c = 0x40, a = to.own }), "sequence " .. i .. ": answer to the reset",
           "MB2-LL-026"):is_acknowledge()
    for index in list[i]:gmatch("%d+") do
      local step = data.steps[tonumber(index)]
      local bytes, options = stimuli[step[1]](to, line)
      options = options or {}
      if step[2]:find("-", 1, true) then options.within = window end
      sent[#sent + 1] = step[1]
      local what = "sequence " .. i .. ": answer to " .. step[1]
      if #sent > 1 then what = what .. " after " .. sent[#sent - 1] end
      -- A device that only earned a remark is in a state that nobody knows: on to the next reset.
      local r = line:exchange(bytes, options)
      if not check(step, r, seen, what, rig.ics) then break end
      if not check_pair(step[1], r, last, what, cited, rig.ics.telegrams) then break end
      last = { stimulus = step[1], answer = r }
    end
  end
end

-- The cases of a family; the sequences are dealt out to `parts` of them.
function sequence.cases(family)
  local data = require("sequence_" .. family.family:gsub("-", "_"))
  local checks = requirements(data)
  local cited = {}
  for _, requirement in ipairs(checks) do cited[requirement] = true end
  local parts = {}
  for part = 1, family.parts do parts[part] = part end
  return each(parts, function(part)
    return case {
      id = "wired.link.sequence." .. family.family .. "." .. part,
      title = family.title .. ": generated sequences, part " .. part .. " of " .. family.parts,
      checks = checks,
      needs = family.needs,
      applies = family.applies,
      judges = { "reset", "request" },
      tags = { "sequence" },
      run = function(rig)
        rig:isolate() -- several devices would answer FEh at once
        run(rig, data, part, family.parts, cited)
      end,
    }
  end)
end

return sequence
