// SPDX-License-Identifier: Apache-2.0
// Purpose: a secondary address as text and as a selection carries it (EN 13757-7, 8.4; MB7-SA-001).
#include "core/link/secondary_address.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(secondary_address)

using namespace meterbench::core::link;
using meterbench::tests::hex;

// EX-023: 12345678, manufacturer 24 40, version 1, device type 7.
BOOST_AUTO_TEST_CASE(the_identification_is_turned_round_and_the_rest_is_not) {
    const auto address = parse_secondary("1234567824400107");
    BOOST_REQUIRE(address);
    BOOST_TEST(std::ranges::equal(address->bytes, hex("78 56 34 12 24 40 01 07")));
    BOOST_TEST(to_text(*address) == "1234567824400107");
}

// EX-024: 0FFFFFFF and nothing else known.
BOOST_AUTO_TEST_CASE(wildcards) {
    const auto address = parse_secondary("0fffffffffffffff");
    BOOST_REQUIRE(address);
    BOOST_TEST(std::ranges::equal(address->bytes, hex("FF FF FF 0F FF FF FF FF")));
    BOOST_TEST(to_text(*address) == "0FFFFFFFFFFFFFFF");
}

BOOST_AUTO_TEST_CASE(anything_else_is_none) {
    for (const char* const text : {"", "123456782440010", "12345678244001070", "123456782440010G",
                                   "12345678 2440010", "12 34 56 78 24 4", "1234567824400 07"}) {
        BOOST_TEST(!parse_secondary(text), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
