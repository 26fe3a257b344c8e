-- SPDX-License-Identifier: Apache-2.0
-- How long a bit of the device is, from one of its answers. A device's clock may be off by 0.5 %
-- (EN 13757-2, 5.2.7), and its limits in bit times with it; measured, nothing is left to guess.
local bits = {}

-- Time of the characters of an answer from first to last start bit, idle time of more than half a bit
-- taken out, and how many bit times that should be.
function bits.span(line, r)
  local idle = 0
  for i = 2, #r.octets do
    local spare = r.octets[i].start - r.octets[i - 1].start - line:bits(11)
    if spare > line:bits(0.5) then idle = idle + spare end
  end
  return r.octets[#r.octets].start - r.octets[1].start - idle, 11 * (#r.octets - 1)
end

-- The reply window of the device: earliest and latest start of an answer after the request.
function bits.reply_window(line, dut)
  line:reset(dut)
  local r = line:request(dut, { fcb = 1 })
  precondition(r, "an answer to measure the device's bit time"):is_telegram()
  local time, count = bits.span(line, r)
  -- Not more than the standard allows a clock to be off.
  local nominal = line:bits(count)
  time = math.max(time, nominal - nominal // 200)
  time = math.min(time, nominal + nominal // 200)
  return { min = 11 * time // count, max = 330 * time // count + 1 + ms(50) }
end

return bits
