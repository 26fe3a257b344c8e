// SPDX-License-Identifier: Apache-2.0
#include "formats/result_text.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

namespace {

using meterbench::formats::printable;

BOOST_AUTO_TEST_SUITE(result_text)

// Purpose: what a report can show stays as it is.
BOOST_AUTO_TEST_CASE(keeps_what_can_be_shown) {
    for (const std::string text : {"", "plain ASCII", "tab\tand\nnewline", "\xC3\xA4\xC3\xB6",
                                   "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\\x41 is no byte"}) {
        BOOST_TEST(printable(text) == text);
    }
}

// Purpose: what it cannot show is replaced byte by byte, and visibly.
BOOST_AUTO_TEST_CASE(replaces_what_cannot_be_shown) {
    using namespace std::string_literals;
    BOOST_TEST(printable("a\xFFz") == "a\\xFFz");
    BOOST_TEST(printable("\xC3(") == "\\xC3(");                 // a character that breaks off
    BOOST_TEST(printable("\xC3") == "\\xC3");                   // at the end, too
    BOOST_TEST(printable("\xC0\xAF") == "\\xC0\\xAF");          // overlong
    BOOST_TEST(printable("\xE0\x80\xAF") == "\\xE0\\x80\\xAF"); // overlong
    BOOST_TEST(printable("\xED\xA0\x80") == "\\xED\\xA0\\x80"); // a surrogate
    BOOST_TEST(printable("\xF4\x90\x80\x80") == "\\xF4\\x90\\x80\\x80"); // above U+10FFFF
    BOOST_TEST(printable("\xEF\xBF\xBF") == "\\xEF\\xBF\\xBF");          // a noncharacter
    BOOST_TEST(printable("\0"s) == "\\x00");
    BOOST_TEST(printable("\r\x1B[31m") == "\\x0D\\x1B[31m");
    BOOST_TEST(printable("\xE2\x80\xAE") == "\\xE2\\x80\\xAE"); // right-to-left override
}

// Purpose: a text that has been through it once does not change again, whatever it held.
BOOST_AUTO_TEST_CASE(does_nothing_the_second_time) {
    std::mt19937 random{1};
    std::uniform_int_distribution<int> byte{0, 255};
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (int i = byte(random) % 40; i > 0; --i) {
            text += static_cast<char>(byte(random));
        }
        const std::string once = printable(text);
        BOOST_REQUIRE(printable(once) == once);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
