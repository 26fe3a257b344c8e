-- SPDX-License-Identifier: Apache-2.0
-- A meter that a case plays by itself, at the meters' end of the wire: it hears what the master
-- sends, and says what the case wants it to say.
local M = {}

local E5 = hex "E5"
M.acknowledge = E5

local function reversed(bytes)
  return bytes:reverse()
end

-- Manufacturer MBX, version 1, heat meter.
M.device = hex "58 34 01 04"

-- Eight bytes of a secondary address: the number as it is written, and four more as they are sent.
function M.address_bytes(id, device)
  return reversed(hex(id)) .. (device or M.device)
end

-- As masters print it: number, manufacturer as sent, version, device type.
function M.address_text(id, device)
  local rest = {}
  for i = 1, 4 do rest[i] = string.format("%02X", (device or M.device):byte(i)) end
  return id .. table.concat(rest)
end

-- A valid RSP_UD. Fields: a, id, device, records (bytes), ci, header (bytes behind CI), access, c.
function M.telegram(t)
  local header = t.header
  if header == nil then
    header = M.address_bytes(t.id or "12345678", t.device) .. string.char(t.access or 1, 0, 0, 0)
  end
  return frame { c = t.c or 0x08, a = t.a, ci = t.ci or 0x72, data = header .. (t.records or "") }
end

-- Records of a heat meter; n makes them differ.
function M.records(n)
  return hex "04 06" .. string.char(n % 256, n // 256 % 256, 0, 0) .. hex "02 5A 6F 02"
end

-- A meter: { a, id, device, telegrams }. answer(r) is what a good one says to a frame of the master.
function M.meter(t)
  local m = { a = t.a, id = t.id or "12345678", device = t.device or M.device,
              telegrams = t.telegrams, index = 1, last = false, fresh = true, selected = false }

  function m.reset()
    m.index, m.last, m.fresh = 1, false, true
  end

  local function matches(data)
    local mask, own = data:sub(1, 8), M.address_bytes(m.id, m.device)
    for i = 1, 8 do
      local want, have = mask:byte(i), own:byte(i)
      if i <= 4 then
        for _, shift in ipairs { 0, 4 } do
          local digit = (want >> shift) & 15
          if digit ~= 15 and digit ~= (have >> shift) & 15 then return false end
        end
      elseif want ~= 255 and want ~= have then
        return false
      end
    end
    return true
  end

  local function request(f)
    if not f.fcv then
      if not m.fresh then m.index = m.index % #m.telegrams + 1 end
    elseif f.fcb ~= m.last then
      if not m.fresh then m.index = m.index % #m.telegrams + 1 end
      m.last = f.fcb
    end
    m.fresh = false
    return m.telegrams[m.index]
  end

  function m.answer(r)
    local f = r.frame
    if not f or f.kind == "single" then return nil end
    if f["function"] == "SND_UD" and f.a == 0xFD and f.ci == 0x52 then
      m.selected = matches(f.data)
      if m.selected then m.reset() end
      return m.selected and E5 or nil
    end
    if f.a ~= m.a and not (f.a == 0xFD and m.selected) then return nil end
    local what = f["function"]
    if what == "SND_NKE" then
      if f.a == 0xFD then m.selected = false end
      m.reset()
      return E5
    elseif what == "REQ_UD2" then
      return request(f)
    elseif what == "REQ_UD1" or what == "SND_UD" then
      return E5
    end
    return nil
  end

  return m
end

-- Answers the master until its job ends. answer(r, n): what the n-th frame heard is answered with,
-- nil for nothing, and how (options of line:answer). Result: the job's outcome, all frames heard.
function M.play(rig, job, answer, options)
  options = options or {}
  local seen = {}
  while true do
    local r = rig.line:await { within = options.within or s(60) }
    if not r then break end
    seen[#seen + 1] = r
    local bytes, how = answer(r, #seen)
    if bytes then rig.line:answer(bytes, how) end
  end
  return job:finish { within = options.within or s(60) }, seen
end

-- The same with one good meter.
function M.serve(rig, job, meter, options)
  return M.play(rig, job, meter.answer, options)
end

-- Of what was heard: valid frames with a C-field. The others are another case's to judge.
function M.frames(seen)
  local list = {}
  for _, r in ipairs(seen) do
    if r.frame and r.frame.kind ~= "single" then list[#list + 1] = r end
  end
  return list
end

-- Of frames heard: those with this function, and this address where one is given.
function M.of(seen, name, address)
  local list = {}
  for _, r in ipairs(M.frames(seen)) do
    if r.frame["function"] == name and (address == nil or r.frame.a == address) then list[#list + 1] = r end
  end
  return list
end

function M.bytes_of(list)
  local bytes = {}
  for i, r in ipairs(list) do bytes[i] = r.bytes end
  return bytes
end

return M
