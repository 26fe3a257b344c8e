// SPDX-License-Identifier: Apache-2.0
#include "core/application/value_decoder.hpp"

namespace meterbench::core::application::detail {
namespace {

// Codes for "every" (EN 13757-3:2018 annex A, types F, G, I, J).
constexpr unsigned every_minute_code = 63;
constexpr unsigned every_hour_code = 31;
constexpr unsigned every_day_code = 0;
constexpr unsigned every_month_code = 15;
constexpr unsigned every_year_code = 127;

constexpr unsigned bits(std::uint64_t raw, unsigned low, unsigned count) {
    return static_cast<unsigned>(raw >> low) & ((1U << count) - 1U);
}

/// Collects the fields of a date; remembers the finest "every" and whether a field is out of range.
class Fields {
  public:
    /// One field: in range, or its "every" code. Finest first.
    void check(unsigned value, unsigned first, unsigned last, unsigned every, Invalid meaning) {
        if (value == every) {
            recurs_ = recurs_ == Invalid::none ? meaning : recurs_;
        } else if (value < first || value > last) {
            wrong_ = true;
        }
    }
    [[nodiscard]] bool wrong() const { return wrong_; }
    [[nodiscard]] Invalid recurs() const { return recurs_; }

  private:
    bool wrong_ = false;
    Invalid recurs_ = Invalid::none;
};

void check_time(Fields& fields, const DateTime& date) {
    fields.check(date.minute, 0, 59, every_minute_code, Invalid::every_minute);
    fields.check(date.hour, 0, 23, every_hour_code, Invalid::every_hour);
}

void check_date(Fields& fields, const DateTime& date, unsigned year_code) {
    fields.check(date.day, 1, 31, every_day_code, Invalid::every_day);
    fields.check(date.month, 1, 12, every_month_code, Invalid::every_month);
    fields.check(year_code, 0, 99, every_year_code, Invalid::every_year);
}

/// The verdict on a date whose fields are checked.
Invalid settle(const Fields& fields, const DateTime& date) {
    if (fields.wrong()) {
        return Invalid::invalid;
    }
    if (fields.recurs() == Invalid::none && date.day > days_in_month(date.year, date.month)) {
        return Invalid::invalid;
    }
    return fields.recurs();
}

/// The time, day and month of a date, a byte each as in types F and G (annex A): minute, hour, day,
/// month.
using FieldBytes = std::uint32_t;

/// Whether each is in its range; days up to 31, which their five bits cannot exceed. All four at
/// once: what is beyond its range reaches bit 7 when the rest to 128 is added, and what is not 0
/// does when 127 is.
constexpr bool in_range(FieldBytes fields) {
    constexpr FieldBytes beyond = 0x80808080 - 0x0D20183C; // month 13, day 32, hour 24, minute 60
    constexpr FieldBytes not_zero = 0x7F7F0000;
    constexpr FieldBytes date = 0x80800000;
    return (((fields + beyond) & 0x80808080) | (~(fields + not_zero) & date)) == 0;
}
static_assert(in_range(0x0C1F173B) && in_range(0x01010000) && !in_range(0x0D010000) &&
              !in_range(0x01200000) && !in_range(0x01011800) && !in_range(0x0101003C) &&
              !in_range(0x00010000) && !in_range(0x01000000) && !in_range(0x01010080));

/// A date of the calendar with nothing special about it: most are.
[[gnu::always_inline]] inline bool is_plain(FieldBytes fields, unsigned year_code,
                                            const DateTime& date) {
    return in_range(fields) && year_code <= 99 &&
           (date.day <= 28 || date.day <= days_in_month(date.year, date.month));
}

void set_fields(DateTime& date, FieldBytes fields) {
    date.minute = static_cast<std::uint8_t>(fields);
    date.hour = static_cast<std::uint8_t>(fields >> 8U);
    date.day = static_cast<std::uint8_t>(fields >> 16U);
    date.month = static_cast<std::uint8_t>(fields >> 24U);
}

[[gnu::noinline]] void settle_g(std::uint64_t raw, unsigned year, Value& value) {
    Fields fields;
    check_date(fields, value.date, year);
    value.invalid = raw == 0xFFFF ? Invalid::invalid : settle(fields, value.date);
}

void convert_g(std::uint64_t raw, Value& value) {
    value.type = ValueType::date;
    const unsigned year = bits(raw, 5, 3) | bits(raw, 12, 4) << 3U;
    const FieldBytes fields = (static_cast<FieldBytes>(raw) & 0x0F1FU) << 16U;
    set_fields(value.date, fields);
    value.date.year = static_cast<std::uint16_t>(year <= 80 ? 2000 + year : 1900 + year);
    if (!is_plain(fields, year, value.date)) [[unlikely]] {
        settle_g(raw, year, value);
    }
}

constexpr std::uint32_t invalid_time_bit = 0x80;

[[gnu::noinline]] void settle_f(std::uint64_t raw, unsigned year, Value& value) {
    value.date.minute &= static_cast<std::uint8_t>(~invalid_time_bit);
    Fields fields;
    check_time(fields, value.date);
    check_date(fields, value.date, year);
    value.invalid = (raw & invalid_time_bit) != 0 ? Invalid::invalid : settle(fields, value.date);
}

void convert_f(std::uint64_t raw, Value& value) {
    value.type = ValueType::datetime;
    const unsigned year = bits(raw, 21, 3) | bits(raw, 28, 4) << 3U;
    const unsigned century = bits(raw, 13, 2);
    // With the bit for an invalid time, so that such a date is not plain.
    const FieldBytes fields = static_cast<FieldBytes>(raw) & (0x0F1F1F3FU | invalid_time_bit);
    set_fields(value.date, fields);
    // A meter that leaves the century at 0 means 2000 to 2080.
    const unsigned base = century == 0 && year <= 80 ? 2000 : 1900 + 100 * century;
    value.date.year = static_cast<std::uint16_t>(base + year);
    value.date.daylight_saving = bits(raw, 15, 1) != 0;
    if (!is_plain(fields, year, value.date)) [[unlikely]] {
        settle_f(raw, year, value);
    }
}

void convert_i(std::uint64_t raw, Value& value) {
    value.type = ValueType::datetime;
    const unsigned year = bits(raw, 29, 3) | bits(raw, 36, 4) << 3U;
    DateTime& date = value.date;
    date.second = static_cast<std::uint8_t>(bits(raw, 0, 6));
    date.daylight_saving = bits(raw, 6, 1) != 0;
    date.leap_year = bits(raw, 7, 1) != 0;
    date.minute = static_cast<std::uint8_t>(bits(raw, 8, 6));
    date.hour = static_cast<std::uint8_t>(bits(raw, 16, 5));
    date.weekday = static_cast<std::uint8_t>(bits(raw, 21, 3));
    date.day = static_cast<std::uint8_t>(bits(raw, 24, 5));
    date.month = static_cast<std::uint8_t>(bits(raw, 32, 4));
    date.week = static_cast<std::uint8_t>(bits(raw, 40, 6));
    date.year = static_cast<std::uint16_t>(2000 + year);
    const int hours = static_cast<int>(bits(raw, 46, 2));
    date.deviation = static_cast<std::int8_t>(bits(raw, 14, 1) != 0 ? hours : -hours);
    Fields fields;
    fields.check(date.second, 0, 59, every_minute_code, Invalid::every_second);
    check_time(fields, date);
    if (bits(raw, 15, 1) != 0) {
        value.invalid = Invalid::invalid;
    } else if (date.day == 0 && date.month == 0 && year == every_year_code) {
        value.invalid = Invalid::not_specified;
    } else {
        check_date(fields, date, year);
        value.invalid = settle(fields, date);
    }
}

void convert_j(std::uint64_t raw, Value& value) {
    value.type = ValueType::time;
    DateTime& date = value.date;
    date.second = static_cast<std::uint8_t>(bits(raw, 0, 8));
    date.minute = static_cast<std::uint8_t>(bits(raw, 8, 8));
    date.hour = static_cast<std::uint8_t>(bits(raw, 16, 8));
    Fields fields;
    fields.check(date.second, 0, 59, every_minute_code, Invalid::every_second);
    check_time(fields, date);
    value.invalid = fields.wrong() ? Invalid::invalid : fields.recurs();
}

} // namespace

namespace {

[[gnu::noinline]] void convert_rarest(const ValuePlan& plan, std::uint64_t raw, Value& value) {
    constexpr std::uint64_t real_exponent = 0x7F800000; // all ones: NaN and infinities
    switch (plan.conversion) {
    case Conversion::date_time_i: convert_i(raw, value); break;
    case Conversion::time_j: convert_j(raw, value); break;
    case Conversion::bcd: convert_bcd(raw, plan.size, value); break;
    case Conversion::bytes: value.type = ValueType::bytes; break;
    case Conversion::bit_field:
        value.type = ValueType::bits;
        value.magnitude = raw;
        break;
    case Conversion::real:
        value.type = ValueType::real;
        value.magnitude = raw;
        value.invalid = (raw & real_exponent) == real_exponent ? Invalid::invalid : Invalid::none;
        break;
    default: // a length that no type of date has
        value.type = ValueType::datetime;
        value.invalid = Invalid::invalid;
        break;
    }
}

} // namespace

void convert_rare(const ValuePlan& plan, std::uint64_t raw, Value& value) {
    if (plan.conversion == Conversion::date_g) {
        convert_g(raw, value);
    } else if (plan.conversion == Conversion::date_time_f) {
        convert_f(raw, value);
    } else {
        convert_rarest(plan, raw, value);
    }
}

} // namespace meterbench::core::application::detail
