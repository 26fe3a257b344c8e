// SPDX-License-Identifier: Apache-2.0
// Purpose: the errors of a character are a set; a transmission is 8E1 unless it says otherwise.
#include "core/octet.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(octet)

using namespace meterbench::core;

BOOST_AUTO_TEST_CASE(errors_are_a_set) {
    constexpr OctetErrors both = OctetErrors::parity | OctetErrors::collision;
    BOOST_TEST(has(both, OctetErrors::parity));
    BOOST_TEST(has(both, OctetErrors::collision));
    BOOST_TEST(!has(both, OctetErrors::framing));
    BOOST_TEST(!has(both, OctetErrors::break_));
    BOOST_TEST(!has(OctetErrors::none, OctetErrors::parity));
    BOOST_TEST(((both | OctetErrors::none) == both));
}

BOOST_AUTO_TEST_CASE(an_octet_is_good_and_a_transmission_plain_unless_told) {
    BOOST_TEST((Octet{}.errors == OctetErrors::none));
    const Transmission plain{.bytes = {}};
    BOOST_TEST(plain.exceptions.empty());
    BOOST_TEST(plain.stop_bits == 1);
    BOOST_TEST((plain.gap == BitTime{}), "MB2-LL-014: no idle between characters");
    BOOST_TEST((plain.baud == Baud{2400}));
}

BOOST_AUTO_TEST_SUITE_END()
