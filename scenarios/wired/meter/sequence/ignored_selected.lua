-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "ignored-selected",
  title = "Frames that are none of its business, within a read-out at FDh",
  parts = 3,
  applies = function(ics) return ics.fcb and ics.secondary end,
}
