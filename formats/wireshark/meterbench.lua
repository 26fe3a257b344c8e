-- SPDX-License-Identifier: Apache-2.0
-- Wireshark and tshark: traces of Meterbench (docs/wireshark.md). Link type USER0, a pseudo-header of
-- 20 bytes, then the octets of one frame of the wired M-Bus (EN 13757-2), or what was heard instead.
--
--   tshark -X lua_script:formats/wireshark/meterbench.lua -r trace.pcapng

local trace = Proto("meterbench", "Meterbench trace")
local mbus = Proto("mbus", "M-Bus (EN 13757-2, -3)")

-- Wireshark up to 4.2 has Lua 5.2, without operators for bits.
local band, bor, bnot, lshift, rshift = bit.band, bit.bor, bit.bnot, bit.lshift, bit.rshift

local PSEUDO_HEADER = 20

local directions = { [0] = "sent by the harness", [1] = "heard by the harness" }
local functions = {
  [0x40] = "SND_NKE", [0x43] = "SND_UD2", [0x53] = "SND_UD", [0x5A] = "REQ_UD1", [0x5B] = "REQ_UD2",
  [0x08] = "RSP_UD", [0x00] = "ACK",
}
local ci_names = {
  [0x50] = "application reset or select", [0x51] = "command", [0x52] = "selection of device",
  [0x53] = "application reset or select", [0x54] = "request of selected application",
  [0x55] = "request of selected application", [0x5A] = "command", [0x5B] = "command",
  [0x5C] = "synchronise action", [0x66] = "response of selected application",
  [0x67] = "response of selected application", [0x68] = "response of selected application",
  [0x69] = "format frame", [0x6A] = "format frame", [0x6B] = "format frame",
  [0x6C] = "clock synchronisation, absolute", [0x6D] = "clock synchronisation, relative",
  [0x6E] = "application error", [0x6F] = "application error", [0x70] = "application error",
  [0x71] = "alarm", [0x72] = "response", [0x73] = "compact frame or fixed data structure",
  [0x74] = "alarm", [0x75] = "alarm", [0x78] = "response", [0x79] = "compact frame",
  [0x7A] = "response", [0x7B] = "compact frame",
  [0xB8] = "set baud rate 300", [0xB9] = "set baud rate 600", [0xBA] = "set baud rate 1200",
  [0xBB] = "set baud rate 2400", [0xBC] = "set baud rate 4800", [0xBD] = "set baud rate 9600",
  [0xBE] = "set baud rate 19200", [0xBF] = "set baud rate 38400",
}
-- Bytes of the transport header behind the CI-field, where records follow it (EN 13757-7, clause 5).
local header_sizes = { [0x51] = 0, [0x5A] = 4, [0x5B] = 12, [0x72] = 12, [0x78] = 0, [0x7A] = 4 }
local data_sizes = { [0] = 0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, nil, 6 }
local data_kinds = {
  [0] = "no data", "int8", "int16", "int24", "int32", "real32", "int48", "int64", "selection",
  "bcd2", "bcd4", "bcd6", "bcd8", "variable", "bcd12", "special",
}
local record_functions = { [0] = "instantaneous", "maximum", "minimum", "during error" }

-- Primary VIFs (EN 13757-3:2018, table 10): last code of a range, quantity, unit, power of ten of its
-- first code.
local primary = {
  { 0x07, "energy", "Wh", -3 }, { 0x0F, "energy", "J", 0 }, { 0x17, "volume", "m3", -6 },
  { 0x1F, "mass", "kg", -3 }, { 0x27, "time" }, { 0x2F, "power", "W", -3 },
  { 0x37, "power", "J/h", 0 }, { 0x3F, "volume flow", "m3/h", -6 },
  { 0x47, "volume flow", "m3/min", -7 }, { 0x4F, "volume flow", "m3/s", -9 },
  { 0x57, "mass flow", "kg/h", -3 }, { 0x5B, "flow temperature", "degC", -3 },
  { 0x5F, "return temperature", "degC", -3 }, { 0x63, "temperature difference", "K", -3 },
  { 0x67, "external temperature", "degC", -3 }, { 0x6B, "pressure", "bar", -3 }, { 0x6C, "date" },
  { 0x6D, "date and time" }, { 0x6E, "units for heat cost allocation" }, { 0x6F, "reserved" },
  { 0x77, "duration" }, { 0x78, "fabrication number" }, { 0x79, "enhanced identification" },
  { 0x7A, "address" }, { 0x7B, "extension" }, { 0x7C, "plain text" }, { 0x7D, "extension" },
  { 0x7E, "any VIF" }, { 0x7F, "manufacturer specific" },
}

local pf = {
  version = ProtoField.uint8("meterbench.version", "Version"),
  direction = ProtoField.uint8("meterbench.direction", "Direction", base.DEC, directions),
  station = ProtoField.uint16("meterbench.station", "Station (0: unknown)"),
  baud = ProtoField.uint32("meterbench.baud", "Baud rate"),
  flags = ProtoField.uint16("meterbench.flags", "Errors", base.HEX),
  parity = ProtoField.bool("meterbench.flags.parity", "Parity error", 16, nil, 0x0001),
  framing = ProtoField.bool("meterbench.flags.framing", "Framing error", 16, nil, 0x0002),
  line_break = ProtoField.bool("meterbench.flags.break", "Break", 16, nil, 0x0004),
  collision = ProtoField.bool("meterbench.flags.collision", "Collision", 16, nil, 0x0008),
  octets = ProtoField.uint16("meterbench.octets", "Octets"),
  duration = ProtoField.uint64("meterbench.duration", "Duration, first start bit to last stop bit (ns)"),
}
trace.fields = pf

local mf = {
  kind = ProtoField.string("mbus.frame", "Frame"),
  length = ProtoField.uint8("mbus.length", "L field"),
  control = ProtoField.uint8("mbus.c", "Control field", base.HEX),
  fcb = ProtoField.bool("mbus.c.fcb", "Frame count bit", 8, nil, 0x20),
  fcv = ProtoField.bool("mbus.c.fcv", "Frame count bit valid", 8, nil, 0x10),
  acd = ProtoField.bool("mbus.c.acd", "Access demand", 8, nil, 0x20),
  dfc = ProtoField.bool("mbus.c.dfc", "Data flow control", 8, nil, 0x10),
  address = ProtoField.uint8("mbus.address", "Primary address"),
  ci = ProtoField.uint8("mbus.ci", "CI-field", base.HEX, ci_names),
  id = ProtoField.uint32("mbus.id", "Identification number", base.HEX),
  manufacturer = ProtoField.string("mbus.manufacturer", "Manufacturer"),
  meter_version = ProtoField.uint8("mbus.version", "Version"),
  device_type = ProtoField.uint8("mbus.device_type", "Device type"),
  access_number = ProtoField.uint8("mbus.access_number", "Access number"),
  status = ProtoField.uint8("mbus.status", "Status", base.HEX),
  configuration = ProtoField.uint16("mbus.configuration", "Configuration field", base.HEX),
  data = ProtoField.bytes("mbus.data", "Data"),
  record = ProtoField.bytes("mbus.record", "Record"),
  storage = ProtoField.uint64("mbus.record.storage", "Storage number"),
  tariff = ProtoField.uint32("mbus.record.tariff", "Tariff"),
  subunit = ProtoField.uint16("mbus.record.subunit", "Subunit"),
  more = ProtoField.bool("mbus.more_follows", "More telegrams follow"),
  checksum = ProtoField.uint8("mbus.checksum", "Checksum", base.HEX),
  stop = ProtoField.uint8("mbus.stop", "Stop", base.HEX),
}
mbus.fields = mf

local ef = {
  checksum = ProtoExpert.new("mbus.checksum.bad", "Wrong checksum", expert.group.CHECKSUM,
    expert.severity.ERROR),
  malformed = ProtoExpert.new("mbus.malformed", "Not a frame of EN 13757-2", expert.group.MALFORMED,
    expert.severity.ERROR),
  truncated = ProtoExpert.new("mbus.record.truncated", "A record ends before its data do",
    expert.group.MALFORMED, expert.severity.WARN),
}
mbus.experts = ef

local function address_name(address)
  if address == 253 then
    return "the selected meter"
  elseif address == 254 then
    return "test: every meter answers"
  elseif address == 255 then
    return "broadcast"
  elseif address == 0 then
    return "unconfigured"
  elseif address > 250 then
    return "reserved"
  end
  return "primary address " .. address
end

local function function_name(control)
  -- SND_UD with the frame count bit is 73h, the requests 7Ah and 7Bh; an answer may have ACD and DFC.
  local from_master = band(control, 0x40) ~= 0
  local plain = band(control, bnot(from_master and 0x20 or 0x30))
  return functions[control] or functions[plain] or "unknown"
end

local function manufacturer_of(code)
  local letters = {}
  for shift = 10, 0, -5 do
    letters[#letters + 1] = string.char(64 + band(rshift(code, shift), 31))
  end
  return table.concat(letters)
end

local function bcd_of(range)
  local digits = {}
  for i = range:len() - 1, 0, -1 do
    digits[#digits + 1] = string.format("%02X", range(i, 1):uint())
  end
  return table.concat(digits)
end

-- The number in a data field as text, or nil where this script leaves it to `meterbench decode`.
local function number_of(field, range)
  if field >= 9 and field ~= 13 then
    local text = bcd_of(range)
    if text:sub(1, 1) == "F" then
      text = "-" .. text:sub(2)
    end
    return text:match("^%-?%d+$") and (text:gsub("^(%-?)0+(%d)", "%1%2"))
  elseif field >= 1 and field <= 4 then
    local bits = 8 * range:len()
    local value = range:le_uint()
    return string.format("%d", value >= 2 ^ (bits - 1) and value - 2 ^ bits or value)
  elseif field == 6 or field == 7 then
    return tostring(range:le_int64())
  elseif field == 5 then
    return tostring(range:le_float())
  end
  return nil
end

local function vif_text(vif, more, number)
  local row
  for _, candidate in ipairs(primary) do
    if band(vif, 0x7F) <= candidate[1] then
      row = candidate
      break
    end
  end
  local name = row[2]
  if not row[3] or not number then
    return name, number
  end
  local first = row == primary[1] and 0 or nil
  for i, candidate in ipairs(primary) do
    if candidate == row and i > 1 then
      first = primary[i - 1][1] + 1
    end
  end
  local exponent = row[4] + band(vif, 0x7F) - first
  local unit = exponent == 0 and row[3] or string.format("* 10^%d %s", exponent, row[3])
  return name, number .. " " .. unit .. (more and ", with VIFEs" or "")
end

-- Where the bytes with an extension bit from `at` end; nil where the buffer does before.
local function chain_end(buffer, at, stop)
  while at < stop do
    if buffer(at, 1):uint() < 0x80 then
      return at + 1
    end
    at = at + 1
  end
  return nil
end

-- The size of a variable-length value with its LVAR byte; nil where that is reserved.
local function variable_size(lvar)
  if lvar < 0xC0 then
    return 1 + lvar
  elseif lvar < 0xE0 then
    return band(lvar, 0x0F) <= 9 and 1 + band(lvar, 0x0F) or nil
  elseif lvar < 0xF0 then
    return 1 + lvar - 0xE0
  elseif lvar <= 0xF4 then
    return 1 + 4 * (lvar - 0xEC)
  elseif lvar <= 0xF6 then
    return lvar == 0xF5 and 49 or 65
  end
  return nil
end

local function add_dib(buffer, at, vib, tree)
  local dif = buffer(at, 1):uint()
  local storage, tariff, subunit = UInt64(band(rshift(dif, 6), 1)), 0, 0
  for i = at + 1, vib - 1 do
    local dife = buffer(i, 1):uint()
    local number = i - at - 1
    storage = storage + UInt64(band(dife, 0x0F)):lshift(1 + 4 * number)
    tariff = bor(tariff, lshift(band(rshift(dife, 4), 3), 2 * number))
    subunit = bor(subunit, lshift(band(rshift(dife, 6), 1), number))
  end
  tree:add(mf.storage, buffer(at, vib - at), storage)
  tree:add(mf.tariff, buffer(at, vib - at), tariff)
  tree:add(mf.subunit, buffer(at, vib - at), subunit)
end

-- One record; returns where the next begins, or nil.
local function add_record(buffer, at, stop, tree)
  local dif = buffer(at, 1):uint()
  local field = band(dif, 0x0F)
  local vib = chain_end(buffer, at, stop)
  local data = vib and chain_end(buffer, vib, stop)
  if not data then
    return nil
  end
  local vif = buffer(vib, 1):uint()
  if band(vif, 0x7F) == 0x7C then
    if data >= stop then
      return nil
    end
    data = data + 1 + buffer(data, 1):uint()
  end
  local size = data_sizes[field]
  if field == 13 then
    size = data < stop and variable_size(buffer(data, 1):uint()) or nil
  end
  if not size or data + size > stop then
    return nil
  end
  local number = size > 0 and number_of(field, buffer(data, size)) or nil
  local name, value = vif_text(vif, vif >= 0x80, number)
  local item = tree:add(mf.record, buffer(at, data + size - at))
  item:set_text(string.format("Record: %s%s, %s, %s", name, value and " " .. value or "",
    record_functions[band(rshift(dif, 4), 3)], data_kinds[field]))
  add_dib(buffer, at, vib, item)
  item:add(buffer(vib, data - vib), "VIB: " .. buffer(vib, data - vib):bytes():tohex())
  if size > 0 then
    item:add(mf.data, buffer(data, size))
  end
  return data + size
end

local function add_records(buffer, at, stop, tree)
  while at < stop do
    local dif = buffer(at, 1):uint()
    if dif == 0x0F or dif == 0x1F then
      tree:add(mf.more, buffer(at, 1), dif == 0x1F)
      if at + 1 < stop then
        tree:add(mf.data, buffer(at + 1, stop - at - 1)):prepend_text("Manufacturer ")
      end
      return
    elseif dif == 0x2F then
      at = at + 1
    else
      local following = add_record(buffer, at, stop, tree)
      if not following then
        local item = tree:add(mf.data, buffer(at, stop - at))
        item:add_proto_expert_info(ef.truncated)
        return
      end
      at = following
    end
  end
end

local function add_header(buffer, at, size, tree)
  if size == 12 then
    tree:add_le(mf.id, buffer(at, 4))
    tree:add(mf.manufacturer, buffer(at + 4, 2), manufacturer_of(buffer(at + 4, 2):le_uint()))
    tree:add(mf.meter_version, buffer(at + 6, 1))
    tree:add(mf.device_type, buffer(at + 7, 1))
  end
  if size >= 4 then
    local short = at + size - 4
    tree:add(mf.access_number, buffer(short, 1))
    tree:add(mf.status, buffer(short + 1, 1))
    tree:add_le(mf.configuration, buffer(short + 2, 2))
  end
end

local function add_user_data(buffer, at, stop, tree)
  local ci = buffer(at, 1):uint()
  tree:add(mf.ci, buffer(at, 1))
  at = at + 1
  local size = header_sizes[ci]
  if not size or at + size > stop then
    if at < stop then
      tree:add(mf.data, buffer(at, stop - at))
    end
    return
  end
  local encrypted = false
  if size > 0 then
    add_header(buffer, at, size, tree)
    local configuration = buffer(at + size - 2, 2):le_uint()
    encrypted = band(rshift(configuration, 8), 0x1F) ~= 0 and configuration ~= 0xFFFF
  end
  at = at + size
  if encrypted and at < stop then
    tree:add(mf.data, buffer(at, stop - at)):prepend_text("Encrypted ")
  else
    add_records(buffer, at, stop, tree)
  end
end

local function add_control(buffer, at, tree)
  local control = buffer(at, 1):uint()
  local item = tree:add(mf.control, buffer(at, 1))
  item:append_text(" " .. function_name(control))
  if band(control, 0x40) ~= 0 then
    item:add(mf.fcb, buffer(at, 1))
    item:add(mf.fcv, buffer(at, 1))
  else
    item:add(mf.acd, buffer(at, 1))
    item:add(mf.dfc, buffer(at, 1))
  end
  local address = buffer(at + 1, 1):uint()
  tree:add(mf.address, buffer(at + 1, 1)):append_text(" (" .. address_name(address) .. ")")
  return string.format("%s, %s", function_name(control), address_name(address))
end

local function add_end(buffer, from, tree)
  local at = buffer:len() - 2
  local sum = 0
  for i = from, at - 1 do
    sum = band(sum + buffer(i, 1):uint(), 0xFF)
  end
  local item = tree:add(mf.checksum, buffer(at, 1))
  local wrong = buffer(at, 1):uint() ~= sum
  if wrong then
    item:append_text(string.format(" (wrong, %02Xh is due)", sum))
    item:add_proto_expert_info(ef.checksum)
  end
  tree:add(mf.stop, buffer(at + 1, 1))
  return wrong and ", wrong checksum" or ""
end

-- The frame's kind, or nil.
local function kind_of(buffer)
  local size = buffer:len()
  local first = buffer(0, 1):uint()
  if size == 1 and first == 0xE5 then
    return "single character"
  elseif size == 5 and first == 0x10 and buffer(4, 1):uint() == 0x16 then
    return "short frame"
  elseif size >= 9 and first == 0x68 and buffer(3, 1):uint() == 0x68 and
      buffer(1, 1):uint() == buffer(2, 1):uint() and buffer(1, 1):uint() + 6 == size and
      buffer(size - 1, 1):uint() == 0x16 then
    return size == 9 and "control frame" or "long frame"
  end
  return nil
end

-- Adds a frame to the tree; returns one line that says what it is.
local function dissect_frame(buffer, tree)
  local item = tree:add(mbus, buffer())
  local kind = kind_of(buffer)
  if not kind then
    item:add_proto_expert_info(ef.malformed)
    item:add(mf.data, buffer())
    return "no frame: " .. buffer():bytes():tohex(false, " ")
  end
  item:add(mf.kind, buffer(), kind)
  if kind == "single character" then
    return "acknowledge (E5h)"
  elseif kind == "short frame" then
    return add_control(buffer, 1, item) .. add_end(buffer, 1, item)
  end
  item:add(mf.length, buffer(1, 1))
  local text = add_control(buffer, 4, item)
  local ci = buffer(6, 1):uint()
  add_user_data(buffer, 6, buffer:len() - 2, item)
  return text .. ", " .. (ci_names[ci] or string.format("CI %02Xh", ci)) .. add_end(buffer, 4, item)
end

function mbus.dissector(buffer, pinfo, tree)
  pinfo.cols.protocol = "M-Bus"
  pinfo.cols.info = dissect_frame(buffer, tree)
  return buffer:len()
end

function trace.dissector(buffer, pinfo, tree)
  if buffer:len() < PSEUDO_HEADER then
    return 0
  end
  local item = tree:add(trace, buffer(0, PSEUDO_HEADER))
  item:add_le(pf.version, buffer(0, 1))
  item:add_le(pf.direction, buffer(1, 1))
  item:add_le(pf.station, buffer(2, 2))
  item:add_le(pf.baud, buffer(4, 4))
  local flags = item:add_le(pf.flags, buffer(8, 2))
  for _, flag in ipairs { pf.parity, pf.framing, pf.line_break, pf.collision } do
    flags:add_le(flag, buffer(8, 2))
  end
  item:add_le(pf.octets, buffer(10, 2))
  item:add_le(pf.duration, buffer(12, 8))
  local sent = buffer(1, 1):uint() == 0
  pinfo.cols.src = sent and "harness" or "bus"
  pinfo.cols.dst = sent and "bus" or "harness"
  local text = "nothing"
  if buffer:len() > PSEUDO_HEADER then
    pinfo.cols.protocol = "M-Bus"
    text = dissect_frame(buffer(PSEUDO_HEADER):tvb(), tree)
  end
  local errors = buffer(8, 2):le_uint()
  pinfo.cols.info = text .. (errors ~= 0 and string.format(" [errors %04Xh]", errors) or "")
  return buffer:len()
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, trace)
