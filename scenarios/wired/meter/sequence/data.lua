-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "data",
  title = "Application resets within a read-out",
  parts = 4,
  applies = function(ics) return ics.fcb and ics.application_reset end,
}
