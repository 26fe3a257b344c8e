-- SPDX-License-Identifier: Apache-2.0
-- How the records of a meter's answers are built, whatever they say (EN 13757-3, 6), judged from the trace.
local T = require "trace"
local R = require "records"
local C = require "content"
local L = require "statement"
local judge = {}

-- ---- chains

-- A meter sends no more than ten, and refuses more. Where more were sent to it the trace is about that.
local function at_most_ten(count, what, fault)
  return function(t)
    local verdict, text, packet = C.refused(t, function(command) return command.fault == fault end)
    if verdict ~= "none" then return verdict, text, packet end
    return C.each_record(t, function(record)
      if count(record) > 10 then return count(record) .. " " .. what end
    end)
  end
end
-- A last DIFE 00h, which marks a register number, does not count.
judge["MB3-RC-002"] = at_most_ten(function(record) return #record.difes:gsub("%z$", "") end, "DIFEs", "difes")
-- A unit in plain text may stand before the VIFEs behind FCh: then they cannot be told from it.
judge["MB3-RC-003"] = at_most_ten(function(record) return record.vif ~= 0xFC and #record.vifes or 0 end, "VIFEs",
                                  "vifes")

judge["MB3-RC-025"] = function(t)
  return C.all({ C.each_record(t, function(record)
    if record.vif == 0x7B or record.vif == 0x7D then return string.format("VIF %02Xh without a VIFE", record.vif) end
    return record.vif & 0x80 == 0 and C.unseen or nil
  end) }, { C.each_readable(t, function(entry)
    if entry.why == "vib" then return "the records end inside a VIB" end
    return C.unseen
  end) })
end

-- ---- sizes

-- The DIF where records cannot be read on.
local function dif_at(entry)
  local header = entry.header
  return (header and header.records or entry.packet.frame.data):byte(entry.at)
end

-- The data field says how long the data are: a wrong one shows where the records do not end with the answer.
judge["MB3-RC-004"] = function(t)
  return C.each_readable(t, function(entry)
    if entry.why == "data" then return "the data field of the last record asks for more than there is" end
    return not entry.list and C.unseen or nil
  end)
end

-- Goes through answers that have records of variable length and can be read to their end.
local function variable(broken)
  return function(t)
    return C.each_readable(t, function(entry)
      local what = entry.why and broken(entry)
      if what then return what end
      for _, record in ipairs(entry.list or {}) do
        if record.lvar then return nil end
      end
      return C.unseen
    end)
  end
end
judge["MB3-RC-019"] = variable(function(entry)
  if entry.why == "length" then return "a record of variable length ends before its LVAR" end
  if entry.why == "data" and dif_at(entry) & 0x0F == 0x0D then return "LVAR counts more than there is" end
end)
judge["MB3-RC-023"] = variable(function(entry)
  if entry.why == "lvar" then return "a reserved LVAR" end
end)

-- ---- what only a master sends, what nobody does

local function special(applies)
  return function(t)
    return C.each_readable(t, function(entry)
      if entry.why == "dif" and applies(dif_at(entry)) then return string.format("DIF %02Xh", dif_at(entry)) end
      return not entry.list and C.unseen or nil
    end)
  end
end
judge["MB3-RC-015"] = special(function(dif) return dif >= 0x3F and dif <= 0x6F end)
judge["MB3-RC-016"] = special(function(dif) return dif == 0x7F end)
judge["MB3-RC-017"] = function(t)
  return C.each_record(t, function(record)
    if record.dif & 0x0F == 0x08 then return "data field 8" end
  end)
end
judge["MB3-RC-036"] = function(t)
  return C.each_record(t, function(record)
    if record.vif & 0x7F == 0x7E then return string.format("VIF %02Xh", record.vif) end
  end)
end
judge["MB3-RC-033"] = function(t)
  return C.each_record(t, function(record)
    if record.vif == 0xEF then return "VIF EFh" end
  end)
end

-- The VIFEs 00h to 0Fh of a meter are record errors; 08h to 0Ah, which are actions of a master, are none. An answer
-- that has no such VIFE shows nothing.
local function record_errors(first, last, reserved_first, reserved_last)
  return function(t)
    return C.each_record(t, function(record)
      local seen = false
      for _, q in ipairs(C.qualifiers(record)) do
        if not q.fc and q.code >= reserved_first and q.code <= reserved_last then
          return string.format("VIFE %02Xh", q.code)
        end
        seen = seen or not q.fc and q.code >= first and q.code <= last
      end
      return not seen and C.unseen or nil
    end)
  end
end
judge["MB3-RC-040"] = record_errors(0x00, 0x0F, 0x08, 0x0A)
judge["MB3-RC-041"] = record_errors(0x15, 0x1C, 0x19, 0x1B)

-- ---- more telegrams

judge["MB3-RC-012"] = function(t)
  local count = t.ics.telegrams or 1
  local first, begun -- the first telegram; whether the last read-out began with it
  return C.each(t, function(entry)
    if entry.touched or not entry.list or not entry.place then return false end
    if entry.place == 1 then
      first = first or T.shape(entry.packet)
      begun = T.shape(entry.packet) == first
    end
    return begun and entry.place <= count
  end, function(entry)
    if entry.list.more ~= (entry.place < count) then
      return string.format("answer %d of %d %s DIF 1Fh", entry.place, count, entry.list.more and "has" or "is without")
    end
  end)
end

-- Behind encrypted blocks there may be records in the clear.
local function clear_tail(entry)
  local header = entry.header
  if not header or header.configuration >> 8 & 0x1F ~= 5 or entry.ci ~= 0x72 and entry.ci ~= 0x7A then return nil end
  return header.records:sub(1 + 16 * (header.configuration >> 4 & 0x0F))
end
judge["MB3-RC-014"] = function(t)
  return C.each(t, function() return true end, function(entry)
    local tail = clear_tail(entry)
    local list = tail and R.walk(tail)
    if list and list.more then return "DIF 1Fh in an answer with security mode 5" end
    return not (entry.list and entry.list.more) and C.unseen or nil
  end)
end

-- ---- fillers

-- A write with fillers among its records: the next read-out has what was written, as the statement says it can be.
judge["MB3-RC-010"] = function(t)
  local writable = {}
  for _, item in ipairs(t.ics.writable or {}) do writable[L.octets_of(item.header)] = true end
  local entry_at, written, seen = {}, nil, false
  for _, entry in ipairs(C.answers(t)) do entry_at[entry.index] = entry end
  for i, e in ipairs(t.exchanges) do
    local f, entry = e.request.frame, entry_at[i]
    if entry and written and entry.place == 1 then written.fresh = true end
    for _, record in ipairs(written and written.fresh and entry and entry.list or {}) do
      local due = written[record.key]
      if due and record.data ~= due then
        return "fail", "what was written among fillers is not there", entry.packet.index
      end
      seen = seen or due ~= nil
    end
    if f.ci and f.ci ~= 0x52 then
      local list = f.ci == 0x51 and T.asks(t, e, T.SND_UD) and T.is_acknowledge(T.answer(e)) and R.walk(f.data)
      written = list and list.filler and {} or nil
      for _, record in ipairs(written and list or {}) do
        if writable[record.key] then written[record.key] = record.data end
      end
    end
  end
  return seen and "pass" or "none"
end

-- ---- dates

local date_fields = {
  [0x6C] = { [0x02] = true },
  [0x6D] = { [0x03] = true, [0x04] = true, [0x06] = true, [0x0D] = true },
}

-- VIFEs that make another thing of the data than a date: counts, durations, what a manufacturer says.
local function stays_date(record)
  if record.vifes:find("[\x7F\xFF]") then return false end
  for _, q in ipairs(C.qualifiers(record)) do
    if q.fc or q.code == 0x41 or q.code == 0x49 or q.code >= 0x50 and q.code <= 0x67 or q.code <= 0x1F then
      return false
    end
  end
  return true
end

judge["MB3-TY-018"] = function(t)
  return C.each_record(t, function(record)
    local fields, field = date_fields[record.vif & 0x7F], record.dif & 0x0F
    if not fields or field == 0 or not stays_date(record) then return C.unseen end
    if not fields[field] then return string.format("data field %d of a date", field) end
  end)
end

-- ---- duplicates, which end-devices of OMS do not send

-- Quantities of the primary table that have several units or scales.
local ranges = { { 0x00, 0x0F }, { 0x10, 0x17 }, { 0x18, 0x1F }, { 0x20, 0x23 }, { 0x24, 0x27 }, { 0x28, 0x37 },
                 { 0x38, 0x4F }, { 0x50, 0x57 }, { 0x58, 0x5B }, { 0x5C, 0x5F }, { 0x60, 0x63 }, { 0x64, 0x67 },
                 { 0x68, 0x6B }, { 0x70, 0x73 }, { 0x74, 0x77 } }
local function meaning(record)
  local vif = record.vif & 0x7F
  for i, range in ipairs(ranges) do
    if vif >= range[1] and vif <= range[2] then
      return string.format("%02X%s/%d/%s", record.dif & 0x70, T.hex(record.difes), i, T.hex(record.vifes))
    end
  end
  return nil
end

judge["MB3-AP-041"] = function(t)
  if not t.ics.oms then return "none" end
  return C.each_readable(t, function(entry)
    local heads, meanings = {}, {}
    for _, record in ipairs(entry.list or {}) do
      local means = record.dif & 0x0F ~= 0 and meaning(record)
      if heads[record.head] then return "two records " .. T.hex(record.head) end
      if means and meanings[means] then
        return "records " .. T.hex(meanings[means]) .. " and " .. T.hex(record.head) .. " say the same"
      end
      heads[record.head] = true
      if means then meanings[means] = record.head end
    end
    return not entry.list and C.unseen or nil
  end)
end

return judge
