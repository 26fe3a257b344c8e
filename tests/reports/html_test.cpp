// SPDX-License-Identifier: Apache-2.0
#include "reports/html.hpp"
#include "reports/page_style.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench;
using namespace meterbench::reports;

BOOST_AUTO_TEST_SUITE(html)

BOOST_AUTO_TEST_CASE(escape_leaves_no_markup) {
    BOOST_TEST(escape("<a href=\"x\" b='y'>&amp;") ==
               "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
    BOOST_TEST(escape("\xFF\x01") == "\\xFF\\x01");
}

BOOST_AUTO_TEST_CASE(durations_are_cut_to_the_microsecond) {
    BOOST_TEST(duration_text(0) == "0.000 ms");
    BOOST_TEST(duration_text(20'416'666) == "20.416 ms");
    BOOST_TEST(duration_text(999'999'999) == "999.999 ms");
    BOOST_TEST(duration_text(1'000'000'000) == "1.000000 s");
    BOOST_TEST(duration_text(-1'500'000) == "-1.500 ms");
    BOOST_TEST(duration_text(INT64_MIN) == "-9223372036.854775 s");
}

// A character has 11 bits: at 2400 Bd that is 4.583 ms, which is no whole number of nanoseconds.
BOOST_AUTO_TEST_CASE(bit_times_at_a_rate) {
    BOOST_TEST(bit_times(4'583'333, 2400) == "11 bit times");
    BOOST_TEST(bit_times(458'333'333, 2400) == "1100 bit times");
    BOOST_TEST(bit_times(5'000'000, 300) == "1.5 bit times");
    BOOST_TEST(bit_times(5'000'000, 0) == "");
}

BOOST_AUTO_TEST_CASE(wrap_breaks_at_blanks_and_cuts_what_is_too_long) {
    const auto lines = [](const char* text, std::size_t width, std::size_t count) {
        return wrap(text, width, count);
    };
    using Lines = std::vector<std::string>;
    BOOST_TEST(lines("", 10, 3) == Lines{}, boost::test_tools::per_element());
    BOOST_TEST(lines("one two three", 8, 3) == (Lines{"one two", "three"}),
               boost::test_tools::per_element());
    BOOST_TEST(lines("a\n\nb", 8, 3) == (Lines{"a", "", "b"}), boost::test_tools::per_element());
    BOOST_TEST(lines("abcdefgh", 3, 2) == (Lines{"abc", "de\xE2\x80\xA6"}),
               boost::test_tools::per_element());
    // characters, not bytes
    BOOST_TEST(lines("\xC3\xA4\xC3\xB6\xC3\xBC", 2, 2) == (Lines{"\xC3\xA4\xC3\xB6", "\xC3\xBC"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(first_reason_is_the_one_that_decided) {
    formats::CaseResult result;
    BOOST_TEST(!first_reason(result));
    result.verdict = formats::Verdict::fail;
    result.reasons = {{formats::Verdict::inconclusive, "a", "", ""},
                      {formats::Verdict::fail, "b", "", ""},
                      {formats::Verdict::fail, "c", "", ""}};
    BOOST_TEST(first_reason(result)->text == "b");
    result.verdict = formats::Verdict::error;
    BOOST_TEST(first_reason(result)->text == "a");
}

// Purpose: a page opens offline, in both colour schemes and on paper, and stays well-formed.
BOOST_AUTO_TEST_CASE(style_and_script_need_nothing_from_outside) {
    for (const std::string_view text : {page_style(), page_script()}) {
        BOOST_TEST(text.find("http") == std::string_view::npos);
        BOOST_TEST(text.find("url(") == std::string_view::npos);
        BOOST_TEST(text.find("@import") == std::string_view::npos);
        BOOST_TEST(text.find('<') == std::string_view::npos);
        BOOST_TEST(text.find('&') == std::string_view::npos);
    }
    BOOST_TEST(page_style().find("prefers-color-scheme:dark") != std::string_view::npos);
    BOOST_TEST(page_style().find("@media print") != std::string_view::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
