// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <compare>
#include <cstdint>
#include <ratio>

namespace meterbench::core::wireless {

/// A frequency, or a difference of two.
struct Hertz {
    std::int64_t value = 0;
    friend constexpr auto operator<=>(Hertz, Hertz) = default;
};
[[nodiscard]] constexpr Hertz operator+(Hertz a, Hertz b) {
    return {a.value + b.value};
}
[[nodiscard]] constexpr Hertz operator*(std::int64_t count, Hertz step) {
    return {count * step.value};
}

/// Parts per million.
struct Ppm {
    std::int32_t value = 0;
    friend constexpr auto operator<=>(Ppm, Ppm) = default;
};

/// Power relative to 1 mW, in tenths of a decibel.
struct Dbm {
    std::int32_t tenths = 0;
    friend constexpr auto operator<=>(Dbm, Dbm) = default;
};

/// A number of chips on the air.
struct Chips {
    std::uint32_t value = 0;
    friend constexpr auto operator<=>(Chips, Chips) = default;
};
[[nodiscard]] constexpr Chips operator+(Chips a, Chips b) {
    return {a.value + b.value};
}

/// Chips (symbols of one bit; of two bits in 4-GFSK) in a second.
struct ChipRate {
    std::uint32_t value = 0;
    friend constexpr auto operator<=>(ChipRate, ChipRate) = default;

    /// The end of the given chip, counted from the start of the first; to be computed from there,
    /// so that no rounding adds up.
    [[nodiscard]] constexpr Duration edge(Chips chips) const {
        return Duration{std::int64_t{chips.value} * std::nano::den / value};
    }
};

/// How sure a number is; the words are those of the catalogue of requirements.
enum class Confidence : std::uint8_t {
    confirmed, ///< two or more independent sources agree
    single,    ///< one source
    memory,    ///< not checked again; a default, never a limit that a verdict may rest on alone
};

/// A value of the standard with how sure it is.
template <class T> struct Marked {
    T value{};
    Confidence confidence = Confidence::memory;
};

} // namespace meterbench::core::wireless
