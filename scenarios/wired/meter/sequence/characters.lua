-- SPDX-License-Identifier: Apache-2.0
return require("sequence").cases {
  family = "characters",
  title = "Malformed characters within a read-out",
  parts = 1,
  needs = { "line", "octet_errors" },
  applies = function(ics) return ics.fcb end,
}
