-- SPDX-License-Identifier: Apache-2.0
-- Whether a master asks for the telegram that DIF 1Fh announces, behind records of every structure
-- (EN 13757-3, 6; EN 13757-7, 5), judged from the trace. That it asks for one more than there are, or hands
-- on less than it reads, a trace does not show: nothing here is ever shown to be kept.
local T = require "trace"
local B = require "bus"
local judge = {}

-- A good telegram that announces another, and for whose records `has(records, p)`: the next is asked for.
local function continued(has)
  return function(t)
    return B.each(t, function(r)
      local wild = r.mask and r.a == B.SELECTED and B.is_wild(r.mask)
      if r.fn ~= B.REQ_UD2 or wild or not B.answered(r) then return false end
      local p = r.answers[1]
      local records = B.records(p)
      return records ~= nil and records.more and has(records, p)
    end, function(r)
      if not r.next and B.alone(r) and B.phase_over(r) then
        return "more telegrams are announced, and nothing more was asked"
      end
      return B.unseen
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
judge["MB3-RC-034"] = any(function(record) return record.vif & 0x7F == 0x7C end)
judge["MB3-RC-035"] = any(function(record) return record.vif & 0x7F == 0x7F end)
judge["MB3-RC-037"] = any(function(record)
  return record.vif & 0x7F ~= 0x7F and record.vifes:find("[\x7F\xFF]") ~= nil
end)
judge["MB3-RC-039"] = any(function(record) return record.vif & 0x7F == 0x6F end)

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

return judge
