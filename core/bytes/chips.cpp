// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/chips.hpp"

namespace meterbench::core::bytes {

namespace {

/// Eight bytes of 0 or 1 to one byte: a factor that moves the bit of byte i, which stands at 8 i,
/// to 63 - i. The products meet nowhere, so that nothing carries.
std::uint8_t pack8(const std::uint8_t* chips) {
    constexpr std::uint64_t low_bits = 0x0101010101010101;
    constexpr std::uint64_t factor = 0x8040201008040201;
    const std::uint64_t word = std::uint64_t{chips[0]} | std::uint64_t{chips[1]} << 8U |
                               std::uint64_t{chips[2]} << 16U | std::uint64_t{chips[3]} << 24U |
                               std::uint64_t{chips[4]} << 32U | std::uint64_t{chips[5]} << 40U |
                               std::uint64_t{chips[6]} << 48U | std::uint64_t{chips[7]} << 56U;
    return static_cast<std::uint8_t>(((word & low_bits) * factor) >> 56U);
}

} // namespace

void pack_chips(std::span<const std::uint8_t> chips, std::span<std::uint8_t> packed) {
    const std::size_t whole = chips.size() / 8;
    for (std::size_t i = 0; i < whole; ++i) {
        packed[i] = pack8(chips.data() + 8 * i);
    }
    if (chips.size() % 8 != 0) {
        unsigned last = 0;
        for (std::size_t i = 0; i < chips.size() % 8; ++i) {
            last |= (chips[8 * whole + i] & 1U) << (7 - i);
        }
        packed[whole] = static_cast<std::uint8_t>(last);
    }
}

void unpack_chips(ChipView view, std::span<std::uint8_t> chips) {
    for (std::size_t i = 0; i < view.count; ++i) {
        chips[i] = view[i] ? 1 : 0;
    }
}

} // namespace meterbench::core::bytes
