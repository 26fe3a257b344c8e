-- SPDX-License-Identifier: Apache-2.0
-- What a command does to the next answer of a meter (EN 13757-3, 6 to 10), judged from the trace.
local T = require "trace"
local R = require "records"
local D = require "device"
local judge = {}

-- SND_UD to the device with this CI-field, and its data.
local function command(t, e, ci)
  if e and D.commands(t, e, ci) then return e.request.frame.data end
end

-- Applies `check(p, data)` to the telegram that is asked for straight behind a command for which
-- `wanted(data)`; that the command is acknowledged and the request answered at all is due, too.
local function next_answer(t, ci, wanted, check)
  return D.judge(t, function(e, i)
    local data = command(t, e, ci)
    if data and wanted(data) then return not T.answer(e) and "the command is not acknowledged" or nil end
    local before = t.exchanges[i - 1]
    data = command(t, before, ci)
    if not data or not wanted(data) or not T.is_acknowledge(T.answer(before)) then return nil end
    if not D.asks(t, e, T.REQ_UD2) or e.request.frame.c & T.FCV == 0 then return nil end
    if not T.answer(e) then return "no answer behind the command" end
    local p = D.telegram(t, e)
    if not p then return nil end
    local what = check(p, data, e, i)
    return what, what ~= true and p or nil
  end)
end

local function no_error(p)
  if D.is_error(p) then return "an application error behind an application reset or selection" end
  return true
end
judge["MB3-AP-001"] = function(t)
  if not t.ics.application_reset then return "none" end
  for _, e in ipairs(D.prepare(t).exchanges) do
    local f = e.request.frame
    if T.asks(t, e, T.SND_UD, T.BROADCAST) and f.ci == 0x50 and f.data == "" and T.answer(e) then
      return "fail", "an application reset for all was answered", T.answer(e).index
    end
  end
  return next_answer(t, 0x50, function(data) return data == "" end, no_error)
end
judge["MB3-AP-002"] = function(t)
  if not t.ics.application_reset then return "none" end
  return next_answer(t, 0x50, function(data) return #data > 0 end, no_error)
end

-- The telegram that comes first behind a reset is the same behind an application that nobody has.
judge["MB3-AP-003"] = function(t)
  local first = t.ics.application_reset and not D.has(t.ics.applications, 15) and D.first(t)
  if not first then return "none" end
  return next_answer(t, 0x50, function(data) return data == "\xF0" end, function(p, _, e)
    if D.is_error(p) then return "an application error for a subcode that the device does not have" end
    if e.request.frame.c ~= 0x7B then return nil end
    if T.shape(p) == T.shape(first) then return true end
    local header = T.header(p)
    return header and header.status & 3 ~= 0 and "another answer, with an error in its status" or nil
  end)
end

-- An application reset, then the first telegram. What came last is a repetition where the bit is that of the last
-- request, or of the command.
judge["MB3-AP-004"] = function(t)
  local first = t.ics.application_reset and t.ics.fcb and (t.ics.telegrams or 1) > 1 and D.first(t)
  if not first then return "none" end
  local last
  return D.judge(t, function(e, i)
    local before, previous, p = t.exchanges[i - 1], last, D.telegram(t, e)
    if p then last = p end
    if e.commanded or not p or command(t, before, 0x50) ~= "" or not T.is_acknowledge(T.answer(before)) then
      return nil
    end
    if e.request.frame.c & T.FCV == 0 or not before.fresh or not previous then return nil end
    local shape = T.shape(p)
    if shape == T.shape(first) then return T.shape(previous) ~= shape or nil end
    if shape == T.shape(previous) and not e.fresh then return nil end
    return "not the first telegram behind an application reset", p
  end)
end

-- ---- selection of records (DIF 08h, 7Fh)

local function records_of(p)
  local header = p and p.frame.ci == 0x72 and T.header(p)
  return header and header.configuration & 0x1F00 == 0 and R.walk(header.records) or nil
end

local function one_record(data) return #data == 2 and data:byte(1) == 0x08 and data:byte(2) < 0x7C end

judge["MB3-AP-006"] = function(t)
  local first = t.ics.readout_selection and D.first(t)
  local all = first and records_of(first)
  if not all or #all < 2 then return "none" end
  return next_answer(t, 0x51, one_record, function(p, data)
    local list = records_of(p)
    if not list then return nil end
    if T.shape(p) == T.shape(first) then return "the whole telegram, though one record was selected" end
    for _, record in ipairs(list) do
      if record.vif == data:byte(2) then return true end
    end
    return nil -- the statement does not say that the device has it
  end)
end

local function everything(wanted)
  return function(t)
    local first = t.ics.readout_selection and D.first(t)
    local all = first and records_of(first)
    if not all then return "none" end
    return next_answer(t, 0x51, function(data) return data == wanted end, function(p)
      local list = records_of(p)
      if not list then return nil end
      return #list >= #all or "fewer records than a normal answer has, though all were selected"
    end)
  end
end
judge["MB3-AP-007"] = everything "\xC8\x3F\x7E"
judge["MB3-AP-008"] = everything "\x7F"

-- The answer behind the answer: the same selection.
judge["MB3-AP-009"] = function(t)
  local first = t.ics.readout_selection and D.first(t)
  if not first then return "none" end
  return D.judge(t, function(e, i)
    local sent, before = t.exchanges[i - 2], t.exchanges[i - 1]
    local data = command(t, sent, 0x51)
    if not data or not one_record(data) or not T.is_acknowledge(T.answer(sent)) then return nil end
    local one, two = D.telegram(t, before), D.telegram(t, e)
    if not one or not two or before.request.frame.c == e.request.frame.c then return nil end
    if T.shape(one) == T.shape(first) then return nil end
    if T.shape(two) == T.shape(one) then return true end
    return T.shape(two) == T.shape(first) and "the selection holds for one answer only" or nil, two
  end)
end

-- ---- others

-- Not answered where it is for all; acknowledged by the device, and no error behind it. What it stores has the
-- value of its moment: that of the record it takes, before or behind it.
judge["MB3-AP-017"] = function(t)
  if not t.ics.synchronised_action then return "none" end
  local values, before, seen_stored = {}, nil, false
  local what, text, packet = D.judge(t, function(e, i)
    local f = e.request.frame
    if T.asks(t, e, T.SND_UD, T.BROADCAST) and f.ci == 0x5C and T.answer(e) then
      return "a synchronised action for all was answered", T.answer(e)
    end
    if D.commands(t, e, 0x5C) then
      before, values = e.fresh and T.is_acknowledge(T.answer(e)) and values or nil, {}
      return not T.answer(e) and "CI 5Ch is not acknowledged" or nil
    end
    if f.ci and f.ci ~= 0x50 and f.ci ~= 0x52 then before, values = nil, {} end
    local p = D.telegram(t, e)
    if not p then return nil end
    local behind = command(t, t.exchanges[i - 1], 0x5C)
    if behind and D.is_error(p) then return "an application error behind CI 5Ch", p end
    for _, record in ipairs(records_of(p) or {}) do values[record.head] = record.data end
    for _, item in ipairs(before and t.ics.stored or {}) do
      local stored, taken = values[D.octets(item.header)], D.octets(item.takes)
      if stored and before[taken] and values[taken] then
        if stored ~= before[taken] and stored ~= values[taken] then return "another value was stored", p end
        seen_stored = true
      end
    end
    return behind and #(t.ics.stored or {}) == 0 or nil
  end)
  if what == "fail" then return what, text, packet end
  return (seen_stored or what == "pass") and "pass" or "none"
end

-- A CI-field of the maker's, or reserved: acknowledged all the same, and the next request answered.
judge["MB2-LL-065"] = function(t)
  return D.judge(t, function(e, i)
    local before = t.exchanges[i - 1]
    local function unknown(x)
      local ci = x and D.asks(t, x, T.SND_UD) and x.request.frame.ci
      return ci and ci >= 0xA0 and ci <= 0xB7
    end
    if unknown(e) then return not T.answer(e) and "an unknown CI-field is not acknowledged" or nil end
    if not unknown(before) or not T.is_acknowledge(T.answer(before)) or not D.calls(t, e) then return nil end
    return D.called(e, "behind an unknown CI-field")
  end)
end

return judge
