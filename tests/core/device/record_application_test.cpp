// SPDX-License-Identifier: Apache-2.0
// Purpose: the application layer of a meter made from records (EN 13757-3; facts B.8, G.1, G.7;
// MB2-LL-065, MB7-TL-008).
#include "core/application/telegram.hpp"
#include "core/device/record_application.hpp"
#include "core/link/secondary_station.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(record_application)

using namespace meterbench::core;
using namespace meterbench::core::application;
using namespace meterbench::core::device;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::hex;
using meterbench::tests::to_hex;

namespace {

Point volume(std::string_view value) {
    Point point;
    point.spec.coding = Coding::bcd8;
    point.spec.quantity = Quantity::volume;
    point.spec.unit = Unit::cubic_metre;
    point.spec.exponent = -3;
    point.spec.value = bytes::parse_decimal(value).value();
    return point;
}

RecordMeter meter(std::size_t telegrams) {
    RecordMeter result;
    result.device = {0x12345678, 0x4024, 1, 7};
    result.access_number = 0x55;
    for (std::size_t i = 0; i < telegrams; ++i) {
        result.points.push_back(volume(std::to_string(i + 1) + ".000"));
        result.telegrams.push_back({i});
    }
    return result;
}

std::string next(RecordApplication& application, Duration time = {}) {
    return to_hex(application.class2().next(at(time)).user_data);
}
std::string current(RecordApplication& application, Duration time = {}) {
    return to_hex(application.class2().current(at(time)).user_data);
}

const std::string head = "72 78 56 34 12 24 40 01 07 ";

} // namespace

BOOST_AUTO_TEST_CASE(one_telegram) {
    RecordApplication application{meter(1)};
    BOOST_TEST(application.check().has_value());
    BOOST_TEST(next(application) == head + "55 00 00 00 0C 13 00 10 00 00");
    BOOST_TEST(!application.has_class1());
    BOOST_TEST(!application.class1(true, at(0ms)));
}

// Facts B.8: DIF 1Fh where more follow; the first again after the last.
BOOST_AUTO_TEST_CASE(a_sequence_goes_round) {
    RecordApplication application{meter(3)};
    BOOST_TEST(next(application) == head + "55 00 00 00 0C 13 00 10 00 00 1F");
    BOOST_TEST(next(application) == head + "56 00 00 00 0C 13 00 20 00 00 1F");
    BOOST_TEST(next(application) == head + "57 00 00 00 0C 13 00 30 00 00");
    BOOST_TEST(next(application) == head + "58 00 00 00 0C 13 00 10 00 00 1F");
    application.class2().rewind();
    BOOST_TEST(current(application) == head + "59 00 00 00 0C 13 00 10 00 00 1F", "the first");
}

// MB7-TL-008, -009: one more with each new answer, modulo 256; the same in a repetition, which is
// the same byte for byte whatever the time.
BOOST_AUTO_TEST_CASE(the_access_number_counts_new_answers) {
    RecordMeter description = meter(1);
    description.access_number = 0xFE;
    description.points[0].per_hour = bytes::parse_decimal("1").value();
    RecordApplication application{description};
    const std::string first = next(application);
    BOOST_TEST(first == head + "FE 00 00 00 0C 13 00 10 00 00");
    BOOST_TEST(current(application, 5h) == first);
    BOOST_TEST(next(application, 5h) == head + "FF 00 00 00 0C 13 00 60 00 00");
    BOOST_TEST(next(application, 6h) == head + "00 00 00 00 0C 13 00 70 00 00");
}

BOOST_AUTO_TEST_CASE(the_status_is_the_meter_s) {
    RecordMeter description = meter(1);
    description.status = {0x14};
    RecordApplication application{description};
    BOOST_TEST(next(application) == head + "55 14 00 00 0C 13 00 10 00 00");
}

// MB2-LL-065: a CI-field it does not know is told in the next answer, and in its repetition, once.
BOOST_AUTO_TEST_CASE(an_application_error_is_reported_once) {
    RecordApplication application{meter(2)};
    (void)next(application);
    application.execute(hex("A7"), at(0ms));
    BOOST_TEST(next(application) == "70 01");
    BOOST_TEST(current(application) == "70 01");
    BOOST_TEST(next(application) == head + "56 00 00 00 0C 13 00 20 00 00", "where it was");
}

// MB3-AP-001, -004: with and without subcode.
BOOST_AUTO_TEST_CASE(an_application_reset_begins_anew) {
    for (const char* const command : {"50", "50 10", "50 F0"}) {
        RecordApplication application{meter(2)};
        (void)next(application);
        application.execute(hex("A7"), at(0ms));
        application.execute(hex(command), at(0ms));
        BOOST_TEST(next(application) == head + "56 00 00 00 0C 13 00 10 00 00 1F");
    }
}

BOOST_AUTO_TEST_CASE(a_restart_forgets_the_error_and_the_place) {
    RecordApplication application{meter(2)};
    (void)next(application);
    application.execute(hex("A7"), at(0ms));
    application.restart(at(1s));
    BOOST_TEST(current(application).substr(head.size() + 3) == "00 00 00 0C 13 00 10 00 00 1F");
}

BOOST_AUTO_TEST_CASE(it_is_selected_by_its_header) {
    RecordApplication application{meter(1)};
    BOOST_TEST(application.matches(hex("78 56 34 12 24 40 01 07")));
    BOOST_TEST(!application.matches(hex("79 56 34 12 24 40 01 07")));
    BOOST_TEST(!application.matches(hex("78 56 34 12 FF FF FF FF 0C 78 04 03 02 01")));
    RecordMeter enhanced = meter(1);
    enhanced.fabrication_number = 0x01020304;
    BOOST_TEST(
        RecordApplication{enhanced}.matches(hex("78 56 34 12 FF FF FF FF 0C 78 04 03 02 01")),
        "MB7-SA-015");
}

BOOST_AUTO_TEST_CASE(a_meter_without_telegrams_answers_with_its_header) {
    RecordApplication application{meter(0)};
    BOOST_TEST(next(application) == head + "55 00 00 00");
}

// 252 bytes after the CI-field: 12 of header, 40 records of 6. One more, or no room for 1Fh, is a
// fault.
BOOST_AUTO_TEST_CASE(what_does_not_fit_into_a_frame_is_found_beforehand) {
    RecordMeter full = meter(1);
    full.telegrams[0].assign(40, 0);
    RecordApplication application{full};
    BOOST_TEST(application.check().has_value());
    BOOST_TEST(application.class2().next(at(0ms)).user_data.size() == 253U);
    RecordMeter first = full;
    first.telegrams.push_back({0});
    const auto no_room = RecordApplication{first}.check();
    BOOST_REQUIRE(!no_room);
    BOOST_TEST((no_room.error().code == FaultCode::data_too_long));
    RecordMeter second = meter(2);
    second.telegrams[1].assign(41, 0);
    const auto too_long = RecordApplication{second}.check();
    BOOST_REQUIRE(!too_long);
    BOOST_TEST((too_long.error().code == FaultCode::data_too_long));
    BOOST_TEST(too_long.error().offset == 1U, "the telegram's number");
}

BOOST_AUTO_TEST_SUITE_END()
