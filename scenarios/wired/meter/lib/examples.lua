-- SPDX-License-Identifier: Apache-2.0
-- The meters of bus.json that replay worked examples: where each is, and its answer as it was written
-- down (with the address it had there).
return {
  { address = 101, id = "EX-010", telegram = hex [[
    68 04 04 68 08 01 71 05 7F 16]] },
  { address = 102, id = "EX-027", telegram = hex [[
    68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00 3C 16]] },
  { address = 103, id = "EX-028", telegram = hex [[
    68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13
    01 8B 60 04 37 18 02 18 16]] },
  { address = 104, id = "EX-029", telegram = hex [[
    68 15 15 68 08 02 72 78 56 34 12 24 40 01 07 13 00 00 00 0C 78 04 03 02 01 9D 16]] },
  { address = 105, id = "EX-030", telegram = hex [[
    68 04 04 68 08 01 70 00 79 16]] },
  { address = 106, id = "EX-031", telegram = hex [[
    68 04 04 68 08 01 70 01 7A 16]] },
  { address = 107, id = "EX-032", telegram = hex [[
    68 04 04 68 08 01 70 02 7B 16]] },
  { address = 108, id = "EX-033", telegram = hex [[
    68 04 04 68 08 01 70 03 7C 16]] },
  { address = 109, id = "EX-034", telegram = hex [[
    68 04 04 68 08 01 70 04 7D 16]] },
  { address = 110, id = "EX-035", telegram = hex [[
    68 04 04 68 08 01 70 05 7E 16]] },
  { address = 111, id = "EX-036", telegram = hex [[
    68 04 04 68 08 01 70 06 7F 16]] },
  { address = 112, id = "EX-037", telegram = hex [[
    68 04 04 68 08 01 70 08 81 16]] },
  { address = 113, id = "EX-038", telegram = hex [[
    68 04 04 68 08 01 70 09 82 16]] },
  { address = 114, id = "EX-039", telegram = hex [[
    68 20 20 68 08 FD 72 78 56 34 12 93 15 33 03 2A 00 00 00 0C 14 27 04 85 02 04 6D 32
    37 1F 15 02 FD 17 00 00 89 16]] },
  { address = 115, id = "EX-040", telegram = hex [[
    68 2C 2C 68 08 FD 72 88 77 66 55 93 44 55 08 00 04 10 05 00 DF E2 A7 82 14 6D 15 13
    58 1C D2 F8 3F 39 04 0C FD 10 78 56 34 12 0C 78 44 33 22 11 26 16]] },
  { address = 116, id = "EX-041", telegram = hex [[
    68 5C 5C 68 08 01 72 89 60 00 01 CD 4E 09 0C 94 70 00 00 04 06 6E 6D 00 00 04 13 45
    C6 09 00 84 40 13 45 C6 09 00 02 5B F3 00 02 5F F3 00 02 62 00 00 04 22 E2 18 00 00
    04 26 DB 18 00 00 04 3B 00 00 00 00 04 2C 00 00 00 00 04 6D 0C 15 A8 22 84 40 6E 00
    00 00 00 84 80 40 6E 00 00 00 00 1F A7 16]] },
  { address = 117, id = "EX-042", telegram = hex [[
    68 25 25 68 08 00 72 00 00 00 00 CD 25 01 02 00 00 00 00 0D 7C 02 57 50 F0 96 07 5B
    2A 27 A6 93 01 3D B5 1A B3 DC D1 3E 17 D5 16]] },
  { address = 118, id = "EX-043", telegram = hex [[
    68 34 34 68 08 00 72 76 57 02 00 2D 48 03 07 7F 00 00 00 04 13 79 26 00 00 04 6D 39
    0E AF 1A 42 6C BC 19 44 13 C9 20 00 00 42 EC 7E DC 19 0C 78 76 57 02 00 0F 01 00 00
    45 16]] },
  { address = 119, id = "EX-044", telegram = hex [[
    68 42 42 68 08 08 72 76 00 05 21 18 4E 31 04 51 00 00 00 0C 07 64 08 00 00 0C 14 92
    98 79 00 0C 7B 02 03 00 00 0C 2C 58 54 00 00 0A 5A 55 07 0A 5E 94 05 0B 60 76 60 01
    0C 78 76 00 05 21 0C FD 10 76 00 05 21 1F B3 16]] },
  { address = 120, id = "EX-047", telegram = hex [[
    68 12 12 68 08 05 72 78 56 34 12 24 40 01 07 01 00 00 00 00 93 15 A8 16]] },
  { address = 121, id = "EX-059", telegram = hex [[
    68 1C 1C 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13
    01 8B 60 04 C7 16]] },
  { address = 122, id = "EX-060", telegram = hex [[
    68 08 08 68 08 02 72 78 56 34 12 24 B4 16]] },
}
