-- SPDX-License-Identifier: Apache-2.0
-- The jobs that a master was given, what it sent for each, and what it handed on. Traces of old have none:
-- then every ruling that stands on them is "none".
local T = require "trace"
local B = require "bus"
local M = {}

-- The jobs in order, each with `requests`, what the master sent from its begin on until the next begins; the
-- requests get their `job` and `following`, the next one of the same job.
function M.jobs(t)
  if t.jobs.listed then return t.jobs end
  t.jobs.listed = true
  for _, job in ipairs(t.jobs) do job.requests = {} end
  local at, last = 0, nil
  for _, r in ipairs(B.requests(t)) do
    while t.jobs[at + 1] and t.jobs[at + 1].start <= r.packet.start do at, last = at + 1, nil end
    local job = t.jobs[at]
    if job then
      r.job = job
      job.requests[#job.requests + 1] = r
      if last then last.following = r end
      last = r
    end
  end
  return t.jobs
end

-- What the master said of a job can be relied on: the job ended by itself, and the trace holds all of it.
function M.told(job) return job ~= nil and job.status ~= nil and not job.cut end

-- The read-out that a request is part of; nil where it is none, or is not told.
function M.readout(r)
  M.jobs(r.trace)
  return r.job and r.job.name == "read" and M.told(r.job) and r.job or nil
end

function M.handed_on(job, bytes)
  for _, telegram in ipairs(job.telegrams) do
    if telegram == bytes then return true end
  end
  return false
end

-- Like B.took(), where the next request is of the same job.
function M.took(r)
  M.jobs(r.trace)
  return r.following ~= nil and r.following == r.next and B.took(r) or nil
end

-- Whether the same meter is asked with REQ_UD2 later in the job.
function M.asks_later(r)
  local later = r.following
  while later and not (later.fn == B.REQ_UD2 and later.a == r.a) do later = later.following end
  return later ~= nil
end

-- Goes through the jobs of this name that are told and for which something was sent; `check(job)` returns
-- nothing where all is well, B.unseen, or what is wrong and maybe the packet.
function M.each(t, names, check)
  local seen = false
  for _, job in ipairs(M.jobs(t)) do
    local last = job.requests[#job.requests]
    if names[job.name] and M.told(job) and last then
      local what, packet = check(job)
      if what == nil then
        seen = true
      elseif what ~= B.unseen then
        return "fail", what, (packet or last.packet).index
      end
    end
  end
  return seen and "pass" or "none"
end

-- Every request of a job had its good answer; what SND_NKE to a selected meter gets does not matter.
function M.all_good(job)
  for _, r in ipairs(job.requests) do
    if not (r.fn == B.NKE and r.a >= B.SELECTED) and B.answered(r) ~= true then return false end
  end
  return true
end

-- The eight digits of the meter that a telegram is from, as they are: long header, fixed data structure.
-- nil where it does not say.
function M.number_of(p)
  local header, f = T.header(p), p.frame
  if header and header.long then return B.digits(header.address) end
  return f.ci == 0x73 and #f.data == 16 and B.digits(f.data) or nil
end

-- The sixteen digits of the meter that a telegram with a long header is from, as masters print them; else nil.
function M.address_of(p)
  local header = T.header(p)
  if not header or not header.long then return nil end
  return B.digits(header.address) .. T.hex(header.address:sub(5)):gsub(" ", "")
end

return M
