// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace meterbench::core::application {

/// In a manufacturer code: the address is not globally unique (soft address, EN 13757-7, 7.5.2).
inline constexpr std::uint16_t soft_address_bit = 0x8000;

/// The three letters of a manufacturer code: (c1-64)*1024 + (c2-64)*32 + (c3-64), A to Z each; bit
/// 15 marks a not globally unique address and is no letter's (EN 13757-7, 7.5.2). A wrong group
/// gives none: show such a code as hex.
[[nodiscard]] constexpr std::optional<std::array<char, 3>>
manufacturer_letters(std::uint16_t code) {
    std::array<char, 3> letters{};
    for (std::size_t i = 0; i < 3; ++i) {
        const unsigned group = (static_cast<unsigned>(code) >> (10U - 5U * i)) & 0x1FU;
        if (group < 1 || group > 26) {
            return std::nullopt;
        }
        letters[i] = static_cast<char>('A' + group - 1);
    }
    return letters;
}

/// The code of three letters A to Z; none for anything else.
[[nodiscard]] constexpr std::optional<std::uint16_t> manufacturer_code(std::string_view letters) {
    if (letters.size() != 3) {
        return std::nullopt;
    }
    unsigned code = 0;
    for (const char letter : letters) {
        if (letter < 'A' || letter > 'Z') {
            return std::nullopt;
        }
        code = code * 32 + static_cast<unsigned>(letter - 'A' + 1);
    }
    return static_cast<std::uint16_t>(code);
}

static_assert(manufacturer_code("PAD") == 0x4024 && manufacturer_code("KAM") == 0x2C2D);
static_assert(manufacturer_letters(0x0442) == std::array{'A', 'B', 'B'});

} // namespace meterbench::core::application
