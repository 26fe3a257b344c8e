-- SPDX-License-Identifier: Apache-2.0
-- Addresses of a meter (EN 13757-2, 5.7.5; EN 13757-3; EN 13757-7, 8.3) and writes that change them, judged
-- from the trace.
local T = require "trace"
local R = require "records"
local D = require "device"
local judge = {}

-- A device that states that it has no configured address is at 0.
judge["MB2-LL-048"] = function(t)
  if not t.ics.unconfigured then return "none" end
  return D.judge(t, function(e)
    if e.at == 0 and D.calls(t, e) then return D.called(e, "at address 0") end
  end)
end

judge["MB2-LL-049"] = function(t)
  return D.judge(t, function(e)
    if e.at == nil or e.at == t.dut or e.at < 1 or not D.calls(t, e) then return nil end
    local p = T.answer(e)
    if T.is_response(p) and p.frame.a ~= e.at then return "an answer that carries address " .. p.frame.a, p end
    return D.called(e, "at address " .. e.at .. ", which was set")
  end)
end

judge["MB3-AP-010"] = function(t)
  if not t.ics.address_writable then return "none" end
  return D.judge(t, function(e)
    local f = e.request.frame
    local address = D.address_of(f)
    if address and address <= 250 and D.asks(t, e, T.SND_UD) and not T.answer(e) then
      return "the write of an address is not acknowledged"
    end
    if e.was_confirmed and f.a == e.was and e.was ~= e.at and e.listening and not e.doubt and T.valid(e.request) and
      D.answered(e) then
      return "an answer at the address that was left", T.answer(e)
    end
    if e.renamed and D.calls(t, e) then return D.called(e, "at the address that was written") end
  end)
end

local function refused(least, most)
  return function(t)
    return D.judge(t, function(e)
      if not e.refused or e.refused < least or e.refused > most or not D.calls(t, e) then return nil end
      return D.called(e, "at the old address, where " .. e.refused .. " was written")
    end)
  end
end
judge["MB2-LL-050"] = refused(251, 252)
judge["MB3-AP-011"] = refused(253, 255)

judge["MB2-LL-055"] = function(t)
  local own = T.own_address(t)
  return D.judge(t, function(e)
    local p = T.answer(e)
    local header = T.asks(t, e, T.REQ_UD2, T.SELECTED) and T.is_response(p) and T.header(p)
    if not header or not header.long or header.address ~= own or not e.at then return nil end
    if p.frame.a ~= e.at and p.frame.a ~= T.SELECTED then
      return "the answer at FDh carries address " .. p.frame.a, p
    end
    return true
  end)
end

-- ---- identification

local function long_header(t, e)
  local p = D.telegram(t, e)
  local header = p and T.header(p)
  return header and header.long and header or nil
end

-- A write of the identification by these DIF and VIF that was acknowledged; the next answer has it.
local function written(head, size, part)
  return function(t)
    if not t.ics.identification_writable or t.ics.oms then return "none" end
    local wanted
    return D.judge(t, function(e)
      local f = e.request.frame
      if e.doubt then wanted = nil end
      if f.ci == 0x51 and T.valid(e.request) and T.function_of(f.c) == T.SND_UD then
        local exact = f.data:sub(1, 2) == head and #f.data == 2 + size
        local taken = exact and D.commands(t, e, 0x51) and e.fresh and T.is_acknowledge(T.answer(e))
        wanted = taken and f.data:sub(3) or nil
        return nil
      end
      local header = wanted and long_header(t, e)
      if not header then return nil end
      local due = wanted
      wanted = nil
      if part(header) == due then return true end
      return "the answer behind the write has " .. T.hex(part(header)) .. ", not " .. T.hex(due), T.answer(e)
    end)
  end
end
judge["MB3-AP-012"] = written("\x0C\x79", 4, function(header) return header.id end)
judge["MB7-SA-020"] = written("\x07\x79", 8, function(header) return header.address end)

-- The fabrication number, and the identification where nobody may change it, stay what they are. Kept is what
-- a write did not change.
judge["MB7-SA-019"] = function(t)
  local fixed_id = t.ics.oms and not t.ics.adapter or not t.ics.identification_writable
  local id, number, tried_id, tried_number
  return D.judge(t, function(e)
    local f, p = e.request.frame, D.telegram(t, e)
    if T.valid(e.request) and f.ci == 0x51 and f.a == e.at then
      tried_number = tried_number or f.data:find("\x0C\x78", 1, true)
      tried_id = tried_id or fixed_id and f.data:find("\x0C\x79", 1, true)
    end
    local header = p and p.frame.ci == 0x72 and T.header(p)
    if not header then return nil end
    local seen
    if fixed_id and id and header.id ~= id then return "the identification number has changed", p end
    seen = tried_id and id and true or nil
    id = header.id
    for _, record in ipairs(header.configuration & 0x1F00 == 0 and R.walk(header.records) or {}) do
      if record.head == "\x0C\x78" then
        if number and record.data ~= number then return "the fabrication number has changed", p end
        seen = seen or tried_number and number and true or nil
        number = record.data
      end
    end
    return seen
  end)
end

-- An adapter's own number: the fabrication number, in plain sight, of BCD digits.
judge["MB7-SA-032"] = function(t)
  if not t.ics.adapter then return "none" end
  return D.judge(t, function(e)
    local p = D.telegram(t, e)
    local header = p and p.frame.ci == 0x72 and T.header(p)
    if not header or header.configuration & 0x1F00 ~= 0 then return nil end
    for _, record in ipairs(R.walk(header.records) or {}) do
      if record.head == "\x0C\x78" then
        if T.hex(record.data):find "[A-F]" then
          return "a fabrication number that is not BCD: " .. T.hex(record.data), p
        end
        return true
      end
    end
  end)
end

return judge
