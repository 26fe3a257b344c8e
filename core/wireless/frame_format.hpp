// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace meterbench::core::wireless {

/// How the bytes of a frame are cut into blocks with a CRC each (EN 13757-4, 12.3 and 12.4).
enum class FrameFormat : std::uint8_t {
    a, ///< first block 10 bytes, then 16 each; L counts no CRC
    b, ///< blocks of up to 126 bytes; L counts the CRCs
};

/// Who sends: a meter to the other device (uplink), or the other device to a meter (downlink).
enum class Direction : std::uint8_t { meter_to_other, other_to_meter };

[[nodiscard]] constexpr std::string_view name_of(FrameFormat format) {
    return format == FrameFormat::a ? "A" : "B";
}
[[nodiscard]] constexpr std::string_view name_of(Direction direction) {
    return direction == Direction::meter_to_other ? "meter to other" : "other to meter";
}

inline constexpr std::size_t crc_bytes = 2;

/// Bytes from the L-field to the last CRC of a frame with this L-field.
/// Format A: L counts the bytes behind it without CRCs; a CRC follows the first 10 bytes (L, C, M,
/// A) and each further 16 or what is left of them. Below L = 9 the first block is cut short; there
/// still is its CRC. Format B: L counts all bytes behind it.
[[nodiscard]] constexpr std::size_t bytes_on_air(FrameFormat format, std::uint8_t l_field) {
    if (format == FrameFormat::b) {
        return std::size_t{1} + l_field;
    }
    constexpr std::size_t first_block = 9; // what L counts of it
    constexpr std::size_t block = 16;
    const std::size_t behind = l_field > first_block ? l_field - first_block : 0;
    return 1 + l_field + crc_bytes * (1 + (behind + block - 1) / block);
}
static_assert(bytes_on_air(FrameFormat::a, 9) == 12);
static_assert(bytes_on_air(FrameFormat::a, 10) == 15);
static_assert(bytes_on_air(FrameFormat::a, 15) == 20, "the water meter of EN 13757-4, annex C");
static_assert(bytes_on_air(FrameFormat::a, 255) == 290);
static_assert(bytes_on_air(FrameFormat::b, 255) == 256);

} // namespace meterbench::core::wireless
