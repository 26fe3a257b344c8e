-- SPDX-License-Identifier: Apache-2.0
-- The reply window (EN 13757-2, 5.2.7), judged from the trace. A meter's clock may be off by 0.5 %.
local T = require "trace"
local judge = {}

local function answered(t)
  return function(e)
    return T.valid(e.request) and e.request.frame.a == t.dut and T.answer(e) ~= nil
  end
end
local function delay(e) return T.answer(e).start - e.request.finish end

judge["MB2-LL-016"] = function(t)
  return T.each(t, answered(t), function(e)
    local earliest = T.bits(e.request, 11) * 0.995
    if delay(e) < earliest - t.uncertainty then
      return string.format("%d ns after the request, %.0f ns at least are due", delay(e), earliest), T.answer(e)
    end
  end)
end
judge["MB2-LL-017"] = function(t)
  return T.each(t, answered(t), function(e)
    local latest = T.bits(e.request, 330) * 1.005 + 50e6
    if delay(e) > latest + t.uncertainty then
      return string.format("%d ns after the request, %.0f ns at most are allowed", delay(e), latest), T.answer(e)
    end
  end)
end

-- No idle time inside an answer: as long as its characters are, eleven bit times each. Less than a third of a
-- bit behind each character is within what a receiver samples.
judge["MB2-LL-014"] = function(t)
  return T.each_heard(t, function(p) return T.valid(p) and #p.bytes > 1 end, function(p)
    local due = T.bits(p, 11 * #p.bytes + (#p.bytes - 1) / 3) * 1.005 + t.uncertainty
    if p.finish - p.start > due + 1 then
      return string.format("the answer took %d ns, its characters %.0f ns", p.finish - p.start, due)
    end
  end)
end

return judge
