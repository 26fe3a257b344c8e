// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace meterbench::core::bytes {

/// An exact decimal number: (negative ? -1 : 1) * magnitude * 10^exponent. Never a float in
/// between.
struct Decimal {
    bool negative = false;
    std::uint64_t magnitude = 0;
    std::int8_t exponent = 0;

    /// Same digits and same exponent: 1.5 and 1.50 differ. For their size ask compare().
    friend constexpr bool operator==(const Decimal&, const Decimal&) = default;
};

/// Longest text of a decimal: sign, 20 digits, up to 128 zeros and the point.
inline constexpr std::size_t max_decimal_text = 160;

/// Reads `-12.340`: digits with at most one point, an optional sign. The exponent is minus the
/// number of digits behind the point. None for anything else, and beyond 64 bits of magnitude.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

/// Every digit, zeros behind the point included (54.320), no exponent: 54 * 10^3 is 54000.
/// The text is in `storage`.
[[nodiscard]] std::string_view to_text(const Decimal& decimal,
                                       std::array<char, max_decimal_text>& storage);

/// Compares sizes: 1.5 equals 1.50, and -0 equals 0.
[[nodiscard]] std::strong_ordering compare(const Decimal& a, const Decimal& b);

/// The same number with this exponent; none when it is no whole number of 10^exponent or does not
/// fit into 64 bits.
[[nodiscard]] std::optional<Decimal> rescale(const Decimal& decimal, int exponent);

/// The exact sum; none when it does not fit into 64 bits.
[[nodiscard]] std::optional<Decimal> add(const Decimal& a, const Decimal& b);

} // namespace meterbench::core::bytes
