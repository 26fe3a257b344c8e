// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/chips.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meterbench::core::bytes {

/// How bytes become chips on the air (EN 13757-4, 6.4.1, 7.4.2, 9.4.1), most significant bit first.
enum class LineCode : std::uint8_t {
    nrz,          ///< a bit is a chip
    manchester,   ///< 0 is 10, 1 is 01
    three_of_six, ///< a nibble, the high one first, is six chips of which three are 1
};
inline constexpr std::size_t line_code_count = 3;

[[nodiscard]] constexpr unsigned chips_per_byte(LineCode code) {
    constexpr std::array<unsigned, line_code_count> chips{8, 16, 12};
    return chips[static_cast<std::size_t>(code)];
}
[[nodiscard]] constexpr std::string_view name_of(LineCode code) {
    constexpr std::array<std::string_view, line_code_count> names{"NRZ", "Manchester",
                                                                  "3-out-of-6"};
    return names[static_cast<std::size_t>(code)];
}

/// The code word of each nibble in 3-out-of-6 (EN 13757-4, 7.4.2).
inline constexpr std::array<std::uint8_t, 16> three_of_six_words{
    0b010110, 0b001101, 0b001110, 0b001011, 0b011100, 0b011001, 0b011010, 0b010011,
    0b101100, 0b100101, 0b100110, 0b100011, 0b110100, 0b110001, 0b110010, 0b101001};
static_assert(
    [] {
        std::uint64_t seen = 0;
        for (const std::uint8_t word : three_of_six_words) {
            if (std::popcount(word) != 3 || (seen >> word & 1U) != 0) {
                return false;
            }
            seen |= std::uint64_t{1} << word;
        }
        // The four words of weight 3 that stand for nothing.
        for (const unsigned word : {0b000111U, 0b010101U, 0b101010U, 0b111000U}) {
            if ((seen >> word & 1U) != 0) {
                return false;
            }
        }
        return true;
    }(),
    "sixteen different words of weight 3");

/// The chips of a byte in the low chips_per_byte(code) bits.
[[nodiscard]] constexpr std::uint16_t chips_of(LineCode code, std::uint8_t byte) {
    switch (code) {
    case LineCode::manchester: {
        unsigned chips = 0;
        for (unsigned bit = 0; bit < 8; ++bit) {
            chips |= ((byte >> bit & 1U) != 0 ? 0b01U : 0b10U) << (2 * bit);
        }
        return static_cast<std::uint16_t>(chips);
    }
    case LineCode::three_of_six:
        return static_cast<std::uint16_t>(three_of_six_words[byte >> 4U] << 6U |
                                          three_of_six_words[byte & 0x0FU]);
    default: return byte;
    }
}

/// Appends the chips of the bytes.
void encode_chips(LineCode code, std::span<const std::uint8_t> bytes, ChipWriter& out);

/// What came out of chips.
struct ChipDecoding {
    std::size_t bytes = 0; ///< good ones, from the start
    /// First chip, counted from the start of the view, of the code word that stands for nothing: a
    /// pair 00 or 11 in Manchester, six chips not in the table in 3-out-of-6. In NRZ there is none.
    std::optional<std::size_t> code_error{};
};

/// Reads as many whole bytes as there are chips and room for; stops at the first code error. One
/// wrong chip always is a code error: it makes a Manchester pair equal, a word of six weigh 2 or 4.
[[nodiscard]] ChipDecoding decode_chips(LineCode code, ChipView chips,
                                        std::span<std::uint8_t> bytes);

} // namespace meterbench::core::bytes
