-- SPDX-License-Identifier: Apache-2.0
-- What a master sends, frame by frame (EN 13757-2, 4 and 5), judged from the trace.
local T = require "trace"
local B = require "bus"
local judge = {}

-- Goes through what the master sent without a wrong bit.
local function each_frame(t, applies, check)
  return B.each(t, function(r) return not r.packet.wrong and applies(r.packet.bytes, r) end,
    function(r) return check(r.packet.bytes, r) end)
end

local function sum(b, from, to)
  local total = 0
  for i = from, to do total = total + b:byte(i) end
  return total % 256
end

local function starts(first) return function(b) return b:byte(1) == first end end
local function is_long(b) return b:byte(1) == 0x68 and #b >= 6 end

judge["MB2-LL-002"] = function(t)
  return each_frame(t, function(b) return b:byte(1) ~= 0x68 and (b:byte(1) == 0x10 or #b <= 5) end, function(b)
    if b:byte(1) ~= 0x10 or #b ~= 5 or b:byte(5) ~= 0x16 then return "no short frame: " .. T.hex(b:sub(1, 12)) end
  end)
end
judge["MB2-LL-003"] = function(t)
  return each_frame(t, starts(0x68), function(b)
    if #b < 6 or b:byte(2) ~= b:byte(3) or b:byte(4) ~= 0x68 or b:byte(#b) ~= 0x16 then
      return "no long frame: " .. T.hex(b:sub(1, 12))
    end
  end)
end
judge["MB2-LL-004"] = function(t)
  return each_frame(t, is_long, function(b)
    if b:byte(2) < 3 or b:byte(2) ~= #b - 6 then
      return string.format("an L field of %d in a frame of %d octets", b:byte(2), #b)
    end
  end)
end
judge["MB2-LL-006"] = function(t)
  return each_frame(t, function(b) return is_long(b) or b:byte(1) == 0x10 and #b == 5 end, function(b)
    if b:byte(#b - 1) ~= sum(b, is_long(b) and 5 or 2, #b - 2) then return "a wrong checksum: " .. T.hex(b) end
  end)
end

local function control_field(bit, due)
  return function(t)
    return each_frame(t, function(_, r) return r.frame.c ~= nil and #r.frame.defects == 0 end, function(_, r)
      if r.frame.c & bit ~= due then return string.format("control field %02Xh", r.frame.c) end
    end)
  end
end
judge["MB2-LL-023"] = control_field(0x80, 0)
judge["MB2-LL-024"] = control_field(0x40, 0x40)

judge["MB2-LL-057"] = function(t)
  return B.each(t, function(r) return r.fn == B.REQ_UD1 or r.fn == B.REQ_UD2 end, function(r)
    if r.a == B.BROADCAST then return "a request to FFh" end
  end)
end

-- The records of a command. Whether they are those that the job was given is not in the trace.
judge["MB3-AP-005"] = function(t)
  return B.each(t, function(r) return r.fn == B.SND_UD and r.frame.ci == 0x51 end, function(r)
    local skeleton, at = T.skeleton(r.frame.data)
    if not skeleton then return "the records cannot be read from octet " .. at .. " of them" end
  end)
end

-- ---- characters

-- 8E1. Only a rig that hears parity shows that it is right.
judge["MB2-PH-036"] = function(t)
  return B.each(t, function(r) return not r.packet.errors.collision end, function(r)
    if r.packet.errors.parity then return "a parity error" end
    if r.packet.errors.framing then return "a framing error" end
    return not t.needs.octet_errors and B.unseen or nil
  end)
end

-- The rate of a packet is that of its first character, to 1 Bd.
local rates = { 300, 600, 1200, 2400, 4800, 9600, 19200, 38400 }
local function nominal(baud)
  for _, rate in ipairs(rates) do
    if math.abs(baud - rate) < rate / 10 then return rate end
  end
end
judge["MB2-PH-035"] = function(t)
  return B.each(t, function(r) return not r.packet.wrong and t.uncertainty == 0 end, function(r)
    local rate = nominal(r.packet.baud)
    local off = rate and math.abs(r.packet.baud - rate)
    if not rate or off > rate * 0.005 + 1 then return r.packet.baud .. " Bd" end
    return off > rate * 0.005 - 1 and B.doubtful or nil
  end)
end

-- Idle time between characters, 11 bit times at most between two of them. A trace has the sum: more than so
-- much for each is broken, less in all is kept.
judge["MB2-LL-014"] = function(t)
  return B.each(t, function(r) return not r.packet.wrong and #r.packet.bytes > 1 end, function(r)
    local p = r.packet
    local idle, count = p.finish - p.start - T.bits(p, 11 * #p.bytes), #p.bytes - 1
    local tolerance = T.bits(p, 11 * #p.bytes) / p.baud + t.uncertainty -- the rate is known to 1 Bd
    if idle > T.bits(p, 11) * count + tolerance then return string.format("%.0f ns of idle time in a frame", idle) end
    return idle > T.bits(p, 11) - tolerance and B.doubtful or nil
  end)
end

return judge
