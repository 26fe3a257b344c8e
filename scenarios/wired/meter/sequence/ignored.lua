-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "ignored",
  title = "Frames that are none of its business, within a read-out",
  parts = 2,
  applies = function(ics) return ics.fcb end,
}
