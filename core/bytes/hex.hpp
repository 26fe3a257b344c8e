// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace meterbench::core::bytes {

/// Reads pairs of hexadecimal digits, blanks between pairs allowed, into `into`.
/// Returns the number of bytes. Fails with not-hex at the offset of the character that is wrong
/// (or of the end, for half a pair), and with data-too-long when `into` is too small.
[[nodiscard]] Expected<std::size_t> read_hex(std::string_view text, std::span<std::uint8_t> into);

/// Value of a hexadecimal digit, or -1.
[[nodiscard]] constexpr int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/// Appends upper-case hex to anything with push_back, with `separator` between bytes unless it is
/// 0.
template <class Text>
void append_hex(Text& text, std::span<const std::uint8_t> bytes, char separator = 0) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (separator != 0 && i != 0) {
            text.push_back(separator);
        }
        text.push_back(digits[bytes[i] >> 4U]);
        text.push_back(digits[bytes[i] & 0x0FU]);
    }
}

} // namespace meterbench::core::bytes
