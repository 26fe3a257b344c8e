-- SPDX-License-Identifier: Apache-2.0
-- Setting and shifting a meter's clock (EN 13757-3, 8), judged from the trace: by the date and time that it says.
local T = require "trace"
local R = require "records"
local V = require "reading"
local D = require "device"
local judge = {}

-- The clock of a telegram, in minutes; nil where it says none.
local function clock_of(p)
  local header = p and p.frame.ci == 0x72 and T.header(p)
  for _, record in ipairs(header and header.configuration & 0x1F00 == 0 and R.walk(header.records) or {}) do
    if record.head == "\x04\x6D" or record.head == "\x06\x6D" then return V.date(record) or nil end
  end
end

-- CI 6Ch or 6Dh to the device, in plain sight: timing control, and the time of these octets as a record.
local function told(t, e, own, ci, dif, size)
  local f = e.request.frame
  if not D.commands(t, e, ci) or #f.data ~= 22 or f.data:sub(1, 8) ~= own then return nil end
  if f.data:sub(11, 12) ~= "\0\0" then return nil end
  return f.data:byte(13), V.date { dif = dif, data = f.data:sub(14, 13 + size) }
end

-- What is due is known to a minute, and time has passed; the meter's own clock may be off by one more.
judge["MB3-AP-018"] = function(t)
  local own = t.ics.clock_writable and T.own_address(t)
  if not own then return "none" end
  local due, since, known -- minutes and when; `due` behind a command, `known` said by the device
  return D.judge(t, function(e)
    local f = e.request.frame
    if e.doubt then due, known = nil, nil end
    if f.ci == 0x6C or f.ci == 0x6D then
      local set, time = told(t, e, own, 0x6C, 0x06, 6)
      local shift, by = told(t, e, own, 0x6D, 0x03, 3)
      local before = due or known
      due, known = nil, nil
      if not T.answer(e) then return (set or shift) and "a command to the clock is not acknowledged" or nil end
      if not T.is_acknowledge(T.answer(e)) or not e.fresh then return nil end
      if set == 0 and time then
        due, since = time, e.request.finish
      elseif shift == 1 and by and before then
        due = before + by
      end
      return nil
    end
    local p = D.telegram(t, e)
    local clock = clock_of(p)
    if not clock then return nil end
    local was, passed = due, since and (p.finish - since) / 60e9
    due, known, since = nil, clock, p.start
    if not was then return nil end
    if clock >= was - 1 and clock <= was + passed + 2 then return true end
    return string.format("the clock is %d minutes from what is due", clock - was), p
  end)
end

return judge
