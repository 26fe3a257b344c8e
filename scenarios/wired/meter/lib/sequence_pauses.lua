-- SPDX-License-Identifier: Apache-2.0
-- Made by `meterbench model --family pauses --format lua`; docs/model.md.
-- luacheck: no max line length
return {
  steps = {
    { "request-own-0", "*", "MB2-LL-028", "MB2-LL-036" },
    { "bad-gap", "-", "MB2-LL-015", "" },
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
    "1 2 3 4 2",
  },
  ["2"] = {
    "1 5 6",
    "7 8",
    "2 1 2 6 2",
    "2 7 2 9 2",
  },
  ["more"] = {
    "1 6",
    "7 8",
    "2 1 2 5 2",
    "2 7 2 9 2 10 2",
    "2 7 2 9 2 5 2",
    "2 7 2 8 2",
  },
}
