-- SPDX-License-Identifier: Apache-2.0
-- Data records (EN 13757-3, 6), taken apart anew from the octets.
local R = {}

local sizes = { [0] = 0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, nil, 6 }

local function variable_size(lvar)
  if lvar < 0xC0 then return 1 + lvar end
  if lvar < 0xE0 then return lvar & 0x0F <= 9 and 1 + (lvar & 0x0F) or nil end
  if lvar < 0xF0 then return lvar - 0xDF end
  if lvar <= 0xF4 then return 1 + 4 * (lvar - 0xEC) end
  return lvar == 0xF5 and 49 or lvar == 0xF6 and 65 or nil
end

local function skip_chain(bytes, at)
  while true do
    local byte = bytes:byte(at)
    if not byte then return nil end
    at = at + 1
    if byte < 0x80 then return at end
  end
end

-- The records: each { head (DIB, VIB and a unit in plain text), key (DIB and VIB), dif, difes, vif, vifes, text
-- (the unit), lvar, data (from LVAR on) }. Beside them: `filler` (DIF 2Fh is there), `special` (0Fh or 1Fh, where
-- one ends the records; `tail` is what follows it), `more` (it is 1Fh). Where they do not parse: nil, where, why
-- ("dif": reserved; "dib", "vib", "text", "length", "data": cut off; "lvar": reserved), and the records before it.
function R.walk(bytes)
  local list, at = { more = false }, 1
  while at <= #bytes do
    local dif = bytes:byte(at)
    if dif == 0x0F or dif == 0x1F then
      list.special, list.more, list.tail = dif, dif == 0x1F, bytes:sub(at + 1)
      return list
    elseif dif == 0x2F then
      list.filler = true
      at = at + 1
    else
      if dif & 0x0F == 0x0F then return nil, at, "dif", list end
      local vib = skip_chain(bytes, at)
      local data = vib and skip_chain(bytes, vib)
      if not data then return nil, at, vib and "vib" or "dib", list end
      local record = { dif = dif, difes = bytes:sub(at + 1, vib - 1), vif = bytes:byte(vib),
                       vifes = bytes:sub(vib + 1, data - 1), key = bytes:sub(at, data - 1) }
      if record.vif & 0x7F == 0x7C then
        local length = bytes:byte(data)
        record.text = bytes:sub(data + 1, data + (length or 0))
        -- Older meters have it before the VIFEs: then the sizes need not fit.
        list.older = list.older or record.vif == 0xFC
        if #record.text ~= length then return nil, at, "text", list end
        data = data + 1 + length
      end
      local size = sizes[dif & 0x0F]
      if not size then
        record.lvar = bytes:byte(data)
        if not record.lvar then return nil, at, "length", list end
        size = variable_size(record.lvar)
        if not size then return nil, at, "lvar", list end
      end
      if data + size - 1 > #bytes then return nil, at, "data", list end
      record.head = bytes:sub(at, data - 1)
      record.data = bytes:sub(data, data + size - 1)
      list[#list + 1] = record
      at = data + size
    end
  end
  return list
end

return R
