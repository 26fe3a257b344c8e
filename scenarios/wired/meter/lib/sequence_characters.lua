-- SPDX-License-Identifier: Apache-2.0
-- Made by `meterbench model --family characters --format lua`; docs/model.md.
-- luacheck: no max line length
return {
  steps = {
    { "request-own-0", "*", "MB2-LL-028", "MB2-LL-036" },
    { "bad-parity", "-", "MB2-LL-011", "" },
    { "bad-stop-bit", "-", "MB2-LL-011", "" },
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
    "1 2 3 4 5 2 3",
  },
  ["2"] = {
    "1 6 7",
    "8 9",
    "2 3 1 2 3 7 2 3",
    "2 3 8 2 3 10 2 3",
  },
  ["more"] = {
    "1 7",
    "8 9",
    "2 3 1 2 3 6 2 3",
    "2 3 8 2 3 10 2 3 11 2 3",
    "2 3 8 2 3 10 2 3 6 2 3",
    "2 3 8 2 3 9 2 3",
  },
}
