// SPDX-License-Identifier: Apache-2.0
// Purpose: one record at a time, each field of DIB and VIB and each data type at its extremes
// (EN 13757-3:2018 clause 6, annexes A and C; MB3-RC, MB3-TY).
#include "bytes_of.hpp"
#include "core/application/record.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace meterbench::core::application;
using meterbench::core::FaultCode;
using meterbench::test::hex_of;
using meterbench::test::OneRecord;

namespace {

void check_fault(std::string_view hex, FaultCode code, std::uint32_t offset,
                 Direction direction = Direction::from_meter) {
    const OneRecord one{hex, direction};
    BOOST_TEST_CONTEXT(hex) {
        BOOST_REQUIRE((one.step == RecordReader::Step::fault));
        BOOST_TEST(name_of(one.reader.fault().code) == name_of(code));
        BOOST_TEST(one.reader.fault().offset == offset);
    }
}

/// The only qualifier's name.
std::string qualifiers_of(const Record& record) {
    std::string text;
    std::array<char, max_qualifier_name> storage;
    for (const Qualifier qualifier : record.qualifiers()) {
        text += text.empty() ? "" : "|";
        text += qualifier_name(qualifier, storage);
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(record)

BOOST_AUTO_TEST_CASE(the_documentation_example) {
    // M-Bus documentation 4.8: storage 5, then tariff 2 with subunit 1.
    const OneRecord flow{"DA 02 3B 13 01"};
    BOOST_TEST(flow.number() == "0.113");
    BOOST_TEST((flow.record.function == Function::maximum));
    BOOST_TEST(flow.record.storage == 5);
    const OneRecord energy{"8B 60 04 37 18 02"};
    BOOST_TEST(energy.number() == "218370");
    BOOST_TEST(energy.record.tariff == 2);
    BOOST_TEST(energy.record.subunit == 1);
    BOOST_TEST(hex_of(energy.record.dib()) == "8B60");
    BOOST_TEST(hex_of(energy.record.vib()) == "04");
    BOOST_TEST(hex_of(energy.record.data()) == "371802");
}

BOOST_AUTO_TEST_CASE(storage_tariff_and_subunit_reach_their_maximum) {
    const OneRecord one{"C1 FF FF FF FF FF FF FF FF FF 7F 13 01"};
    BOOST_REQUIRE(one.good());
    BOOST_TEST(one.record.storage == max_storage);
    BOOST_TEST(one.record.tariff == max_tariff);
    BOOST_TEST(one.record.subunit == max_subunit);
    check_fault("C1 FF FF FF FF FF FF FF FF FF FF 01 13 01", FaultCode::too_many_difes, 11);
}

BOOST_AUTO_TEST_CASE(a_final_dife_of_zero_marks_a_register_number) {
    const OneRecord one{"86 80 81 00 6D 00 00 A0 41 11 35"};
    BOOST_TEST(one.record.storage == 32);
    BOOST_TEST(one.record.register_number);
    // As the eleventh it is still legal (MB3-RC-002).
    const OneRecord eleven{"81 80 80 80 80 80 80 80 80 80 80 00 13 01"};
    BOOST_TEST(eleven.good());
    BOOST_TEST(eleven.record.register_number);
    const OneRecord sloppy{"84 00 13 01 00 00 00"};
    BOOST_TEST(!sloppy.record.register_number);
}

BOOST_AUTO_TEST_CASE(integers_at_their_limits) {
    BOOST_TEST(OneRecord{"01 13 7F"}.number() == "0.127");
    BOOST_TEST(OneRecord{"01 13 81"}.number() == "-0.127");
    BOOST_TEST((OneRecord{"01 13 80"}.record.value.invalid == Invalid::invalid));
    BOOST_TEST((OneRecord{"02 13 00 80"}.record.value.invalid == Invalid::invalid));
    BOOST_TEST(OneRecord{"03 13 FF FF FF"}.number() == "-0.001");
    BOOST_TEST(OneRecord{"06 13 FF FF FF FF FF 7F"}.number() == "140737488355.327");
    BOOST_TEST(OneRecord{"07 13 01 00 00 00 00 00 00 80"}.number() == "-9223372036854775.807");
    BOOST_TEST(
        (OneRecord{"07 13 00 00 00 00 00 00 00 80"}.record.value.invalid == Invalid::invalid));
    // Type C: identifications and counters are unsigned, all ones is invalid.
    BOOST_TEST(OneRecord{"01 FD 08 FE"}.number() == "254");
    BOOST_TEST((OneRecord{"01 FD 08 FF"}.record.value.invalid == Invalid::invalid));
    // Type D has no invalid code.
    const OneRecord flags{"02 FD 17 FF FF"};
    BOOST_TEST((flags.record.value.type == ValueType::bits));
    BOOST_TEST(flags.record.value.magnitude == 0xFFFF);
}

BOOST_AUTO_TEST_CASE(bcd_digits_signs_and_errors) {
    BOOST_TEST(OneRecord{"0A 13 23 F1"}.number() == "-0.123");
    BOOST_TEST(OneRecord{"0E 13 99 99 99 99 99 99"}.number() == "999999999.999");
    BOOST_TEST((OneRecord{"0A 13 2A 01"}.record.value.invalid == Invalid::invalid));
    BOOST_TEST((OneRecord{"0A 13 F1 01"}.record.value.invalid == Invalid::invalid));
    BOOST_TEST((OneRecord{"0C 2B BD EB DD DD"}.record.value.invalid == Invalid::invalid));
}

BOOST_AUTO_TEST_CASE(real_is_kept_as_sent) {
    const OneRecord one{"05 13 00 00 80 3F"};
    BOOST_TEST((one.record.value.type == ValueType::real));
    BOOST_TEST(one.record.value.magnitude == 0x3F800000);
    BOOST_TEST((OneRecord{"05 13 00 00 C0 7F"}.record.value.invalid == Invalid::invalid));
    BOOST_TEST((OneRecord{"05 13 00 00 80 7F"}.record.value.invalid == Invalid::invalid));
}

BOOST_AUTO_TEST_CASE(lvar_in_all_its_ranges) {
    const OneRecord text{"0D FD 11 03 43 42 41"};
    BOOST_TEST((text.record.value.type == ValueType::text));
    BOOST_TEST(hex_of(text.record.content()) == "434241");
    std::array<std::uint8_t, 3> order{};
    BOOST_TEST(copy_reversed(text.record.content(), order) == 3);
    BOOST_TEST(hex_of(order) == "414243");
    BOOST_TEST(OneRecord{"0D 13 C2 34 12"}.number() == "1.234");
    BOOST_TEST(OneRecord{"0D 13 D2 34 12"}.number() == "-1.234");
    BOOST_TEST(OneRecord{"0D 13 C9 99 99 99 99 99 99 99 99 99"}.number() == "999999999999999.999");
    BOOST_TEST(OneRecord{"0D 13 E5 01 00 00 00 01"}.number() == "4294967.297");
    BOOST_TEST(OneRecord{"0D 13 E2 FF FF"}.number() == "-0.001");
    BOOST_TEST((OneRecord{"0D 13 E0"}.record.value.type == ValueType::none));
    BOOST_TEST(
        (OneRecord{"0D 13 E9 01 02 03 04 05 06 07 08 09"}.record.value.type == ValueType::bytes));
    BOOST_TEST(OneRecord{"0D 7C 02 57 50 F0 96 07 5B 2A 27 A6 93 01 3D B5 1A B3 DC D1 3E 17"}
                   .record.data_size == 17);
    // A container is bytes in natural order.
    const OneRecord container{"0D FD 3B 02 AA BB"};
    BOOST_TEST((container.record.coding == Coding::container));
    BOOST_TEST(hex_of(container.record.content()) == "AABB");
    for (const unsigned lvar : {0xCA, 0xCF, 0xDA, 0xDF, 0xF7, 0xFF}) {
        const auto byte = static_cast<std::uint8_t>(lvar);
        check_fault("0D 13 " + hex_of({&byte, 1}) + " 00", FaultCode::reserved_lvar, 2);
    }
}

BOOST_AUTO_TEST_CASE(dates_of_types_f_g_i_and_j) {
    const OneRecord f{"04 6D 32 37 1F 15"};
    BOOST_TEST((f.record.value.date ==
                DateTime{.year = 2008, .month = 5, .day = 31, .hour = 23, .minute = 50}));
    const OneRecord old{"04 6D 10 09 05 C5"};
    BOOST_TEST(old.record.value.date.year == 1996);
    const OneRecord g{"02 6C BF 1C"};
    BOOST_TEST((g.record.value.date == DateTime{.year = 2013, .month = 12, .day = 31}));
    const OneRecord i{"06 6D 00 00 A0 41 11 35"};
    BOOST_TEST((i.record.value.date ==
                DateTime{.year = 2010, .month = 1, .day = 1, .weekday = 5, .week = 53}));
    const OneRecord j{"03 6D 3B 3B 17"};
    BOOST_TEST((j.record.value.type == ValueType::time));
    BOOST_TEST((j.record.value.date == DateTime{.hour = 23, .minute = 59, .second = 59}));
}

BOOST_AUTO_TEST_CASE(dates_that_are_none) {
    const auto why = [](std::string_view hex) { return OneRecord{hex}.record.value.invalid; };
    BOOST_TEST((why("02 6C FF FF") == Invalid::invalid));
    BOOST_TEST((why("02 6C 00 00") == Invalid::invalid)); // month 0, of real meters
    BOOST_TEST((why("02 6C 7F 04") == Invalid::invalid)); // 31 April
    BOOST_TEST((why("02 6C 5D 02") == Invalid::invalid)); // 29 February 2002
    BOOST_TEST((why("02 6C 9D 02") == Invalid::none));    // 29 February 2004
    BOOST_TEST((why("02 6C E1 F1") == Invalid::every_year));
    BOOST_TEST((why("02 6C E1 FF") == Invalid::every_month));
    BOOST_TEST((why("02 6C E0 FF") == Invalid::every_day));
    BOOST_TEST((why("04 6D B2 37 1F 15") == Invalid::invalid)); // IV
    BOOST_TEST((why("04 6D 3F 37 1F 15") == Invalid::every_minute));
    BOOST_TEST((why("04 6D 32 38 1F 15") == Invalid::invalid)); // hour 24
    BOOST_TEST((why("06 6D 00 00 00 E0 F0 00") == Invalid::not_specified));
    BOOST_TEST((why("03 6D FF FF FF") == Invalid::invalid));
    BOOST_TEST((why("03 6D 3F 3F 1F") == Invalid::every_second));
    // A length that no type of date has (MB3-TY-018): skipped by its DIF.
    BOOST_TEST((why("04 6C 00 00 00 00") == Invalid::invalid));
    BOOST_TEST((why("0A 6D 00 00") == Invalid::invalid));
}

// Every code there is, against the calendar of the standard library (annex A, types F and G: 0
// every day, 15 every month, 127 every year; a year of two digits up to 80 is of 2000).
BOOST_AUTO_TEST_CASE(every_code_of_a_date_against_the_calendar) {
    for (unsigned code = 0; code <= 0xFFFF; ++code) {
        const unsigned day = code & 0x1FU;
        const unsigned month = code >> 8U & 0x0FU;
        const unsigned year = (code >> 5U & 0x07U) | (code >> 12U) << 3U;
        const int whole_year = static_cast<int>(year <= 80 ? 2000 + year : 1900 + year);
        const std::chrono::year_month_day date{std::chrono::year{whole_year},
                                               std::chrono::month{month}, std::chrono::day{day}};
        const bool in_range = month != 13 && month != 14 && (month != 0) &&
                              (year <= 99 || year == 127) && code != 0xFFFF;
        Invalid expected = Invalid::invalid;
        if (in_range) {
            expected = day == 0      ? Invalid::every_day
                       : month == 15 ? Invalid::every_month
                       : year == 127 ? Invalid::every_year
                       : date.ok()   ? Invalid::none
                                     : Invalid::invalid;
        }
        const auto low = static_cast<std::uint8_t>(code);
        const auto high = static_cast<std::uint8_t>(code >> 8U);
        // Type G; then type F with the same date at 23:59, with something behind both.
        for (const std::vector<std::uint8_t>& bytes :
             {std::vector<std::uint8_t>{0x02, 0x6C, low, high},
              std::vector<std::uint8_t>{0x04, 0x6D, 59, 23, low, high, 0x2F, 0x2F, 0x2F, 0x2F, 0x2F,
                                        0x2F, 0x2F, 0x2F, 0x2F}}) {
            if (bytes[0] == 0x04 && code == 0xFFFF) {
                continue; // the code for "invalid" is of type G
            }
            RecordReader reader{bytes};
            Record record;
            if (reader.next(record) != RecordReader::Step::record ||
                record.value.invalid != expected || record.value.date.day != day ||
                record.value.date.month != month || record.value.date.year != whole_year) {
                BOOST_ERROR(hex_of(bytes) << " is " << static_cast<int>(record.value.invalid)
                                          << ", not " << static_cast<int>(expected));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(vifes_correct_the_value) {
    BOOST_TEST(OneRecord{"02 93 74 10 27"}.number() == "0.10000");
    BOOST_TEST(OneRecord{"02 93 7D 05 00"}.number() == "5");
    BOOST_TEST(OneRecord{"02 93 F0 70 05 00"}.number() == "0.000000000000005");
    BOOST_TEST(OneRecord{"02 DB 7B 05 00"}.number() == "6"); // 5 degC plus 1 degC
    BOOST_TEST(OneRecord{"02 DB 78 05 00"}.number() == "5.001");
    BOOST_TEST(OneRecord{"02 DB 7B FF FF"}.number() == "0");
    BOOST_TEST(OneRecord{"02 DB F8 70 E8 03"}.number() == "0.002000"); // 1000 * 10^-6 + 10^-3
    const OneRecord far{"07 DB 78 FF FF FF FF FF FF FF 7F"};
    BOOST_TEST((far.record.value.invalid == Invalid::overflow));
}

BOOST_AUTO_TEST_CASE(vifes_turn_the_value_into_a_date_a_duration_or_a_count) {
    const OneRecord duration{"02 BB 56 05 00"};
    BOOST_TEST(duration.number() == "5");
    BOOST_TEST((duration.record.quantity == Quantity::volume_flow));
    BOOST_TEST((duration.record.unit == Unit::hour));
    BOOST_TEST((duration.record.vif_unit == Unit::cubic_metre_per_hour));
    const OneRecord date{"04 DB 6F 32 14 7A 18"};
    BOOST_TEST((date.record.value.type == ValueType::datetime));
    BOOST_TEST((date.record.unit == Unit::none));
    const OneRecord count{"01 DB 49 07"};
    BOOST_TEST(count.number() == "7");
    BOOST_TEST((count.record.unit == Unit::none));
    const OneRecord plain{"01 93 FC 11 FE"};
    BOOST_TEST(plain.number() == "0.254");
    BOOST_TEST(qualifiers_of(plain.record) == "unsigned");
}

BOOST_AUTO_TEST_CASE(vifes_00_to_0F_depend_on_the_direction) {
    const OneRecord error{"00 93 15"};
    BOOST_TEST(error.record.error_name() == "no data available");
    const OneRecord tariff{"00 93 04"};
    BOOST_TEST(tariff.record.error_name() == "tariff not implemented");
    const OneRecord action{"00 93 0B", Direction::from_master};
    BOOST_TEST(action.record.error == 0);
    BOOST_TEST(qualifiers_of(action.record) == "freeze data");
}

BOOST_AUTO_TEST_CASE(extension_tables_and_reserved_codes) {
    BOOST_TEST((OneRecord{"01 FD FD 02 05"}.record.unit == Unit::month));
    BOOST_TEST(OneRecord{"01 FD FD 02 05"}.record.vif_size == 3);
    const OneRecord reserved{"01 FD 77 05"};
    BOOST_TEST((reserved.record.quantity == Quantity::unknown));
    BOOST_TEST(reserved.number() == "5");
    // 7Bh and 7Dh without extension bit are reserved, EFh is a reserved table: decoding goes on.
    BOOST_TEST(OneRecord{"0C 7B 02 03 00 00"}.number() == "302");
    BOOST_TEST((OneRecord{"01 EF 05 07"}.record.quantity == Quantity::unknown));
    BOOST_TEST(OneRecord{"01 EF 05 07"}.record.vib_size == 2);
    const OneRecord third{"01 EF 71 05"}; // a code of that table, no VIFE for 10^-5
    BOOST_TEST(third.number() == "5");
    BOOST_TEST(third.record.vif_size == 2);
    BOOST_TEST(qualifiers_of(third.record) == "");
}

BOOST_AUTO_TEST_CASE(manufacturer_vifes_are_numbers_only) {
    const OneRecord vif{"02 FF F0 34 05 00"};
    BOOST_TEST((vif.record.quantity == Quantity::manufacturer_specific));
    BOOST_TEST(vif.number() == "5");
    BOOST_TEST(qualifiers_of(vif.record) == "manufacturer 70h|manufacturer 34h");
    const OneRecord vife{"02 93 FF 74 05 00"};
    BOOST_TEST(vife.number() == "0.005");
    BOOST_TEST(qualifiers_of(vife.record) == "manufacturer specific|manufacturer 74h");
}

// Read as a VIFE, the length of the legacy text would be a record error.
BOOST_AUTO_TEST_CASE(a_plain_text_that_is_read_again_leaves_nothing_of_the_first_time) {
    const OneRecord legacy{"01 FC 03 48 52 25 73 05"};
    BOOST_REQUIRE((legacy.record.plain_text == PlainText::after_vif));
    BOOST_TEST(legacy.record.error == 0);
    BOOST_TEST(legacy.number() == "0.005");
    BOOST_TEST(legacy.record.vife_size == 1);
}

BOOST_AUTO_TEST_CASE(plain_text_in_both_positions) {
    const OneRecord legacy{"02 FC 03 48 52 25 74 22 15"};
    BOOST_TEST((legacy.record.plain_text == PlainText::after_vif));
    BOOST_TEST(hex_of(legacy.record.unit_text()) == "485225");
    BOOST_TEST(legacy.number() == "54.10");
    BOOST_TEST(qualifiers_of(legacy.record) == "multiplied by 10^-2");
    const OneRecord standard{"02 FC 74 03 48 52 25 22 15"};
    BOOST_TEST((standard.record.plain_text == PlainText::after_vib));
    BOOST_TEST(hex_of(standard.record.unit_text()) == "485225");
    BOOST_TEST(standard.number() == "54.10");
    const OneRecord bare{"0D 7C 02 57 50 01 41"};
    BOOST_TEST(hex_of(bare.record.unit_text()) == "5750");
    check_fault("02 FC F3 48 52 25 74 B4 16", FaultCode::plain_text_vif, 2);
    check_fault("02 7C 09 41", FaultCode::plain_text_vif, 2);
}

BOOST_AUTO_TEST_CASE(too_many_vifes) {
    BOOST_TEST(OneRecord{"01 93 80 80 80 80 80 80 80 80 80 00 05"}.good());
    check_fault("01 93 80 80 80 80 80 80 80 80 80 80 00 05", FaultCode::too_many_vifes, 12);
    check_fault("01 FD 97 80 80 80 80 80 80 80 80 80 00 05", FaultCode::too_many_vifes, 12);
}

BOOST_AUTO_TEST_CASE(special_difs) {
    for (const std::string dif : {"3F", "4F", "5F", "6F", "8F", "FF"}) {
        check_fault(dif, FaultCode::reserved_dif, 0);
    }
    check_fault("7F", FaultCode::dif_wrong_direction, 0);
    check_fault("08 13", FaultCode::dif_wrong_direction, 0);
    const OneRecord all{"7F", Direction::from_master};
    BOOST_TEST(all.record.global_readout);
    const OneRecord wish{"C8 3F 7E", Direction::from_master};
    BOOST_TEST((wish.record.quantity == Quantity::any));
    BOOST_TEST(wish.record.storage == 31);
    BOOST_TEST(wish.record.tariff == 3);
    // Idle fillers say nothing.
    const OneRecord filled{"2F 2F 01 13 05 2F"};
    BOOST_TEST(filled.record.offset == 2);
}

BOOST_AUTO_TEST_CASE(manufacturer_data_and_more_records) {
    const OneRecord more{"1F 00 00"};
    BOOST_TEST((more.step == RecordReader::Step::end));
    BOOST_TEST(more.reader.more_follows());
    BOOST_TEST(hex_of(more.reader.manufacturer_data()) == "0000");
    const OneRecord data{"0F AA"};
    BOOST_TEST(!data.reader.more_follows());
    // The last byte decides nothing: here it is data (wmbusmeters issue 1118 is the reverse case).
    BOOST_TEST(!records_more_follow(meterbench::test::bytes_of("01 13 1F")));
    BOOST_TEST(records_more_follow(meterbench::test::bytes_of("01 13 05 1F 00 00 00 00 00")));
}

BOOST_AUTO_TEST_CASE(truncation_at_every_byte_is_a_fault_inside_the_record) {
    const auto whole = meterbench::test::bytes_of("8D 10 FD 11 05 45 44 43 42 41");
    for (std::size_t size = 1; size < whole.size(); ++size) {
        RecordReader reader{std::span{whole}.first(size)};
        Record cut;
        BOOST_TEST((reader.next(cut) == RecordReader::Step::fault));
        BOOST_TEST(reader.fault().offset <= size);
        BOOST_TEST((reader.next(cut) == RecordReader::Step::fault));
    }
}

BOOST_AUTO_TEST_SUITE_END()
