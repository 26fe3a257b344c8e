-- SPDX-License-Identifier: Apache-2.0
-- What a master says of its jobs: telegrams handed on, meters found, faults (EN 13757-2, 5; EN 13757-7, 8),
-- judged from the trace and the jobs in it.
local T = require "trace"
local B = require "bus"
local J = require "jobs"
local judge = {}

local function jobs_of(...)
  local names = {}
  for _, name in ipairs { ... } do names[name] = true end
  return names
end
local reads = jobs_of "read"

-- ---- what is no answer

-- Whether a meter said these octets well to a request of the job that they fit.
local function said_well(job, bytes)
  for _, r in ipairs(job.requests) do
    for _, p in ipairs(r.answers) do
      if p.bytes == bytes and r.fn and B.fits(r, p) then return true end
    end
  end
  return false
end

-- Goes through the answers of read-outs for which `applies(r, p)`: none is handed on, unless it came well, too.
local function never_handed_on(applies)
  return function(t)
    return J.each(t, reads, function(job)
      local seen = false
      for _, r in ipairs(job.requests) do
        local p = r.answers[1]
        if r.fn == B.REQ_UD2 and p and #r.answers == 1 and applies(r, p) then
          if J.handed_on(job, p.bytes) and not said_well(job, p.bytes) then return "handed on", p end
          seen = true
        end
      end
      return not seen and B.unseen or nil
    end)
  end
end

judge["MB2-LL-074"] = never_handed_on(function(r) return B.garbled(r) end)

judge["MB2-LL-075"] = never_handed_on(function(r, p)
  local f, header = p.frame, T.header(p)
  if p.wrong or #f.defects > 0 or f.kind == "other" or not f.c or f.c & 0x40 ~= 0 then return false end
  if r.a < B.SELECTED then return f.a ~= r.a end
  return r.a == B.SELECTED and r.mask ~= nil and header ~= nil and header.long and
    not T.matches(r.mask, header.address)
end)

-- Octets at once behind a good answer: the request is repeated, or the job has failed.
local function has_surplus(r)
  local p, more = r.answers[1], r.answers[2]
  if not p or p.wrong or p.errors.collision then return false end
  if not more then return #p.frame.defects == 1 and p.frame.defects[1] == "surplus" end
  return B.fits(r, p) == true and more.start - p.finish < T.bits(p, 22)
end
judge["MB2-LL-068"] = function(t)
  return J.each(t, reads, function(job)
    local seen = false
    for _, r in ipairs(job.requests) do
      if r.fn == B.REQ_UD2 and has_surplus(r) then
        if not J.asks_later(r) and job.status == 0 then
          return "octets behind the answer were passed over", r.answers[1]
        end
        seen = seen or B.same(r, r.following) or job.status ~= 0
      end
    end
    return not seen and B.unseen or nil
  end)
end

-- ---- faults

-- The last thing that a job asked for, its attempts over, without a good answer.
judge["MB2-LL-020"] = function(t)
  return J.each(t, jobs_of("read", "write"), function(job)
    local last
    for _, r in ipairs(job.requests) do
      if not last or r.fn ~= B.NKE then last = r end
    end
    if not last.fn or last.a > B.SELECTED or B.answered(last) ~= false then return B.unseen end
    if job.status == 0 then return "nobody answered well, and the job says that all is done", last.packet end
  end)
end

-- A read-out that broke off, more telegrams being announced; before the meter is asked again it is reset.
judge["MB2-LL-047"] = function(t)
  local open, seen = {}, false
  for _, r in ipairs(B.requests(t)) do
    local job = J.readout(r)
    if not r.fn then
      open = {} -- what it is to the meter is open
    elseif r.fn == B.NKE or r.fn == B.SND_UD and r.frame.ci == 0x50 then
      for a in pairs(open) do
        if a == r.a or r.a >= B.SELECTED then seen, open[a] = seen or open[a].job ~= r.job, nil end
      end
    elseif r.fn == B.REQ_UD2 and r.a < B.SELECTED then
      local before = open[r.a]
      if before and before.job ~= r.job and before.job.status ~= 0 then
        return "fail", "a read-out was given up, and the next goes on with it", r.packet.index
      end
      local records = job and B.answered(r) == true and B.records(r.answers[1])
      if records then open[r.a] = records.more and r or nil end
    end
  end
  return seen and "pass" or "none"
end

-- ---- commands

-- The CI-fields that have no transport header: what a job gave goes out as it is.
local bare = { [0x50] = true, [0x51] = true, [0x52] = true, [0x54] = true, [0x66] = true, [0x70] = true, [0x71] = true }
for ci = 0xB8, 0xBF do bare[ci] = true end
judge["MB3-AP-042"] = function(t)
  return J.each(t, jobs_of "write", function(job)
    local address, data = tonumber(job.arguments[1] or ""), job.arguments[2] or ""
    local ci = tonumber(data:sub(1, 2), 16)
    if not address or address > 250 or not bare[ci] then return B.unseen end
    local other, seen
    for _, r in ipairs(job.requests) do
      if r.fn == B.SND_UD and r.a == address then
        local sent = string.char(r.frame.ci) .. r.frame.data
        if T.hex(sent):gsub(" ", "") == data:upper() then seen = true else other = r end
      end
    end
    if other and not seen then return "the command went out as something else", other.packet end
    return not seen and B.unseen or nil
  end)
end

-- ---- scans and searches

-- Addresses at which something was heard, and never a telegram well.
judge["MB2-LL-069"] = function(t)
  return J.each(t, jobs_of "scan", function(job)
    local several, well = {}, {}
    for _, r in ipairs(job.requests) do
      if r.fn == B.REQ_UD2 and B.answered(r) == true then well[r.a] = true end
      local p = r.answers[1]
      if p and (p.errors.collision or r.fn == B.REQ_UD2 and B.garbled(r)) then several[r.a] = p end
    end
    local seen = false
    for a, p in pairs(several) do
      if not well[a] then
        for _, found in ipairs(job.found) do
          if tonumber(found) == a then return "several answered at " .. a .. ", and it was found", p end
        end
        seen = true
      end
    end
    return not seen and B.unseen or nil
  end)
end

-- The numbers of telegrams that were read well in a search; whether one has a digit that is none.
local function numbers_read(job)
  local numbers, some, odd = {}, false, false
  for _, r in ipairs(job.requests) do
    local number = r.fn == B.REQ_UD2 and B.answered(r) == true and J.number_of(r.answers[1])
    if number then
      numbers[number], some = true, true
      odd = odd or number:find "%u" ~= nil
    end
  end
  return numbers, some, odd
end

-- Whether somebody has answered to a mask of just this number, without a wild digit.
local function answered_to(job, number)
  if number:find "F" then return false end
  for _, r in ipairs(job.requests) do
    if r.selects and #r.answers > 0 and B.digits(r.selects) == number then return true end
  end
  return false
end

judge["MB7-TL-006"] = function(t)
  return J.each(t, jobs_of "search", function(job)
    local numbers, some = numbers_read(job)
    for _, found in ipairs(job.found) do
      local number = found:sub(1, 8):upper()
      if not numbers[number] and not answered_to(job, number) then
        return "found " .. found .. ", a number that no meter has said"
      end
    end
    return not (some and #job.found > 0) and B.unseen or nil
  end)
end

judge["MB7-SA-021"] = function(t)
  return J.each(t, jobs_of "search", function(job)
    local numbers, _, odd = numbers_read(job)
    if not odd then return B.unseen end
    for _, found in ipairs(job.found) do
      if not numbers[found:sub(1, 8):upper()] and not answered_to(job, found:sub(1, 8)) then
        return "found " .. found .. ", a number that no meter has said"
      end
    end
    if #job.found + #job.faults == 0 then return "a number with a digit Ah to Fh was read, and nothing said of it" end
  end)
end

-- Read-outs by two secondary addresses, each of which brought its meter's telegram and no other's.
judge["MB7-SA-014"] = function(t)
  local read, count = {}, 0
  for _, job in ipairs(J.jobs(t)) do
    local number = job.name == "read" and J.told(job) and #(job.arguments[1] or "") == 16 and
      job.arguments[1]:sub(1, 8):upper()
    if number and not number:find "%u" and #job.requests > 0 then
      for _, telegram in ipairs(job.telegrams) do
        local said = J.number_of { frame = T.frame(telegram) }
        if said and said ~= number then
          return "fail", "a telegram of " .. said .. " was handed on for " .. number,
            job.requests[#job.requests].packet.index
        end
        if said and not read[number] then read[number], count = true, count + 1 end
      end
    end
  end
  return count > 1 and "pass" or "none"
end

return judge
