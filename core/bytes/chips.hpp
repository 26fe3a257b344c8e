// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace meterbench::core::bytes {

/// Chips are what is on the air: one FSK symbol each. Packed, there are eight a byte, the first on
/// the air in the most significant bit.

/// Bytes that hold so many packed chips.
[[nodiscard]] constexpr std::size_t packed_size(std::size_t chips) {
    return (chips + 7) / 8;
}

/// A stretch of packed chips that need not begin at a byte.
struct ChipView {
    std::span<const std::uint8_t> packed;
    std::size_t first = 0; ///< chip of `packed` where the stretch begins
    std::size_t count = 0; ///< chips; first + count is at most 8 * packed.size()

    [[nodiscard]] constexpr bool operator[](std::size_t index) const {
        const std::size_t chip = first + index;
        return (packed[chip / 8] >> (7 - chip % 8) & 1U) != 0;
    }
};

/// All chips of packed bytes.
[[nodiscard]] constexpr ChipView all_chips(std::span<const std::uint8_t> packed) {
    return {packed, 0, 8 * packed.size()};
}

/// The 64 chips from `chip` on, first in the most significant bit; 0 where the bytes end.
[[nodiscard]] constexpr std::uint64_t chips_at(std::span<const std::uint8_t> packed,
                                               std::size_t chip) {
    const std::size_t byte = chip / 8;
    const auto shift = static_cast<unsigned>(chip % 8);
    std::uint64_t word = 0;
    if (byte + 9 <= packed.size()) {
        const std::uint8_t* const at = packed.data() + byte;
        word = std::uint64_t{at[0]} << 56U | std::uint64_t{at[1]} << 48U |
               std::uint64_t{at[2]} << 40U | std::uint64_t{at[3]} << 32U |
               std::uint64_t{at[4]} << 24U | std::uint64_t{at[5]} << 16U |
               std::uint64_t{at[6]} << 8U | std::uint64_t{at[7]};
        return word << shift | std::uint64_t{at[8]} >> (8U - shift);
    }
    for (std::size_t i = 0; i < 8 && byte + i < packed.size(); ++i) {
        word |= std::uint64_t{packed[byte + i]} << (56 - 8 * i);
    }
    return word << shift; // there is no ninth byte
}

/// Packs chips that come one a byte; of each byte the lowest bit counts. `packed` has room for
/// packed_size(chips.size()) bytes; what is left of the last byte is 0.
void pack_chips(std::span<const std::uint8_t> chips, std::span<std::uint8_t> packed);

/// One byte (0 or 1) a chip; `chips` has room for view.count.
void unpack_chips(ChipView view, std::span<std::uint8_t> chips);

/// Puts chips one after the other into packed bytes. What does not fit is counted and dropped.
class ChipWriter {
  public:
    explicit constexpr ChipWriter(std::span<std::uint8_t> packed) : packed_{packed} {}

    /// Appends the `count` (0 to 64) low bits of `chips`, the most significant of them first.
    constexpr void put(std::uint64_t chips, unsigned count) {
        for (unsigned left = count; left > 0;) {
            const std::size_t byte = size_ / 8;
            const auto used = static_cast<unsigned>(size_ % 8);
            const unsigned step = std::min(8 - used, left);
            if (byte < packed_.size()) {
                const auto bits =
                    static_cast<unsigned>(chips >> (left - step)) & ((1U << step) - 1U);
                const unsigned kept = used == 0 ? 0U : packed_[byte];
                packed_[byte] = static_cast<std::uint8_t>(kept | bits << (8 - used - step));
            }
            size_ += step;
            left -= step;
        }
    }

    /// Chips put so far, also those that found no room.
    [[nodiscard]] constexpr std::size_t size() const { return size_; }
    [[nodiscard]] constexpr bool complete() const { return size_ <= 8 * packed_.size(); }
    /// What was written; all of it only when complete().
    [[nodiscard]] constexpr ChipView view() const {
        return {packed_, 0, std::min(size_, 8 * packed_.size())};
    }

  private:
    std::span<std::uint8_t> packed_;
    std::size_t size_ = 0;
};

} // namespace meterbench::core::bytes
