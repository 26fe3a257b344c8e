-- SPDX-License-Identifier: Apache-2.0
-- CI-fields of a meter's answers, and what stands behind them (EN 13757-7, 5 and 7), judged from the trace.
local T = require "trace"
local R = require "records"
local C = require "content"
local judge = {}

local function any() return true end

-- ---- which header belongs to which CI-field

local names = { [0] = "none", [4] = "a short one", [12] = "a long one" }

-- What is behind an answer's CI-field must be a header of `due` octets: told by the records, which begin right behind
-- it. Where they make sense behind another header and not behind this one, it is the other.
local function behind(data, due)
  if #data < due then return "its header is cut off" end
  local list, _, _, before = R.walk(data:sub(due + 1))
  if list then return #list == 0 and C.unseen or nil end
  if before.older then return C.unseen end
  for length, name in pairs(names) do
    local other = length ~= due and #data >= length and R.walk(data:sub(length + 1))
    if other and #other > 1 then return "the header is " .. name end
  end
  return C.unseen
end

-- An application error or an alarm has one octet behind its header, or none; what is longer is open.
local function behind_report(data, due)
  if #data < due then return "its header is cut off" end
  return #data > due + 1 and C.unseen or nil
end

local function behind_other(data, due)
  if #data < due then return "its header is cut off" end
  return C.unseen
end

local forms = {
  [12] = { [0x72] = behind, [0x6F] = behind_report, [0x75] = behind_report, [0x68] = behind_other },
  [4] = { [0x7A] = behind, [0x6E] = behind_report, [0x74] = behind_report, [0x67] = behind_other },
  [0] = { [0x78] = behind, [0x70] = behind_report, [0x71] = behind_report },
}
local function header_of(due)
  return function(t)
    return C.each(t, function(entry) return forms[due][entry.ci] ~= nil end, function(entry)
      local header = entry.header
      if header and header.configuration & 0x1F00 ~= 0 then return C.unseen end -- encrypted
      local what = forms[due][entry.ci](entry.packet.frame.data, due)
      if what and what ~= C.unseen then return string.format("behind CI %02Xh %s", entry.ci, what) end
      return what
    end)
  end
end

-- A CI-field that only a master sends, or that no meter has sent for long (76h and 77h: most significant octet first).
local foreign = { [0x60] = true, [0x61] = true, [0x64] = true, [0x65] = true, [0x6C] = true, [0x6D] = true,
                  [0x76] = true, [0x77] = true, [0x80] = true, [0x84] = true, [0x85] = true }
local function is_foreign(ci)
  return foreign[ci] or ci >= 0x50 and ci <= 0x55 or ci >= 0x5A and ci <= 0x5C or ci >= 0xB8 and ci <= 0xBF
end
judge["MB7-TL-001"] = function(t)
  return C.all({ header_of(12)(t) }, { C.each(t, any, function(entry)
    if is_foreign(entry.ci) then return string.format("CI %02Xh in an answer", entry.ci) end
    return C.unseen
  end) })
end
judge["MB7-TL-003"] = header_of(0)
judge["MB7-TL-005"] = header_of(4)
-- OMS has short headers from master to meter only.
judge["MB7-TL-002"] = function(t)
  return C.all({ header_of(4)(t) }, { C.each(t, function(entry) return t.ics.oms and forms[4][entry.ci] ~= nil end,
    function(entry) return string.format("a short header (CI %02Xh) in an answer", entry.ci) end) })
end
judge["MB7-TL-021"] = function(t)
  if not t.ics.oms then return "none" end
  return C.each(t, function(entry) return not entry.commanded end, function(entry)
    if entry.ci == 0x78 or entry.ci == 0x79 or forms[4][entry.ci] or entry.ci == 0x7B then
      return string.format("CI %02Xh, which has no long header", entry.ci)
    end
    return entry.ci ~= 0x72 and C.unseen or nil
  end)
end

-- ---- reserved CI-fields

local function is_reserved(ci) return ci >= 0x20 and ci <= 0x4F or ci >= 0xC8 end

-- A meter sends none; of a command with one it says that it is not implemented (01h, or no code), or ignores it.
judge["MB7-TL-019"] = function(t)
  for _, entry in ipairs(C.answers(t)) do
    if is_reserved(entry.ci) then
      return "fail", string.format("the reserved CI %02Xh in an answer", entry.ci), entry.packet.index
    end
  end
  local seen = false
  for _, command in ipairs(C.refusable(t)) do
    local entry = command.entry
    if is_reserved(command.exchange.request.frame.ci) then
      if entry.reports and entry.code ~= 0x00 and entry.code ~= 0x01 and entry.code < 0x10 then
        return "fail", string.format("error %02Xh for a reserved CI-field", entry.code), entry.packet.index
      end
      seen = true
    end
  end
  return seen and "pass" or "none"
end

-- ---- repetitions

-- A request with the frame count bit of the one before it, straight behind it: the same answer. Whoever brings newer
-- values then says so in its statement.
judge["MB7-TL-009"] = function(t)
  if t.ics.repeat_refreshes or t.ics.fcb == false then return "none" end
  local last
  return C.each(t, function(entry)
    local before = last
    last = entry
    local c = entry.exchange.request.frame.c
    return before ~= nil and entry.index == before.index + 1 and entry.header ~= nil and before.header ~= nil and
      c & T.FCV ~= 0 and c == before.exchange.request.frame.c
  end, function(entry)
    local before = t.exchanges[entry.index - 1].answers[1]
    if before.frame.ci == entry.ci and before.frame.data == entry.packet.frame.data then return nil end
    if T.header(before).access_number ~= entry.header.access_number then
      return "the access number of a repeated answer is another"
    end
    return "a repeated answer has another content"
  end)
end

-- ---- status byte, against the statement: nothing that was done may have changed it

local function status(mask)
  return function(t)
    local due, good, bad = (t.ics.status or 0) & mask, false, nil
    for _, entry in ipairs(C.answers(t)) do
      if entry.ci == 0x72 and not entry.touched and entry.header then
        good = good or entry.header.status & mask == due
        if entry.header.status & mask ~= due then bad = bad or entry end
      end
    end
    if bad and not good then
      local what = string.format("status %02Xh, and the statement says %02Xh", bad.header.status, t.ics.status or 0)
      return "fail", what, bad.packet.index
    end
    return good and not bad and "pass" or "none"
  end
end
judge["MB7-TL-010"] = status(0x03)
judge["MB7-TL-011"] = status(0x1C)

-- ---- configuration field

judge["MB7-TL-015"] = function(t)
  return C.each(t, function(entry) return entry.header ~= nil end, function(entry)
    local configuration = entry.header.configuration
    local mode = configuration >> 8 & 0x1F
    if mode ~= 0 and mode ~= 5 then return C.unseen end
    if configuration & 0x0003 ~= 0 then
      return string.format("configuration field %04Xh: H or R is set", configuration)
    end
  end)
end

-- Security mode 5: how many blocks of 16 octets are encrypted, and records in the clear behind them.
local function of_mode_5(check)
  return function(t)
    return C.each(t, function(entry) return entry.header ~= nil and entry.ci ~= 0x73 and entry.mode == 5 end,
      function(entry)
        return check(entry.header.configuration >> 4 & 0x0F, entry.header.records)
      end)
  end
end
judge["MB7-TL-016"] = of_mode_5(function(blocks, records)
  if 16 * blocks > #records then return blocks .. " encrypted blocks in " .. #records .. " octets" end
  return blocks == 0 and C.unseen or nil
end)
judge["MB7-TL-017"] = of_mode_5(function(blocks, records)
  local rest = records:sub(16 * blocks + 1)
  if blocks == 0 or rest == "" then return C.unseen end
  local list, _, _, before = R.walk(rest)
  if not list and not before.older then return "the records behind the encrypted blocks cannot be read" end
  return not list and C.unseen or nil
end)

return judge
