-- SPDX-License-Identifier: Apache-2.0
-- Application errors (EN 13757-3, clause 10): CI 70h, 6Eh or 6Fh and one code.
local writing = require "writing"

local function claims(ics) return ics.application_errors end

-- Codes with a meaning; F1h to FFh are the manufacturer's.
local known = {}
for _, code in ipairs { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x08, 0x09, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15,
                        0x16, 0x17, 0x20, 0x21, 0x22, 0xF0 } do
  known[code] = true
end
for code = 0xF1, 0xFF do known[code] = true end

local data_headers = { [0x70] = 0, [0x6E] = 4, [0x6F] = 12 }

-- What the device answers after this user data.
local function provoke(rig, ci, data)
  local line, dut = rig.line, rig.dut
  line:reset(dut)
  local r = line:exchange(frame { c = 0x73, a = dut.address, ci = ci, data = data })
  precondition(r, "answer to SND_UD"):is_acknowledge()
  return line:request(dut, { fcb = 1 })
end

-- Eleven extension bytes, which is one too many.
local too_many = {
  { "difes", "MB3-RC-002", 0x05, "ten DIFEs", "\x84" .. ("\x81"):rep(10) .. "\x01\x13\x00\x00\x00\x00" },
  { "vifes", "MB3-RC-003", 0x06, "ten VIFEs", "\x04\x93" .. ("\xA9"):rep(10) .. "\x29\x00\x00\x00\x00" },
}
local refused = each(too_many, function(item)
  local name, requirement, code, what, bytes = table.unpack(item)
  return case {
    id = "wired.application.error." .. name,
    title = "A record with more than " .. what .. " is an error",
    checks = { requirement, "MB3-AP-023" },
    applies = function(ics) return ics.application_errors and #ics.writable > 0 end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local r = writing.send(line, dut, bytes)
      precondition(r, "answer to SND_UD"):is_acknowledge()
      local reported, answer = writing.report(line, dut)
      expect(writing.shows_refusal(answer), "the answer shows that it was refused", requirement):is_true()
      if reported and reported ~= 0x00 then -- 00h, or no code at all: not specified
        expect(reported, "code of the application error", "MB3-AP-023"):equals(code)
      end
      writing.tidy(line, dut)
    end,
  }
end)

return cases {
  refused,

  case {
    id = "wired.application.error.form",
    title = "An application error has CI 70h, 6Eh or 6Fh, and one code that has a meaning",
    checks = { "MB3-AP-022", "MB3-AP-023", "MB3-AP-024", "MB7-TL-012", "MB3-AP-042" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local r = provoke(rig, 0xA7, "\x00")
      expect(r, "answer after CI A7h", "MB3-AP-022"):is_telegram { address = dut.address }
      local header = data_headers[r.frame.ci]
      local reported = expect(header ~= nil, string.format("CI %02Xh is one of an application error", r.frame.ci),
                              "MB7-TL-012"):is_true()
      if not reported.held then return end -- it only should
      expect(#r.frame.data - header, "bytes behind its header", "MB3-AP-022"):at_least(0)
      local code = r.frame.data:byte(header + 1) or 0x00
      expect(known[code] or false, string.format("error code %02Xh has a meaning", code), "MB3-AP-024"):is_true()
      if r.frame.ci == 0x70 then
        -- In the clear: the code is one byte and nothing else.
        expect(#r.frame.data, "bytes behind CI 70h", "MB3-AP-042"):at_most(code == 0xF0 and 250 or 1)
      end
      expect(code == 0x01 or code == 0x00 or code >= 0x10,
             string.format("error code %02Xh is about a CI-field that is not implemented", code), "MB3-AP-023")
        :is_true()
      writing.tidy(line, dut)
    end,
  },

  case {
    id = "wired.application.error.once",
    title = "After an error report the device is back to normal with the next request or a reset",
    checks = { "MB3-AP-025" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      local normal = line:request(dut, { fcb = 1 })
      precondition(normal, "normal answer"):is_telegram()
      local r = provoke(rig, 0xA7, "\x00")
      precondition(data_headers[r.frame.ci] ~= nil, "an application error was reported"):is_true()
      expect(line:request(dut, { fcb = 0 }), "answer to the next request"):same_records(normal)
      provoke(rig, 0xA7, "\x00")
      writing.tidy(line, dut)
      expect(line:request(dut, { fcb = 1 }), "answer after an application reset"):same_records(normal)
    end,
  },

  case {
    id = "wired.application.error.repeat",
    title = "An error report that did not arrive is repeated with the same frame count bit",
    checks = { "MB2-LL-038" },
    applies = function(ics) return ics.application_errors and ics.fcb end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local r = provoke(rig, 0xA7, "\x00")
      precondition(data_headers[r.frame.ci] ~= nil, "an application error was reported"):is_true()
      expect(line:request(dut, { fcb = 1 }), "repeated answer"):is_telegram { address = dut.address }
      expect(line:request(dut, { fcb = 1 }).frame.user_data, "its user data"):equals(r.frame.user_data)
      writing.tidy(line, dut)
    end,
  },
}
