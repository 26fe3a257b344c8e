// SPDX-License-Identifier: Apache-2.0
// Lines that a master under test prints (docs/master-under-test.md).
#include "formats/readout_line.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::formats;
using meterbench::core::master::ReadoutLine;

namespace {

std::string complaint(const char* text) {
    const auto line = parse_readout_line(text, "line 1");
    return line ? "none" : line.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(readout_line)

// Each kind of line is read, and written back as it was.
BOOST_AUTO_TEST_CASE(round_trip) {
    for (const char* const text :
         {R"({"schema":"meterbench.readout/1","address":"5","telegram":"680303680805720F16"})",
          R"({"schema":"meterbench.readout/1","found":"1149037877040E16"})",
          R"({"schema":"meterbench.readout/1","address":"7","fault":"silence: \"nobody\""})",
          R"({"schema":"meterbench.readout/1","fault":"the port is gone"})"}) {
        const auto line = parse_readout_line(text, "line 1");
        BOOST_REQUIRE_MESSAGE(line.has_value(), text);
        BOOST_TEST(write_readout_line(*line) == text);
    }
}

// A program may put blanks where JSON has them, and its keys in any order.
BOOST_AUTO_TEST_CASE(as_others_write_it) {
    const auto line = parse_readout_line(
        R"({ "telegram": "68 03 03 68 08 05 72 7F 16", "address": "5", "schema": "meterbench.readout/1" })",
        "line 1");
    BOOST_REQUIRE(line.has_value());
    BOOST_TEST(line->telegram.size() == 9U);
}

// What is no such line is named, with its key.
BOOST_AUTO_TEST_CASE(malformed) {
    BOOST_TEST(complaint("meter 5: 12 kWh").starts_with("line 1:1:1: "));
    BOOST_TEST(complaint(R"({"found":"5"})") ==
               "line 1: schema: missing, must be \"meterbench.readout/1\"");
    BOOST_TEST(complaint(R"({"schema":"meterbench.readout/1"})") ==
               "line 1: needs one of telegram, found and fault");
    BOOST_TEST(complaint(R"({"schema":"meterbench.readout/1","found":"5","fault":"x"})") ==
               "line 1: needs one of telegram, found and fault");
    BOOST_TEST(complaint(R"({"schema":"meterbench.readout/1","telegram":"6"})")
                   .starts_with("line 1: telegram: "));
    BOOST_TEST(complaint(R"({"schema":"meterbench.readout/1","found":"5","value":1})") ==
               "line 1: value: unknown key");
}

BOOST_AUTO_TEST_SUITE_END()
