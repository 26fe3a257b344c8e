-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "pauses",
  title = "Frames with a pause within a read-out",
  parts = 1,
  needs = { "line", "gaps" },
  applies = function(ics) return ics.fcb end,
}
