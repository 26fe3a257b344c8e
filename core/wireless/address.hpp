// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace meterbench::core::wireless {

/// Who sends a radio frame, and in the extended link layers III and IV whom it is for: M-field and
/// A-field as they stand in the frame (EN 13757-4, 12.5.5 and 12.5.6): manufacturer LSB first,
/// identification LSB first, version, device type. In a long transport header the order differs.
struct LinkAddress {
    static constexpr std::size_t size = 8;
    std::array<std::uint8_t, size> bytes{};

    /// `from` has at least 8 bytes.
    [[nodiscard]] static constexpr LinkAddress read(std::span<const std::uint8_t> from) {
        LinkAddress address;
        std::ranges::copy(from.first(size), address.bytes.begin());
        return address;
    }
    [[nodiscard]] static constexpr LinkAddress make(std::uint16_t manufacturer, std::uint32_t id,
                                                    std::uint8_t version,
                                                    std::uint8_t device_type) {
        const auto byte = [](std::uint32_t value, unsigned index) {
            return static_cast<std::uint8_t>(value >> (8U * index));
        };
        return {{byte(manufacturer, 0), byte(manufacturer, 1), byte(id, 0), byte(id, 1),
                 byte(id, 2), byte(id, 3), version, device_type}};
    }

    /// See application/manufacturer.hpp; bit 15 set: a soft address, not unique in the world.
    [[nodiscard]] constexpr std::uint16_t manufacturer() const {
        return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8);
    }
    /// The eight BCD digits as a number reads in hex.
    [[nodiscard]] constexpr std::uint32_t id() const {
        return std::uint32_t{bytes[2]} | std::uint32_t{bytes[3]} << 8U |
               std::uint32_t{bytes[4]} << 16U | std::uint32_t{bytes[5]} << 24U;
    }
    /// The digits as they are sent, which key derivation takes.
    [[nodiscard]] constexpr std::span<const std::uint8_t, 4> id_bytes() const {
        return std::span{bytes}.subspan<2, 4>();
    }
    [[nodiscard]] constexpr std::uint8_t version() const { return bytes[6]; }
    [[nodiscard]] constexpr std::uint8_t device_type() const { return bytes[7]; }
    friend constexpr bool operator==(const LinkAddress&, const LinkAddress&) = default;
};

} // namespace meterbench::core::wireless
