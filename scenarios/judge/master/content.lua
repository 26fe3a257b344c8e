-- SPDX-License-Identifier: Apache-2.0
-- Telegrams whose content is no records, or breaks off: who takes such bytes for records asks for a telegram
-- that nobody announced (EN 13757-3, 6, 13, annex G; EN 13757-7, 7), judged from the trace and the jobs in it.
local T = require "trace"
local R = require "records"
local B = require "bus"
local J = require "jobs"
local judge = {}

-- A good answer to a read-out for which `applies(p)`: no other telegram is asked for behind it, and it is
-- handed on whole; where `refusable`, or the job says that it has failed.
local function ends_with(applies, refusable)
  return function(t)
    return B.each(t, function(r)
      return r.fn == B.REQ_UD2 and r.fcv and not (r.mask and r.a == B.SELECTED and B.is_wild(r.mask)) and
        B.answered(r) == true and applies(r.answers[1])
    end, function(r)
      local job, took = J.readout(r), J.took(r)
      if not job then return B.unseen end
      if took == "on" and r.following.fn == B.REQ_UD2 then
        return "asked for a telegram that nobody has announced", r.following.packet
      end
      if took == "repeated" and not refusable then
        return "asked again though the answer was good", r.following.packet
      end
      if J.handed_on(job, r.answers[1].bytes) then return nil end
      if job.status == 0 then return "read, and not handed on", r.answers[1] end
      if refusable then return nil end
      return J.all_good(job) and "every answer was good, and the telegram was not handed on" or B.unseen
    end)
  end
end
local whole = ends_with
local function whole_or_refused(applies) return ends_with(applies, true) end

local function with_ci(...)
  local codes = {}
  for _, ci in ipairs { ... } do codes[ci] = true end
  return function(p) return codes[p.frame.ci] == true end
end
local function is_fixed(p) return p.frame.ci == 0x73 and #p.frame.data == 16 end
local function is_compact(p) return not is_fixed(p) and with_ci(0x73, 0x79, 0x7B)(p) end

judge["MB3-AP-026"] = whole(is_compact)
judge["MB3-AP-029"] = whole(with_ci(0x69, 0x6A, 0x6B))
judge["MB3-AP-030"] = whole(is_compact)
judge["MB3-AP-036"] = whole(is_fixed)
judge["MB3-AP-038"] = whole(function(p) return p.frame.ci >= 0xA0 and p.frame.ci <= 0xB7 end)
judge["MB7-TL-020"] = whole(with_ci(0x73))

-- Behind DIF 0Fh everything is the manufacturer's.
judge["MB3-RC-011"] = whole(function(p)
  local records = B.records(p)
  return records ~= nil and records.special == 0x0F
end)

-- ---- what may be refused

judge["MB7-TL-018"] = whole_or_refused(function(p)
  local f = p.frame
  return f.ci == 0x72 and #f.data < 12 or f.ci == 0x7A and #f.data < 4
end)
judge["MB7-TL-019"] = whole_or_refused(function(p)
  local ci = p.frame.ci
  return ci >= 0x20 and ci <= 0x4F or ci >= 0xC8
end)

-- Why the records of an unencrypted telegram cannot be taken apart: "dif" and "lvar" are reserved, "short"
-- breaks off. nil where they can be, or may be by a rule of old for units in plain text.
local function trouble_of(p)
  local header = (p.frame.ci == 0x72 or p.frame.ci == 0x7A) and T.header(p)
  if not header or header.configuration & 0x1F00 ~= 0 then return nil end
  local list, _, why, before = R.walk(header.records)
  if list or before.older then return nil end
  return (why == "dif" or why == "lvar") and why or "short"
end
judge["MB3-RC-015"] = whole_or_refused(function(p) return trouble_of(p) == "dif" end)
judge["MB3-RC-023"] = whole_or_refused(function(p) return trouble_of(p) == "lvar" end)
judge["MB3-RC-042"] = whole(function(p) return trouble_of(p) == "short" end)

return judge
