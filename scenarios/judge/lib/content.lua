-- SPDX-License-Identifier: Apache-2.0
-- What the answers of a meter under test carry, in the order in which they came.
local T = require "trace"
local R = require "records"
local C = {}

-- A check returns this where an answer shows nothing after all.
C.unseen = {}

local reports = { [0x70] = 0, [0x6E] = 4, [0x6F] = 12 }
local carriers = { [0x72] = true, [0x7A] = true, [0x78] = true }

-- Whether a command reaches the device: SND_UD with anything but a selection.
local function is_command(t, e)
  local f = e.request.frame
  if not T.valid(e.request) or not f.ci or f.ci == 0x52 then return false end
  return f.a == t.dut or f.a >= T.SELECTED
end

-- How many answers to new requests there have been since the last reset that was acknowledged, this one
-- counted; nil where that is not sure, and for a repetition.
local function place_of(t, e, state)
  if T.asks(t, e, T.NKE) then
    state.place = T.is_acknowledge(T.answer(e)) and 0 or nil
  elseif T.asks(t, e, T.REQ_UD2) and e.request.frame.c & T.FCV ~= 0 and state.place then
    local set = e.request.frame.c & T.FCB ~= 0
    local answered = T.is_response(T.answer(e))
    if answered and set == (state.place % 2 == 0) and (state.place == 0 or t.ics.fcb ~= false) then
      state.place = state.place + 1
      return state.place
    end
    -- The same bit again: a repetition.
    if not answered or state.place == 0 then state.place = nil end
  elseif not (is_command(t, e) and state.place == 0 and T.is_acknowledge(T.answer(e))) then
    state.place = nil
  end
  return nil
end

local function read(entry)
  local f = entry.packet.frame
  entry.ci, entry.header = f.ci, T.header(entry.packet)
  local header = entry.header
  if reports[f.ci] then
    entry.reports = true
    entry.rest = #f.data >= reports[f.ci] and f.data:sub(reports[f.ci] + 1) or nil
    entry.code = entry.rest and (entry.rest:byte(1) or 0)
  elseif carriers[f.ci] and (header or f.ci == 0x78) then
    entry.mode = header and header.configuration >> 8 & 0x1F or 0
    local bytes = header and header.records or f.data
    if entry.mode == 0 then
      entry.list, entry.at, entry.why, entry.before = R.walk(bytes)
      -- What cannot be told from the older form of units in plain text.
      entry.open = not entry.list and entry.before.older
    end
  end
end

-- The answers from the device's own address to REQ_UD2 for it, each { packet, exchange, index (of the exchange),
-- place, commanded (what it carries may be another thing than its standard answer), touched (something was written
-- or told before), ci, header, mode; list, or why and at: of records in the clear; reports, code, rest: of an
-- application error }.
function C.answers(t)
  if t.contents then return t.contents end
  local list, state, touched = {}, {}, false
  for i, e in ipairs(T.prepare(t).exchanges) do
    local p = T.answer(e)
    local place = place_of(t, e, state)
    if T.asks(t, e, T.REQ_UD2) and T.is_response(p) and not p.cut and not e.request.hasty and p.frame.a == t.dut and
        #e.answers == 1 then
      local entry = { packet = p, exchange = e, index = i, place = place, commanded = e.commanded, touched = touched }
      read(entry)
      list[#list + 1] = entry
    end
    touched = touched or is_command(t, e)
  end
  t.contents = list
  return list
end

-- Goes through the answers for which `applies(entry)`; `check(entry)` returns nothing where all is well, C.unseen,
-- or what is wrong.
function C.each(t, applies, check)
  local seen = false
  for _, entry in ipairs(C.answers(t)) do
    if applies(entry) then
      local what = check(entry)
      if what and what ~= C.unseen then return "fail", what, entry.packet.index end
      seen = seen or not what
    end
  end
  return seen and "pass" or "none"
end

-- Standard answers whose records are in the clear. What is asked for behind a command may be its echo.
function C.each_readable(t, check)
  return C.each(t, function(entry)
    return not entry.commanded and (entry.list or entry.why) and not entry.open
  end, check)
end

-- The records of those; the ones before the fault where they do not parse. `check(record, entry)`.
function C.each_record(t, check)
  return C.each_readable(t, function(entry)
    local seen = false
    for _, record in ipairs(entry.list or entry.before) do
      local what = check(record, entry)
      if what and what ~= C.unseen then return what .. " in record " .. T.hex(record.key) end
      seen = seen or not what
    end
    if not seen then return C.unseen end
  end)
end

-- The worst of several rulings: what is broken, else what is shown.
function C.all(...)
  local verdict = "none"
  for _, ruling in ipairs { ... } do
    if ruling[1] == "fail" then return table.unpack(ruling) end
    if ruling[1] == "pass" then verdict = "pass" end
  end
  return verdict
end

-- The codes of a record's combinable VIFEs, up to a manufacturer's: each { code, fc (it is from the table that FCh
-- leads to) }.
function C.qualifiers(record)
  local list = {}
  if record.vif & 0x7F == 0x7F then return list end
  local from = 1
  if record.vif == 0xFB then
    from = 2
  elseif record.vif == 0xFD then
    from = record.vifes:byte(1) == 0xFD and 3 or 2
  end
  local fc = false
  for i = from, #record.vifes do
    local byte = record.vifes:byte(i)
    if not fc and byte & 0x7F == 0x7F then return list end
    if not fc and byte == 0xFC then
      fc = true
    else
      list[#list + 1] = { code = byte & 0x7F, fc = fc }
      fc = false
    end
  end
  return list
end

-- ---- commands that cannot be carried out, and what the device says of them

local function chains(data)
  local list, _, _, before = R.walk(data)
  for _, record in ipairs(list or before) do
    local difes = record.difes:gsub("%z$", "")
    if #difes > 10 then return "difes" end
    if #record.vifes > 10 and record.vif ~= 0xFC then return "vifes" end
  end
  return nil
end

-- What is wrong with a command to the device, which acknowledged it: "difes", "vifes" (too many), "ci" (one that is
-- reserved, or A7h, which a meter that has it cannot be judged by); nil for any other.
local function fault_of(t, e)
  if not T.asks(t, e, T.SND_UD) or not T.is_acknowledge(T.answer(e)) then return nil end
  local f = e.request.frame
  if f.ci == 0x51 then return chains(f.data) end
  if f.ci >= 0x20 and f.ci <= 0x4F or f.ci >= 0xC8 or f.ci == 0xA7 then return "ci" end
  return nil
end

-- Those commands, each { fault, exchange, entry }: `entry` is the next answer, the first one behind a reset, and
-- nothing else was told the device before it.
function C.refusable(t)
  if t.refusable then return t.refusable end
  local list, pending = {}, nil
  local entries, k = C.answers(t), 1
  for i, e in ipairs(T.prepare(t).exchanges) do
    while entries[k] and entries[k].index < i do k = k + 1 end
    if entries[k] and entries[k].index == i then
      if pending and entries[k].place == 1 then
        pending.entry = entries[k]
        list[#list + 1] = pending
      end
      pending = nil
    elseif is_command(t, e) then
      local fault = fault_of(t, e)
      pending = fault and { fault = fault, exchange = e } or nil
    end
  end
  t.refusable = list
  return list
end

-- Whether an answer shows that something was refused: an application error, the status byte, a record error. nil
-- where its records cannot be read.
function C.refuses(entry)
  if entry.reports or entry.header and entry.header.status & 3 ~= 0 then return true end
  if not entry.list then return nil end
  for _, record in ipairs(entry.list) do
    for _, q in ipairs(C.qualifiers(record)) do
      if not q.fc and q.code >= 0x01 and q.code <= 0x1C then return true end
    end
  end
  return false
end

-- Such a fault must be seen in the next answer, where the device claims to report what it cannot do.
function C.refused(t, applies)
  local seen = false
  for _, command in ipairs(C.refusable(t)) do
    if applies(command) then
      local refuses = C.refuses(command.entry)
      if refuses == false and t.ics.application_errors then
        return "fail", "nothing in the answer shows that a bad command was refused", command.entry.packet.index
      end
      seen = seen or refuses
    end
  end
  return seen and "pass" or "none"
end

return C
