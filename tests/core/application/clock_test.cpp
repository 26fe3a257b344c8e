// SPDX-License-Identifier: Apache-2.0
// Clock synchronisation, CI 6Ch and 6Dh (EN 13757-3:2018, clause 8; layout from memory).
#include "core/application/clock.hpp"
#include "tests/core/application/bytes_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core;
using namespace meterbench::test;
using namespace meterbench::core::application;

BOOST_AUTO_TEST_SUITE(clock_sync)

// 2026-11-21 (Saturday) 10:50:07: seconds 7, minutes 50, hour 10 with weekday 6 above it, day 21
// with the low year bits (26 = 011 010b: 010b << 5), month 11 with the high year bits, week 47.
BOOST_AUTO_TEST_CASE(absolute_time_is_type_i) {
    const auto content = bytes_of("00 07 32 CA 55 3B 2F 00 00 00");
    const auto clock = decode_clock_sync(ci_clock_absolute, content);
    BOOST_REQUIRE(clock.has_value());
    BOOST_TEST((clock->action() == ClockAction::set));
    BOOST_TEST((clock->time.type == ValueType::datetime));
    BOOST_TEST((clock->time.invalid == Invalid::none));
    const DateTime& date = clock->time.date;
    BOOST_TEST(date.year == 2026);
    BOOST_TEST(date.month == 11);
    BOOST_TEST(date.day == 21);
    BOOST_TEST(date.hour == 10);
    BOOST_TEST(date.minute == 50);
    BOOST_TEST(date.second == 7);
    BOOST_TEST(date.weekday == 6);
    BOOST_TEST(date.week == 47);
    const auto again = encode_clock_sync(*clock);
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(*again == content, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(relative_time_is_type_j) {
    const auto content = bytes_of("02 1E 0F 01 00 00 00 00 00 00"); // 01:15:30 less
    const auto clock = decode_clock_sync(ci_clock_relative, content);
    BOOST_REQUIRE(clock.has_value());
    BOOST_TEST((clock->action() == ClockAction::subtract));
    BOOST_TEST(name_of(clock->action()) == "subtract");
    BOOST_TEST((clock->time.type == ValueType::time));
    BOOST_TEST(clock->time.date.hour == 1);
    BOOST_TEST(clock->time.date.minute == 15);
    BOOST_TEST(clock->time.date.second == 30);
    const auto again = encode_clock_sync(*clock);
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(*again == content, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(reserved_action_and_wrong_time_are_said) {
    const auto clock =
        decode_clock_sync(ci_clock_absolute, bytes_of("03 07 32 CA 40 3B 2F 00 00 00"));
    BOOST_REQUIRE(clock.has_value());
    BOOST_TEST((clock->action() == ClockAction::reserved));
    BOOST_TEST((clock->time.invalid == Invalid::every_day));
    const auto month13 =
        decode_clock_sync(ci_clock_absolute, bytes_of("00 07 32 CA 55 3D 2F 00 00 00"));
    BOOST_REQUIRE(month13.has_value());
    BOOST_TEST((month13->time.invalid == Invalid::invalid));
}

BOOST_AUTO_TEST_CASE(every_shorter_body_is_truncated) {
    const auto content = bytes_of("00 07 32 CA 55 3B 2F 00 00 00");
    for (std::size_t size = 0; size < content.size(); ++size) {
        for (const std::uint8_t ci : {ci_clock_absolute, ci_clock_relative}) {
            const auto clock = decode_clock_sync(ci, std::span{content}.first(size));
            BOOST_REQUIRE(!clock.has_value());
            BOOST_TEST((clock.error().code == FaultCode::record_truncated));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_year_that_type_i_lacks_is_refused) {
    ClockSync clock;
    clock.time.type = ValueType::datetime;
    clock.time.date.year = 1999;
    clock.time.date.month = 1;
    clock.time.date.day = 1;
    const auto body = encode_clock_sync(clock);
    BOOST_REQUIRE(!body.has_value());
    BOOST_TEST((body.error().code == FaultCode::value_out_of_range));
}

BOOST_AUTO_TEST_SUITE_END()
