-- SPDX-License-Identifier: Apache-2.0
-- Records from master to meter (CI 51h) and what became of them in the answers behind (EN 13757-3, 6), judged
-- from the trace.
local T = require "trace"
local R = require "records"
local D = require "device"
local judge = {}

local function listed(list, head)
  for _, item in ipairs(list or {}) do
    if D.octets(item.header) == head then return item end
  end
end

-- The one record of a write to the device, with `action` (a VIFE 00h to 0Fh behind the VIB) taken off its head.
local function write_of(t, e)
  if not D.commands(t, e, 0x51) then return nil end
  local list = R.walk(e.request.frame.data)
  if not list or #list ~= 1 or list.special then return nil end
  local record = list[1]
  local head, action = record.head, nil
  local last = head:byte(-1)
  if #head > 2 and last <= 0x0F and head:byte(-2) & 0x80 ~= 0 and #record.vifes > 0 then
    action, head = last, head:sub(1, -3) .. string.char(head:byte(-2) & 0x7F)
  end
  return { head = head, action = action, data = record.data, taken = T.is_acknowledge(T.answer(e)), fresh = e.fresh }
end

-- Goes through the answers that have a record with this head: visit(write, before, after), where `before` is
-- its last value ahead of the one write, and `after` the first behind it.
local function each_write(t, wanted, visit)
  local values, write = {}, nil
  return D.judge(t, function(e)
    local f = e.request.frame
    if f.ci and T.function_of(f.c) == T.SND_UD and f.ci ~= 0x50 and f.ci ~= 0x52 then
      -- Whatever else is written may change values: what they were is known no more.
      local now = write_of(t, e)
      if write and now and e.request.bytes == write.bytes then
        write.count, write.acknowledged = write.count + 1, write.acknowledged and now.taken
      else
        write = now and wanted(now) and now or nil
        if write then
          write.before, write.bytes, write.count, write.acknowledged = values[write.head], e.request.bytes, 1, now.taken
          write.bit = f.c & T.FCV ~= 0
        end
      end
      values = {}
      return nil
    end
    if T.asks(t, e, T.NKE) and write then write.reset = true end
    if e.doubt then write, values = nil, {} end
    local p = D.telegram(t, e)
    local header = p and p.frame.ci == 0x72 and T.header(p)
    if not header or header.configuration & 0x1F00 ~= 0 then return nil end
    for _, record in ipairs(R.walk(header.records) or {}) do
      values[record.head] = record.data
      if write and record.head == write.head then
        local done = write
        write = nil
        local what = visit(done, done.before, record.data)
        return what, what ~= true and p or nil
      end
    end
  end)
end

-- A write that must have been carried out: acknowledged, and no repetition of another frame.
local function carried_out(write) return write.taken and write.fresh end

-- ---- plain writes

local function replaces(t)
  return function(write) return not write.action and carried_out(write) and listed(t.ics.writable, write.head) end
end
judge["MB3-AP-014"] = function(t)
  return each_write(t, replaces(t), function(write, _, after)
    return after == write.data or "the record has " .. T.hex(after) .. ", not " .. T.hex(write.data)
  end)
end
judge["MB3-AP-005"] = function(t)
  local what, text, packet = D.judge(t, function(e)
    local write = write_of(t, e)
    if write and listed(t.ics.writable, write.head) and not T.answer(e) then return "a write is not acknowledged" end
  end)
  if what == "fail" then return what, text, packet end
  return (each_write(t, replaces(t), function(write, _, after) return after == write.data or nil end))
end

-- Whether an answer shows that something was refused; nil where its records are not in plain sight.
local function shows_refusal(p)
  local header, list = T.header(p), nil
  if D.is_error(p) or header and header.status & 3 == 2 then return true end
  if header and header.configuration & 0x1F00 == 0 then
    list = R.walk(header.records)
  elseif p.frame.ci == 0x78 then
    list = R.walk(p.frame.data)
  end
  if not list then return nil end
  for _, record in ipairs(list) do
    if record.vif ~= 0xFB and record.vif ~= 0xFD then
      for i = 1, #record.vifes do
        local code = record.vifes:byte(i) & 0x7F
        if code >= 1 and code <= 0x1C then return true end
      end
    end
  end
  return false
end

-- What is protected does not take the value that was written, and the next answer shows the refusal where the
-- write was acknowledged.
judge["MB3-AP-016"] = function(t)
  local function protected(write) return not write.action and listed(t.ics.write_protected, write.head) end
  local acknowledged, shown
  local what, text, packet = D.judge(t, function(e)
    local write = write_of(t, e)
    if write then
      acknowledged = write.taken and write.fresh and protected(write)
      shown = shown or protected(write) and not T.answer(e)
      return nil
    end
    if e.doubt then acknowledged = nil end
    local p = D.telegram(t, e)
    if not p or not acknowledged then return nil end
    acknowledged = nil
    local shows = shows_refusal(p)
    if shows == false then return "the refusal of a write is not to be seen", p end
    shown = shown or shows
  end)
  if what == "fail" then return what, text, packet end
  what, text, packet = each_write(t, protected, function(write, before, after)
    if before == nil or before == write.data then return nil end
    return after ~= write.data or "a protected record took " .. T.hex(after)
  end)
  return what == "pass" and not shown and "none" or what, text, packet
end

-- ---- actions

local operations = {
  [1] = function(a, b) return a + b end,
  [2] = function(a, b) return a - b end,
  [3] = function(a, b) return a | b end,
  [4] = function(a, b) return a & b end,
  [5] = function(a, b) return a ~ b end,
  [6] = function(a, b) return a & ~b end,
  [7] = function() return 0 end,
}
local names = { "add", "subtract", "or", "and", "xor", "and not", "clear" }

local function number(data) return #data > 0 and #data <= 8 and string.unpack("<I" .. #data, data) or 0 end

local function claims(t, write)
  for _, item in ipairs(t.ics.actions or {}) do
    if item.action == names[write.action] and D.octets(item.header) == write.head then return true end
  end
  return false
end

-- Integers alone: data fields 1 to 4, 6 and 7.
local function integer(write)
  local size = write.head:byte(1) & 0x0F
  return size >= 1 and size <= 7 and size ~= 5
end

judge["MB3-AP-013"] = function(t)
  return each_write(t, function(write)
    return write.action and claims(t, write) and carried_out(write) and integer(write)
  end, function(write, before, after)
    if before == nil or write.count > 1 or #before ~= #after then return nil end
    local mask = #after == 8 and -1 or (1 << 8 * #after) - 1
    local due = operations[write.action](number(before), number(write.data)) & mask
    return number(after) == due or "the record has " .. T.hex(after) .. " behind action " .. names[write.action]
  end)
end

-- The same SND_UD with the same bit, straight behind the first one.
local function unanswered_repetition(t)
  return D.judge(t, function(e, i)
    local before = t.exchanges[i - 1]
    if not before or not D.asks(t, before, T.SND_UD) or not D.asks(t, e, T.SND_UD) then return nil end
    if e.request.bytes ~= before.request.bytes or e.request.frame.c & T.FCV == 0 then return nil end
    if not T.is_acknowledge(T.answer(before)) or T.answer(e) then return nil end
    return "a repeated command is not acknowledged"
  end)
end

-- An addition that comes twice with the same bit, and no reset between, counts once.
judge["MB2-LL-043"] = function(t)
  if not t.ics.fcb then return "none" end
  local what, text, packet = unanswered_repetition(t)
  if what == "fail" then return what, text, packet end
  return each_write(t, function(write)
    return write.action == 1 and claims(t, write) and carried_out(write) and integer(write)
  end, function(write, before, after)
    if before == nil or write.count ~= 2 or not write.acknowledged or not write.bit then return nil end
    local mask = #after == 8 and -1 or (1 << 8 * #after) - 1
    local once = number(before) + number(write.data) & mask
    if number(after) == once then return true end
    return number(after) == (once + number(write.data) & mask) and "the same addition was carried out twice" or nil
  end)
end

-- ---- refusals

-- Action 0Eh, which nobody has: the next answer shows that.
judge["MB3-AP-015"] = function(t)
  if not t.ics.application_errors then return "none" end
  local refused
  return D.judge(t, function(e)
    local write = write_of(t, e)
    if write then refused = write.action == 0x0E and carried_out(write) and listed(t.ics.writable, write.head) end
    if e.doubt then refused = nil end
    local p = D.telegram(t, e)
    if not p or not refused then return nil end
    refused = nil
    local shows = shows_refusal(p)
    if shows == nil then return nil end
    return shows or "an action that the device does not have is not refused", p
  end)
end

return judge
