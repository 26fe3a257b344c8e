-- SPDX-License-Identifier: Apache-2.0
-- The scenario API (docs/scenario-api.md), made from the primitives in `mb`. Everything a case can
-- reach is made here or is a pure function of Lua's own library.
local mb = ...

-- Thrown by an expectation that ends the case; the harness knows it by its field.
local stop = { ended = true }
local plain_pcall, plain_error = pcall, error
local type, tostring, ipairs, pairs, select = type, tostring, ipairs, pairs, select
local format, byte, char = string.format, string.byte, string.char
local concat, unpack = table.concat, table.unpack
local plain_setmetatable, getmetatable = setmetatable, getmetatable

local function raise(text, ...)
  plain_error(format(text, ...), 0)
end

-- A case may not catch its own failure.
function pcall(f, ...)
  local results = table.pack(plain_pcall(f, ...))
  if not results[1] and results[2] == stop then plain_error(stop, 0) end
  return unpack(results, 1, results.n)
end

-- Names -------------------------------------------------------------------------------------------

local function set_of(list)
  local set = {}
  for _, name in ipairs(list) do set[name] = true end
  return set
end

-- A misspelt field is an error that names it.
local function check_fields(t, allowed, what)
  if type(t) ~= "table" then raise("%s: a table is due, not %s", what, type(t)) end
  for key in pairs(t) do
    if not allowed[key] then raise("%s: unknown field '%s'", what, tostring(key)) end
  end
  return t
end

-- A table whose unknown fields are errors when read, too; `methods` are found first.
local function closed(what, fields, methods)
  local allowed = set_of(fields)
  return {
    __index = function(_, key)
      local method = methods and methods[key]
      if method ~= nil then return method end
      if not allowed[key] then raise("%s has no field '%s'", what, tostring(key)) end
      return nil
    end,
    __newindex = function(_, key) raise("%s: '%s' cannot be set", what, tostring(key)) end,
    __metatable = false,
  }
end

-- Showing values ----------------------------------------------------------------------------------

local function hex_of(bytes)
  local parts = {}
  for i = 1, #bytes do parts[i] = format("%02X", byte(bytes, i)) end
  return concat(parts, " ")
end

local show_reception

local function show(value)
  local kind = type(value)
  if kind == "string" then
    if value:find("^[%g ]*$") then return format('"%s"', value) end
    return hex_of(value)
  elseif kind == "table" then
    local text = rawget(value, "shown")
    if text then return text end
    if rawget(value, "bytes") then return show_reception(value) end
    local parts = {}
    for _, item in ipairs(value) do parts[#parts + 1] = show(item) end
    return "{" .. concat(parts, ", ") .. "}"
  end
  return tostring(value)
end

function show_reception(r)
  local text, fault = hex_of(r.bytes), rawget(r, "fault")
  if fault then text = format("%s (%s)", text, fault) end
  return text
end

local function show_or_silence(r)
  if r == nil then return "silence" end
  return show(r)
end

-- Durations: whole nanoseconds --------------------------------------------------------------------

local function duration(scale, name)
  return function(n)
    if type(n) ~= "number" then raise("%s: a number is due, not %s", name, type(n)) end
    local exact = n * scale
    return math.type(exact) == "integer" and exact or math.floor(exact + 0.5)
  end
end
ms = duration(1000000, "ms")
s = duration(1000000000, "s")

local function check_duration(value, what)
  if math.type(value) ~= "integer" or value < 0 then
    raise("%s: a duration is due (ms, s, line:bits), not %s", what, tostring(value))
  end
  return value
end

-- Bytes and frames --------------------------------------------------------------------------------

function hex(text)
  local bytes, wrong = mb.read_hex(text)
  if not bytes then raise("hex: %s", wrong) end
  return bytes
end

function decimal(text)
  if not mb.compare_decimals(text, "0") then raise("decimal: '%s' is no decimal number", tostring(text)) end
  return plain_setmetatable({ text = text, shown = text },
                            closed("decimal", { "text", "shown", "octets", "unit" }))
end

local frame_fields = set_of { "kind", "c", "a", "ci", "data", "start", "l", "l2", "start2",
                              "checksum", "stop" }

local function octet(value, what)
  if math.type(value) ~= "integer" or value < 0 or value > 255 then
    raise("frame: %s: 0 to 255 is due, not %s", what, tostring(value))
  end
  return value
end

-- The bytes of a frame, every field of which can be overridden; no kind: short without ci and data.
function frame(t)
  check_fields(t, frame_fields, "frame")
  local kind = t.kind or (t.ci or t.data) and "long" or "short"
  if kind == "single" then return char(octet(t.start or 0xE5, "start")) end
  local body = char(octet(t.c or 0x40, "c"), octet(t.a or raise("frame: a is missing"), "a"))
  if kind == "short" then
    if t.ci or t.data then raise("frame: a short frame has no ci and no data") end
  elseif kind == "long" or kind == "control" then
    if t.ci then body = body .. char(octet(t.ci, "ci")) end
    body = body .. (t.data or "")
  else
    raise("frame: kind '%s' is none of single, short, control, long", tostring(kind))
  end
  local sum = 0
  for i = 1, #body do sum = (sum + byte(body, i)) % 256 end
  local tail = char(octet(t.checksum or sum, "checksum"), octet(t.stop or 0x16, "stop"))
  if kind == "short" then return char(octet(t.start or 0x10, "start")) .. body .. tail end
  local length = octet(t.l or #body, "l")
  return char(octet(t.start or 0x68, "start"), length, octet(t.l2 or length, "l2"),
              octet(t.start2 or 0x68, "start2")) .. body .. tail
end

-- Judging -----------------------------------------------------------------------------------------

local Expectation = {}
Expectation.__index = function(_, key)
  if key == "value" then return nil end -- an expectation about nothing
  local method = Expectation[key]
  if method == nil then raise("expect has no method '%s'", tostring(key)) end
  return method
end
Expectation.__metatable = false

local function judge(e, passed, expected, actual)
  local ends = mb.judge(e.kind, passed and true or false, e.what, expected, actual or show(e.value),
                        e.requirement or "")
  if ends then plain_error(stop, 0) end
  e.held = passed and true or false
  return e
end

local function expectation(kind)
  return function(value, what, requirement)
    if type(what) ~= "string" then raise("%s: say what the value is", kind) end
    return plain_setmetatable({ kind = kind, value = value, what = what,
                                requirement = requirement or false }, Expectation)
  end
end
expect = expectation("expect")
precondition = expectation("precondition")

local function is_quantity(value)
  return type(value) == "table" and rawget(value, "text") ~= nil
end

local function same(a, b)
  if is_quantity(a) and is_quantity(b) then return mb.compare_decimals(a.text, b.text) == 0 end
  if type(a) == "table" and type(b) == "table" and not getmetatable(a) and not getmetatable(b) then
    if #a ~= #b then return false end
    for i = 1, #a do
      if not same(a[i], b[i]) then return false end
    end
    return true
  end
  return a == b
end

function Expectation.equals(e, wanted, unit)
  local shown = show(wanted)
  if unit == nil then return judge(e, same(e.value, wanted), shown) end
  if not is_quantity(e.value) then
    return judge(e, false, shown .. " " .. unit, e.value == nil and "no such value" or show(e.value))
  end
  return judge(e, same(e.value, wanted) and e.value.unit == unit, shown .. " " .. unit)
end

function Expectation.differs(e, other)
  return judge(e, not same(e.value, other), "anything but " .. show(other))
end

local function comparable(value, limit)
  if is_quantity(value) and is_quantity(limit) then
    return mb.compare_decimals(value.text, limit.text)
  end
  if type(value) ~= "number" or type(limit) ~= "number" then return nil end
  return value < limit and -1 or value > limit and 1 or 0
end

function Expectation.between(e, low, high)
  local below, above = comparable(e.value, low), comparable(e.value, high)
  return judge(e, below and above and below >= 0 and above <= 0,
               format("%s to %s", show(low), show(high)))
end

function Expectation.at_least(e, low)
  local order = comparable(e.value, low)
  return judge(e, order and order >= 0, "at least " .. show(low))
end

function Expectation.at_most(e, high)
  local order = comparable(e.value, high)
  return judge(e, order and order <= 0, "at most " .. show(high))
end

function Expectation.contains(e, part)
  if type(e.value) == "string" then
    return judge(e, e.value:find(part, 1, true) ~= nil, "something with " .. show(part))
  end
  local found = false
  if type(e.value) == "table" then
    for _, item in ipairs(e.value) do found = found or same(item, part) end
  end
  return judge(e, found, "something with " .. show(part))
end

function Expectation.is_nil(e)
  return judge(e, e.value == nil, "nothing")
end

function Expectation.is_true(e)
  return judge(e, e.value == true, "true")
end

function Expectation.is_silence(e)
  return judge(e, e.value == nil, "silence", show_or_silence(e.value))
end

-- Something was heard, whatever it is.
function Expectation.is_heard(e)
  return judge(e, e.value ~= nil, "an answer", show_or_silence(e.value))
end

function Expectation.is_acknowledge(e)
  local r = e.value
  return judge(e, r ~= nil and not r.fault and r.bytes == "\xE5", "E5", show_or_silence(r))
end

-- A valid RSP_UD. `address`: the one it must carry.
function Expectation.is_telegram(e, options)
  options = check_fields(options or {}, set_of { "address" }, "is_telegram")
  local r = e.value
  local valid = r ~= nil and not r.fault and r.frame["function"] == "RSP_UD"
  local wanted = "a valid RSP_UD"
  if options.address then
    wanted = format("%s from address %d", wanted, options.address)
    valid = valid and r.frame.a == options.address
  end
  return judge(e, valid, wanted, show_or_silence(r))
end

local function user_data_of(r)
  if r == nil or r.fault or not r.frame or not r.frame.ci then return nil end
  return r.frame.user_data
end

-- Where the access number of a long header stands in the user data.
local function without_access_number(user_data)
  if mb.has_long_header(user_data) then return user_data:sub(1, 9) .. user_data:sub(11) end
  return user_data
end

local function compare_telegrams(e, other, wanted_relation)
  local first, second = user_data_of(other), user_data_of(e.value)
  if not first then
    local ends = mb.judge("precondition", false, e.what .. ": the telegram to compare with",
                          "a valid RSP_UD", show_or_silence(other), "")
    if ends then plain_error(stop, 0) end
  end
  local wanted = wanted_relation .. " " .. show(other)
  if not second then return judge(e, false, wanted, show_or_silence(e.value)) end
  local same_records = mb.structure(first) == mb.structure(second)
  local passed
  if wanted_relation == "the same telegram as" then
    passed = same_records and (mb.repeat_refreshes or first == second)
  elseif wanted_relation == "the same records as" then
    passed = same_records
  else
    passed = without_access_number(first) ~= without_access_number(second)
  end
  return judge(e, passed, wanted)
end

-- The same telegram of the sequence: the same records, and the same bytes unless the implementation
-- statement says that a repetition refreshes its values.
function Expectation.same_telegram(e, other)
  return compare_telegrams(e, other, "the same telegram as")
end

function Expectation.other_telegram(e, other)
  return compare_telegrams(e, other, "another telegram than")
end

-- The same place in the sequence: the same records in the same order, their values aside.
function Expectation.same_records(e, other)
  return compare_telegrams(e, other, "the same records as")
end

-- A duration against limits; the rig's uncertainty decides what is too near to tell.
function measure(what, value, limits, requirement)
  if type(what) ~= "string" then raise("measure: say what is measured") end
  check_fields(limits, set_of { "min", "max" }, "measure")
  if math.type(value) ~= "integer" then raise("measure: '%s' is no duration", what) end
  if not limits.min and not limits.max then raise("measure: '%s' has no limit", what) end
  mb.measure(what, value, limits.min or -1, limits.max or -1, requirement or "")
end

function remark(text, requirement) mb.remark(tostring(text), requirement or "") end
function note(text) mb.note(tostring(text)) end
function attach(name, bytes) mb.attach(name, bytes) end

function print(...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = tostring((select(i, ...))) end
  mb.note(concat(parts, "\t"))
end

-- The wire ----------------------------------------------------------------------------------------

local reception_meta = closed("a reception", { "bytes", "octets", "frame", "fault", "start", "finish",
                                               "collision", "request", "shown", "text" })
local frame_meta = closed("a frame", { "kind", "c", "a", "ci", "data", "user_data", "function", "fcb",
                                       "fcv", "acd", "dfc" })
local request_meta = closed("a request", { "bytes", "start", "finish" })

local send_fields = set_of { "baud", "parity", "gap", "gap_after", "stop_bits", "octets", "idle" }
local octet_fields = set_of { "parity", "framing", "break", "gap" }
local parities = { even = false, odd = "parity" }

local function deviation(t)
  if t["break"] then return "break" end
  if t.framing then return "framing" end
  if t.parity == nil then return "none" end
  if parities[t.parity] == nil then raise("parity: 'even' or 'odd' is due") end
  return parities[t.parity] or "none"
end

-- Which octets differ from 8E1, in order: { index (from 0), kind, gap in ns }.
local function exceptions_of(bytes, options)
  local list = {}
  for i in pairs(options.octets or {}) do
    if math.type(i) ~= "integer" or i < 1 or i > #bytes then
      raise("octets[%s]: there are octets 1 to %d", tostring(i), #bytes)
    end
  end
  local after = options.gap_after
  if after and (math.type(after) ~= "integer" or after < 1 or after >= #bytes) then
    raise("gap_after: 1 to %d is due, not %s", #bytes - 1, tostring(after))
  end
  local odd = options.parity and deviation { parity = options.parity } or "none"
  for i = 1, #bytes do
    local own = options.octets and options.octets[i]
    local gap = 0
    if own then
      check_fields(own, octet_fields, format("octets[%d]", i))
      gap = own.gap and check_duration(own.gap, "gap") or 0
    end
    if options.gap and i > 1 and (not options.gap_after or options.gap_after == i - 1) then
      gap = gap + check_duration(options.gap, "gap")
    end
    local kind = own and deviation(own) or "none"
    if kind == "none" then kind = odd end
    if kind ~= "none" or gap > 0 then list[#list + 1] = { i - 1, kind, gap } end
  end
  return list
end

local function need(capability)
  if not mb.offers(capability) then
    raise("this rig has no '%s': say needs = { \"%s\" }", capability, capability)
  end
end

local Line = {}
local line_of = {}

function Line.bits(_, n)
  if type(n) ~= "number" then raise("line:bits: a number is due") end
  return mb.bits(n)
end

function Line.set_baud(_, baud)
  need("baud")
  mb.set_baud(baud)
end

function Line.send(_, bytes, options)
  if type(bytes) ~= "string" or bytes == "" then raise("line:send: bytes are due (hex, frame)") end
  options = check_fields(options or {}, send_fields, "line:send")
  local list = exceptions_of(bytes, options)
  for _, e in ipairs(list) do
    if e[2] == "break" then need("break")
    elseif e[2] ~= "none" then need("octet_errors") end
    if e[3] > 0 then need("gaps") end
  end
  if options.baud then need("baud") end
  local idle = options.idle and check_duration(options.idle, "idle")
  local request = mb.send(bytes, options.baud or 0, options.stop_bits or 1, list, idle or -1)
  return plain_setmetatable(request, request_meta)
end

local standard_patience = 3000000000 -- 3 s: content is judged whenever it comes

function Line.receive(_, options)
  options = check_fields(options or {}, set_of { "within" }, "line:receive")
  local within = check_duration(options.within or standard_patience, "within")
  local r = mb.receive(within)
  if not r then return nil end
  if r.request then plain_setmetatable(r.request, request_meta) end
  if r.frame then plain_setmetatable(r.frame, frame_meta) end
  return plain_setmetatable(r, reception_meta)
end

local exchange_fields = set_of { "within", "baud", "parity", "gap", "gap_after", "stop_bits", "octets",
                                 "idle" }

local function split_within(options)
  options = check_fields(options or {}, exchange_fields, "line:exchange")
  local how = {}
  for key, value in pairs(options) do
    if key ~= "within" then how[key] = value end
  end
  return how, options.within
end

function Line.exchange(line, bytes, options)
  local how, within = split_within(options)
  line:send(bytes, how)
  return line:receive { within = within or standard_patience }
end

local function address_of(dut)
  local address = type(dut) == "table" and dut.address or dut
  if math.type(address) ~= "integer" then raise("a device or its address is due") end
  return address
end

-- SND_NKE; anything but E5h ends the case as inconclusive.
function Line.reset(line, dut)
  local r = line:exchange(frame { c = 0x40, a = address_of(dut) })
  precondition(r, "answer to SND_NKE"):is_acknowledge()
  return r
end

local request_with = { [0] = 0x5B, [1] = 0x7B, [false] = 0x5B, [true] = 0x7B }

-- REQ_UD2 with this frame count bit, 4Bh without one; nil when nothing came.
function Line.request(line, dut, options)
  options = check_fields(options or {}, set_of { "fcb", "within" }, "line:request")
  local c = 0x4B
  if options.fcb ~= nil then
    c = request_with[options.fcb] or raise("line:request: fcb: 0 or 1 is due, not %s", show(options.fcb))
  end
  return line:exchange(frame { c = c, a = address_of(dut) }, { within = options.within })
end

local silence_fields = set_of { "within", "probe", "what", "requirement", "baud", "parity", "gap",
                                "gap_after", "stop_bits", "octets", "idle" }

-- Nothing may answer these bytes within the reply window and 33 bit times. `probe` is a device that
-- must answer SND_NKE before and after: silence alone is no evidence.
function Line.expect_silence(line, bytes, options)
  options = check_fields(options or {}, silence_fields, "line:expect_silence")
  local how = {}
  for key, value in pairs(options) do
    if exchange_fields[key] and key ~= "within" then how[key] = value end
  end
  if options.probe then line:reset(options.probe) end
  line:send(bytes, how)
  local within = options.within or (line:bits(330) + ms(50) + line:bits(33) + mb.uncertainty)
  local r = line:receive { within = within }
  local what = options.what or ("answer to " .. hex_of(bytes))
  expect(r, what, options.requirement):is_silence()
  if options.probe then
    local again = line:exchange(frame { c = 0x40, a = address_of(options.probe) })
    precondition(again, "answer to SND_NKE afterwards"):is_acknowledge()
  end
end

function Line.fault(_, name, parameters)
  need("world")
  mb.set_fault(-1, name, parameters or {})
end

local cut_fields = set_of { "after_bytes", "distance", "duration" }

-- Cuts the cable; the fault line.cut.
function Line.cut(_, t)
  need("world")
  t = t or {}
  check_fields(t, cut_fields, "line:cut")
  local length = t.duration and check_duration(t.duration, "line:cut: duration") or 0
  mb.set_fault(-1, "line.cut",
    { after = t.after_bytes or 0, distance = t.distance or 0, duration = length / 1e9 })
end

-- Voltage (V) and current (mA) at the master's terminals, now.
function Line.levels(_)
  need("levels")
  return mb.levels()
end

local await_fields = set_of { "from", "within" }

-- The next frame of the master under test, or what it sends instead; nil when nothing came or its
-- job has ended.
function Line.await(_, options)
  need("job")
  options = check_fields(options or {}, await_fields, "line:await")
  if options.from and options.from ~= "master" then
    raise("line:await: from: 'master' is due, not %s", show(options.from))
  end
  local r = mb.await(check_duration(options.within or s(60), "within"))
  if not r then return nil end
  if r.frame then plain_setmetatable(r.frame, frame_meta) end
  return plain_setmetatable(r, reception_meta)
end

-- Answers a master as a meter: `after` the last octet on the line, unless that has been longer ago.
function Line.answer(line, bytes, options)
  need("job")
  local how = {}
  for key, value in pairs(options or {}) do how[key] = value end
  how.idle = check_duration(how.after or ms(20), "line:answer: after")
  how.after = nil
  return line:send(bytes, how)
end

line_of.__index = function(_, key)
  if key == "baud" then return mb.baud() end
  if key == "uncertainty" then return mb.uncertainty end
  local method = Line[key]
  if method == nil then raise("rig.line has no '%s'", tostring(key)) end
  return method
end
line_of.__newindex = function(_, key) raise("rig.line: '%s' cannot be set", tostring(key)) end
line_of.__metatable = false

-- The reference master ----------------------------------------------------------------------------

local record_fields = { "quantity", "unit", "value", "type", "storage", "tariff", "subunit", "function",
                        "coding", "qualifiers", "error", "invalid", "shown", "text", "octets" }
local record_meta = closed("a record", record_fields)
local selector = set_of { "quantity", "unit", "storage", "tariff", "subunit", "function" }
local standard_selection = { storage = 0, tariff = 0, subunit = 0, ["function"] = "instantaneous" }

local Readout = {}

-- The value of the first record that fits: current, without tariff, unless something else is said.
function Readout.value(readout, wanted)
  check_fields(wanted, selector, "readout:value")
  for _, record in ipairs(readout.records) do
    local fits = true
    for key in pairs(selector) do
      local due = wanted[key]
      if due == nil then due = standard_selection[key] end
      if due ~= nil and record[key] ~= due then fits = false end
    end
    if fits and record.value then
      return plain_setmetatable({ text = record.value, unit = record.unit,
                                  shown = record.value .. " " .. record.unit },
                                closed("a value", { "text", "unit", "shown", "octets" }))
    end
  end
  return nil
end

local readout_meta = closed("a readout", { "telegrams", "records", "fault", "shown", "text", "octets" },
                            Readout)

local Master = {}

-- A primary address (0 to 250, 254) or 16 digits of a secondary one.
function Master.read(_, address)
  if type(address) == "table" then address = address_of(address) end
  local readout = mb.read(address)
  for _, telegram in ipairs(readout.telegrams) do
    plain_setmetatable(telegram.frame, frame_meta)
    plain_setmetatable(telegram, reception_meta)
  end
  for _, record in ipairs(readout.records) do plain_setmetatable(record, record_meta) end
  return plain_setmetatable(readout, readout_meta)
end

-- A master under test -----------------------------------------------------------------------------

local job_arguments = {
  read = { "address" }, scan = {}, search = { "mask" }, write = { "address", "data" },
  alarm = { "address" }, baud = { "address", "baud" },
}
local optional_arguments = set_of { "mask" }
local wire_meta = closed("an item of the wire", { "from", "bytes", "start", "finish", "baud", "errors",
                                                  "frame", "shown", "text", "octets", "fault" })
local outcome_meta = closed("the outcome of a job", { "status", "telegrams", "found", "faults", "lines",
                                                      "finish", "shown", "text", "octets" })

local Job = {}

function Job.running(_) return mb.job_running() end

-- What was on the wire since it was started: from the master, and from meters as it heard them.
function Job.wire(job)
  local items = mb.wire(job.start)
  for _, item in ipairs(items) do
    if item.frame then plain_setmetatable(item.frame, frame_meta) end
    plain_setmetatable(item, wire_meta)
  end
  return items
end

-- Waits for its end. A crash, a malformed line and an overrun fail the case; a job that the master
-- does not have makes it not applicable.
function Job.finish(job, options)
  options = check_fields(options or {}, set_of { "within" }, "job:finish")
  local within = check_duration(options.within or s(60), "within")
  local r = mb.finish_job(within)
  if r.unclaimed then plain_error(stop, 0) end
  local trouble = r.trouble
  if not r.ended then trouble = format("it has not ended after %.1f s", within / 1e9) end
  if trouble then
    mb.job_fails(format("job %s: %s", job.shown, trouble))
    plain_error(stop, 0)
  end
  local outcome = { status = r.status, lines = r.lines, finish = r.finish,
                    telegrams = {}, found = {}, faults = {} }
  for _, line in ipairs(r.lines) do
    if line.telegram then outcome.telegrams[#outcome.telegrams + 1] = line.telegram end
    if line.found then outcome.found[#outcome.found + 1] = line.found end
    if line.fault then outcome.faults[#outcome.faults + 1] = line.address .. ": " .. line.fault end
  end
  return plain_setmetatable(outcome, outcome_meta)
end

local job_meta = closed("a job", { "start", "shown", "text", "octets" }, Job)

local MasterDut = {}

-- A byte string becomes hex, everything else what it is called.
function MasterDut.start(_, name, arguments)
  need("job")
  local names = job_arguments[name]
  if not names then raise("rig.dut:start: there is no job %s", show(name)) end
  arguments = check_fields(arguments or {}, set_of(names), "rig.dut:start: " .. name)
  local words = {}
  for _, key in ipairs(names) do
    local value = arguments[key]
    if value == nil and not optional_arguments[key] then
      raise("rig.dut:start: %s: %s is missing", name, key)
    end
    if key == "data" then value = (hex_of(value):gsub(" ", "")) end
    if value ~= nil then words[#words + 1] = tostring(value) end
  end
  local start = mb.now()
  mb.start_job(name, unpack(words))
  return plain_setmetatable({ start = start, shown = concat({ name, unpack(words) }, " ") }, job_meta)
end

-- The rig -----------------------------------------------------------------------------------------

local Meter = {}
function Meter.fault(meter, name, parameters)
  mb.set_fault(meter.address, name, parameters or {})
  return meter
end

-- Voltages at its terminals, at rest.
function Meter.levels(meter)
  need("levels")
  return mb.levels_at(meter.name)
end

local meter_meta = closed("a meter", { "address", "name", "shown", "text", "octets" }, Meter)

local function meter_object(address)
  local name = mb.meter_at(address)
  if name == "" then raise("rig.meters[%d]: no meter has this address", address) end
  return plain_setmetatable({ address = address, name = name }, meter_meta)
end

local meter_fields = set_of { "name", "address", "profile", "id", "response", "telegrams", "baud",
  "unit_loads", "distance" }

local voltage_fields = set_of { "mark", "space" }

local Rig = {}

function Rig.wait(_, time)
  mb.wait(check_duration(time, "rig:wait"))
end

function Rig.meter(_, t)
  need("world")
  check_fields(t, meter_fields, "rig:meter")
  mb.add_meter(t)
  return meter_object(t.address or mb.last_added())
end

-- Takes every other meter off the bus, where the rig knows any; on a bench the device under test is
-- alone as it is.
function Rig.isolate(_)
  if mb.offers("world") then mb.isolate() end
end

-- A whole number from `low` to `high`, from the case's own random stream.
function Rig.random(_, low, high)
  if math.type(low) ~= "integer" or math.type(high) ~= "integer" or low > high then
    raise("rig:random: two whole numbers are due, the lower first")
  end
  return mb.random(low, high)
end

local function closed_list(what, fields)
  return closed(what, fields)
end

local function make_rig()
  local meters = plain_setmetatable({}, {
    __index = function(_, address)
      need("world")
      if math.type(address) ~= "integer" then raise("rig.meters: an address is due") end
      return meter_object(address)
    end,
    __metatable = false,
  })
  local power = {
    off = function() need("power") mb.power(false) end,
    on = function() need("power") mb.power(true) end,
    set = function(_, t)
      need("levels")
      check_fields(t, voltage_fields, "rig.power:set")
      if t.mark == nil then raise("rig.power:set: mark is due") end
      mb.set_voltages(t.mark, t.space or math.max(t.mark - 12, 0))
    end,
  }
  local ics_fields = {}
  for key in pairs(mb.ics) do ics_fields[#ics_fields + 1] = key end
  local parts = {
    line = plain_setmetatable({}, line_of),
    dut = plain_setmetatable(mb.dut, closed("rig.dut", { "address", "name", "role" },
                                            mb.dut.role == "master" and MasterDut or nil)),
    ics = plain_setmetatable(mb.ics, closed_list("the implementation statement", ics_fields)),
    master = plain_setmetatable({}, closed("rig.master", {}, Master)),
    power = plain_setmetatable({}, closed("rig.power", {}, power)),
    meters = meters,
    unused_address = mb.unused_address,
  }
  return plain_setmetatable({}, {
    __index = function(_, key)
      if key == "now" then return mb.now() end
      local part = parts[key]
      if part == nil then part = Rig[key] end
      if part == nil then raise("rig has no '%s'", tostring(key)) end
      return part
    end,
    __newindex = function(_, key) raise("rig: '%s' cannot be set", tostring(key)) end,
    __metatable = false,
  })
end

-- Cases -------------------------------------------------------------------------------------------

local case_fields = set_of { "id", "title", "checks", "role", "needs", "applies", "judges", "tags",
                             "run" }
local roles = set_of { "meter", "master" }
local steps = set_of { "reset", "request", "foreign", "read" }
local made = {}

local function check_list(t, key, allowed, what)
  local list = t[key]
  if list == nil then return end
  if type(list) ~= "table" then raise("case %s: %s: a list is due", t.id, key) end
  for i, item in ipairs(list) do
    if type(item) ~= "string" then raise("case %s: %s[%d]: a string is due", t.id, key, i) end
    if allowed and not allowed(item) then
      raise("case %s: %s: '%s' is no %s", t.id, key, item, what)
    end
  end
end

function case(t)
  check_fields(t, case_fields, "case")
  if type(t.id) ~= "string" or not t.id:find("^[%w][%w._-]*$") then
    raise("case: id: letters, digits, '.', '_', '-' are due, not %s", show(t.id))
  end
  if type(t.title) ~= "string" then raise("case %s: title is missing", t.id) end
  if type(t.run) ~= "function" then raise("case %s: run is missing", t.id) end
  if t.applies ~= nil and type(t.applies) ~= "function" then
    raise("case %s: applies: a function is due", t.id)
  end
  if type(t.checks) ~= "table" or #t.checks == 0 then raise("case %s: checks is missing", t.id) end
  t.role = t.role or "meter"
  if not roles[t.role] then raise("case %s: role: '%s' is not meter or master", t.id, show(t.role)) end
  check_list(t, "checks")
  check_list(t, "needs", mb.known_capability, "capability")
  check_list(t, "judges", function(step) return steps[step] end, "step of the prologue")
  check_list(t, "tags")
  made[t] = true
  return t
end

local function add_cases(into, value)
  if type(value) ~= "table" then raise("the file returns %s: a case is due", type(value)) end
  if made[value] then
    into[#into + 1] = value
    return
  end
  for key, item in pairs(value) do
    if math.type(key) ~= "integer" then
      raise("the file returns a table with '%s': call case { ... }", tostring(key))
    end
    if type(item) ~= "table" then raise("item %d is %s: a case is due", key, type(item)) end
  end
  for _, item in ipairs(value) do add_cases(into, item) end
end

function cases(list)
  local into = {}
  add_cases(into, list)
  return into
end

-- One case, or list of cases, for each item.
function each(list, make)
  local into = {}
  for _, item in ipairs(list) do add_cases(into, make(item)) end
  return into
end

local rig
local function the_rig()
  rig = rig or make_rig()
  return rig
end

-- What the harness calls.
return {
  collect = function(value)
    if value == nil then raise("the file returns no case") end
    local into = {}
    add_cases(into, value)
    if #into == 0 then raise("the file returns no case") end
    return into
  end,
  applies = function(t)
    if not t.applies then return true end
    return t.applies(the_rig().ics) and true or false
  end,
  run = function(t) t.run(the_rig()) end,
}
