-- SPDX-License-Identifier: Apache-2.0
-- What predicates of masters stand on. The harness is the bus: what the trace says was heard are the master's
-- requests, what was sent are the meters' answers. Nothing here knows of jobs (lib/jobs.lua does): without them
-- one may end and another begin unseen within a phase (prologue, run, epilogue).
local T = require "trace"
local R = require "records"
local M = {}

M.NKE, M.SND_UD, M.REQ_UD1, M.REQ_UD2 = T.NKE, T.SND_UD, T.REQ_UD1, T.REQ_UD2
M.SELECTED, M.TEST, M.BROADCAST = T.SELECTED, T.TEST, T.BROADCAST

-- A check returns this where a request shows nothing after all; and this where it leaves a doubt, so that the
-- requirement is not shown to be kept by any other.
M.unseen, M.doubtful = {}, {}

local WILD = "\xFF\xFF\xFF\xFF"

-- The mask of a selection: eight octets. More may follow it (a fabrication number).
local function mask_of(r)
  local f = r.frame
  if r.fn == M.SND_UD and r.a == M.SELECTED and f.ci == 0x52 and #f.data >= 8 then return f.data:sub(1, 8) end
end

local function request_of(t, p)
  local f = p.frame
  local r = { packet = p, frame = f, answers = {}, early = {}, phase = p.phase, trace = t }
  if not p.wrong and f.c and f.kind ~= "other" and #f.defects == 0 and f.c & 0x40 ~= 0 then
    r.fn, r.a = T.function_of(f.c), f.a
    r.fcv, r.fcb = f.c & T.FCV ~= 0, f.c & T.FCB ~= 0
    if (f.kind == "short") == (r.fn == M.SND_UD) then r.fn, r.fcv = nil, false end
  end
  return r
end

-- All that the master sent, in order: { packet, frame, phase; fn, a, fcv, fcb (of valid frames); answers;
-- early (what meters began to say before it had ended); mask (of the selection that holds); previous, next
-- (in the same phase), after (in any) }.
function M.requests(t)
  if t.requests then return t.requests end
  local packets = {}
  for i, p in ipairs(t.packets) do packets[i] = p end
  table.sort(packets, function(a, b)
    if a.start ~= b.start then return a.start < b.start end
    return a.index < b.index
  end)
  t.requests = {}
  local current, mask
  for _, p in ipairs(packets) do
    p.frame = T.frame(p.bytes)
    p.wrong = p.errors.parity or p.errors.framing or p.errors["break"]
    if not p.sent then
      local r = request_of(t, p)
      if current then
        current.after = r
        if current.phase == r.phase then current.next, r.previous = r, current end
      end
      local selects = mask_of(r)
      if selects then
        mask = selects
      elseif r.fn == M.NKE and r.a >= M.SELECTED then
        mask = nil
      end
      r.mask, r.selects = mask, selects
      t.requests[#t.requests + 1] = r
      current = r
    elseif current then
      local list = p.start < current.packet.finish and current.early or current.answers
      list[#list + 1] = p
    end
  end
  return t.requests
end

-- Whether an answer, seen alone, is one to this request: true; false where it is garbled or comes from a
-- master; nil where it is well formed and something else than was asked for.
function M.fits(r, p)
  local f = p.frame
  if p.wrong or f.kind == "other" or #f.defects > 0 then return false end
  if f.kind == "acknowledge" then
    if r.fn == M.REQ_UD2 then return nil end
    return true
  end
  if f.c & 0x40 ~= 0 then return false end
  if f.kind == "short" or f.c & 0xCF ~= 0x08 or r.fn ~= M.REQ_UD1 and r.fn ~= M.REQ_UD2 then return nil end
  if r.a < M.SELECTED and f.a ~= r.a then return nil end
  if r.a == M.SELECTED then
    local header = T.header(p)
    if f.a > 250 and f.a ~= M.SELECTED then return nil end
    if header and header.long and r.mask and not T.matches(r.mask, header.address) then return nil end
  end
  return true
end

-- An echo of the master's own octets, as a converter gives them.
function M.echoes(r, p) return p.bytes == r.packet.bytes end

local function undisturbed(r, p)
  local u, delay = r.trace.uncertainty, p.start - r.packet.finish
  local length = T.bits(p, 11 * #p.bytes)
  if delay < T.bits(p, 11) * 0.995 - u or delay > T.bits(p, 330) * 1.005 + 50e6 + u then return false end
  if math.abs(p.baud - r.packet.baud) > r.packet.baud / 100 then return false end
  if p.finish - p.start > length * 1.01 + u then return false end -- idle time inside
  return not (r.after and p.finish > r.after.packet.start)
end

local function judge_answer(r)
  if not r.fn then return nil end
  for _, p in ipairs(r.early) do
    if not M.echoes(r, p) then return nil end
  end
  local p = r.answers[1]
  if not p then return false end
  if #r.answers > 1 or not undisturbed(r, p) then return nil end
  local fits = M.fits(r, p)
  -- Several spoke at once, and it reads as if one had.
  if fits and p.errors.collision then return nil end
  return fits
end

-- Whether a request was answered well: true, false (silence, or garbled), nil where it is open what a
-- receiver makes of it: too early or late, more than one, another than was asked for.
function M.answered(r)
  if not r.judged then r.judged, r.good = true, judge_answer(r) end
  return r.good
end

-- As above, and what came was one thing, in time, garbled.
function M.garbled(r) return r.answers[1] ~= nil and M.answered(r) == false end

-- The same octets at the same rate.
function M.same(a, b)
  if not a or not b or a.packet.bytes ~= b.packet.bytes then return false end
  return math.abs(a.packet.baud - b.packet.baud) <= a.packet.baud / 100
end

-- How the master took the answer, told by what it sent next: "repeated" the request, or went "on" as one does
-- behind a good answer; nil where that cannot be told.
function M.took(r)
  local following = r.next
  if not following or not r.fn or not following.fn then return nil end
  if r.fn == M.NKE or r.fn == M.SND_UD and not r.fcv then
    if M.same(r, following) then return "repeated" end
    if M.same(r.previous, r) then return nil end -- maybe it has given up asking for that
    local to = r.a == following.a and following.fn ~= M.NKE
    return to and not following.selects and "on" or nil
  end
  if not r.fcv or following.a ~= r.a or not following.fcv or following.selects then return nil end
  if M.same(r, following) then return "repeated" end
  if r.selects then return following.fn ~= M.SND_UD and "on" or nil end
  return following.fcb ~= r.fcb and "on" or nil
end

-- Goes through the requests for which `applies(r)`; `check(r)` returns nothing where all is well, M.unseen,
-- M.doubtful, or what is wrong and maybe the packet.
function M.each(t, applies, check)
  local seen, doubt = false, false
  for _, r in ipairs(M.requests(t)) do
    if applies(r) then
      local what, packet = check(r)
      if what == nil then
        seen = true
      elseif what == M.doubtful then
        doubt = true
      elseif what ~= M.unseen then
        return "fail", what, (packet or r.packet).index
      end
    end
  end
  return seen and not doubt and "pass" or "none"
end

-- A good answer for which `applies(r, p)` must be taken: the request is not repeated. REQ_UD2 only: who
-- repeats another request may have reasons of its own.
function M.taken(t, applies)
  return M.each(t, function(r)
    return r.fn == M.REQ_UD2 and r.fcv and M.answered(r) == true and applies(r, r.answers[1])
  end, function(r)
    local took = M.took(r)
    if took == "repeated" then return "asked again though the answer was good", r.next.packet end
    return took == nil and M.unseen or nil
  end)
end

-- What came instead of E5h and for which `applies(p)` must not be taken for it. Behind REQ_UD2 a trace does
-- not tell one that takes a bad answer from one that discards it and toggles FCB all the same (MB2-LL-040).
function M.refused(t, applies)
  return M.each(t, function(r)
    return (r.fn == M.NKE or r.fn == M.SND_UD) and #r.answers == 1 and applies(r.answers[1])
  end, function(r)
    local took = M.took(r)
    if took == "on" then return "went on as behind E5h", r.next.packet end
    return took == nil and M.unseen or nil
  end)
end

-- Whether the master speaks with this one meter only in the phase, and gives it no commands.
function M.alone(r)
  for _, other in ipairs(M.requests(r.trace)) do
    if other.phase == r.phase and (other.a ~= r.a or other.fn == M.SND_UD and not other.selects) then return false end
  end
  return true
end

-- Whether the trace goes on behind the phase: then the jobs in it have ended.
function M.phase_over(r)
  local list = M.requests(r.trace)
  return list[#list].phase ~= r.phase
end

-- The records of an answer that are not encrypted, as R.walk() has them; nil where they do not parse, and
-- behind a CI-field that brings something else (a compact frame has values without DIBs).
function M.records(p)
  local header = (p.frame.ci == 0x72 or p.frame.ci == 0x7A) and T.header(p)
  if header then
    if header.configuration & 0x1F00 ~= 0 then return nil end
    return (R.walk(header.records))
  end
  return p.frame.ci == 0x78 and (R.walk(p.frame.data)) or nil
end

-- ---- selections

-- The digits of a mask's identification number, the most significant first, F where it is wild.
function M.digits(mask)
  local text = ""
  for i = 4, 1, -1 do text = text .. string.format("%02X", mask:byte(i)) end
  return text
end

function M.is_wild(mask) return M.digits(mask):find("F", 1, true) ~= nil or mask:find("\xFF", 5, true) ~= nil end

-- How many digits are fixed in a mask of which the rest is wild; nil for another mask.
function M.level(mask)
  local fixed = M.digits(mask):match "^(%x-)F*$"
  if not fixed or fixed:find("F", 1, true) or mask:sub(5) ~= WILD then return nil end
  return #fixed
end

-- The wildcard selections of each phase that is a search: one that tries more than one mask. A list of lists
-- of { r, mask, digits, level, readings (the requests to FDh behind it) }; each list with `last`, the last
-- probe's place by mask, and `below`, that of the last probe with one digit more by the fixed digits.
function M.searches(t)
  if t.searches then return t.searches end
  local searches, phase, probes, masks, probe = {}, nil, nil, 0, nil
  local function close()
    if masks > 1 then searches[#searches + 1] = probes end
    probes, masks = { last = {}, below = {} }, 0
  end
  close()
  for _, r in ipairs(M.requests(t)) do
    if r.phase ~= phase then
      close()
      phase, probe = r.phase, nil
    end
    if r.selects and M.is_wild(r.selects) then
      probe = { r = r, mask = r.selects, digits = M.digits(r.selects), level = M.level(r.selects), readings = {} }
      probes[#probes + 1] = probe
      if not probes.last[probe.mask] then masks = masks + 1 end
      probes.last[probe.mask] = #probes
      if probe.level and probe.level > 0 then probes.below[probe.digits:sub(1, probe.level - 1)] = #probes end
    elseif probe and r.fn == M.REQ_UD2 and r.a == M.SELECTED then
      probe.readings[#probe.readings + 1] = r
    else
      probe = nil
    end
  end
  close()
  t.searches = searches
  return searches
end

-- The place in time of the last selection by each mask, by phase: { [phase] = { [mask] = start } }.
function M.selected_last(t)
  local last = {}
  for _, r in ipairs(M.requests(t)) do
    if r.selects then
      last[r.phase] = last[r.phase] or {}
      last[r.phase][r.selects] = r.packet.start
    end
  end
  return last
end

-- What came of a probe: "silent", "garbled" (E5h or the telegram behind it), "one" (a good telegram), nil
-- where it is open.
function M.outcome(probe)
  if #probe.r.answers == 0 and #probe.r.early == 0 then return "silent" end
  if M.garbled(probe.r) then return "garbled" end
  local reading = probe.readings[#probe.readings]
  if not reading or M.answered(probe.r) ~= true then return nil end
  if M.garbled(reading) then return "garbled" end
  return M.answered(reading) and "one" or nil
end

return M
