// SPDX-License-Identifier: Apache-2.0
#include "hil/parity_marks.hpp"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <vector>

namespace {

using meterbench::core::OctetErrors;
using meterbench::hil::ParityMarks;

std::vector<ParityMarks::Character> unmark(std::initializer_list<std::uint8_t> bytes) {
    ParityMarks marks;
    std::vector<ParityMarks::Character> characters;
    for (const std::uint8_t byte : bytes) {
        if (const auto character = marks.push(byte)) {
            characters.push_back(*character);
        }
    }
    return characters;
}

} // namespace

BOOST_AUTO_TEST_SUITE(parity_marks)

// termios(3), PARMRK.
BOOST_AUTO_TEST_CASE(marks_are_taken_out) {
    const auto characters = unmark({0x10, 0xFF, 0xFF, 0xFF, 0x00, 0x5B, 0xFF, 0x00, 0x00, 0x16});
    BOOST_REQUIRE(characters.size() == 5U);
    BOOST_TEST(characters[0].value == 0x10);
    BOOST_TEST((characters[0].errors == OctetErrors::none));
    BOOST_TEST(characters[1].value == 0xFF);
    BOOST_TEST((characters[1].errors == OctetErrors::none));
    BOOST_TEST(characters[2].value == 0x5B);
    BOOST_TEST((characters[2].errors == OctetErrors::parity));
    BOOST_TEST(characters[3].value == 0x00);
    BOOST_TEST(has(characters[3].errors, OctetErrors::break_));
    BOOST_TEST(characters[4].value == 0x16);
}

BOOST_AUTO_TEST_SUITE_END()
