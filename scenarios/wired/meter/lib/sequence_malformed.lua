-- SPDX-License-Identifier: Apache-2.0
-- Made by `meterbench model --family malformed --format lua`; docs/model.md.
-- luacheck: no max line length
return {
  steps = {
    { "request-own-0", "*", "MB2-LL-028", "MB2-LL-036" },
    { "bad-start", "-", "MB2-LL-013", "" },
    { "bad-short-checksum", "-", "MB2-LL-007", "" },
    { "bad-short-stop", "-", "MB2-LL-008", "" },
    { "bad-short-truncated", "-", "MB2-LL-012", "" },
    { "bad-long-checksum", "-", "MB2-LL-007", "" },
    { "bad-long-stop", "-", "MB2-LL-008", "" },
    { "bad-long-lengths", "-", "MB2-LL-009", "" },
    { "bad-long-second-start", "-", "MB2-LL-010", "" },
    { "bad-long-truncated", "-", "MB2-LL-012", "" },
    { "bad-length-small", "-", "MB2-LL-073", "" },
    { "request-own-1", "1", "MB2-LL-028", "MB2-LL-037" },
    { "request-own-0", "1", "MB2-LL-028", "MB2-LL-037" },
    { "request-own-1", "*", "MB2-LL-028", "MB2-LL-037" },
    { "request-own-0", "*", "MB2-LL-028", "MB2-LL-037" },
    { "request-own-1", "1", "MB2-LL-028", "MB2-LL-036" },
    { "request-own-1", "1", "MB2-LL-028", "MB2-LL-038" },
    { "request-own-0", "2", "MB2-LL-028", "MB2-LL-037" },
    { "request-own-0", "2", "MB2-LL-028", "MB2-LL-038" },
  },
  ["1"] = {
    "1 2 3 4 5 6 7 8 9 10 11 12 13 2 3 4 5 6 7 8 9 10 11",
  },
  ["2"] = {
    "1 14 15",
    "16 17",
    "2 3 4 5 6 7 8 9 10 11 1 2 3 4 5 6 7 8 9 10 11 15 2 3 4 5 6 7 8 9 10 11",
    "2 3 4 5 6 7 8 9 10 11 16 2 3 4 5 6 7 8 9 10 11 18 2 3 4 5 6 7 8 9 10 11",
  },
  ["more"] = {
    "1 15",
    "16 17",
    "2 3 4 5 6 7 8 9 10 11 1 2 3 4 5 6 7 8 9 10 11 14 2 3 4 5 6 7 8 9 10 11",
    "2 3 4 5 6 7 8 9 10 11 16 2 3 4 5 6 7 8 9 10 11 18 2 3 4 5 6 7 8 9 10 11 19 2 3 4 5 6 7 8 9 10 11",
    "2 3 4 5 6 7 8 9 10 11 16 2 3 4 5 6 7 8 9 10 11 18 2 3 4 5 6 7 8 9 10 11 14 2 3 4 5 6 7 8 9 10 11",
    "2 3 4 5 6 7 8 9 10 11 16 2 3 4 5 6 7 8 9 10 11 17 2 3 4 5 6 7 8 9 10 11",
  },
}
