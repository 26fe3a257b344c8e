-- SPDX-License-Identifier: Apache-2.0
-- Selection by secondary address, and searches (EN 13757-7, 8), judged from the trace.
local T = require "trace"
local B = require "bus"
local J = require "jobs"
local judge = {}

-- SND_UD to FDh while nobody is selected can only be a selection.
judge["MB7-SA-001"] = function(t)
  local selected = false
  return B.each(t, function(r)
    if r.fn == B.NKE and r.a >= B.SELECTED then selected = false end
    if r.fn ~= B.SND_UD or r.a ~= B.SELECTED then return false end
    local selects = not selected or r.frame.ci == 0x52
    if r.selects then selected = selected or #r.answers > 0 end
    return selects
  end, function(r)
    local f = r.frame
    if f.ci ~= 0x52 then return string.format("CI %02Xh to FDh, and nobody is selected", f.ci) end
    -- A fabrication number may follow (enhanced selection).
    if #f.data < 8 or #f.data > 8 and not T.skeleton(f.data:sub(9)) then return "an L field of " .. f.length end
    if f.c ~= 0x53 and f.c ~= 0x73 then return string.format("control field %02Xh", f.c) end
  end)
end

judge["MB7-SA-010"] = function(t)
  if t.ics.fcb == false then return "none" end
  return B.each(t, function(r)
    local before = r.previous
    return r.fn == B.REQ_UD2 and r.a == B.SELECTED and before ~= nil and before.selects ~= nil and
      B.answered(before) == true
  end, function(r)
    if r.frame.c ~= 0x7B then return string.format("control field %02Xh behind a selection", r.frame.c) end
  end)
end

-- ---- searches

-- Goes through the searches; `check(probes)` returns nothing where all is well, B.unseen, or what is wrong
-- and the probe.
local function each_search(t, check)
  local seen = false
  for _, probes in ipairs(B.searches(t)) do
    local what, probe = check(probes)
    if what == nil then
      seen = true
    elseif what ~= B.unseen then
      return "fail", what, probe.r.packet.index
    end
  end
  return seen and "pass" or "none"
end

-- Goes through the probes of a search for which `applies(probe)`.
local function each_probe(t, applies, check)
  return each_search(t, function(probes)
    local seen = false
    for i, probe in ipairs(probes) do
      if applies(probe) then
        local what = check(probe, probes, i)
        if what and what ~= B.unseen then return what, probe end
        seen = seen or not what
      end
    end
    if not seen then return B.unseen end
  end)
end

-- Where one value of a digit was tried behind others, all ten are. A digit that has one value alone was not
-- searched: it was given.
judge["MB7-SA-022"] = function(t)
  return each_search(t, function(probes)
    local values, last = {}, {}
    for _, probe in ipairs(probes) do
      if probe.level and probe.level > 0 then
        local above = probe.digits:sub(1, probe.level - 1)
        values[above] = values[above] or { count = 0 }
        local value = probe.digits:sub(probe.level, probe.level)
        if not values[above][value] then values[above][value], values[above].count = true, values[above].count + 1 end
        last[above] = probe
      end
    end
    local seen = false
    for above, tried in pairs(values) do
      if tried.count > 1 and tried.count < 10 then
        return "behind '" .. above .. "' " .. tried.count .. " of ten digits were tried", last[above]
      end
      seen = seen or tried.count == 10
    end
    if not seen then return B.unseen end
  end)
end

-- Below a mask that nobody answered to last nothing is tried.
judge["MB7-SA-023"] = function(t)
  return each_search(t, function(probes)
    local silent, seen = {}, false
    for _, probe in ipairs(probes) do
      if probe.level then
        for level = 0, probe.level - 1 do
          local above = probe.digits:sub(1, level)
          if silent[above] then
            return "above it nobody had answered to " .. above .. string.rep("F", 8 - level), probe
          end
        end
        local fixed = probe.digits:sub(1, probe.level)
        silent[fixed] = B.outcome(probe) == "silent"
        seen = seen or silent[fixed]
      end
    end
    if not seen then return B.unseen end
  end)
end

-- Behind a collision the next digit is tried.
judge["MB7-SA-024"] = function(t)
  return each_probe(t, function(probe)
    return probe.level ~= nil and probe.level < 8 and B.outcome(probe) == "garbled"
  end, function(probe, probes, at)
    if probes.last[probe.mask] > at then return B.unseen end
    if (probes.below[probe.digits:sub(1, probe.level)] or 0) < at then
      return "several answered to " .. probe.digits .. ", and the next digit was not tried"
    end
  end)
end

-- The same for the fields behind the number, exact selections among them.
judge["MB7-SA-026"] = function(t)
  local by_number = {}
  for phase, masks in pairs(B.selected_last(t)) do
    for mask, start in pairs(masks) do
      local key = phase .. B.digits(mask)
      if B.level(mask) == nil then by_number[key] = math.max(by_number[key] or start, start) end
    end
  end
  return each_probe(t, function(probe) return probe.level == 8 and B.outcome(probe) == "garbled" end,
    function(probe, probes, at)
      if probes.last[probe.mask] > at then return B.unseen end
      if (by_number[probe.r.phase .. probe.digits] or -1) < probe.r.packet.start then
        return "several answered to " .. probe.digits .. ", and no other field was tried"
      end
    end)
end

local function read_behind_acknowledge(t)
  return each_probe(t, function(probe)
    return B.answered(probe.r) == true and probe.r.next ~= nil
  end, function(probe)
    if #probe.readings == 0 then return "E5h to " .. probe.digits .. ", and it was not read" end
  end)
end

-- What is found by a number that telegrams say is an address that one of them says.
local function found_as_read(t)
  return J.each(t, { search = true }, function(job)
    local said, seen = {}, false
    for _, r in ipairs(job.requests) do
      local address = r.fn == B.REQ_UD2 and B.answered(r) == true and J.address_of(r.answers[1])
      if address then said[address], said[address:sub(1, 8)] = true, true end
    end
    for _, found in ipairs(job.found) do
      if said[found:sub(1, 8)] and not said[found:upper()] then
        return "found " .. found .. ", an address that no telegram says"
      end
      seen = seen or said[found:upper()]
    end
    return not seen and B.unseen or nil
  end)
end

judge["MB7-SA-025"] = function(t)
  local verdict, what, packet = found_as_read(t)
  if verdict == "fail" then return verdict, what, packet end
  local behind, text, at = read_behind_acknowledge(t)
  return behind == "none" and verdict or behind, text, at
end

-- A telegram read below a wildcard names its meter, which is then selected by just this address.
judge["MB7-SA-027"] = function(t)
  local last = B.selected_last(t)
  return each_probe(t, function(probe) return B.outcome(probe) == "one" end, function(probe)
    local header = T.header(probe.readings[#probe.readings].answers[1])
    if not header or not header.long or B.is_wild(header.address) then return B.unseen end
    if (last[probe.r.phase][header.address] or -1) < probe.r.packet.start then
      return B.digits(header.address) .. " was read, and never selected by its address"
    end
  end)
end

judge["MB7-SA-028"] = function(t)
  return each_search(t, function(probes)
    local r = probes[1].r.previous
    while r do
      if r.fn == B.NKE and (r.a == B.SELECTED or r.a == B.BROADCAST) then return nil end
      r = r.previous
    end
    return "no SND_NKE to FDh or FFh before the first mask", probes[1]
  end)
end

-- Tries of a mask in a row that nobody answers to.
judge["MB7-SA-030"] = function(t)
  return each_search(t, function(probes)
    local mask, count, seen = nil, 0, false
    for _, probe in ipairs(probes) do
      local silent = B.outcome(probe) == "silent"
      count = silent and (probe.mask == mask and count + 1 or 1) or 0
      mask = probe.mask
      if count > 2 then return count .. " tries of " .. probe.digits .. ", which nobody answers to", probe end
      seen = seen or silent
    end
    if not seen then return B.unseen end
  end)
end

-- A scan: many primary addresses in one phase.
judge["MB7-SA-029"] = function(t)
  local asked, count, last = {}, {}, {}
  for _, r in ipairs(B.requests(t)) do
    if (r.fn == B.NKE or r.fn == B.REQ_UD2) and r.a <= 250 then
      local there = asked[r.phase] or {}
      asked[r.phase], last[r.phase] = there, r
      if not there[r.a] then there[r.a], count[r.phase] = true, (count[r.phase] or 0) + 1 end
    end
  end
  local seen = false
  for phase, there in pairs(asked) do
    for address = 0, 250 do
      if count[phase] > 50 and not there[address] then
        return "fail", "a scan without address " .. address, last[phase].packet.index
      end
    end
    seen = seen or count[phase] > 50
  end
  return seen and "pass" or "none"
end

return judge
