// SPDX-License-Identifier: Apache-2.0
// Purpose: the encoder writes what the standard's examples show, refuses what does not fit, at each
// limit and one step beyond it, and undoes decoding.
#include "bytes_of.hpp"
#include "core/application/record_encoder.hpp"
#include "core/application/vif_table.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace meterbench::core::application;
using meterbench::core::FaultCode;
using meterbench::core::bytes::Decimal;
using meterbench::core::bytes::parse_decimal;
using meterbench::test::hex_of;

namespace {

/// The record's hex, or the fault's name.
std::string encoded(const RecordSpec& spec) {
    std::array<std::uint8_t, 512> buffer;
    const auto size = encode_record(spec, buffer);
    return size ? hex_of(std::span{buffer}.first(*size)) : std::string{name_of(size.error().code)};
}

RecordSpec volume(Coding coding, std::string_view value) {
    return {.coding = coding,
            .quantity = Quantity::volume,
            .unit = Unit::cubic_metre,
            .exponent = -3,
            .value = parse_decimal(value).value_or(Decimal{})};
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_encoder)

BOOST_AUTO_TEST_CASE(the_documentation_example) {
    BOOST_TEST(encoded(volume(Coding::int24, "12.565")) == "0313153100");
    RecordSpec flow{.function = Function::maximum,
                    .storage = 5,
                    .coding = Coding::bcd4,
                    .quantity = Quantity::volume_flow,
                    .unit = Unit::cubic_metre_per_hour,
                    .exponent = -3,
                    .value = {false, 113, -3}};
    BOOST_TEST(encoded(flow) == "DA023B1301");
    RecordSpec energy{.tariff = 2,
                      .subunit = 1,
                      .coding = Coding::bcd6,
                      .quantity = Quantity::energy,
                      .unit = Unit::watt_hour,
                      .exponent = 1,
                      .value = {false, 218370, 0}};
    BOOST_TEST(encoded(energy) == "8B6004371802");
}

BOOST_AUTO_TEST_CASE(numbers_at_their_limits_and_beyond) {
    BOOST_TEST(encoded(volume(Coding::int8, "0.127")) == "01137F");
    BOOST_TEST(encoded(volume(Coding::int8, "0.128")) == "value-out-of-range");
    BOOST_TEST(encoded(volume(Coding::int8, "-0.127")) == "011381");
    BOOST_TEST(encoded(volume(Coding::int8, "-0.128")) == "value-out-of-range"); // means invalid
    BOOST_TEST(encoded(volume(Coding::int16, "0.1")) == "02136400");
    BOOST_TEST(encoded(volume(Coding::int16, "0.0001")) == "value-out-of-range"); // below a step
    BOOST_TEST(encoded(volume(Coding::bcd2, "0.099")) == "091399");
    BOOST_TEST(encoded(volume(Coding::bcd2, "0.100")) == "value-out-of-range");
    BOOST_TEST(encoded(volume(Coding::bcd4, "-0.123")) == "0A1323F1");
    BOOST_TEST(encoded(volume(Coding::bcd4, "-0.999")) == "0A1399F9");
    BOOST_TEST(encoded(volume(Coding::bcd4, "-1.000")) == "value-out-of-range");
    RecordSpec counter{
        .coding = Coding::int8, .quantity = Quantity::reset_counter, .value = {false, 254, 0}};
    BOOST_TEST(encoded(counter) == "01FD60FE");
    counter.value.magnitude = 255;
    BOOST_TEST(encoded(counter) == "value-out-of-range");
    counter.value = {true, 1, 0};
    BOOST_TEST(encoded(counter) == "value-out-of-range");
}

BOOST_AUTO_TEST_CASE(dib_limits) {
    RecordSpec spec = volume(Coding::int8, "0");
    spec.storage = max_storage;
    spec.tariff = max_tariff;
    spec.subunit = max_subunit;
    BOOST_TEST(encoded(spec) == "C1FFFFFFFFFFFFFFFFFF7F1300");
    spec.storage = max_storage + 1;
    BOOST_TEST(encoded(spec) == "value-out-of-range");
    spec.storage = 32;
    spec.tariff = 0;
    spec.subunit = 0;
    spec.register_number = true;
    BOOST_TEST(encoded(spec) == "81808100"
                                "1300");
}

BOOST_AUTO_TEST_CASE(dates) {
    RecordSpec spec{.coding = Coding::int32,
                    .quantity = Quantity::date_and_time,
                    .type = ValueType::datetime,
                    .date = {.year = 2014, .month = 3, .day = 13, .hour = 11, .minute = 11}};
    BOOST_TEST(encoded(spec) == "046D0B0BCD13");
    for (const unsigned year : {1981U, 1999U, 2000U, 2080U, 2081U, 2199U, 2299U}) {
        spec.date.year = static_cast<std::uint16_t>(year);
        std::array<std::uint8_t, 8> buffer;
        const auto size = encode_record(spec, buffer);
        BOOST_REQUIRE(size);
        RecordReader reader{std::span{buffer}.first(*size)};
        Record record;
        BOOST_REQUIRE((reader.next(record) == RecordReader::Step::record));
        BOOST_TEST(record.value.date.year == year);
    }
    spec.date.year = 2300;
    BOOST_TEST(encoded(spec) == "value-out-of-range");
    spec.coding = Coding::int48;
    spec.date = {.year = 2010, .month = 1, .day = 1, .weekday = 5, .week = 53};
    BOOST_TEST(encoded(spec) == "066D0000A0411135");
    spec.coding = Coding::int8;
    BOOST_TEST(encoded(spec) == "not-encodable");
    RecordSpec day{.coding = Coding::int16,
                   .quantity = Quantity::date,
                   .type = ValueType::date,
                   .date = {.year = 2013, .month = 12, .day = 31}};
    BOOST_TEST(encoded(day) == "026CBF1C");
    day.date.year = 2081;
    BOOST_TEST(encoded(day) == "value-out-of-range");
    day.invalid = Invalid::invalid;
    BOOST_TEST(encoded(day) == "026CFFFF");
}

BOOST_AUTO_TEST_CASE(texts_containers_and_variable_numbers) {
    const auto text = meterbench::test::bytes_of("41 42 43");
    RecordSpec spec{.coding = Coding::text,
                    .quantity = Quantity::customer,
                    .type = ValueType::text,
                    .content = text};
    BOOST_TEST(encoded(spec) == "0DFD1103434241");
    spec.coding = Coding::container;
    spec.quantity = Quantity::wireless_container;
    spec.type = ValueType::bytes;
    BOOST_TEST(encoded(spec) == "0DFD3B03414243");
    RecordSpec number = volume(Coding::variable_bcd, "1.234");
    number.length = 2;
    BOOST_TEST(encoded(number) == "0D13C23412");
    number.coding = Coding::variable_negative_bcd;
    BOOST_TEST(encoded(number) == "value-out-of-range");
    number.value.negative = true;
    BOOST_TEST(encoded(number) == "0D13D23412");
    number.coding = Coding::variable_binary;
    number.length = 5;
    BOOST_TEST(encoded(number) == "0D13E52EFBFFFFFF");
    const std::vector<std::uint8_t> long_text(192, 'x');
    spec = {.coding = Coding::text,
            .quantity = Quantity::customer,
            .type = ValueType::text,
            .content = long_text};
    BOOST_TEST(encoded(spec) == "value-out-of-range"); // LVAR reaches BFh
}

BOOST_AUTO_TEST_CASE(vifes_and_plain_text) {
    const std::array<Qualifier, 1> freeze{Qualifier{Qualifier::Table::action, 0x0B}};
    RecordSpec spec{.coding = Coding::none,
                    .quantity = Quantity::volume,
                    .unit = Unit::cubic_metre,
                    .exponent = -3,
                    .qualifiers = freeze,
                    .type = ValueType::none};
    BOOST_TEST(encoded(spec) == "00930B");
    const std::array<Qualifier, 1> factor{Qualifier{Qualifier::Table::combinable, 0x74}};
    const auto unit = meterbench::test::bytes_of("25 52 48");
    spec = {.coding = Coding::int16,
            .quantity = Quantity::plain_text,
            .qualifiers = factor,
            .unit_text = unit,
            .plain_text = PlainText::after_vif,
            .value = {false, 5410, -2}};
    BOOST_TEST(encoded(spec) == "02FC03485225742215");
    spec.plain_text = PlainText::after_vib;
    BOOST_TEST(encoded(spec) == "02FC74034852252215");
    const std::vector<Qualifier> many(11, Qualifier{Qualifier::Table::combinable, 0x12});
    spec = volume(Coding::int8, "0");
    spec.qualifiers = many;
    BOOST_TEST(encoded(spec) == "not-encodable");
    spec.qualifiers = std::span{many}.first(10);
    BOOST_TEST(encoded(spec).starts_with("0193"));
}

BOOST_AUTO_TEST_CASE(a_short_span_is_told) {
    std::array<std::uint8_t, 4> buffer;
    const auto size = encode_record(volume(Coding::int24, "12.565"), buffer);
    BOOST_REQUIRE(!size);
    BOOST_TEST((size.error().code == FaultCode::data_too_long));
}

BOOST_AUTO_TEST_CASE(every_vif_with_every_coding_comes_back) {
    // Property: what the encoder makes of any table row, coding and number, decoding reads again.
    std::mt19937_64 random{7};
    std::size_t made = 0;
    for (const VifEntries& table : vif_entries) {
        for (const VifEntry& entry : table) {
            for (int coding = 0; coding <= static_cast<int>(Coding::bcd12); ++coding) {
                const unsigned bits = static_cast<unsigned>(random() % 64);
                RecordSpec spec{.storage = random() % (max_storage + 1),
                                .tariff = static_cast<std::uint32_t>(random() % 5),
                                .coding = static_cast<Coding>(coding),
                                .quantity = entry.quantity,
                                .unit = entry.unit,
                                .exponent = entry.exponent,
                                .value = {random() % 2 == 0, random() >> bits, entry.exponent}};
                if (spec.coding == Coding::selection || spec.coding == Coding::special ||
                    spec.coding == Coding::none) {
                    continue;
                }
                std::array<std::uint8_t, 64> buffer;
                const auto size = encode_record(spec, buffer);
                if (!size) {
                    continue;
                }
                RecordReader reader{std::span{buffer}.first(*size)};
                Record record;
                BOOST_REQUIRE((reader.next(record) == RecordReader::Step::record));
                BOOST_TEST_REQUIRE(record.storage == spec.storage);
                BOOST_TEST_REQUIRE(record.tariff == spec.tariff);
                BOOST_REQUIRE((record.quantity == spec.quantity && record.unit == spec.unit));
                if (record.value.type == ValueType::decimal) {
                    BOOST_REQUIRE((compare(record.value.decimal(), spec.value) == 0));
                }
                ++made;
            }
        }
    }
    BOOST_TEST(made > 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
