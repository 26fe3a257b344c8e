// SPDX-License-Identifier: Apache-2.0
// Purpose: hex text both ways, and the exact place of what is wrong in it.
#include "core/bytes/hex.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(hex_text)

using namespace meterbench::core;
using namespace meterbench::core::bytes;

namespace {
std::vector<std::uint8_t> read(std::string_view text) {
    std::vector<std::uint8_t> bytes(16);
    bytes.resize(read_hex(text, bytes).value());
    return bytes;
}
} // namespace

BOOST_AUTO_TEST_CASE(pairs_of_digits_with_blanks_between_them) {
    const std::vector<std::uint8_t> expected{0x10, 0x5B, 0xFE, 0x59, 0x16};
    BOOST_TEST(read("105BFE5916") == expected);
    BOOST_TEST(read("10 5b fe 59 16") == expected);
    BOOST_TEST(read("\t10  5B\r\nFe59 16 ") == expected);
    BOOST_TEST(read("").empty());
    BOOST_TEST(read(" \n").empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_digit_is_named_by_its_offset) {
    std::array<std::uint8_t, 4> into{};
    const auto fault = [&](std::string_view text) { return read_hex(text, into).error(); };
    BOOST_TEST((fault("1G") == make_fault(FaultCode::not_hex, 1)));
    BOOST_TEST((fault("10 x0") == make_fault(FaultCode::not_hex, 3)));
    BOOST_TEST((fault("1 0") == make_fault(FaultCode::not_hex, 1)), "no blank inside a pair");
    BOOST_TEST((fault("105") == make_fault(FaultCode::not_hex, 3)), "half a pair: at the end");
    BOOST_TEST((fault("0x10") == make_fault(FaultCode::not_hex, 1)));
    BOOST_TEST((fault("\xC3\xA4") == make_fault(FaultCode::not_hex, 0)));
}

BOOST_AUTO_TEST_CASE(more_than_fits_is_named_where_it_begins) {
    std::array<std::uint8_t, 2> into{};
    BOOST_TEST(read_hex("AA BB", into).value() == 2U);
    BOOST_TEST((read_hex("AA BB CC", into).error() == make_fault(FaultCode::data_too_long, 6)));
}

BOOST_AUTO_TEST_CASE(every_byte_goes_round) {
    std::vector<std::uint8_t> all;
    for (int byte = 0; byte < 256; ++byte) {
        all.push_back(static_cast<std::uint8_t>(byte));
    }
    for (const char separator : {'\0', ' ', '\n'}) {
        std::string text;
        append_hex(text, all, separator);
        std::vector<std::uint8_t> back(256);
        BOOST_TEST(read_hex(text, back).value() == 256U);
        BOOST_TEST(back == all);
    }
    std::string text = "> ";
    append_hex(text, std::span{all}.subspan(0x9E, 3), ':');
    BOOST_TEST(text == "> 9E:9F:A0");
}

BOOST_AUTO_TEST_CASE(the_value_of_every_character) {
    const std::string_view digits = "0123456789abcdef";
    for (int c = -128; c < 128; ++c) {
        const auto character = static_cast<char>(c);
        const char lower =
            character >= 'A' && character <= 'F' ? static_cast<char>(character + 32) : character;
        const auto place = digits.find(lower);
        BOOST_TEST(hex_digit(character) ==
                   (place == std::string_view::npos ? -1 : static_cast<int>(place)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
