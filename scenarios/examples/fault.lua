-- SPDX-License-Identifier: Apache-2.0
-- Puts a second meter on the bus that spoils its answers, and asks the device under test after it.
-- `needs` names the world: on a rig that cannot build one the case is not runnable.
return case {
  id = "example.fault",
  title = "A neighbour's broken answer leaves the device as it was",
  checks = { "MB2-LL-025" },
  needs = { "line", "world", "fault:byte.checksum" },
  tags = { "example" },

  run = function(rig)
    local line, dut = rig.line, rig.dut
    local neighbour = rig:meter { address = 20, profile = "water", id = "20000020" }
    neighbour:fault("byte.checksum")

    line:reset(dut)
    local first = line:request(dut, { fcb = 1 })
    local broken = line:request(neighbour, { fcb = 1 })
    precondition(broken, "answer of the neighbour"):is_heard()
    precondition(broken.fault, "what is wrong with it"):equals("checksum-mismatch")
    expect(line:request(dut, { fcb = 1 }), "the device's answer after it"):same_telegram(first)
  end,
}
