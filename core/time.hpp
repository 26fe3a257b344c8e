// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace meterbench::core {

/// All durations are whole nanoseconds; 64 bits reach 292 years.
using Duration = std::chrono::nanoseconds;

/// The one time line of a rig: simulated time, or the monotonic clock of a bench. There is no
/// now(): core objects are told the time by whoever drives them.
struct Timeline {
    using rep = std::int64_t;
    using period = std::nano;
    using duration = Duration;
    using time_point = std::chrono::time_point<Timeline>;
    static constexpr bool is_steady = true;
};

using Instant = Timeline::time_point;

/// Transmission rate in bits per second; EN 13757-2 names 300 to 38400 Bd.
struct Baud {
    std::uint32_t value = 2400;
    friend constexpr auto operator<=>(Baud, Baud) = default;
};

/// A count of bit times as an exact rational; it becomes a duration only at a known rate.
struct BitTime {
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;

    /// Largest whole number of nanoseconds not above the exact duration.
    [[nodiscard]] constexpr Duration floor(Baud baud) const {
        return Duration{numerator * std::nano::den / (denominator * baud.value)};
    }
    /// Smallest whole number of nanoseconds not below the exact duration.
    [[nodiscard]] constexpr Duration ceil(Baud baud) const {
        const std::int64_t divisor = denominator * baud.value;
        return Duration{(numerator * std::nano::den + divisor - 1) / divisor};
    }
    friend constexpr bool operator==(BitTime a, BitTime b) {
        return a.numerator * b.denominator == b.numerator * a.denominator;
    }
};

/// A time limit of the standard: a number of bit times plus a fixed part (330 bit times + 50 ms).
struct Limit {
    BitTime bits{};
    Duration fixed{};

    [[nodiscard]] constexpr Duration floor(Baud baud) const { return bits.floor(baud) + fixed; }
    [[nodiscard]] constexpr Duration ceil(Baud baud) const { return bits.ceil(baud) + fixed; }
};

/// EN 13757-2, 5.4: start bit, 8 data bits, even parity, stop bit.
inline constexpr BitTime character_bits{11};

/// Time from the start of a transmission to the given bit edge, computed from the start so that no
/// rounding error accumulates.
[[nodiscard]] constexpr Duration bit_edge(Baud baud, std::int64_t bits) {
    return BitTime{bits}.floor(baud);
}

} // namespace meterbench::core
