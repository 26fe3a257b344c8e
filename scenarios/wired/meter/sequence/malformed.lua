-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "malformed",
  title = "Malformed frames within a read-out",
  parts = 2,
  applies = function(ics) return ics.fcb end,
}
