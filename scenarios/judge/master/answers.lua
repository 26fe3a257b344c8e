-- SPDX-License-Identifier: Apache-2.0
-- What a master makes of answers, as far as its next request tells (EN 13757-2, 5), judged from the trace.
local B = require "bus"
local judge = {}

-- ---- what is no answer

judge["MB2-LL-001"] = function(t)
  return B.refused(t, function(p) return not p.wrong and #p.bytes == 1 and p.bytes ~= "\xE5" end)
end

judge["MB2-LL-073"] = function(t)
  return B.refused(t, function(p)
    local b = p.bytes
    return not p.wrong and #b >= 4 and b:byte(1) == 0x68 and b:byte(2) < 3 and b:byte(2) == b:byte(3)
  end)
end

-- ---- what is one

-- Behind garbage, and the 33 bit times of idle that every request waits for.
judge["MB2-LL-015"] = function(t)
  return B.taken(t, function(r) return B.same(r.previous, r) and B.garbled(r.previous) end)
end

judge["MB2-LL-055"] = function(t)
  return B.taken(t, function(r) return r.a == B.SELECTED and r.mask ~= nil and not B.is_wild(r.mask) end)
end

judge["MB2-LL-067"] = function(t)
  return B.taken(t, function(r) return #r.early > 0 end)
end

judge["MB2-LL-072"] = function(t)
  return B.taken(t, function(_, p) return p.frame.length == 255 end)
end

return judge
