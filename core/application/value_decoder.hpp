// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "core/application/vif_table.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace meterbench::core::application::detail {

/// What turns the bytes of a data field into a value: data field and data rule decide.
enum class Conversion : std::uint8_t {
    none,
    signed_number,
    unsigned_number,
    bit_field,
    real,
    bcd,
    date_g,
    date_time_f,
    date_time_i,
    time_j,
    bytes,
    wrong_date, ///< a length that no type of date has
    variable,   ///< LVAR decides
};

using ConversionRow = std::array<Conversion, 16>;

[[nodiscard]] consteval ConversionRow conversion_row(DataRule rule) {
    using enum Conversion;
    const auto integers = [](Conversion to) {
        return ConversionRow{none, to,  to,  to,  to,  real,     to,  to,
                             none, bcd, bcd, bcd, bcd, variable, bcd, none};
    };
    ConversionRow dates = integers(wrong_date);
    for (const std::size_t field : {5, 9, 10, 11, 12, 14}) {
        dates[field] = wrong_date;
    }
    switch (rule) {
    case DataRule::unsigned_number: return integers(unsigned_number);
    case DataRule::bit_field: return integers(bit_field);
    case DataRule::daylight_saving:
    case DataRule::raw: return integers(bytes);
    case DataRule::date: dates[2] = date_g; return dates;
    case DataRule::any_date: dates[2] = date_g; [[fallthrough]];
    case DataRule::date_time:
        dates[3] = time_j;
        dates[4] = date_time_f;
        dates[6] = date_time_i;
        return dates;
    default: return integers(signed_number);
    }
}

/// By data rule, then by data field.
inline constexpr std::array<ConversionRow, data_rule_count> conversions{
    conversion_row(DataRule::signed_number),   conversion_row(DataRule::unsigned_number),
    conversion_row(DataRule::bit_field),       conversion_row(DataRule::date),
    conversion_row(DataRule::date_time),       conversion_row(DataRule::any_date),
    conversion_row(DataRule::daylight_saving), conversion_row(DataRule::raw)};

/// The range of an LVAR byte.
struct Lvar {
    bool reserved = false;
    Coding coding = Coding::text;
    std::uint8_t size = 0; ///< of the bytes that follow it
};

/// EN 13757-3:2018, 6.3.3: what an LVAR byte says.
[[nodiscard]] constexpr Lvar read_lvar(std::uint8_t lvar) {
    const auto sized = [](Coding coding, int size) {
        return Lvar{false, coding, static_cast<std::uint8_t>(size)};
    };
    if (lvar < 0xC0) {
        return sized(Coding::text, lvar);
    }
    if (lvar < 0xE0) {
        const int digits = lvar & 0x0F;
        return {digits > 9, lvar < 0xD0 ? Coding::variable_bcd : Coding::variable_negative_bcd,
                static_cast<std::uint8_t>(digits)};
    }
    if (lvar < 0xF0) {
        return sized(Coding::variable_binary, lvar - 0xE0);
    }
    if (lvar <= 0xF4) {
        return sized(Coding::variable_binary, 4 * (lvar - 0xEC));
    }
    if (lvar <= 0xF6) {
        return sized(Coding::variable_binary, lvar == 0xF5 ? 48 : 64);
    }
    return {true, Coding::text, 0};
}

/// The first `size` (0 to 8) bytes, LSB first.
[[nodiscard]] inline std::uint64_t load(const std::uint8_t* at, unsigned size) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) {
        value |= std::uint64_t{at[i]} << (8U * i);
    }
    return value;
}

/// Eight BCD bytes (16 digits) at once. Nibbles are digits.
[[nodiscard]] constexpr std::uint64_t bcd_to_number(std::uint64_t bcd) {
    constexpr std::uint64_t nibbles = 0x0F0F0F0F0F0F0F0F;
    constexpr std::uint64_t bytes = 0x00FF00FF00FF00FF;
    constexpr std::uint64_t words = 0x0000FFFF0000FFFF;
    const std::uint64_t twos = bcd - 6 * ((bcd >> 4U) & nibbles);
    const std::uint64_t fours = (twos & bytes) + 100 * ((twos >> 8U) & bytes);
    const std::uint64_t eights = (fours & words) + 10000 * ((fours >> 16U) & words);
    return (eights & 0xFFFFFFFF) + 100000000 * (eights >> 32U);
}
static_assert(bcd_to_number(0x1234567890123456) == 1234567890123456);

/// Whether a nibble is A to F.
[[nodiscard]] constexpr bool has_hex_nibble(std::uint64_t bcd) {
    return ((bcd >> 3U) & ((bcd >> 2U) | (bcd >> 1U)) & 0x1111111111111111) != 0;
}

/// A value of a data field of fixed length (type by `conversion`, not variable). `raw` holds the
/// `size` bytes, LSB first. The exponent is the caller's.
void convert(Conversion conversion, std::uint64_t raw, unsigned size, Value& value);

/// Type A in `size` bytes, at most 8: a high nibble Fh of the last byte is the sign.
inline void convert_bcd(std::uint64_t raw, unsigned size, Value& value) {
    value.type = ValueType::decimal;
    const unsigned top = 8 * size - 4;
    const bool minus = size != 0 && (raw >> (top & 63U)) == 0x0F;
    raw &= minus ? (std::uint64_t{1} << (top & 63U)) - 1 : ~std::uint64_t{0};
    value.negative = minus;
    value.invalid = has_hex_nibble(raw) ? Invalid::invalid : Invalid::none;
    value.magnitude = bcd_to_number(raw);
}

/// Type B in `size` bytes, 1 to 8.
inline void convert_signed(std::uint64_t raw, unsigned size, Value& value) {
    value.type = ValueType::decimal;
    const unsigned shift = 64 - 8 * size;
    const std::uint64_t top = raw << shift;
    const auto number = static_cast<std::int64_t>(top) >> shift;
    value.invalid = top == std::uint64_t{1} << 63U ? Invalid::invalid : Invalid::none;
    value.negative = number < 0;
    value.magnitude = number < 0 ? 0 - static_cast<std::uint64_t>(number)
                                 : static_cast<std::uint64_t>(number);
}

/// Type C in `size` bytes, 1 to 8.
inline void convert_unsigned(std::uint64_t raw, unsigned size, Value& value) {
    value.type = ValueType::decimal;
    value.invalid =
        raw == ~std::uint64_t{0} >> (64 - 8 * size) ? Invalid::invalid : Invalid::none;
    value.magnitude = raw;
}

} // namespace meterbench::core::application::detail
