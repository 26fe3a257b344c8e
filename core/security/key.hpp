// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::security {

inline constexpr std::size_t block_size = 16; ///< of AES
inline constexpr std::size_t des_block_size = 8;

using Block = std::array<std::uint8_t, block_size>;
using Key128 = Block;

/// A key as it is handed out: 16 bytes for AES, 8 for DES (modes 2 and 3).
struct Key {
    std::array<std::uint8_t, 16> storage{};
    std::uint8_t size = 0;

    /// None unless it is 8 or 16 bytes.
    [[nodiscard]] static constexpr std::optional<Key> make(std::span<const std::uint8_t> bytes) {
        if (bytes.size() != 8 && bytes.size() != 16) {
            return std::nullopt;
        }
        Key key;
        key.size = static_cast<std::uint8_t>(bytes.size());
        std::ranges::copy(bytes, key.storage.begin());
        return key;
    }
    [[nodiscard]] constexpr std::span<const std::uint8_t> bytes() const {
        return std::span{storage}.first(size);
    }
    friend constexpr bool operator==(const Key&, const Key&) = default;
};

/// Whether two codes of the same size are equal, in a time that does not tell where they differ.
[[nodiscard]] constexpr bool equal_in_constant_time(std::span<const std::uint8_t> a,
                                                    std::span<const std::uint8_t> b) {
    if (a.size() != b.size()) {
        return false;
    }
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference |= static_cast<unsigned>(a[i] ^ b[i]);
    }
    return difference == 0;
}

} // namespace meterbench::core::security
