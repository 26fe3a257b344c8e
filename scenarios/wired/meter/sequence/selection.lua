-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "selection",
  title = "Selection and the read-out at FDh",
  parts = 16,
  applies = function(ics) return ics.fcb and ics.secondary end,
}
