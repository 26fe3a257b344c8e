-- SPDX-License-Identifier: Apache-2.0
-- The stimuli of generated sequences (docs/model.md) as bytes and deviations, each a function of
-- whom it is for: `own` and `unused`, primary addresses, and `mask`, the secondary address.
local FD, FE, FF = 0xFD, 0xFE, 0xFF

local function nke(a, t)
  t = t or {}
  t.c, t.a = 0x40, a
  return frame(t)
end
local function request(c, a) return frame { c = c, a = a } end
local function application_reset(c, a, t)
  t = t or {}
  t.c, t.a, t.ci = c, a, 0x50
  return frame(t)
end
local function selection(c, mask, ci) return frame { c = c, a = FD, ci = ci or 0x52, data = mask } end

-- The same identification number with another last digit.
local function other(mask)
  local low = mask:byte(1)
  local digit = low % 16
  return string.char(low - digit + (digit == 0 and 1 or digit - 1)) .. mask:sub(2)
end

local function checksum(bytes)
  local sum = 0
  for i = 1, #bytes do sum = (sum + bytes[i]) % 256 end
  return sum
end

return {
  ["nke-own"] = function(to) return nke(to.own) end,
  ["nke-test"] = function() return nke(FE) end,
  ["nke-selected"] = function() return nke(FD) end,
  ["nke-broadcast"] = function() return nke(FF) end,
  ["request-own-0"] = function(to) return request(0x5B, to.own) end,
  ["request-own-1"] = function(to) return request(0x7B, to.own) end,
  ["request-own"] = function(to) return request(0x4B, to.own) end,
  ["request-test-0"] = function() return request(0x5B, FE) end,
  ["request-test-1"] = function() return request(0x7B, FE) end,
  ["request-selected-0"] = function() return request(0x5B, FD) end,
  ["request-selected-1"] = function() return request(0x7B, FD) end,
  ["request-selected"] = function() return request(0x4B, FD) end,
  ["request-broadcast"] = function() return request(0x7B, FF) end,
  ["class1-own"] = function(to) return request(0x7A, to.own) end,
  ["class1-selected"] = function() return request(0x7A, FD) end,
  ["class1-broadcast"] = function() return request(0x7A, FF) end,
  ["data-own-0"] = function(to) return application_reset(0x53, to.own) end,
  ["data-own-1"] = function(to) return application_reset(0x73, to.own) end,
  ["data-selected-0"] = function() return application_reset(0x53, FD) end,
  ["data-selected-1"] = function() return application_reset(0x73, FD) end,
  ["data-broadcast"] = function() return application_reset(0x53, FF) end,
  ["select-0"] = function(to) return selection(0x53, to.mask) end,
  ["select-1"] = function(to) return selection(0x73, to.mask) end,
  ["select-other"] = function(to) return selection(0x73, other(to.mask)) end,
  ["select-obsolete"] = function(to) return selection(0x73, to.mask:reverse(), 0x56) end,
  ["foreign-nke"] = function(to) return nke(to.unused) end,
  ["foreign-request"] = function(to) return request(0x7B, to.unused) end,
  ["foreign-data"] = function(to) return application_reset(0x73, to.unused) end,
  ["answer-telegram"] = function(to) return frame { c = 0x08, a = to.own, ci = 0x70, data = "\x08" } end,
  ["answer-single"] = function() return frame { kind = "single" } end,
  ["link-status"] = function(to) return request(0x49, to.own) end,
  ["misfit-request"] = function(to) return frame { c = 0x7B, a = to.own, ci = 0x50 } end,
  ["misfit-data"] = function(to) return request(0x53, to.own) end,
  ["bad-start"] = function(to) return nke(to.own, { start = 0x11 }) end,
  ["bad-short-checksum"] = function(to)
    return nke(to.own, { checksum = checksum { 0x40, to.own } ~ 1 })
  end,
  ["bad-short-stop"] = function(to) return nke(to.own, { stop = 0x17 }) end,
  ["bad-short-truncated"] = function(to) return nke(to.own):sub(1, -2) end,
  ["bad-long-checksum"] = function(to)
    return application_reset(0x73, to.own, { checksum = checksum { 0x73, to.own, 0x50 } ~ 1 })
  end,
  ["bad-long-stop"] = function(to) return application_reset(0x73, to.own, { stop = 0x17 }) end,
  ["bad-long-lengths"] = function(to) return application_reset(0x73, to.own, { l2 = 4 }) end,
  ["bad-long-second-start"] = function(to) return application_reset(0x73, to.own, { start2 = 0x67 }) end,
  ["bad-long-truncated"] = function(to) return application_reset(0x73, to.own):sub(1, -3) end,
  ["bad-length-small"] = function(to) return frame { kind = "long", c = 0x73, a = to.own } end,
  ["bad-parity"] = function(to) return nke(to.own), { octets = { [3] = { parity = "odd" } } } end,
  ["bad-stop-bit"] = function(to) return nke(to.own), { octets = { [3] = { framing = true } } } end,
  ["bad-gap"] = function(to, line) return nke(to.own), { gap = line:bits(40), gap_after = 2 } end,
}
