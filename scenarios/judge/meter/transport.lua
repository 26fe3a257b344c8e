-- SPDX-License-Identifier: Apache-2.0
-- Transport header and records of a meter's answers (EN 13757-7, 5; EN 13757-3), judged from the trace.
local T = require "trace"
local judge = {}

local function own_answer(t)
  return function(p) return T.is_response(p) and p.frame.a == t.dut end
end
local function with_header(t, long)
  return function(p)
    if not own_answer(t)(p) then return false end
    local header = T.header(p)
    return header ~= nil and (header.long or not long)
  end
end

judge["MB7-TL-004"] = function(t)
  return T.each_heard(t, function(p)
    return own_answer(t)(p) and (p.frame.ci == 0x72 or p.frame.ci == 0x75 or p.frame.ci == 0x6F)
  end, function(p)
    if not T.header(p) then return "the long header is cut off" end
  end)
end
judge["MB7-TL-006"] = function(t)
  return T.each_heard(t, with_header(t, true), function(p)
    local id = T.header(p).id
    for i = 1, 4 do
      local byte = id:byte(i)
      if byte & 0x0F > 9 or byte >> 4 > 9 then return "the identification number is not BCD: " .. T.hex(id) end
    end
  end)
end
judge["MB7-TL-007"] = function(t)
  return T.each_heard(t, with_header(t, true), function(p)
    local code = T.header(p).manufacturer
    if code & 0x8000 ~= 0 then return string.format("bit 15 of manufacturer %04Xh is set", code) end
    for shift = 0, 10, 5 do
      local letter = code >> shift & 31
      if letter < 1 or letter > 26 then return string.format("manufacturer %04Xh is not three letters", code) end
    end
  end)
end

-- The access number goes up by one with each new answer. New for certain is what a toggled frame count bit asks for,
-- straight after an answered request.
judge["MB7-TL-008"] = function(t)
  T.prepare(t)
  return T.each(t, function(e, i)
    local before = t.exchanges[i - 1]
    if not before or not T.asks(t, e, T.REQ_UD2) or not T.asks(t, before, T.REQ_UD2) then return false end
    local now, last = e.request.frame.c, before.request.frame.c
    local both = T.answer(e) and T.answer(before)
    return now & T.FCV ~= 0 and last & T.FCV ~= 0 and now ~= last and both ~= nil and
      with_header(t, false)(T.answer(e)) and with_header(t, false)(T.answer(before))
  end, function(e, i)
    local now, last = T.header(T.answer(e)).access_number, T.header(T.answer(t.exchanges[i - 1])).access_number
    if now == last then return "the access number of a new answer is that of the one before", T.answer(e) end
    if now ~= (last + 1) % 256 then
      return string.format("access number %d, and %d before it", now, last), T.answer(e)
    end
  end)
end

-- The security mode is the statement's, and 0000h where there is none; then the records can be read.
judge["MB7-TL-013"] = function(t)
  return T.each_heard(t, with_header(t, false), function(p)
    local configuration, due = T.header(p).configuration, t.ics.security_mode or 0
    if configuration >> 8 & 0x1F ~= due or due == 0 and configuration ~= 0 then
      return string.format("configuration field %04Xh, and the statement says security mode %d", configuration, due)
    end
    if configuration == 0 and p.frame.ci == 0x72 and not T.skeleton(T.header(p).records) then
      return "configuration 0000h, and the records do not parse"
    end
  end)
end
judge["MB7-TL-014"] = function(t)
  return T.each_heard(t, with_header(t, false), function(p)
    local configuration = T.header(p).configuration
    local mode = configuration >> 8 & 0x1F
    if (mode == 0 or mode == 5) and configuration & 0xE000 ~= 0 then
      return string.format("configuration field %04Xh: B, A or S is set", configuration)
    end
  end)
end

-- Records can be read to their end: sizes of all data fields fit.
judge["MB3-RC-001"] = function(t)
  return T.each_heard(t, function(p)
    local header = own_answer(t)(p) and T.header(p)
    return header and (p.frame.ci == 0x72 or p.frame.ci == 0x7A) and header.configuration == 0
  end, function(p)
    local records = T.header(p).records
    local skeleton, at = T.skeleton(records)
    if not skeleton then return "the records cannot be read from octet " .. at .. " of them" end
  end)
end

return judge
