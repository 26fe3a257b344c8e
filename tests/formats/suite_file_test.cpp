// SPDX-License-Identifier: Apache-2.0
#include "formats/suite_file.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::formats;

BOOST_AUTO_TEST_SUITE(suite_file)

// Paths start from the suite's folder.
BOOST_AUTO_TEST_CASE(paths_are_relative_to_the_file) {
    const auto suite = parse_suite_file(
        R"({"schema":"meterbench.suite/1","rig":"rig.json","ics":"../ics.json"})", "a/suite.json");
    BOOST_REQUIRE_MESSAGE(suite, suite.error());
    BOOST_TEST(suite->rig == "a/rig.json");
    BOOST_TEST(suite->ics == "a/../ics.json");
}

BOOST_AUTO_TEST_CASE(keys_are_checked) {
    BOOST_TEST(parse_suite_file(R"({"rig":"r","ics":"i"})", "suite.json").error() ==
               "suite.json: schema: missing, must be \"meterbench.suite/1\"");
    BOOST_TEST(
        parse_suite_file(R"({"schema":"meterbench.suite/1","rig":"r"})", "suite.json").error() ==
        "suite.json: ics: missing");
    BOOST_TEST(parse_suite_file(R"({"schema":"meterbench.suite/1","rig":"r","ics":"i","x":1})",
                                "suite.json")
                   .error() == "suite.json: x: unknown key");
}

BOOST_AUTO_TEST_SUITE_END()
