-- SPDX-License-Identifier: Apache-2.0
-- When a master asks, when it asks again, and its frame count bit (EN 13757-2, 5), judged from the trace.
local T = require "trace"
local B = require "bus"
local judge = {}

-- ---- times; a master's clock may be off by 0.5 %

-- Between a request that nobody answered and what comes next. Nobody answers FFh, and an alarm poll may wait
-- for less (MB3-AP-020).
judge["MB2-LL-018"] = function(t)
  return B.each(t, function(r)
    return r.fn ~= nil and r.fn ~= B.REQ_UD1 and r.a ~= B.BROADCAST and #r.answers == 0 and #r.early == 0 and
      r.next ~= nil
  end, function(r)
    local waited, due = r.next.packet.start - r.packet.finish, T.bits(r.next.packet, 330) * 0.995 + 50e6
    if waited < due - t.uncertainty then
      return string.format("%d ns after a request, %.0f ns at least are due", waited, due), r.next.packet
    end
  end)
end

judge["MB2-LL-021"] = function(t)
  return B.each(t, function(r) return #r.answers > 0 and r.after ~= nil end, function(r)
    local last = r.answers[1]
    for _, p in ipairs(r.answers) do
      if p.finish > last.finish then last = p end
    end
    local idle, due = r.after.packet.start - last.finish, T.bits(last, 33) * 0.995
    if idle < 0 then return B.unseen end -- sent into an answer: another matter
    if idle < due - t.uncertainty - 1 then
      return string.format("%d ns after an answer, %.0f ns at least are due", idle, due), r.after.packet
    end
  end)
end

-- ---- repetitions

-- Identical frames of one phase without a good answer between them. One that is sent once and never again is
-- judged where the phase has nothing else: a scan and a search need not repeat.
judge["MB2-LL-019"] = function(t)
  local function unanswered(r)
    return r ~= nil and (r.fn == B.NKE or r.fn == B.REQ_UD2 or r.fn == B.SND_UD) and r.a < B.SELECTED and
      B.answered(r) == false
  end
  return B.each(t, unanswered, function(r)
    local count, first = 1, r
    while unanswered(first.previous) and B.same(first.previous, first) do
      count, first = count + 1, first.previous
    end
    if B.same(r, r.next) then count = count + 1 end
    if count > 3 then return count .. " transmissions of one frame", r.next and r.next.packet end
    if count == 1 and not r.next and B.alone(r) and B.phase_over(r) then
      return "not repeated, though there was no good answer"
    end
    return count == 1 and B.unseen or nil
  end)
end

-- ---- the frame count bit

-- Goes through the requests with FCV = 1 and the one before, at the same address, that its bit goes by: nil
-- behind a reset or a selection, and then `reset` says whether it has ever been used. Whether a request of
-- another kind goes by the same bit is not sure: a slave may keep one for each kind.
local function follow(t, check)
  local last, used = {}, {}
  local seen = false
  for _, r in ipairs(B.requests(t)) do
    if not r.fn then
      last = {} -- who hears it, and what they make of it, is open
    elseif r.fn == B.NKE and r.a >= B.TEST then
      last = {}
    elseif r.fn == B.NKE or r.selects then
      last[r.a] = nil
    elseif r.fcv then
      local before = last[r.a]
      local what = before and before.fn ~= r.fn and B.unseen or check(r, before, used[r.a] and not before)
      if what and what ~= B.unseen then return "fail", what, r.packet.index end
      seen = seen or not what
      last[r.a], used[r.a] = r, true
    end
  end
  return seen and "pass" or "none"
end

local function repeats(before, r)
  return before.fn == r.fn and before.frame.ci == r.frame.ci and before.frame.data == r.frame.data
end

judge["MB2-LL-040"] = function(t)
  return follow(t, function(r, before)
    if not before or before.next ~= r then return B.unseen end
    local good = B.answered(before)
    if good and r.fcb == before.fcb then return "FCB has not toggled behind a good answer" end
    if good == false and repeats(before, r) then
      if r.fcb ~= before.fcb then return "FCB has toggled, though there was no good answer" end
      return nil
    end
    return not good and B.unseen or nil
  end)
end

judge["MB2-LL-041"] = function(t)
  return follow(t, function(r, before, reset)
    if reset then return nil end
    if not before or before.next == r or not B.answered(before) then return B.unseen end
    if r.fcb == before.fcb then return "FCB is that of the last good exchange with this address" end
  end)
end

judge["MB2-LL-039"] = function(t)
  return B.each(t, function(r)
    local before = r.previous
    return (r.fn == B.REQ_UD1 or r.fn == B.REQ_UD2) and r.fcv and r.a < B.SELECTED and before ~= nil and
      before.fn == B.NKE and before.a == r.a and B.answered(before) == true
  end, function(r)
    if not r.fcb then return "FCB = 0 in the first request behind SND_NKE" end
  end)
end

judge["MB2-LL-044"] = function(t)
  if t.ics.fcb == false then return "none" end
  return B.each(t, function(r)
    return r.fn ~= nil and r.fn ~= B.NKE and not r.selects and r.a <= B.SELECTED
  end, function(r)
    if not r.fcv then return string.format("control field %02Xh: FCV = 0", r.frame.c) end
  end)
end

-- ---- the rate

local rate_of = { [0xB8] = 300, [0xB9] = 600, [0xBA] = 1200, [0xBB] = 2400, [0xBC] = 4800, [0xBD] = 9600,
                  [0xBE] = 19200, [0xBF] = 38400 }
local function near(r, rate) return math.abs(r.packet.baud - rate) < rate / 50 end

-- A command that changes the rate and was acknowledged.
local function changes(r)
  local rate = r.fn == B.SND_UD and rate_of[r.frame.ci]
  return rate and not near(r, rate) and B.answered(r) == true
end

judge["MB2-LL-060"] = function(t)
  return B.each(t, changes, function(r)
    local rate, following = rate_of[r.frame.ci], r.next
    while following and not near(following, rate) do following = following.next end
    if not following then
      if r.next or B.phase_over(r) then return "nothing was sent at " .. rate .. " Bd" end
      return B.unseen
    end
    if following.packet.start - r.packet.finish > 120e9 then
      return "the first frame at " .. rate .. " Bd came after more than 2 minutes", following.packet
    end
  end)
end

judge["MB2-LL-062"] = function(t)
  return B.each(t, changes, function(r)
    local rate, following, tries = rate_of[r.frame.ci], r.next, 0
    while following and near(following, rate) do
      if #following.answers > 0 then return B.unseen end
      tries, following = tries + 1, following.next
    end
    if tries == 0 then return B.unseen end
    if not following then
      return B.phase_over(r) and "silence at " .. rate .. " Bd, and nothing was sent at the old rate" or B.unseen
    end
    if not near(following, r.packet.baud) then
      return following.packet.baud .. " Bd, which is neither the new rate nor the old", following.packet
    end
  end)
end

return judge
