// SPDX-License-Identifier: Apache-2.0
// Purpose: compact profiles expand to dated values (EN 13757-3:2018 annex F, examples F.2.6 to
// F.2.8).
#include "bytes_of.hpp"
#include "core/application/profile.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core::application;
using meterbench::core::bytes::max_decimal_text;
using meterbench::test::bytes_of;

namespace {

/// All profiles of the records, as "storage date time value" separated by bars.
std::string expanded(std::string_view hex) {
    const auto bytes = bytes_of(hex);
    RecordReader reader{bytes};
    Record record;
    std::string text;
    while (reader.next(record) == RecordReader::Step::record) {
        if (record.profile == 0) {
            continue;
        }
        ProfileReader profile{record, find_profile_base(bytes, record)};
        ProfileElement element;
        while (profile.next(element)) {
            std::array<char, max_decimal_text> storage;
            text += text.empty() ? "" : "|";
            text += std::to_string(element.storage);
            if (const auto& time = element.time) {
                text += " " + std::to_string(time->year) + "-" + std::to_string(time->month) + "-" +
                        std::to_string(time->day) + " " + std::to_string(time->hour) + ":" +
                        std::to_string(time->minute);
            }
            text += element.invalid == Invalid::none
                        ? " " + std::string{to_text(element.value, storage)}
                        : " -";
        }
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(profile)

BOOST_AUTO_TEST_CASE(with_register_numbers) {
    BOOST_TEST(
        expanded("86 80 81 00 6D 00 00 A0 41 11 35 84 90 81 00 03 F0 49 02 00 8D 90 81 00 83 1E "
                 "0A 34 FE A0 86 01 00 D0 FB 01 00 C6 81 81 00 6D 0B 0C 8D 59 13 0C C4 91 81 00 "
                 "03 90 5F 01 00 86 82 81 00 6D 00 00 80 41 14 0D 84 92 81 00 03 50 C3 00 00 8D "
                 "92 81 00 83 1E 06 34 FE 00 71 02 00") ==
        "33 2010-2-1 0:0 100000|34 2010-3-1 0:0 130000|37 2010-5-1 0:0 160000");
}

BOOST_AUTO_TEST_CASE(forward_increments) {
    BOOST_TEST(expanded("84 04 6D 00 20 41 11 8B 04 15 00 30 12 8D 04 95 1F 05 69 01 03 02 11") ==
               "9 2010-1-1 1:0 12300.3|10 2010-1-1 2:0 12300.5|11 2010-1-1 3:0 12301.6");
}

BOOST_AUTO_TEST_CASE(inverse_increments_run_backwards) {
    BOOST_TEST(expanded("84 04 6D 00 23 41 11 8B 04 15 16 30 12 8D 04 95 13 05 69 01 11 02 03") ==
               "9 2010-1-1 2:0 12300.5|10 2010-1-1 1:0 12300.3|11 2010-1-1 0:0 12300.0");
}

BOOST_AUTO_TEST_CASE(invalid_elements) {
    // Absolute: one gap. Increments: the profile ends there.
    BOOST_TEST(expanded("84 04 6D 00 20 41 11 8D 04 95 1F 06 22 01 05 00 00 80") ==
               "9 2010-1-1 1:0 0.5|10 2010-1-1 2:0 -");
    BOOST_TEST(expanded("84 04 6D 00 20 41 11 8B 04 15 00 30 12 8D 04 95 1F 04 61 01 FF 05") == "");
}

BOOST_AUTO_TEST_CASE(arrays_missing_bases_and_reserved_spacings) {
    BOOST_TEST(expanded("8D 04 95 1F 03 21 01 05") == "9 0.5"); // no base time
    BOOST_TEST(expanded("8D 04 95 1F 03 61 01 05") == "");      // increments of nothing
    BOOST_TEST(expanded("84 04 6D 00 20 41 11 8D 04 95 1F 03 01 00 05") == "9 0.5"); // an array
    BOOST_TEST(expanded("84 04 6D 00 20 41 11 8D 04 95 1F 03 21 FF 05") == "");      // reserved
    BOOST_TEST(expanded("84 04 6D 00 20 41 11 8D 04 95 1F 03 2D 01 05") == ""); // no element type
    BOOST_TEST(expanded("8D 04 95 1F 01 21") == "");
}

BOOST_AUTO_TEST_CASE(the_calendar) {
    const DateTime end_of_january{.year = 2011, .month = 1, .day = 31};
    BOOST_TEST((plus_months(end_of_january, 1) == DateTime{.year = 2011, .month = 2, .day = 28}));
    BOOST_TEST((plus_months(end_of_january, -2) == DateTime{.year = 2010, .month = 11, .day = 30}));
    BOOST_TEST(
        (plus_seconds(end_of_january, 86400) == DateTime{.year = 2011, .month = 2, .day = 1}));
    BOOST_TEST((plus_seconds({.year = 2012, .month = 2, .day = 28}, 86400) ==
                DateTime{.year = 2012, .month = 2, .day = 29}));
    BOOST_TEST(
        (plus_seconds({.year = 2000, .month = 1, .day = 1}, -1) ==
         DateTime{.year = 1999, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 59}));
}

BOOST_AUTO_TEST_SUITE_END()
