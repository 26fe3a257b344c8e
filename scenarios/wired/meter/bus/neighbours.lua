-- SPDX-License-Identifier: Apache-2.0
local examples = require "examples"

-- What two telegrams must share when one was given another primary address.
local function but_address_and_checksum(bytes)
  return bytes:sub(1, 5) .. bytes:sub(7, -3) .. bytes:sub(-1)
end

-- Two of the worked examples announce another telegram (DIF 1Fh) and stand alone here: the master asks
-- on, gets the same one again and must say so. Two others are cut off, in a record and in the header.
local fault_of = { ["EX-041"] = "endless-sequence", ["EX-044"] = "endless-sequence",
                   ["EX-059"] = "record-truncated", ["EX-060"] = "header-truncated" }

-- The meter at this address; where the rig has none, it is made.
local function provide(rig, address, t)
  if pcall(function() return rig.meters[address] end) then return end
  t.address = address
  rig:meter(t)
end

return case {
  id = "wired.bus.read-all",
  title = "Among many meters of any kind every one can be read, octet for octet",
  checks = { "MB2-LL-028" },
  needs = { "line", "world" },
  tags = { "neighbours" },

  run = function(rig)
    for _, example in ipairs(examples) do
      provide(rig, example.address, { telegrams = { example.telegram } })
      local readout = rig.master:read(example.address)
      expect(#readout.telegrams, example.id .. ": telegrams"):equals(1)
      local telegram = readout.telegrams[1]
      expect(but_address_and_checksum(telegram.bytes), example.id .. ": telegram")
        :equals(but_address_and_checksum(example.telegram))
      expect(telegram.frame.a, example.id .. ": address"):equals(example.address)
      expect(readout.fault, example.id .. ": fault of the read-out")
        :equals(fault_of[example.id])
    end
    for address = 6, 9 do
      provide(rig, address, { profile = "water", id = string.format("9900%04d", address) })
      local readout = rig.master:read(address)
      expect(readout.fault, "address " .. address .. ": fault of the read-out"):is_nil()
      expect(#readout.telegrams, "address " .. address .. ": telegrams"):equals(1)
      expect(#readout.records, "address " .. address .. ": records"):at_least(5)
    end
  end,
}
