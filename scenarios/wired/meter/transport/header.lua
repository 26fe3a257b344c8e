-- SPDX-License-Identifier: Apache-2.0
local function long_header(line, dut)
  line:reset(dut)
  local r = line:request(dut, { fcb = 1 })
  precondition(r, "answer to REQ_UD2"):is_telegram()
  precondition(r.frame.ci, "CI-field of the answer"):equals(0x72)
  return r.frame.data
end

return cases {
  case {
    id = "wired.transport.header",
    title = "A response has the 12-byte long header: BCD identification, three letters, mode 0 without flags",
    checks = { "MB7-TL-004", "MB7-TL-006", "MB7-TL-007", "MB7-TL-014", "MB7-TL-015" },

    run = function(rig)
      local header = long_header(rig.line, rig.dut)
      expect(#header, "bytes after the CI-field", "MB7-TL-004"):at_least(12)
      for i = 1, 4 do
        local byte = header:byte(i)
        expect(byte & 0x0F, "low digit of identification byte " .. i, "MB7-TL-006"):at_most(9)
        expect(byte >> 4, "high digit of identification byte " .. i, "MB7-TL-006"):at_most(9)
      end
      local manufacturer = header:byte(5) | header:byte(6) << 8
      expect(manufacturer >> 15, "bit 15 of the manufacturer code", "MB7-TL-007"):equals(0)
      for shift = 0, 10, 5 do
        expect(manufacturer >> shift & 0x1F, "letter of the manufacturer code", "MB7-TL-007"):between(1, 26)
      end
      local configuration = header:byte(11) | header:byte(12) << 8
      local mode = configuration >> 8 & 0x1F
      if mode == 0 or mode == 5 then
        expect(configuration >> 13, "bits 13 to 15 (S, A, B) of the configuration field",
               "MB7-TL-014"):equals(0)
        expect(configuration & 0x03, "bits 0 and 1 (H, R) of the configuration field",
               "MB7-TL-015"):equals(0)
      end
    end,
  },

  case {
    id = "wired.transport.access-number",
    title = "The access number rises by one with each new answer, from 255 to 0 too",
    checks = { "MB7-TL-008" },
    applies = function(ics) return ics.fcb end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local last = long_header(line, dut):byte(9)
      local fcb = 1
      for i = 1, 258 do
        fcb = 1 - fcb
        local r = line:request(dut, { fcb = fcb })
        precondition(r, "answer " .. i):is_telegram()
        precondition(r.frame.ci, "CI-field of answer " .. i):equals(0x72)
        local number = r.frame.data:byte(9)
        expect(number, "access number of answer " .. i):equals((last + 1) % 256)
        last = number
      end
    end,
  },
}
