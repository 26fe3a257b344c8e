// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/hex.hpp"
#include "core/octet.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::tests {

using Bytes = std::vector<std::uint8_t>;

/// The bytes of hex text; a test that mistypes it ends at once.
inline Bytes hex(std::string_view text) {
    Bytes bytes(text.size() / 2 + 1);
    const auto size = core::bytes::read_hex(text, bytes);
    if (!size) {
        throw std::invalid_argument{"not hex: " + std::string{text}};
    }
    bytes.resize(*size);
    return bytes;
}

inline std::string to_hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    core::bytes::append_hex(text, bytes, ' ');
    return text;
}

constexpr core::Instant at(core::Duration time) {
    return core::Instant{time};
}

/// Characters that follow each other without pause; the first start bit at `start`. Edges are
/// counted from there, so that no rounding error adds up.
inline std::vector<core::Octet> octets(std::span<const std::uint8_t> bytes, core::Instant start,
                                       core::Baud baud = {}) {
    std::vector<core::Octet> result;
    std::int64_t bit = 0;
    for (const std::uint8_t byte : bytes) {
        result.push_back({.value = byte,
                          .errors = core::OctetErrors::none,
                          .start = start + core::bit_edge(baud, bit),
                          .end = start + core::bit_edge(baud, bit + 11)});
        bit += 11;
    }
    return result;
}

inline core::Instant end_of(std::span<const core::Octet> octets) {
    return octets.back().end;
}

} // namespace meterbench::tests
