// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace meterbench::core::bytes {

namespace detail {
inline constexpr auto crc_table = [] {
    constexpr unsigned polynomial = 0x3D65;
    std::array<std::uint16_t, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned crc = byte << 8U;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ polynomial : crc << 1U;
        }
        table[byte] = static_cast<std::uint16_t>(crc);
    }
    return table;
}();
} // namespace detail

/// CRC-16/EN-13757: polynomial 3D65h, start 0, most significant bit first, complemented at the end.
/// Check value of "123456789": C2B7h. On the wire it goes LSB first in compact frames (EN 13757-3
/// annex G) and MSB first in radio blocks (EN 13757-4).
[[nodiscard]] constexpr std::uint16_t crc_en13757(std::span<const std::uint8_t> bytes) {
    unsigned crc = 0;
    for (const std::uint8_t byte : bytes) {
        crc = (crc << 8U) ^ detail::crc_table[((crc >> 8U) ^ byte) & 0xFFU];
    }
    return static_cast<std::uint16_t>(~crc);
}

namespace detail {
inline constexpr std::array<std::uint8_t, 9> crc_check{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
static_assert(crc_en13757(crc_check) == 0xC2B7);
} // namespace detail

} // namespace meterbench::core::bytes
