-- SPDX-License-Identifier: Apache-2.0
-- What luacheck must know of the scenario API (docs/scenario-api.md).
std = "lua54"
max_line_length = 120
cache = false

-- The globals of a case file; harness/lua/prelude.lua makes them.
local api = {
  "case", "cases", "each",
  "expect", "precondition", "measure", "remark", "note", "attach",
  "ms", "s", "hex", "decimal", "frame",
}
read_globals = api

-- What Lua has and the sandbox has not.
not_globals = {
  "collectgarbage", "coroutine", "debug", "dofile", "io", "load", "loadfile", "os", "package",
  "warn", "xpcall", "string.dump", "math.random", "math.randomseed",
}

-- It makes the names above, and a pcall and a print of its own.
files["harness/lua/prelude.lua"] = { globals = { "pcall", "print" } }
for _, name in ipairs(api) do
  table.insert(files["harness/lua/prelude.lua"].globals, name)
end

-- What Wireshark gives a dissector.
files["formats/wireshark"] = {
  std = "lua52",
  not_globals = {},
  read_globals = {
    "Proto", "ProtoField", "ProtoExpert", "DissectorTable", "UInt64", "base", "bit", "expert", "wtap",
  },
}
