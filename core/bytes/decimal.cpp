// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/decimal.hpp"

#include <algorithm>
#include <limits>

namespace meterbench::core::bytes {
namespace {

constexpr int most_digits = 20; // of a 64-bit number

constexpr auto powers_of_ten = [] {
    std::array<std::uint64_t, most_digits> powers{};
    std::uint64_t power = 1;
    for (auto& entry : powers) {
        entry = power;
        power *= 10;
    }
    return powers;
}();

constexpr bool fits_exponent(int exponent) {
    return exponent >= std::numeric_limits<std::int8_t>::min() &&
           exponent <= std::numeric_limits<std::int8_t>::max();
}

int digits_of(std::uint64_t magnitude) {
    int digits = 1;
    while (digits < most_digits && magnitude >= powers_of_ten[static_cast<std::size_t>(digits)]) {
        ++digits;
    }
    return digits;
}

/// a * 10^power against b, exactly; neither is 0.
std::strong_ordering compare_scaled(std::uint64_t a, int power, std::uint64_t b) {
    // The number of digits decides unless it is the same; then the power is below 20.
    const int digits = digits_of(a) + power;
    if (digits != digits_of(b)) {
        return digits <=> digits_of(b);
    }
    const std::uint64_t factor = powers_of_ten[static_cast<std::size_t>(power)];
    if (a > std::numeric_limits<std::uint64_t>::max() / factor) {
        return std::strong_ordering::greater; // 20 digits beyond 64 bits
    }
    return a * factor <=> b;
}

std::strong_ordering compare_magnitudes(const Decimal& a, const Decimal& b) {
    if (a.magnitude == 0 || b.magnitude == 0) {
        return a.magnitude <=> b.magnitude;
    }
    if (a.exponent >= b.exponent) {
        return compare_scaled(a.magnitude, a.exponent - b.exponent, b.magnitude);
    }
    return 0 <=> compare_scaled(b.magnitude, b.exponent - a.exponent, a.magnitude);
}

} // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
    Decimal result;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        result.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    bool any = false;
    bool point = false;
    int exponent = 0;
    for (const char c : text) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        any = true;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (result.magnitude > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) {
            return std::nullopt;
        }
        result.magnitude = result.magnitude * 10 + digit;
        exponent -= point ? 1 : 0;
    }
    if (!any || !fits_exponent(exponent)) {
        return std::nullopt;
    }
    result.exponent = static_cast<std::int8_t>(exponent);
    return result;
}

std::string_view to_text(const Decimal& decimal, std::array<char, max_decimal_text>& storage) {
    char* const end = storage.data() + storage.size();
    char* at = end;
    std::uint64_t rest = decimal.magnitude;
    if (rest != 0) {
        for (int zeros = decimal.exponent; zeros > 0; --zeros) {
            *--at = '0';
        }
    }
    int until_point = decimal.exponent < 0 ? -decimal.exponent : 0;
    const bool has_point = until_point > 0;
    do {
        *--at = static_cast<char>('0' + rest % 10);
        rest /= 10;
        if (has_point && --until_point == 0) {
            *--at = '.';
            if (rest == 0) {
                *--at = '0';
            }
        }
    } while (rest != 0 || until_point > 0);
    if (decimal.negative && decimal.magnitude != 0) {
        *--at = '-';
    }
    return {at, end};
}

std::strong_ordering compare(const Decimal& a, const Decimal& b) {
    const bool a_below = a.negative && a.magnitude != 0;
    const bool b_below = b.negative && b.magnitude != 0;
    if (a_below != b_below) {
        return a_below ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    return a_below ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

std::optional<Decimal> rescale(const Decimal& decimal, int exponent) {
    if (!fits_exponent(exponent)) {
        return std::nullopt;
    }
    Decimal result = decimal;
    result.exponent = static_cast<std::int8_t>(exponent);
    const int shift = decimal.exponent - exponent;
    if (decimal.magnitude == 0 || shift == 0) {
        return result;
    }
    if (shift >= most_digits || shift <= -most_digits) {
        return std::nullopt;
    }
    const std::uint64_t factor =
        powers_of_ten[static_cast<std::size_t>(shift > 0 ? shift : -shift)];
    if (shift > 0) {
        if (decimal.magnitude > std::numeric_limits<std::uint64_t>::max() / factor) {
            return std::nullopt;
        }
        result.magnitude = decimal.magnitude * factor;
        return result;
    }
    if (decimal.magnitude % factor != 0) {
        return std::nullopt;
    }
    result.magnitude = decimal.magnitude / factor;
    return result;
}

std::optional<Decimal> add(const Decimal& a, const Decimal& b) {
    const int exponent = std::min(a.exponent, b.exponent);
    const auto left = rescale(a, exponent);
    const auto right = rescale(b, exponent);
    if (!left || !right) {
        return std::nullopt;
    }
    if (left->negative == right->negative) {
        if (left->magnitude > std::numeric_limits<std::uint64_t>::max() - right->magnitude) {
            return std::nullopt;
        }
        return Decimal{left->negative, left->magnitude + right->magnitude, left->exponent};
    }
    const bool left_larger = left->magnitude >= right->magnitude;
    const Decimal& larger = left_larger ? *left : *right;
    const Decimal& smaller = left_larger ? *right : *left;
    return Decimal{larger.negative, larger.magnitude - smaller.magnitude, larger.exponent};
}

} // namespace meterbench::core::bytes
