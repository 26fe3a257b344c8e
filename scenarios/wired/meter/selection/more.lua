-- SPDX-License-Identifier: Apache-2.0
-- Other devices may fit a wildcard as well, so the device is alone where the rig can see to it.
local identity = require "identity"

local function claims(ics) return ics.secondary end
local deselect = frame { c = 0x40, a = 0xFD }
local request_selected = frame { c = 0x7B, a = 0xFD }

local function select(line, mask, what, requirement)
  expect(line:exchange(identity.selection(mask)), "answer to " .. what, requirement):is_acknowledge()
end

-- A selection with the fabrication number behind it (DIF 0Ch, VIF 78h).
local function enhanced(mask, number)
  return identity.selection(mask .. "\x0C\x78" .. number)
end

-- The fabrication number as the device sends it.
local function fabrication_number(rig)
  local line, dut = rig.line, rig.dut
  line:reset(dut)
  local fcb = 1
  for _ = 1, rig.ics.telegrams do
    local r = line:request(dut, { fcb = fcb })
    precondition(r, "answer of the read-out"):is_telegram()
    local at = r.frame.user_data:find("\x0C\x78", 14, true)
    if at then return r.frame.user_data:sub(at + 2, at + 5) end
    fcb = 1 - fcb
  end
  precondition(false, "a fabrication number (0C 78) in the read-out"):is_true()
end

return cases {
  case {
    id = "wired.selection.wildcard.manufacturer-bytes",
    title = "Each byte of the manufacturer can be a wildcard by itself",
    checks = { "MB7-SA-006" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      for i = 5, 6 do
        line:exchange(deselect)
        select(line, identity.with_byte(mask, i, 0xFF), "a selection with manufacturer byte " .. i - 4 .. " wild")
        line:expect_silence(identity.selection(identity.with_byte(identity.with_byte(mask, i, 0xFF), 11 - i,
                                                                  mask:byte(11 - i) ~ 0x01)),
                            { what = "answer to a selection with the other byte wrong" })
      end
      select(line, mask, "the exact selection")
    end,
  },

  case {
    id = "wired.selection.wildcard.mismatch",
    title = "A wildcard does not make up for a digit or a field that differs",
    checks = { "MB7-SA-004", "MB7-SA-005" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      for digit = 0, 7 do
        local i, shift = digit // 2 + 1, 4 * (digit % 2)
        local other = ((mask:byte(i) >> shift & 0x0F) + 1) % 10
        local wrong = mask:byte(i) & ~(0x0F << shift) | other << shift
        -- All other digits are wild.
        local keep = wrong | 0xF0 >> shift
        line:expect_silence(identity.selection(identity.with_byte("\xFF\xFF\xFF\xFF" .. mask:sub(5), i, keep)),
                            { requirement = "MB7-SA-004",
                              what = "answer to a selection with digit " .. 8 - digit .. " wrong, all others wild" })
      end
      for i = 7, 8 do
        local wrong = mask:byte(i) ~ 0x01
        line:expect_silence(identity.selection(identity.with_byte("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", i, wrong)),
                            { requirement = "MB7-SA-005",
                              what = "answer to a selection with byte " .. i .. " wrong, all others wild" })
      end
      select(line, mask, "the exact selection", "MB7-SA-004")
    end,
  },

  case {
    id = "wired.selection.broadcast-reset",
    title = "SND_NKE to FFh deselects, SND_NKE to the primary address need not",
    checks = { "MB7-SA-008" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      select(line, mask, "the selection")
      line:expect_silence(frame { c = 0x40, a = 0xFF }, { what = "answer to SND_NKE for FFh" })
      line:expect_silence(request_selected, { what = "answer to REQ_UD2 for FDh after it" })
      select(line, mask, "the selection again")
      line:reset(dut)
      local r = line:exchange(request_selected)
      note("after SND_NKE to the primary address the device is " .. (r and "still" or "not") .. " selected")
    end,
  },

  case {
    id = "wired.selection.procedures",
    title = "What works at the primary address works at FDh: repeat, next telegram, SND_UD, REQ_UD2",
    checks = { "MB7-SA-012", "MB2-LL-051" },
    applies = function(ics) return ics.secondary and ics.fcb end,

    run = function(rig)
      local line, dut, ics = rig.line, rig.dut, rig.ics
      rig:isolate()
      local mask = identity.read(line, dut)
      select(line, mask, "the selection", "MB2-LL-051")
      local first = line:exchange(request_selected)
      expect(first, "first answer at FDh", "MB2-LL-051"):is_telegram()
      expect(line:exchange(request_selected), "repeated answer at FDh", "MB7-SA-012"):same_telegram(first)
      local last = first
      for i = 2, ics.telegrams do
        local r = line:exchange(frame { c = i % 2 == 0 and 0x5B or 0x7B, a = 0xFD })
        expect(r, "answer " .. i .. " at FDh", "MB7-SA-012"):other_telegram(last)
        last = r
      end
      if ics.application_reset then
        local r = line:exchange(frame { c = 0x73, a = 0xFD, ci = 0x50 })
        expect(r, "answer to the application reset at FDh", "MB7-SA-012"):is_acknowledge()
        expect(line:exchange(request_selected), "answer after it", "MB7-SA-012"):same_records(first)
      end
    end,
  },

  case {
    id = "wired.selection.test-address",
    title = "A selected device answers the test address FEh as before",
    checks = { "MB7-SA-012", "MB2-LL-052" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      select(line, mask, "the selection", "MB7-SA-012")
      local r = line:exchange(frame { c = 0x7B, a = 0xFE })
      expect(r, "answer to REQ_UD2 for FEh", "MB2-LL-052"):is_telegram { address = dut.address }
      expect(line:exchange(request_selected), "answer to REQ_UD2 for FDh", "MB7-SA-012"):is_telegram()
    end,
  },

  case {
    id = "wired.selection.primary",
    title = "A selected device still answers its primary address",
    checks = { "MB7-SA-013" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      select(line, mask, "the selection")
      expect(line:request(dut, { fcb = 1 }), "answer at the primary address"):is_telegram { address = dut.address }
      expect(line:exchange(request_selected), "answer at FDh afterwards"):is_telegram()
    end,
  },

  case {
    id = "wired.selection.one",
    title = "Of two devices the one that was selected last answers at FDh, alone",
    checks = { "MB7-SA-014" },
    needs = { "line", "world" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      rig:meter { address = rig.unused_address, profile = "water", id = "99000249" }
      local other = identity.read(line, rig.unused_address)
      select(line, mask, "the selection of the device")
      select(line, other, "the selection of its neighbour")
      local r = line:exchange(request_selected)
      expect(r, "answer at FDh"):is_telegram()
      expect(r.frame.user_data:sub(2, 9), "secondary address in the answer"):equals(other)
      select(line, mask, "the selection of the device again")
      r = line:exchange(request_selected)
      expect(r, "answer at FDh"):is_telegram()
      expect(r.frame.user_data:sub(2, 9), "secondary address in the answer"):equals(mask)
    end,
  },

  case {
    id = "wired.selection.answer-address",
    title = "An answer at FDh carries the device's own primary address, or FDh as older devices do",
    checks = { "MB2-LL-055" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      select(line, identity.read(line, dut), "the selection")
      local r = line:exchange(request_selected)
      expect(r, "answer at FDh"):is_telegram()
      if not (r and r.frame) then return end -- where that costs a remark
      expect(r.frame.a == dut.address or r.frame.a == 0xFD,
             string.format("address %d of the answer is its own or FDh", r.frame.a)):is_true()
    end,
  },

  case {
    id = "wired.selection.repeat",
    title = "A selection can be repeated, with either frame count bit and without",
    checks = { "MB7-SA-002" },
    applies = claims,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      for _, c in ipairs { 0x53, 0x73, 0x73, 0x53, 0x53 } do
        local r = line:exchange(frame { c = c, a = 0xFD, ci = 0x52, data = mask })
        expect(r, string.format("answer to the selection with C = %02Xh", c)):is_acknowledge()
      end
      expect(line:exchange(request_selected), "answer at FDh"):is_telegram()
    end,
  },

  case {
    id = "wired.selection.oms",
    title = "Selection by exact address, by wildcards in the identification, and by wildcard fields",
    checks = { "MB7-SA-031" },
    applies = function(ics) return ics.oms end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      for _, item in ipairs {
        { "the exact address", mask },
        { "a wildcard for the last four digits", "\xFF\xFF" .. mask:sub(3) },
        { "wildcards in all fields but the identification", mask:sub(1, 4) .. "\xFF\xFF\xFF\xFF" },
      } do
        line:exchange(deselect)
        select(line, item[2], "a selection by " .. item[1])
        expect(line:exchange(request_selected), "answer at FDh after it"):is_telegram()
      end
    end,
  },

  case {
    id = "wired.selection.enhanced",
    title = "The right fabrication number behind the address selects, digits of it can be wild",
    checks = { "MB7-SA-015" },
    applies = function(ics) return ics.secondary and ics.enhanced_selection end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask, number = identity.read(line, dut), fabrication_number(rig)
      line:exchange(deselect)
      expect(line:exchange(enhanced(mask, number)), "answer to the enhanced selection"):is_acknowledge()
      expect(line:exchange(request_selected), "answer at FDh"):is_telegram()
      line:exchange(deselect)
      local wild = string.char(number:byte(1) | 0x0F) .. number:sub(2)
      expect(line:exchange(enhanced("\xFF\xFF\xFF\xFF" .. mask:sub(5), wild)),
             "answer to the enhanced selection with a wild digit"):is_acknowledge()
    end,
  },

  case {
    id = "wired.selection.enhanced.mismatch",
    title = "A wrong fabrication number deselects, silently",
    checks = { "MB7-SA-016" },
    applies = function(ics) return ics.secondary and ics.enhanced_selection end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask, number = identity.read(line, dut), fabrication_number(rig)
      for i = 1, 4 do
        expect(line:exchange(enhanced(mask, number)), "answer to the right fabrication number"):is_acknowledge()
        local other = ((number:byte(i) & 0x0F) + 1) % 10
        local wrong = identity.with_byte(number, i, number:byte(i) & 0xF0 | other)
        line:expect_silence(enhanced(mask, wrong), { what = "answer to one that differs in byte " .. i })
        line:expect_silence(request_selected, { what = "answer to REQ_UD2 for FDh after it" })
      end
    end,
  },

  case {
    id = "wired.selection.enhanced.unknown",
    title = "A device without enhanced selection ignores a selection with records behind it",
    checks = { "MB7-SA-017" },
    applies = function(ics) return ics.secondary and ics.oms and not ics.enhanced_selection end,

    run = function(rig)
      local line, dut = rig.line, rig.dut
      rig:isolate()
      local mask = identity.read(line, dut)
      line:exchange(deselect)
      line:expect_silence(enhanced(mask, "\x01\x02\x03\x04"), { what = "answer to an enhanced selection" })
      line:expect_silence(request_selected, { what = "answer to REQ_UD2 for FDh after it" })
      select(line, mask, "the plain selection")
    end,
  },

  case {
    id = "wired.selection.adapter",
    title = "An adapter sends its own number as fabrication number",
    checks = { "MB7-SA-032" },
    applies = function(ics) return ics.adapter end,

    run = function(rig)
      local number = fabrication_number(rig)
      for i = 1, #number do
        expect(number:byte(i) & 0x0F, "low digit of byte " .. i .. " of the fabrication number"):at_most(9)
        expect(number:byte(i) >> 4, "high digit of byte " .. i .. " of the fabrication number"):at_most(9)
      end
    end,
  },
}
