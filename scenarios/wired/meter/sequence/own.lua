-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "own",
  title = "The read-out at its address, FEh and FFh",
  parts = 6,
  applies = function(ics) return ics.fcb end,
}
