// SPDX-License-Identifier: Apache-2.0
// Purpose: lines of telegrams as receivers print them (facts G.5): hex, and the mode where the
// receiver says it.
#include "formats/received_line.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;
using formats::read_received_line;

BOOST_AUTO_TEST_SUITE(received_line)

BOOST_AUTO_TEST_CASE(hex_alone) {
    const auto line = read_received_line("0F 44 AE0C");
    BOOST_TEST(line.hex == "0F 44 AE0C");
    BOOST_TEST(!line.mode.has_value());
    BOOST_TEST((line.handover == core::wireless::Handover::unknown));
}

BOOST_AUTO_TEST_CASE(what_rtl_wmbus_prints) {
    for (const auto& [name, mode] :
         {std::pair{"T1", core::wireless::Mode::t1}, std::pair{"C1", core::wireless::Mode::c1},
          std::pair{"S1", core::wireless::Mode::s1}}) {
        const std::string text =
            std::string{name} + ";1;1;2024-01-02 03:04:05.678;97;148;12345678;0x0F44";
        const auto line = read_received_line(text);
        BOOST_TEST(line.hex == "0F44");
        BOOST_REQUIRE(line.mode.has_value());
        BOOST_TEST((*line.mode == mode));
        BOOST_TEST((line.handover == core::wireless::Handover::stripped));
    }
}

// What is neither stays whole, so that whoever reads it as hex refuses it.
BOOST_AUTO_TEST_CASE(what_is_neither) {
    for (const std::string_view text : {"X9;1;1;t;97;148;12345678;0x0F44", "T1;1;1;t;97;148;0x0F44",
                                        "T1;1;1;t;97;148;1;0F44", ";;;;;;;0x", ""}) {
        const auto line = read_received_line(text);
        BOOST_TEST(line.hex == text);
        BOOST_TEST(!line.mode.has_value());
    }
}

BOOST_AUTO_TEST_CASE(every_mode_has_its_name) {
    for (const auto& row : core::wireless::mode_table()) {
        BOOST_TEST((formats::mode_named(name_of(row.mode)) == row.mode));
    }
    BOOST_TEST(!formats::mode_named("T3").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
