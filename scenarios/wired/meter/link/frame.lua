-- SPDX-License-Identifier: Apache-2.0
-- A frame that breaks an acceptance rule has no answer and no effect; a good one before and after it is
-- answered, so that the silence says something.

-- The control frame that resets the application, with some fields wrong.
local function reset_with(dut, fields)
  fields.c, fields.a, fields.ci = 0x53, dut.address, 0x50
  fields.kind = "control"
  return frame(fields)
end

local function silent(id, title, requirement, wrong, more)
  local t = {
    id = id,
    title = title,
    checks = { requirement },
    run = function(rig)
      for _, item in ipairs(wrong(rig.dut, rig.line)) do
        local options = item.options or {}
        options.probe = rig.dut
        options.what = "answer to " .. item.what
        rig.line:expect_silence(item.bytes, options)
      end
    end,
  }
  for key, value in pairs(more or {}) do t[key] = value end
  return case(t)
end

return cases {
  silent("wired.link.frame.checksum", "A frame with a wrong checksum is discarded silently",
         "MB2-LL-007", function(dut)
    return {
      { what = "SND_NKE with checksum 00h", bytes = frame { c = 0x40, a = dut.address, checksum = 0x00 } },
      { what = "REQ_UD2 with a wrong checksum",
        bytes = frame { c = 0x7B, a = dut.address, checksum = (0x7C + dut.address) % 256 } },
      { what = "SND_UD with checksum 00h", bytes = reset_with(dut, { checksum = 0x00 }) },
    }
  end),

  silent("wired.link.frame.stop", "A frame with a wrong stop byte is discarded silently",
         "MB2-LL-008", function(dut)
    return {
      { what = "REQ_UD2 with stop 17h", bytes = frame { c = 0x5B, a = dut.address, stop = 0x17 } },
      { what = "SND_UD with stop 17h", bytes = reset_with(dut, { stop = 0x17 }) },
    }
  end),

  silent("wired.link.frame.length", "A frame whose two L fields differ is discarded silently",
         "MB2-LL-009", function(dut)
    return { { what = "SND_UD with L 3 and 4", bytes = reset_with(dut, { l2 = 4 }) } }
  end),

  silent("wired.link.frame.second-start", "A frame whose second start is not 68h is discarded silently",
         "MB2-LL-010", function(dut)
    return { { what = "SND_UD with second start 67h", bytes = reset_with(dut, { start2 = 0x67 }) } }
  end),

  silent("wired.link.frame.short-length", "A long frame with L below 3 is discarded silently",
         "MB2-LL-073", function(dut)
    return {
      { what = "a frame with L = 2", bytes = frame { kind = "long", c = 0x53, a = dut.address } },
      { what = "a frame with L = 0", bytes = hex "68 00 00 68 00 16" },
    }
  end),

  silent("wired.link.frame.parity", "A frame with a parity or framing error in any octet is discarded silently",
         "MB2-LL-011", function(dut)
    local request = frame { c = 0x7B, a = dut.address }
    local list = {}
    for i = 1, #request do
      list[#list + 1] = { what = "REQ_UD2 with odd parity in octet " .. i, bytes = request,
                          options = { octets = { [i] = { parity = "odd" } } } }
    end
    list[#list + 1] = { what = "REQ_UD2 with a low stop bit in octet 3", bytes = request,
                        options = { octets = { [3] = { framing = true } } } }
    return list
  end, { needs = { "line", "octet_errors" } }),

  silent("wired.link.frame.misfit", "A control field in the wrong frame format is not executed",
         "MB2-LL-076", function(dut)
    return {
      { what = "SND_UD in a short frame", bytes = frame { c = 0x53, a = dut.address } },
      { what = "REQ_UD2 in a long frame",
        bytes = frame { c = 0x5B, a = dut.address, ci = 0x51 } },
    }
  end),

  silent("wired.link.frame.direction", "An answer of another device, even with this address, is ignored",
         "MB2-LL-025", function(dut)
    return {
      { what = "an RSP_UD with this address",
        bytes = frame { c = 0x08, a = dut.address, ci = 0x72,
                        data = hex "78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00" } },
    }
  end),

  case {
    id = "wired.link.frame.truncated",
    title = "A frame with octets missing is given up; after 33 idle bit times a good one is answered",
    checks = { "MB2-LL-012", "MB2-LL-015" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      local whole = frame { c = 0x53, a = dut.address, ci = 0x50 }
      for missing = 1, #whole - 1 do
        line:expect_silence(whole:sub(1, #whole - missing),
                            { requirement = "MB2-LL-012",
                              what = "answer to SND_UD without its last " .. missing .. " octets" })
        local r = line:exchange(frame { c = 0x40, a = dut.address })
        expect(r, "answer to SND_NKE afterwards", "MB2-LL-012"):is_acknowledge()
      end
      local broken = { whole:sub(1, 6), frame { c = 0x7B, a = dut.address, checksum = 0x00 },
                       reset_with(dut, { stop = 0x17 }), reset_with(dut, { l2 = 4 }) }
      for i, bytes in ipairs(broken) do
        line:send(bytes)
        local r = line:exchange(frame { c = 0x40, a = dut.address }, { idle = line:bits(33) + ms(1) })
        expect(r, "answer to SND_NKE 33 bit times after broken frame " .. i, "MB2-LL-015"):is_acknowledge()
      end
    end,
  },

  case {
    id = "wired.link.frame.noise",
    title = "Octets that start no frame are ignored; after 33 idle bit times a request is answered",
    checks = { "MB2-LL-013" },
    tags = { "random" },

    run = function(rig)
      local line, dut = rig.line, rig.dut
      line:reset(dut)
      for _ = 1, 3 do
        local noise = {}
        for i = 1, 8 do
          local value = rig:random(0, 255)
          while value == 0x10 or value == 0x68 do value = rig:random(0, 255) end
          noise[i] = string.char(value)
        end
        line:send(table.concat(noise))
        local r = line:exchange(frame { c = 0x40, a = dut.address },
                                { idle = line:bits(33) + ms(1) })
        expect(r, "answer to SND_NKE after noise"):is_acknowledge()
      end
    end,
  },
}
