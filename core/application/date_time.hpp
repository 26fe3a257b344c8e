// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace meterbench::core::application {

/// Why a value is null although its bytes are there.
enum class Invalid : std::uint8_t {
    none,
    invalid,       ///< the type's code for it, or no value of the type (BCD digit A, month 13)
    not_specified, ///< type I: day 0, month 0, year 127
    overflow,      ///< corrected by its VIFEs, the value is beyond 64 bits
    every_second,  ///< dates that recur, by the finest field that is "every"
    every_minute,
    every_hour,
    every_day,
    every_month,
    every_year,
};

/// A date and time as types F, G, I and J say it. Fields that the type lacks are 0.
struct DateTime {
    std::uint16_t year = 0; ///< 1900 to 2299
    std::uint8_t month = 0;
    std::uint8_t day = 0;
    std::uint8_t hour = 0;
    std::uint8_t minute = 0;
    std::uint8_t second = 0;
    std::uint8_t weekday = 0;     ///< type I: 1 Monday to 7, 0 not given
    std::uint8_t week = 0;        ///< type I: 1 to 53, 0 not given
    std::int8_t deviation = 0;    ///< type I: daylight saving deviation in hours, -3 to 3
    bool daylight_saving = false; ///< types F and I: summer time is in force
    bool leap_year = false;       ///< type I: as sent

    friend constexpr bool operator==(const DateTime&, const DateTime&) = default;
};

[[nodiscard]] constexpr bool is_leap(unsigned year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
[[nodiscard]] constexpr unsigned days_in_month(unsigned year, unsigned month) {
    if (month == 2) {
        return is_leap(year) ? 29 : 28;
    }
    return 30U + ((month + month / 8U) & 1U);
}
static_assert(days_in_month(2000, 2) == 29 && days_in_month(1900, 2) == 28 &&
              days_in_month(2001, 7) == 31 && days_in_month(2001, 8) == 31 &&
              days_in_month(2001, 9) == 30 && days_in_month(2001, 12) == 31);

} // namespace meterbench::core::application
