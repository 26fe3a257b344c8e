// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/hex.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace meterbench::core::link {

/// A secondary address as a selection carries it (EN 13757-7, 8.4): identification LSB first,
/// manufacturer LSB first, version, device type. Fh digits and FFh bytes are wildcards.
struct SecondaryAddress {
    std::array<std::uint8_t, 8> bytes{};
    friend bool operator==(const SecondaryAddress&, const SecondaryAddress&) = default;
};

/// Reads 16 hex digits: the eight digits of the identification number as printed on the meter, then
/// manufacturer (two bytes in the order sent), version, device type: 11490378 7704 0E 16. None for
/// anything else.
[[nodiscard]] inline std::optional<SecondaryAddress> parse_secondary(std::string_view text) {
    SecondaryAddress address;
    if (text.size() != 2 * address.bytes.size() || !bytes::read_hex(text, address.bytes) ||
        text.find_first_of(" \t\r\n") != std::string_view::npos) {
        return std::nullopt;
    }
    std::swap(address.bytes[0], address.bytes[3]);
    std::swap(address.bytes[1], address.bytes[2]);
    return address;
}

/// The same as 16 hex digits.
[[nodiscard]] inline std::string to_text(const SecondaryAddress& address) {
    auto order = address.bytes;
    std::swap(order[0], order[3]);
    std::swap(order[1], order[2]);
    std::string text;
    bytes::append_hex(text, order);
    return text;
}

} // namespace meterbench::core::link
