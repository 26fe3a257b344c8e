// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <span>

namespace meterbench::core {

/// What was wrong with one received character; a set.
enum class OctetErrors : std::uint8_t {
    none = 0,
    parity = 1,    ///< the parity bit is not even
    framing = 2,   ///< the stop bit is space
    break_ = 4,    ///< start, data, parity and stop bit are all space
    collision = 8, ///< more than one sender was heard
};

[[nodiscard]] constexpr OctetErrors operator|(OctetErrors a, OctetErrors b) {
    return static_cast<OctetErrors>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has(OctetErrors set, OctetErrors error) {
    return (static_cast<unsigned>(set) & static_cast<unsigned>(error)) != 0;
}

/// One received character. `start` is the edge of its start bit, `end` the end of its stop bit.
struct Octet {
    std::uint8_t value = 0;
    OctetErrors errors = OctetErrors::none;
    Instant start{};
    Instant end{};
};

/// How one character of a transmission differs from 8E1.
struct CharacterException {
    enum class Kind : std::uint8_t {
        none,    ///< only `gap_before` matters
        parity,  ///< odd parity
        framing, ///< the stop bit is space
        break_,  ///< all eleven bits are space
    };
    std::uint32_t index = 0; ///< of the character, from 0
    Kind kind = Kind::none;
    BitTime gap_before{}; ///< extra idle time before its start bit
};

/// What a protocol object wants on the line. The spans stay valid until sent() or aborted().
struct Transmission {
    std::span<const std::uint8_t> bytes;
    std::span<const CharacterException> exceptions{}; ///< by rising index
    Instant not_before{};                             ///< the first start bit is not earlier
    Baud baud{};
    BitTime gap{};              ///< idle time between characters, 0 as the standard asks
    std::uint8_t stop_bits = 1; ///< 1 or 2
};

} // namespace meterbench::core
