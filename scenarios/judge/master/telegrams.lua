-- SPDX-License-Identifier: Apache-2.0
-- Whether a master asks for the telegram that DIF 1Fh announces, behind records of every structure
-- (EN 13757-3, 6; EN 13757-7, 5), and for no other, and hands on what it reads. A trace without jobs only
-- shows that nothing more was asked: then nothing here is ever shown to be kept.
local T = require "trace"
local R = require "records"
local B = require "bus"
local J = require "jobs"
local judge = {}

-- The records of a telegram; those behind the encrypted blocks where it has them.
local function records_of(p)
  local header = (p.frame.ci == 0x72 or p.frame.ci == 0x7A) and T.header(p)
  if not header or header.configuration & 0x1F00 ~= 0x0500 then return B.records(p) end
  local octets = 16 * (header.configuration >> 4 & 15)
  return octets <= #header.records and (R.walk(header.records:sub(octets + 1))) or nil
end

-- What a read-out makes of a good telegram that is `r.answers[1]`.
local function check_readout(r, job, more)
  local took = J.took(r)
  if took == "repeated" then return "asked again though the answer was good", r.following.packet end
  if more and not J.asks_later(r) then
    return job.status == 0 and "more telegrams are announced, and nothing more was asked" or B.unseen
  end
  if not more and took == "on" and r.following.fn == B.REQ_UD2 then
    return "asked for a telegram that nobody has announced", r.following.packet
  end
  if job.status ~= 0 then return B.unseen end
  if not J.handed_on(job, r.answers[1].bytes) then return "read, and not handed on", r.answers[1] end
end

-- A good telegram for whose records `has(records, p)`: the next one is asked for where it is announced.
local function continued(has)
  return function(t)
    return B.each(t, function(r)
      local wild = r.mask and r.a == B.SELECTED and B.is_wild(r.mask)
      if r.fn ~= B.REQ_UD2 or wild or not B.answered(r) then return false end
      local p = r.answers[1]
      local records = records_of(p)
      return records ~= nil and has(records, p)
    end, function(r)
      local more = records_of(r.answers[1]).more
      if more and not r.next and B.alone(r) and B.phase_over(r) then
        return "more telegrams are announced, and nothing more was asked"
      end
      local job = J.readout(r)
      if not job then return B.unseen end
      return check_readout(r, job, more)
    end)
  end
end

local function any(matches)
  return continued(function(records)
    for _, record in ipairs(records) do
      if matches(record) then return true end
    end
    return false
  end)
end
local function between(value, from, to) return value ~= nil and value >= from and value <= to end

-- The last VIFE or the VIF itself after an extension VIF: what FDh 3Bh and FDh 76h are told by.
local function is_container(record)
  local vife = record.vif == 0xFD and (record.vifes:byte(1) or 0) & 0x7F
  return vife == 0x3B or vife == 0x76
end

judge["MB2-LL-046"] = continued(function() return true end)
judge["MB3-RC-001"] = any(function() return true end)
judge["MB3-RC-004"] = any(function(record) return record.lvar == nil end)
judge["MB3-RC-002"] = any(function(record)
  return between(#record.difes, 10, 11) and record.difes:byte(-1) == 0
end)
judge["MB3-RC-007"] = any(function(record) return #record.difes > 0 end)
judge["MB3-RC-009"] = any(function(record) return #record.difes > 0 and record.difes:byte(-1) == 0 end)
judge["MB3-RC-010"] = continued(function(records) return records.filler end)
judge["MB3-RC-012"] = continued(function() return true end)
judge["MB3-RC-019"] = any(function(record) return record.lvar ~= nil end)
judge["MB3-RC-020"] = any(function(record) return between(record.lvar, 0x00, 0xBF) and not is_container(record) end)
judge["MB3-RC-021"] = any(function(record)
  return between(record.lvar, 0xC0, 0xC9) or between(record.lvar, 0xD0, 0xD9)
end)
judge["MB3-RC-022"] = any(function(record) return between(record.lvar, 0xE0, 0xF6) end)
judge["MB3-RC-024"] = any(function(record) return record.lvar ~= nil and is_container(record) end)
judge["MB3-RC-025"] = any(function(record) return #record.vifes > 0 end)
judge["MB3-RC-026"] = any(function(record) return record.vif == 0x7B or record.vif == 0x7D end)
judge["MB3-RC-034"] = any(function(record) return record.vif & 0x7F == 0x7C end)
judge["MB3-RC-035"] = any(function(record) return record.vif & 0x7F == 0x7F end)
judge["MB3-RC-037"] = any(function(record)
  return record.vif & 0x7F ~= 0x7F and record.vifes:find("[\x7F\xFF]") ~= nil
end)
-- The codes of the combinable table that are reserved.
local reserved_vife = { [0x44] = true, [0x45] = true, [0x4C] = true, [0x4D] = true }
judge["MB3-RC-038"] = any(function(record)
  return record.vif >= 0x80 and record.vif < 0xFB and reserved_vife[record.vifes:byte(1) & 0x7F] == true
end)
judge["MB3-RC-039"] = any(function(record) return record.vif & 0x7F == 0x6F end)
judge["MB3-TY-018"] = any(function(record) return record.vif == 0x6C or record.vif == 0x6D end)

local function with_header(ci, long)
  return continued(function(_, p)
    local header = T.header(p)
    return p.frame.ci == ci and (header and header.long) == long
  end)
end
judge["MB7-TL-001"] = with_header(0x72, true)
judge["MB7-TL-004"] = with_header(0x72, true)
judge["MB7-TL-002"] = with_header(0x7A, false)
judge["MB7-TL-005"] = with_header(0x7A, false)
judge["MB7-TL-003"] = with_header(0x78, nil)

-- Security mode 5: so many blocks of 16 bytes, and maybe records behind them.
local function with_blocks(least, records_behind)
  return continued(function(records, p)
    local header = T.header(p)
    return header ~= nil and header.configuration & 0x1F00 == 0x0500 and (header.configuration >> 4 & 15) >= least and
      (not records_behind or #records > 0)
  end)
end
judge["MB7-TL-013"] = with_blocks(0, false)
judge["MB7-TL-016"] = with_blocks(1, false)
judge["MB7-TL-017"] = with_blocks(1, true)

return judge
