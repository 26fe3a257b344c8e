// SPDX-License-Identifier: Apache-2.0
// Purpose: user data down to its records: CI-fields, headers, bodies, encryption, faults (EN
// 13757-3 clause 5, EN 13757-7 clauses 5 and 7).
#include "bytes_of.hpp"
#include "core/application/fixed.hpp"
#include "core/application/telegram.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core::application;
using meterbench::core::FaultCode;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;

BOOST_AUTO_TEST_SUITE(telegram)

BOOST_AUTO_TEST_CASE(the_long_header) {
    const auto data = bytes_of("72 78 56 34 12 93 15 33 03 2A 15 00 00 0C 14 27 04 85 02");
    const Telegram telegram = decode_telegram(data, 6);
    BOOST_TEST((telegram.body == Body::records));
    BOOST_TEST((telegram.fields.device == DeviceId{0x12345678, 0x1593, 0x33, 0x03}));
    BOOST_TEST(telegram.fields.transport.access_number == 0x2A);
    BOOST_TEST((telegram.fields.transport.status.application() == Status::Application::busy));
    BOOST_TEST(telegram.fields.transport.status.power_low());
    BOOST_TEST(telegram.fields.transport.status.temporary_error());
    BOOST_TEST(telegram.content_offset == 19U);
    std::array<std::uint8_t, 12> header;
    BOOST_TEST((encode_long_header(telegram.fields, header) == std::size_t{12}));
    BOOST_TEST(hex_of(header) == "785634129315"
                                 "33032A150000");
    BOOST_TEST(!encode_long_header(telegram.fields, std::span{header}.first(11)).has_value());
}

BOOST_AUTO_TEST_CASE(short_and_no_header) {
    const auto brief = bytes_of("7A 01 00 00 00 02 02 D2 04");
    BOOST_TEST(decode_telegram(brief).content.size() == 4U);
    BOOST_TEST(decode_telegram(brief).fields.transport.access_number == 1);
    const auto none = bytes_of("78 02 02 D2 04");
    BOOST_TEST(decode_telegram(none).content.size() == 4U);
}

BOOST_AUTO_TEST_CASE(faults_of_the_transport_layer) {
    const auto code = [](std::string_view hex) {
        const auto data = bytes_of(hex);
        const Telegram telegram = decode_telegram(data, 6);
        return telegram.fault ? name_of(telegram.fault->code) : std::string_view{};
    };
    BOOST_TEST(code("") == "empty");
    BOOST_TEST(code("72 78 56 34 12 24") == "header-truncated");
    BOOST_TEST(code("7A 01 00 00") == "header-truncated");
    BOOST_TEST(code("76 00") == "unknown-ci");
    BOOST_TEST(code("FF") == "unknown-ci");
    BOOST_TEST(code("90 00") == "unsupported-ci");
    BOOST_TEST(code("A1 00") == "unsupported-ci");
    BOOST_TEST(code("52 78 56 34") == "header-truncated");
    BOOST_TEST(code("71") == "record-truncated");
    BOOST_TEST(code("BD").empty());
    BOOST_TEST(code("5C").empty());
}

BOOST_AUTO_TEST_CASE(encrypted_records_and_clear_ones_behind_them) {
    // OMS Vol. 2, N.5.4: mode 5, one block, then clear records.
    const auto data =
        bytes_of("72 88 77 66 55 93 44 55 08 00 04 10 05 00 DF E2 A7 82 14 6D 15 13 58 1C "
                 "D2 F8 3F 39 04 0C FD 10 78 56 34 12 0C 78 44 33 22 11");
    const Telegram telegram = decode_telegram(data, 6);
    BOOST_REQUIRE(telegram.fault);
    BOOST_TEST((telegram.fault->code == FaultCode::encrypted));
    BOOST_TEST(telegram.encrypted.size() == 16U);
    RecordReader reader = telegram.records();
    Record record;
    BOOST_REQUIRE((reader.next(record) == RecordReader::Step::record));
    BOOST_TEST((record.quantity == Quantity::customer_location));
    BOOST_TEST(record.offset == 35U);
    // A signature of all ones, of meters older than the security modes, is no encryption.
    const auto old = bytes_of("72 88 77 66 55 93 44 55 08 00 04 FF FF 01 13 05");
    BOOST_TEST(!decode_telegram(old).fault.has_value());
}

BOOST_AUTO_TEST_CASE(ci_73_is_fixed_or_compact_by_its_size) {
    const auto fixed = bytes_of("73 78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00");
    const Telegram telegram = decode_telegram(fixed);
    BOOST_TEST((telegram.body == Body::fixed));
    const auto structure = decode_fixed(telegram.content);
    BOOST_REQUIRE(structure);
    BOOST_TEST(fixed_medium_name(structure->medium) == "water");
    BOOST_TEST(structure->counters[0].value.magnitude == 1U);
    BOOST_TEST(int{structure->counters[0].unit.exponent} == -3);
    BOOST_TEST(structure->counters[1].value.magnitude == 135U);
    BOOST_TEST(structure->counters[1].historic);
    const auto again = encode_fixed(*structure);
    BOOST_REQUIRE(again);
    BOOST_TEST(hex_of(*again) == hex_of(telegram.content));
    const auto compact = bytes_of("73 78 56 34 12 2D 2C 01 04 01 00 00 00 31 3B 42 A6 D2 04");
    BOOST_TEST((decode_telegram(compact).body == Body::compact));
}

BOOST_AUTO_TEST_CASE(fixed_structure_options) {
    auto content = bytes_of("78 56 34 12 0A 01 05 05 FF FF FF FF 02 00 00 00");
    const auto documented = decode_fixed(content);
    BOOST_TEST(documented->counters[0].binary);
    BOOST_TEST(documented->counters[0].value.negative);
    const auto high = decode_fixed(content, {.status_in_high_bits = true});
    BOOST_TEST(!high->counters[0].binary);
    BOOST_TEST((high->counters[0].value.invalid == Invalid::invalid));
    // Medium Dh: water, mode 2, most significant byte first.
    content = bytes_of("78 56 34 12 0A 00 69 E9 00 00 01 23 00 00 00 02");
    BOOST_TEST(decode_fixed(content)->medium == 0x0D);
    BOOST_TEST(decode_fixed(content)->counters[0].value.magnitude == 123U);
    BOOST_TEST(hex_of(*encode_fixed(*decode_fixed(content))) == hex_of(content));
    BOOST_TEST(!decode_fixed(std::span{content}.first(15)).has_value());
}

BOOST_AUTO_TEST_CASE(more_follows_is_found_by_parsing) {
    BOOST_TEST(more_follows(bytes_of("72 00 00 00 00 24 40 01 07 01 00 00 00 01 13 05 1F 00 00")));
    BOOST_TEST(!more_follows(bytes_of("72 00 00 00 00 24 40 01 07 01 00 00 00 01 13 1F")));
    BOOST_TEST(!more_follows(bytes_of("71 1F")));
}

BOOST_AUTO_TEST_CASE(alarms_and_application_errors) {
    BOOST_TEST((decode_telegram(bytes_of("71 05")).body == Body::alarm));
    const auto alarm = bytes_of("71 05");
    BOOST_TEST(decode_telegram(alarm).alarm() == 5);
    const auto error = bytes_of("70 08");
    BOOST_TEST(decode_telegram(error).error_code() == 8);
    const auto bare = bytes_of("70");
    BOOST_TEST(decode_telegram(bare).error_code() == 0);
    BOOST_TEST(!decode_telegram(bare).fault.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
