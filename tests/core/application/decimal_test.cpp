// SPDX-License-Identifier: Apache-2.0
// Purpose: exact decimals keep every digit, in and out, and never go through a float.
#include "core/bytes/decimal.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace meterbench::core::bytes;

namespace {

std::string text_of(const Decimal& decimal) {
    std::array<char, max_decimal_text> storage;
    return std::string{to_text(decimal, storage)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(decimal)

BOOST_AUTO_TEST_CASE(text_and_back_keeps_every_digit) {
    for (const std::string text : {"0", "54.321", "-0.001", "54.320", "18446744073709551615",
                                   "0.000", "-12.340", "100000"}) {
        const auto decimal = parse_decimal(text);
        BOOST_REQUIRE_MESSAGE(decimal, text);
        BOOST_TEST(text_of(*decimal) == text);
    }
}

BOOST_AUTO_TEST_CASE(positive_exponents_become_zeros) {
    BOOST_TEST(text_of({false, 54, 3}) == "54000");
    BOOST_TEST(text_of({true, 7, 1}) == "-70");
    BOOST_TEST(text_of({false, 0, 5}) == "0");
    BOOST_TEST(text_of({true, 0, 0}) == "0");
    BOOST_TEST(text_of({false, 1, -12}) == "0.000000000001");
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_refused) {
    for (const std::string text :
         {"", "-", ".", "1e3", "1.2.3", "0x10", " 1", "1 ", "18446744073709551616", "nan"}) {
        BOOST_TEST(!parse_decimal(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(sizes_compare_across_exponents) {
    const auto ordering = [](std::string_view a, std::string_view b) {
        return compare(*parse_decimal(a), *parse_decimal(b));
    };
    BOOST_TEST((ordering("1.5", "1.50") == 0));
    BOOST_TEST((ordering("-1", "1") < 0));
    BOOST_TEST((ordering("-2", "-1") < 0));
    BOOST_TEST((ordering("-0", "0.00") == 0));
    BOOST_TEST((ordering("0.001", "18446744073709551615") < 0));
    BOOST_TEST((compare({false, 9, 19}, {false, 18446744073709551615U, 0}) > 0));
    BOOST_TEST((compare({false, 18446744073709551615U, 0}, {false, 9, 19}) < 0));
    BOOST_TEST((compare({false, 1, 127}, {false, 1, -128}) > 0));
}

BOOST_AUTO_TEST_CASE(rescaling_is_exact_or_refused) {
    BOOST_TEST((rescale({false, 54321, -3}, -4) == Decimal{false, 543210, -4}));
    BOOST_TEST((rescale({false, 54000, 0}, 3) == Decimal{false, 54, 3}));
    BOOST_TEST(!rescale({false, 54321, -3}, -2).has_value());
    BOOST_TEST(!rescale({false, 1, 100}, 0).has_value());
    BOOST_TEST((rescale({false, 0, 100}, -100) == Decimal{false, 0, -100}));
}

BOOST_AUTO_TEST_CASE(sums_are_exact_or_refused) {
    BOOST_TEST((add({false, 15, -1}, {false, 25, -2}) == Decimal{false, 175, -2}));
    BOOST_TEST((add({true, 15, -1}, {false, 25, -2}) == Decimal{true, 125, -2}));
    BOOST_TEST((add({true, 25, 0}, {false, 25, 0})->magnitude == 0));
    BOOST_TEST(!add({false, 18446744073709551615U, 0}, {false, 1, 0}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
