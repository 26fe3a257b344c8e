-- SPDX-License-Identifier: Apache-2.0
-- What the predicates of the second judge stand on: frames and exchanges of a trace, taken apart anew from
-- the octets, with nothing of the code that the live judge uses. Exchanges are those of a meter under test;
-- lib/bus.lua has those of a master.
local R = require "records"
local M = {}

M.NKE, M.SND_UD, M.REQ_UD1, M.REQ_UD2 = 0x40, 0x43, 0x4A, 0x4B
M.FCB, M.FCV = 0x20, 0x10
M.SELECTED, M.TEST, M.BROADCAST = 253, 254, 255

-- A frame as its octets have it (EN 13757-2, 5.3). `defects` lists what is wrong; fields are there as far
-- as the octets go.
function M.frame(bytes)
  local size, first = #bytes, bytes:byte(1)
  local f = { size = size, defects = {} }
  local function wrong(what) f.defects[#f.defects + 1] = what end
  local from
  if size == 1 then
    f.kind = first == 0xE5 and "acknowledge" or "other"
    return f
  elseif first == 0x10 then
    f.kind, from, f.due = "short", 2, 5
  elseif first == 0x68 then
    f.kind, from = "long", 5
    local l, again = bytes:byte(2, 3)
    f.length = l
    if l ~= again then wrong("length") end
    if size >= 4 and bytes:byte(4) ~= 0x68 then wrong("second start") end
    if l and l < 3 then wrong("short length") end
    if l == 3 then f.kind = "control" end
    f.due = (l or 3) + 6
  else
    f.kind = "other"
    wrong("start")
    return f
  end
  f.c, f.a = bytes:byte(from, from + 1)
  if size < f.due then
    wrong("truncated")
    return f
  end
  if size > f.due then wrong("surplus") end
  if bytes:byte(f.due) ~= 0x16 then wrong("stop") end
  local sum = 0
  for i = from, f.due - 2 do sum = sum + bytes:byte(i) end
  if bytes:byte(f.due - 1) ~= sum % 256 then wrong("checksum") end
  if f.kind ~= "short" then
    f.ci = bytes:byte(7)
    f.data = bytes:sub(8, f.due - 2)
  end
  return f
end

-- Valid: heard without errors, and nothing wrong with it.
function M.valid(packet)
  local f = packet.frame
  return not packet.wrong and not packet.gapped and not packet.hasty and f.kind ~= "other" and #f.defects == 0
end

-- The function of a control field from the master, without the bits FCB and FCV.
function M.function_of(c) return c & 0x4F end

-- Bit times of a packet's rate, in ns.
function M.bits(p, count) return count * 1e9 / p.baud end

-- What a request may have changed: after a command the answer is another until CI 50h brings the standard
-- one back (`commanded`), after a change of rate or of the address it may be heard no more (`moved`).
local function note_command(state, t, f)
  if f.kind == "other" or #f.defects > 0 or not f.ci or M.function_of(f.c) ~= M.SND_UD then return end
  if f.a ~= t.dut and f.a < M.SELECTED then return end
  if f.ci == 0x50 and f.data == "" then
    state.commanded = false
  elseif f.ci ~= 0x52 and f.ci ~= 0x56 then
    state.commanded = true
  end
  if f.ci >= 0xB8 and f.ci <= 0xBF or f.ci == 0x51 and f.data:find("\x7A", 1, true) then state.moved = true end
end

-- Packets get their frame; the trace gets `exchanges` {request, answers, before} and `unasked`, what was
-- heard before anything was sent. What began before a request had ended cannot answer it: it is in `before`.
function M.prepare(t)
  if t.exchanges then return t end
  t.exchanges, t.unasked = {}, {}
  local current, previous
  local state = {}
  for _, p in ipairs(t.packets) do
    p.frame = M.frame(p.bytes)
    local e = p.errors
    p.wrong = e.parity or e.framing or e["break"] or e.collision
    -- Sent with idle time inside: what a receiver makes of it is open.
    p.gapped = p.sent and p.finish - p.start > M.bits(p, 11 * #p.bytes) * 1.01 + t.uncertainty
    -- Sent into what was heard, or at once behind it: neither can be judged.
    if p.sent and previous and p.start - previous.finish < M.bits(p, 30) then
      p.hasty, previous.cut = true, not previous.sent
    end
    previous = p
    if p.sent then
      current = { request = p, answers = {}, before = {}, commanded = state.commanded, moved = state.moved }
      note_command(state, t, p.frame)
      t.exchanges[#t.exchanges + 1] = current
    elseif current and p.start < current.request.finish then
      current.before[#current.before + 1] = p
    elseif current then
      current.answers[#current.answers + 1] = p
    else
      t.unasked[#t.unasked + 1] = p
    end
  end
  return t
end

-- Goes through the exchanges for which `applies(e)`; `check(e)` returns nothing where all is well, else what
-- is wrong and maybe the packet. "none" where the trace has no such exchange.
function M.each(t, applies, check)
  local seen = false
  for i, e in ipairs(M.prepare(t).exchanges) do
    local answer = e.answers[1]
    if not e.request.hasty and not (answer and answer.cut) and applies(e, i) then
      local what, packet = check(e, i)
      if what then return "fail", what, (packet or e.request).index end
      seen = true
    end
  end
  return seen and "pass" or "none"
end

-- The same for what was heard.
function M.each_heard(t, applies, check)
  local seen = false
  for _, p in ipairs(M.prepare(t).packets) do
    if not p.sent and not p.cut and applies(p) then
      local what = check(p)
      if what then return "fail", what, p.index end
      seen = true
    end
  end
  return seen and "pass" or "none"
end

-- A valid frame of the master with this function, of the kind that belongs to it; to the device under test
-- where `address` is not given.
function M.asks(t, e, fn, address)
  local f = e.request.frame
  if not M.valid(e.request) or f.c == nil or f.c & 0x40 == 0 or M.function_of(f.c) ~= fn then return false end
  return f.a == (address or t.dut) and (f.kind == "short") == (fn ~= M.SND_UD)
end

-- The answer as a whole: what was heard as one packet, or nil.
function M.answer(e) return e.answers[1] end

function M.is_acknowledge(p) return p ~= nil and not p.wrong and p.frame.kind == "acknowledge" end

function M.is_response(p)
  if not p or not M.valid(p) or p.frame.kind == "short" or p.frame.kind == "acknowledge" then return false end
  return p.frame.c & 0xCF == 0x08
end

-- The long header (EN 13757-7, 5.5) of a frame that has one: nil otherwise.
local long_header = { [0x6F] = true, [0x72] = true, [0x73] = true, [0x75] = true }
local short_header = { [0x6E] = true, [0x74] = true, [0x7A] = true, [0x7B] = true }
function M.header(p)
  local f = p.frame
  if not f.data then return nil end
  if long_header[f.ci] and #f.data >= 12 and not (f.ci == 0x73 and #f.data == 16) then
    local manufacturer = f.data:byte(5) | f.data:byte(6) << 8
    return {
      long = true, id = f.data:sub(1, 4), manufacturer = manufacturer, version = f.data:byte(7),
      device_type = f.data:byte(8), address = f.data:sub(1, 8), access_number = f.data:byte(9),
      status = f.data:byte(10), configuration = f.data:byte(11) | f.data:byte(12) << 8, records = f.data:sub(13),
    }
  elseif short_header[f.ci] and #f.data >= 4 then
    return { long = false, access_number = f.data:byte(1), status = f.data:byte(2),
      configuration = f.data:byte(3) | f.data:byte(4) << 8, records = f.data:sub(5) }
  end
  return nil
end

-- The DIBs and VIBs of records, without their data: what stays the same from answer to answer. nil where
-- the records do not parse; then also where.
function M.skeleton(records)
  local list, at = R.walk(records)
  if not list then return nil, at end
  local parts = {}
  for i, record in ipairs(list) do parts[i] = record.head end
  return table.concat(parts) .. (list.special and string.char(list.special) or ""), list.more
end

-- What tells one telegram of a sequence from another: CI-field, identification, DIBs and VIBs.
function M.shape(p)
  local header = M.header(p)
  if not header and p.frame.ci == 0x78 then return "\x78" .. (M.skeleton(p.frame.data) or p.frame.data) end
  if not header then return p.bytes:sub(7, -3) end
  return string.char(p.frame.ci) .. (header.address or "") .. (M.skeleton(header.records) or header.records)
end

function M.hex(bytes) return (bytes:gsub(".", function(c) return string.format("%02X ", c:byte()) end):sub(1, -2)) end

-- The secondary address of the device under test, as it says itself: eight octets, or nil.
function M.own_address(t)
  for _, e in ipairs(M.prepare(t).exchanges) do
    local p = M.answer(e)
    if M.asks(t, e, M.REQ_UD2) and M.is_response(p) and p.frame.a == t.dut then
      local header = M.header(p)
      if header and header.long then return header.address end
    end
  end
  return nil
end

-- Whether a selection's mask names this secondary address (EN 13757-7, 8.4): digits Fh, octets FFh are
-- wildcards.
function M.matches(mask, address)
  for i = 1, 4 do
    for shift = 0, 4, 4 do
      local digit = mask:byte(i) >> shift & 15
      if digit ~= 15 and digit ~= address:byte(i) >> shift & 15 then return false end
    end
  end
  for i = 5, 8 do
    if mask:byte(i) ~= 0xFF and mask:byte(i) ~= address:byte(i) then return false end
  end
  return true
end

-- A selection without anything behind its mask; returns the mask.
function M.selection(t, e)
  if not M.asks(t, e, M.SND_UD, M.SELECTED) then return nil end
  local f = e.request.frame
  return f.ci == 0x52 and #f.data == 8 and f.data or nil
end

return M
