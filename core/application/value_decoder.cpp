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

/// A date of the first 28 days of a month, and a time, with nothing special about them: most are.
bool is_plain(const DateTime& date, unsigned year_code) {
    return (date.minute < 60U) & (date.hour < 24U) & (date.day - 1U < 28U) &
           (date.month - 1U < 12U) & (year_code < 100U);
}

void convert_g(std::uint64_t raw, Value& value) {
    value.type = ValueType::date;
    const unsigned year = bits(raw, 5, 3) | bits(raw, 12, 4) << 3U;
    value.date.day = static_cast<std::uint8_t>(bits(raw, 0, 5));
    value.date.month = static_cast<std::uint8_t>(bits(raw, 8, 4));
    value.date.year = static_cast<std::uint16_t>(year <= 80 ? 2000 + year : 1900 + year);
    if (is_plain(value.date, year)) {
        return;
    }
    Fields fields;
    check_date(fields, value.date, year);
    value.invalid = raw == 0xFFFF ? Invalid::invalid : settle(fields, value.date);
}

void convert_f(std::uint64_t raw, Value& value) {
    value.type = ValueType::datetime;
    const unsigned year = bits(raw, 21, 3) | bits(raw, 28, 4) << 3U;
    const unsigned century = bits(raw, 13, 2);
    DateTime& date = value.date;
    date.minute = static_cast<std::uint8_t>(bits(raw, 0, 6));
    date.hour = static_cast<std::uint8_t>(bits(raw, 8, 5));
    date.day = static_cast<std::uint8_t>(bits(raw, 16, 5));
    date.month = static_cast<std::uint8_t>(bits(raw, 24, 4));
    // A meter that leaves the century at 0 means 2000 to 2080.
    const unsigned base = century == 0 && year <= 80 ? 2000 : 1900 + 100 * century;
    date.year = static_cast<std::uint16_t>(base + year);
    date.daylight_saving = bits(raw, 15, 1) != 0;
    if (is_plain(date, year) && bits(raw, 7, 1) == 0) {
        return;
    }
    Fields fields;
    check_time(fields, date);
    check_date(fields, date, year);
    const bool invalid_time = bits(raw, 7, 1) != 0;
    value.invalid = invalid_time ? Invalid::invalid : settle(fields, date);
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

void convert_date(Conversion conversion, std::uint64_t raw, Value& value) {
    switch (conversion) {
    case Conversion::date_g: convert_g(raw, value); break;
    case Conversion::date_time_f: convert_f(raw, value); break;
    case Conversion::date_time_i: convert_i(raw, value); break;
    case Conversion::time_j: convert_j(raw, value); break;
    default:
        value.type = ValueType::datetime;
        value.invalid = Invalid::invalid;
        break;
    }
}

} // namespace meterbench::core::application::detail
