// SPDX-License-Identifier: Apache-2.0
// Purpose: waveforms as a value change dump (IEEE 1364, clause 18), to the letter.
#include "formats/vcd_file.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(vcd_file)

using namespace meterbench;
using core::Duration;
using core::Instant;

namespace {
constexpr Instant at(std::int64_t ns) {
    return Instant{Duration{ns}};
}
} // namespace

BOOST_AUTO_TEST_CASE(a_window_to_the_letter) {
    const core::LevelTrace trace{.begin = at(1000),
                                 .end = at(5000),
                                 .sent = {{at(500), true}, {at(1500), false}, {at(2500), true}},
                                 .heard = {{at(2000), false}, {at(9000), true}},
                                 .voltage = {{at(0), 36}, {at(1500), 24.25}},
                                 .current = {{at(1000), 1.5}}};
    BOOST_TEST(formats::write_vcd(trace) == "$timescale 1 ns $end\n"
                                            "$scope module bus $end\n"
                                            "$var wire 1 ! tx $end\n"
                                            "$var wire 1 \" rx $end\n"
                                            "$var real 64 # voltage $end\n"
                                            "$var real 64 $ current $end\n"
                                            "$upscope $end\n"
                                            "$enddefinitions $end\n"
                                            "#0\n1!\n1\"\nr36 #\nr1.5 $\n"
                                            "#500\n0!\nr24.25 #\n"
                                            "#1000\n0\"\n"
                                            "#1500\n1!\n"
                                            "#4000\n");
}

BOOST_AUTO_TEST_CASE(an_empty_window_is_mark_and_no_voltage) {
    const std::string text = formats::write_vcd({});
    BOOST_TEST(text.ends_with("#0\n1!\n1\"\nr0 #\nr0 $\n"));
}

BOOST_AUTO_TEST_SUITE_END()
