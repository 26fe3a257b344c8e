-- SPDX-License-Identifier: Apache-2.0
-- Reads the device under test with the reference master and looks at one value.
return case {
  id = "example.read",
  title = "The current energy can be read, in Wh",
  checks = { "MB3-RC-008" },
  tags = { "example" },

  run = function(rig)
    local readout = rig.master:read(rig.dut)
    precondition(readout.fault, "fault of the read-out"):is_nil()
    local energy = readout:value { quantity = "energy", unit = "Wh" }
    expect(energy, "energy"):at_least(decimal "0")
    note("the meter has counted " .. energy.shown)
  end,
}
