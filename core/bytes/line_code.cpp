// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/line_code.hpp"

namespace meterbench::core::bytes {

namespace {

constexpr std::uint16_t no_byte = 0x100; ///< in a table: these chips stand for nothing

/// Twelve chips to a byte.
constexpr auto byte_of_twelve = [] {
    std::array<std::uint16_t, 4096> table{};
    table.fill(no_byte);
    for (unsigned byte = 0; byte < 256; ++byte) {
        table[chips_of(LineCode::three_of_six, static_cast<std::uint8_t>(byte))] =
            static_cast<std::uint16_t>(byte);
    }
    return table;
}();

/// Eight chips of Manchester to a nibble.
constexpr auto nibble_of_eight = [] {
    std::array<std::uint16_t, 256> table{};
    table.fill(no_byte);
    for (unsigned nibble = 0; nibble < 16; ++nibble) {
        table[chips_of(LineCode::manchester, static_cast<std::uint8_t>(nibble)) & 0xFFU] =
            static_cast<std::uint16_t>(nibble);
    }
    return table;
}();

/// The byte of chips in the low bits of `chips`, or no_byte.
template <LineCode code> std::uint16_t byte_of(std::uint64_t chips) {
    if constexpr (code == LineCode::three_of_six) {
        return byte_of_twelve[chips & 0xFFFU];
    } else if constexpr (code == LineCode::manchester) {
        const unsigned high = nibble_of_eight[chips >> 8U & 0xFFU];
        const unsigned low = nibble_of_eight[chips & 0xFFU];
        return ((high | low) & no_byte) != 0 ? no_byte
                                             : static_cast<std::uint16_t>(high << 4U | low);
    } else {
        return chips & 0xFFU;
    }
}

/// First chip of the wrong code word among the chips of a byte.
std::size_t wrong_word(LineCode code, std::uint64_t chips) {
    if (code == LineCode::three_of_six) {
        for (const std::uint8_t word : three_of_six_words) {
            if (word == (chips >> 6U & 0x3FU)) {
                return 6;
            }
        }
        return 0;
    }
    for (unsigned pair = 0; pair < 8; ++pair) {
        const unsigned value = chips >> (14 - 2 * pair) & 0b11U;
        if (value == 0b00 || value == 0b11) {
            return std::size_t{2} * pair;
        }
    }
    return 0;
}

template <LineCode code> ChipDecoding decode(ChipView chips, std::span<std::uint8_t> bytes) {
    constexpr unsigned size = chips_per_byte(code);
    constexpr unsigned at_once = 56 / size; // in any word there are at least 57 chips
    const std::size_t whole = std::min(chips.count / size, bytes.size());
    for (std::size_t done = 0; done < whole;) {
        const std::uint64_t word = chips_at(chips.packed, chips.first + done * size);
        const std::size_t now = std::min<std::size_t>(at_once, whole - done);
        for (unsigned i = 0; i < now; ++i, ++done) {
            const std::uint64_t mine = word >> (64 - size * (i + 1));
            const std::uint16_t byte = byte_of<code>(mine);
            if (byte == no_byte) {
                return {done, done * size + wrong_word(code, mine)};
            }
            bytes[done] = static_cast<std::uint8_t>(byte);
        }
    }
    return {whole, {}};
}

} // namespace

void encode_chips(LineCode code, std::span<const std::uint8_t> bytes, ChipWriter& out) {
    const unsigned size = chips_per_byte(code);
    for (const std::uint8_t byte : bytes) {
        out.put(chips_of(code, byte), size);
    }
}

ChipDecoding decode_chips(LineCode code, ChipView chips, std::span<std::uint8_t> bytes) {
    switch (code) {
    case LineCode::manchester: return decode<LineCode::manchester>(chips, bytes);
    case LineCode::three_of_six: return decode<LineCode::three_of_six>(chips, bytes);
    default: return decode<LineCode::nrz>(chips, bytes);
    }
}

} // namespace meterbench::core::bytes
