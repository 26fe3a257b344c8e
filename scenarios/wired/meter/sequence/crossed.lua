-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "crossed",
  title = "Requests and application resets at its address and at FDh, mixed",
  parts = 1,
  applies = function(ics) return ics.fcb and ics.secondary and ics.application_reset end,
}
