-- SPDX-License-Identifier: Apache-2.0
-- The secondary address of a device, from its own long header (EN 13757-7, 7.5), and selections made
-- from it.
local identity = {}

-- Eight bytes as a selection carries them; the case is inconclusive without a long header.
function identity.read(line, dut)
  line:reset(dut)
  local r = line:request(dut, { fcb = 1 })
  precondition(r, "answer with the secondary address"):is_telegram()
  local user_data = r.frame.user_data
  local ci = user_data:byte(1)
  precondition(ci == 0x72 and #user_data >= 13, "the answer has a long header (CI 72h)"):is_true()
  return user_data:sub(2, 9)
end

-- SND_UD to FDh with CI 52h and this mask.
function identity.selection(mask, ci)
  return frame { c = 0x73, a = 0xFD, ci = ci or 0x52, data = mask }
end

-- The same address with byte `index` (1 to 8) replaced.
function identity.with_byte(mask, index, value)
  return mask:sub(1, index - 1) .. string.char(value) .. mask:sub(index + 1)
end

return identity
