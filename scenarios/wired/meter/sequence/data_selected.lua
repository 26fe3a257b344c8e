-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "data-selected",
  title = "Application resets within a read-out at FDh",
  parts = 5,
  applies = function(ics) return ics.fcb and ics.secondary and ics.application_reset end,
}
