// SPDX-License-Identifier: Apache-2.0
// Purpose: the drawing of a waveform shows what was on the wire, well-formed, and is bounded.
#include "reports/waveform.hpp"
#include "tests/reports/markup.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace meterbench;
using namespace std::chrono_literals;
using core::Instant;

namespace {

std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

/// E5h heard at 2400 Bd, `pause` after SND_NKE was sent.
formats::CaseResult reset(core::Duration pause) {
    constexpr std::int64_t octet = 4'583'333;
    formats::CaseResult result;
    formats::Step sent;
    sent.kind = formats::Step::Kind::sent;
    sent.baud = 2400;
    sent.bytes = {0x10, 0x40, 0x05, 0x45, 0x16};
    sent.end = 5 * octet;
    formats::Step heard = sent;
    heard.kind = formats::Step::Kind::heard;
    heard.bytes = {0xE5};
    heard.start = sent.end + pause.count();
    heard.end = heard.start + octet;
    result.steps = {sent, heard};
    core::LevelTrace trace;
    trace.begin = Instant{-5ms};
    trace.end = Instant{core::Duration{heard.end}};
    trace.voltage = {{trace.begin, 36}, {Instant{0ns}, 24}, {Instant{416'666ns}, 36}};
    trace.current = {{trace.begin, 1.5},
                     {Instant{core::Duration{heard.start}}, 16.5},
                     {Instant{core::Duration{heard.start + 416'666}}, 1.5}};
    result.waveform = trace;
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(waveform)

BOOST_AUTO_TEST_CASE(nothing_was_recorded) {
    formats::CaseResult result = reset(20ms);
    result.waveform.reset();
    BOOST_TEST(reports::waveform(result).empty());
}

BOOST_AUTO_TEST_CASE(edges_octets_and_scales) {
    const std::string svg = reports::waveform(reset(20ms));
    BOOST_TEST(count_of(svg, "<svg ") == 1U, svg);
    BOOST_TEST(svg.find(">36.0 V<") != std::string::npos);
    BOOST_TEST(svg.find(">24.0 V<") != std::string::npos);
    BOOST_TEST(svg.find(">16.5 mA<") != std::string::npos);
    BOOST_TEST(count_of(svg, "class=\"tx\"") == 5U);
    BOOST_TEST(count_of(svg, "class=\"rx\"") == 1U);
    BOOST_TEST(svg.find(">E5</text>") != std::string::npos);
    // 20 ms are 48 bit times: cut out, and said. 3 bits are left at either side.
    BOOST_TEST(svg.find("class=\"cut\"") != std::string::npos);
    BOOST_TEST(svg.find(">17.500 ms<") != std::string::npos, svg);
    // The start bit of the first octet: from 36 V (top) to 24 V, one bit (three pixels) later back.
    BOOST_TEST(svg.find("d=\"M64.0 34.0H73.0V74.0H76.0V34.0H") != std::string::npos, svg);
}

// 10 ms are 24 bit times at 2400 Bd: drawn as they are.
BOOST_AUTO_TEST_CASE(short_idle_time_is_drawn) {
    const std::string svg = reports::waveform(reset(10ms));
    BOOST_TEST(svg.find("class=\"cut\"") == std::string::npos, svg);
}

BOOST_AUTO_TEST_CASE(it_is_well_formed_and_bounded) {
    formats::CaseResult result = reset(20ms);
    const auto first = result.steps;
    for (int i = 1; i < 4000; ++i) {
        for (formats::Step step : first) {
            step.start += i * 100'000'000LL;
            step.end += i * 100'000'000LL;
            result.steps.push_back(step);
        }
    }
    const std::string svg = reports::waveform(result);
    pugi::xml_document document;
    tests::parse_page(document, "<div>" + svg + "</div>");
    BOOST_TEST(count_of(svg, "<svg ") == 48U);
    BOOST_TEST(svg.find("The rest is in waveform.vcd") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
