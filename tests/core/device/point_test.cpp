// SPDX-License-Identifier: Apache-2.0
// Purpose: values that evolve: exact growth, roll-over, clocks that run on.
#include "core/application/record.hpp"
#include "core/device/point.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

BOOST_AUTO_TEST_SUITE(point)

using namespace meterbench::core;
using namespace meterbench::core::application;
using namespace meterbench::core::device;
using namespace std::chrono_literals;
using bytes::Decimal;
using bytes::parse_decimal;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::to_hex;

namespace {

std::string grow(std::string_view base, std::string_view per_hour, Duration time, int exponent,
                 std::uint64_t capacity = 0) {
    const auto value = grown(parse_decimal(base).value(), parse_decimal(per_hour).value(), time,
                             exponent, {capacity, capacity});
    if (!value) {
        return "none";
    }
    std::array<char, bytes::max_decimal_text> storage;
    return std::string{to_text(*value, storage)};
}

std::string encode(const Point& point, Duration time) {
    Bytes buffer(64);
    const auto size = point.encode(at(time), buffer);
    if (!size) {
        return std::string{name_of(size.error().code)};
    }
    buffer.resize(*size);
    return to_hex(buffer);
}

Point volume(Coding coding, std::string_view value, std::string_view per_hour) {
    Point point;
    point.spec.coding = coding;
    point.spec.quantity = Quantity::volume;
    point.spec.unit = Unit::cubic_metre;
    point.spec.exponent = -3;
    point.spec.value = parse_decimal(value).value();
    point.per_hour = parse_decimal(per_hour).value();
    return point;
}

Point clock(Coding coding, const DateTime& date) {
    Point point;
    point.spec.coding = coding;
    point.spec.quantity = Quantity::date_and_time;
    point.spec.type = ValueType::datetime;
    point.spec.date = date;
    return point;
}

} // namespace

BOOST_AUTO_TEST_CASE(growth_is_exact_and_rounded_down) {
    BOOST_TEST(grow("100.000", "0.500", 0ns, -3) == "100.000");
    BOOST_TEST(grow("100.000", "0.500", 1h, -3) == "100.500");
    BOOST_TEST(grow("100.000", "0.500", 7200ms, -3) == "100.001",
               "7.2 s are 0.001 to the nanosecond");
    BOOST_TEST(grow("100.000", "0.500", 7200ms - 1ns, -3) == "100.000");
    BOOST_TEST(grow("1", "1", 24h * 365 * 10, 0) == "87601");
    BOOST_TEST(grow("0", "0.001", 999h, 0) == "0");
    BOOST_TEST(grow("0", "0.001", 1000h, 0) == "1");
    BOOST_TEST(grow("5000", "1", 999h, 3) == "5000");
    BOOST_TEST(grow("5000", "1", 1000h, 3) == "6000");
}

// Only the sum is rounded, not each part.
BOOST_AUTO_TEST_CASE(parts_of_a_step_add_up) {
    BOOST_TEST(grow("0.5", "0.5", 1h, 0) == "1");
    BOOST_TEST(grow("0.9", "0.2", 30min, 0) == "1");
    BOOST_TEST(grow("0.9", "0.2", 30min - 1ns, 0) == "0");
}

BOOST_AUTO_TEST_CASE(down_is_towards_minus_infinity) {
    BOOST_TEST(grow("0", "-1", 1h, 0) == "-1");
    BOOST_TEST(grow("0", "-1", 1ns, 0) == "-1");
    BOOST_TEST(grow("10", "-1", 1ns, 0) == "9");
    BOOST_TEST(grow("-10", "1", 30min, 0) == "-10");
    BOOST_TEST(grow("-10", "1", 20h, 0) == "10");
    BOOST_TEST(grow("-0.5", "0.5", 1h, 0) == "0");
}

BOOST_AUTO_TEST_CASE(a_register_rolls_over) {
    BOOST_TEST(grow("98", "1", 1h, 0, 100) == "99");
    BOOST_TEST(grow("98", "1", 2h, 0, 100) == "0");
    BOOST_TEST(grow("98", "1", 250h, 0, 100) == "48");
    BOOST_TEST(grow("-98", "-1", 1h, 0, 100) == "-99");
    BOOST_TEST(grow("-98", "-1", 2h, 0, 100) == "0");
    BOOST_TEST(grow("98", "1", 2h, 0, 0) == "100", "capacity 0: never");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_none) {
    BOOST_TEST(grow("18446744073709551615", "0", 1h, 0) == "18446744073709551615");
    BOOST_TEST(grow("18446744073709551615", "1", 1h, 0) == "none");
    const Decimal huge{false, UINT64_MAX, 100};
    BOOST_TEST(!grown(huge, huge, 100h, 0, {}));
    BOOST_TEST(!grown({}, huge, 100h, -100, {}));
    BOOST_TEST(!grown(huge, {}, Duration::max(), 0, {}));
}

// Property: against the sum in integers, where that is exact: steps of 1 ns an hour long.
BOOST_AUTO_TEST_CASE(it_never_falls_behind) {
    std::mt19937_64 random{99};
    constexpr std::int64_t hour = 3'600'000'000'000;
    for (int round = 0; round < 20'000; ++round) {
        const auto base = static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000;
        const auto rate = static_cast<std::int64_t>(random() % 2'000) - 1'000;
        const auto time = static_cast<std::int64_t>(random() % (1000 * hour));
        const Decimal from{base < 0, static_cast<std::uint64_t>(std::abs(base)), -2};
        const Decimal growth{rate < 0, static_cast<std::uint64_t>(std::abs(rate)), -2};
        const auto value = grown(from, growth, Duration{time}, -2, {});
        BOOST_REQUIRE(value);
        const auto got = static_cast<std::int64_t>(value->magnitude) * (value->negative ? -1 : 1);
        // got <= base + rate * time / hour < got + 1, multiplied out.
        const std::int64_t rest = rate * (time % hour) - (got - base - rate * (time / hour)) * hour;
        BOOST_REQUIRE(rest >= 0);
        BOOST_REQUIRE(rest < hour);
    }
}

BOOST_AUTO_TEST_CASE(a_counter_in_its_record) {
    const Point point = volume(Coding::bcd8, "99999.999", "0.001");
    BOOST_TEST(encode(point, 0ns) == "0C 13 99 99 99 99");
    BOOST_TEST(encode(point, 1h - 1ns) == "0C 13 99 99 99 99");
    BOOST_TEST(encode(point, 1h) == "0C 13 00 00 00 00");
    BOOST_TEST(encode(volume(Coding::int32, "2147483.646", "0.001"), 1h) == "04 13 FF FF FF 7F");
    BOOST_TEST(encode(volume(Coding::int32, "2147483.647", "0.001"), 1h) == "04 13 00 00 00 00");
    BOOST_TEST(encode(volume(Coding::int16, "0.000", "-0.001"), 2h) == "02 13 FE FF");
    BOOST_TEST(encode(volume(Coding::int16, "-32.767", "-0.001"), 1h) == "02 13 00 00");
}

// Type A: a minus takes the place of the most significant digit, so that a counter that runs
// backwards has one digit less, and rolls over there instead of becoming unsendable.
BOOST_AUTO_TEST_CASE(a_bcd_counter_below_zero_rolls_over_at_its_sign) {
    const Point point = volume(Coding::bcd8, "-9999.998", "-0.001");
    BOOST_TEST(encode(point, 0ns) == "0C 13 98 99 99 F9");
    BOOST_TEST(encode(point, 1h) == "0C 13 99 99 99 F9");
    BOOST_TEST(encode(point, 2h) == "0C 13 00 00 00 00");
    BOOST_TEST(encode(point, 3h) == "0C 13 01 00 00 F0");
    BOOST_TEST(encode(volume(Coding::bcd2, "0.000", "-0.001"), 9h) == "09 13 F9");
    BOOST_TEST(encode(volume(Coding::bcd2, "0.000", "-0.001"), 10h) == "09 13 00");
}

// Storage numbers and functions hold what was: only the current clock runs.
BOOST_AUTO_TEST_CASE(a_stored_time_stands_still) {
    Point stored = clock(Coding::int32, {.year = 2023, .month = 12, .day = 31, .hour = 23});
    stored.spec.storage = 1;
    BOOST_TEST(encode(stored, 0h) == encode(stored, 5h));
}

BOOST_AUTO_TEST_CASE(without_growth_a_value_stays) {
    Point point = volume(Coding::bcd8, "12.345", "1");
    point.per_hour.reset();
    BOOST_TEST(encode(point, 1000h) == "0C 13 45 23 01 00");
}

// Type F: minutes count, seconds are not said.
BOOST_AUTO_TEST_CASE(a_clock_runs_on) {
    const auto text = [](const DateTime& from, Duration time) {
        return encode(clock(Coding::int32, from), time);
    };
    const DateTime evening{.year = 2023, .month = 12, .day = 31, .hour = 23, .minute = 59};
    BOOST_TEST(text(evening, 0ns) == "04 6D 3B 17 FF 2C");
    BOOST_TEST(text(evening, 60s - 1ns) == "04 6D 3B 17 FF 2C");
    BOOST_TEST(text(evening, 60s) == "04 6D 00 00 01 31", "2024-01-01 00:00");
}

BOOST_AUTO_TEST_CASE(midnights_and_leap_days) {
    struct Row {
        DateTime from;
        Duration time;
        DateTime to;
    };
    const auto day = [](std::uint16_t year, std::uint8_t month, std::uint8_t d, std::uint8_t hour) {
        return DateTime{.year = year, .month = month, .day = d, .hour = hour};
    };
    const Row rows[]{
        {day(2024, 2, 28, 23), 1h, day(2024, 2, 29, 0)},
        {day(2024, 2, 29, 23), 1h, day(2024, 3, 1, 0)},
        {day(2023, 2, 28, 23), 1h, day(2023, 3, 1, 0)},
        {day(2100, 2, 28, 23), 1h, day(2100, 3, 1, 0)},
        {day(2000, 2, 28, 23), 1h, day(2000, 2, 29, 0)},
        {day(2023, 4, 30, 23), 1h, day(2023, 5, 1, 0)},
        {day(2023, 12, 31, 23), 1h, day(2024, 1, 1, 0)},
        {day(2023, 1, 1, 0), 24h * 365, day(2024, 1, 1, 0)},
        {day(2024, 1, 1, 0), 24h * 366, day(2025, 1, 1, 0)},
    };
    for (const Row& row : rows) {
        BOOST_TEST(encode(clock(Coding::int32, row.from), row.time) ==
                   encode(clock(Coding::int32, row.to), 0ns));
    }
}

// Type I says the weekday and the week too; they go with the date. 2023-12-31 is a Sunday in week
// 52, 2024-01-01 a Monday in week 1, in a leap year.
BOOST_AUTO_TEST_CASE(weekday_week_and_leap_year_follow_the_date) {
    const DateTime sunday{.year = 2023,
                          .month = 12,
                          .day = 31,
                          .hour = 23,
                          .minute = 59,
                          .second = 59,
                          .weekday = 7,
                          .week = 52};
    const DateTime monday{
        .year = 2024, .month = 1, .day = 1, .weekday = 1, .week = 1, .leap_year = true};
    BOOST_TEST(encode(clock(Coding::int48, sunday), 1s) ==
               encode(clock(Coding::int48, monday), 0ns));
    const DateTime friday{.year = 2021, .month = 1, .day = 1, .weekday = 5, .week = 53};
    const DateTime thursday{
        .year = 2020, .month = 12, .day = 31, .weekday = 4, .week = 53, .leap_year = true};
    BOOST_TEST(encode(clock(Coding::int48, thursday), 24h) ==
               encode(clock(Coding::int48, friday), 0ns));
    DateTime without = sunday;
    without.weekday = 0;
    without.week = 0;
    DateTime after = monday;
    after.weekday = 0;
    after.week = 0;
    BOOST_TEST(encode(clock(Coding::int48, without), 1s) ==
                   encode(clock(Coding::int48, after), 0ns),
               "what is not given stays away");
}

BOOST_AUTO_TEST_CASE(a_date_that_is_none_stays) {
    const DateTime recurring{.year = 2024, .month = 15, .day = 31};
    BOOST_TEST(encode(clock(Coding::int32, recurring), 100h) ==
               encode(clock(Coding::int32, recurring), 0ns));
}

BOOST_AUTO_TEST_SUITE_END()
