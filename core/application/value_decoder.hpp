// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "core/application/vif_table.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace meterbench::core::application::detail {

/// Data fields of another form than so many bytes (EN 13757-3:2018, 6.3.3, tables 4 and 5).
inline constexpr std::uint8_t field_selection = 0x08; ///< for readout; no data
inline constexpr std::uint8_t field_variable = 0x0D;  ///< the LVAR byte says the length
inline constexpr std::uint8_t field_special = 0x0F;   ///< the DIF is a special function

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
    for (const std::size_t field : {5U, 9U, 10U, 11U, 12U, 14U}) {
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

/// The low `size` bytes of a number; index 0 to 8.
inline constexpr std::array<std::uint64_t, 9> byte_masks{0,
                                                         0xFF,
                                                         0xFFFF,
                                                         0xFFFFFF,
                                                         0xFFFFFFFF,
                                                         0xFFFFFFFFFF,
                                                         0xFFFFFFFFFFFF,
                                                         0xFFFFFFFFFFFFFF,
                                                         0xFFFFFFFFFFFFFFFF};

/// Like load(), where the bytes lie inside [begin, end): eight are read at once where there are
/// eight.
[[nodiscard]] inline std::uint64_t load_inside(const std::uint8_t* at, unsigned size,
                                               const std::uint8_t* begin, const std::uint8_t* end) {
    if constexpr (std::endian::native == std::endian::little) {
        std::uint64_t value = 0;
        if (end - at >= 8) {
            std::memcpy(&value, at, 8);
            return value & byte_masks[size];
        }
        if (size != 0 && at + size - begin >= 8) {
            std::memcpy(&value, at + size - 8, 8);
            return value >> (64 - 8 * size);
        }
    }
    return load(at, size);
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

/// Four BCD bytes (8 digits) at once. Nibbles are digits.
[[nodiscard]] constexpr std::uint32_t bcd8_to_number(std::uint32_t bcd) {
    const std::uint32_t twos = bcd - 6 * ((bcd >> 4U) & 0x0F0F0F0FU);
    const std::uint32_t fours = (twos & 0x00FF00FFU) + 100 * ((twos >> 8U) & 0x00FF00FFU);
    return (fours & 0xFFFFU) + 10000 * (fours >> 16U);
}
static_assert(bcd8_to_number(0x12345678) == 12345678);

/// Whether a nibble is A to F: bit 3 with bit 2 or bit 1.
[[nodiscard]] constexpr bool has_hex_nibble(std::uint64_t bcd) {
    return (bcd & (bcd << 1U | bcd << 2U) & 0x8888888888888888) != 0;
}

/// Type A in `size` bytes, at most 8: a high nibble Fh of the last byte is the sign.
inline void convert_bcd(std::uint64_t raw, unsigned size, Value& value) {
    value.type = ValueType::decimal;
    const unsigned top = 8 * size - 4;
    value.negative = size != 0 && (raw >> (top & 63U)) == 0x0F;
    if (value.negative) {
        raw &= (std::uint64_t{1} << (top & 63U)) - 1;
    }
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
    value.magnitude =
        number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
}

/// Type C in `size` bytes, 1 to 8.
inline void convert_unsigned(std::uint64_t raw, unsigned size, Value& value) {
    value.type = ValueType::decimal;
    value.invalid = raw == ~std::uint64_t{0} >> (64 - 8 * size) ? Invalid::invalid : Invalid::none;
    value.magnitude = raw;
}

/// Everything about a fixed-length value that data field and data rule decide.
struct ValuePlan {
    /// The branches of convert(), the frequent ones first.
    enum class Way : std::uint8_t {
        binary,    ///< a binary number, bits, or no data
        bcd,       ///< up to eight digits
        rare,      ///< dates, reals, what `conversion` says
        elsewhere, ///< the length is variable, or there is no value: not for convert()
    };
    std::uint64_t mask = 0; ///< the data's bytes, of a word that begins with them
    /// Binary numbers: the sign bit. BCD: the digit that is Fh for minus.
    std::uint64_t sign = 0;
    std::uint64_t invalid_code = ~std::uint64_t{0}; ///< of a binary number
    Way way = Way::rare;
    Conversion conversion = Conversion::none;
    ValueType type = ValueType::none;
    std::uint8_t size = 0;
};
static_assert(sizeof(ValuePlan) == 32);

[[nodiscard]] constexpr ValuePlan value_plan(Conversion conversion, std::size_t field) {
    using Way = ValuePlan::Way;
    ValuePlan plan;
    plan.conversion = conversion;
    plan.size = data_field_sizes[field];
    plan.mask = byte_masks[plan.size];
    switch (conversion) {
    case Conversion::none: plan.way = Way::binary; break;
    case Conversion::signed_number:
        plan.way = Way::binary;
        plan.type = ValueType::decimal;
        plan.sign = plan.mask ^ (plan.mask >> 1U);
        plan.invalid_code = plan.sign;
        break;
    case Conversion::unsigned_number:
        plan.way = Way::binary;
        plan.type = ValueType::decimal;
        plan.invalid_code = plan.mask;
        break;
    case Conversion::bit_field: // of eight bytes every code is good; the shorter ones never have it
        plan.way = plan.size < 8 ? Way::binary : Way::rare;
        plan.type = ValueType::bits;
        break;
    case Conversion::bcd:
        plan.way = plan.size <= 4 ? Way::bcd : Way::rare;
        plan.type = ValueType::decimal;
        plan.sign = plan.mask ^ (plan.mask >> 4U);
        break;
    default: break;
    }
    if (field == field_selection || field == field_variable || field == field_special) {
        plan.way = Way::elsewhere;
    }
    return plan;
}

/// By data rule, then by data field.
inline constexpr auto value_plans = [] {
    std::array<std::array<ValuePlan, 16>, data_rule_count> plans{};
    for (std::size_t rule = 0; rule < data_rule_count; ++rule) {
        for (std::size_t field = 0; field < 16; ++field) {
            plans[rule][field] = value_plan(conversions[rule][field], field);
        }
    }
    return plans;
}();

/// A binary number: two's complement, unsigned, or bits.
[[gnu::always_inline]] inline void convert_binary(const ValuePlan& plan, std::uint64_t raw,
                                                  Value& value) {
    value.type = plan.type;
    value.invalid = raw == plan.invalid_code ? Invalid::invalid : Invalid::none;
    value.magnitude = raw;
    if ((raw & plan.sign) != 0) [[unlikely]] {
        value.negative = true;
        value.magnitude = plan.sign - (raw ^ plan.sign);
    }
}

/// Type A of up to eight digits.
[[gnu::always_inline]] inline void convert_short_bcd(const ValuePlan& plan, std::uint64_t raw,
                                                     Value& value) {
    value.type = ValueType::decimal;
    auto bcd = static_cast<std::uint32_t>(raw);
    const auto sign = static_cast<std::uint32_t>(plan.sign);
    if ((bcd & sign) == sign) [[unlikely]] {
        value.negative = true;
        bcd &= ~sign;
    }
    value.invalid = has_hex_nibble(bcd) ? Invalid::invalid : Invalid::none;
    value.magnitude = bcd8_to_number(bcd);
}

/// The conversions that few records need.
void convert_rare(const ValuePlan& plan, std::uint64_t raw, Value& value);

/// A value of fixed length. `raw` holds the plan's bytes, LSB first. `value` is as Value{} but for
/// its exponent, which is the caller's.
[[gnu::always_inline]] inline void convert(const ValuePlan& plan, std::uint64_t raw, Value& value) {
    if (plan.way == ValuePlan::Way::binary) {
        convert_binary(plan, raw, value);
    } else if (plan.way == ValuePlan::Way::bcd) {
        convert_short_bcd(plan, raw, value);
    } else {
        convert_rare(plan, raw, value);
    }
}

/// A number of 1 to 8 bytes that a variable-length field holds.
inline void convert_number(DataRule rule, std::uint64_t raw, unsigned size, Value& value) {
    switch (rule) {
    case DataRule::signed_number: convert_signed(raw, size, value); break;
    case DataRule::unsigned_number: convert_unsigned(raw, size, value); break;
    case DataRule::bit_field:
        value.type = ValueType::bits;
        value.magnitude = raw;
        break;
    default: value.type = ValueType::bytes; break; // type M, containers
    }
}

} // namespace meterbench::core::application::detail
