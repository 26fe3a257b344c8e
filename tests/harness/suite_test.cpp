// SPDX-License-Identifier: Apache-2.0
#include "harness/suite.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;

BOOST_AUTO_TEST_SUITE(suite)

// Every *.lua below a folder but those under lib/, sorted, each once however often it is named.
BOOST_AUTO_TEST_CASE(case_files_are_found) {
    const tests::TemporaryFolder folder;
    (void)folder.write("s/suite.json", "{}");
    (void)folder.write("s/b/two.lua", "");
    (void)folder.write("s/a/one.lua", "");
    (void)folder.write("s/lib/help.lua", "");
    (void)folder.write("s/a/lib/deep.lua", "");
    (void)folder.write("s/readme.txt", "");
    const auto root = folder.path() / "s";
    const auto found = harness::find_case_files({root, root / "a" / "one.lua"});
    BOOST_REQUIRE(found.has_value());
    BOOST_REQUIRE(found->size() == 2U);
    BOOST_TEST((*found)[0].path == root / "a" / "one.lua");
    BOOST_TEST((*found)[1].path == root / "b" / "two.lua");
    BOOST_TEST((*found)[1].suite == root);
    BOOST_TEST(harness::common_suite(*found).value().value() == root / "suite.json");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_named) {
    const tests::TemporaryFolder folder;
    (void)folder.write("empty/readme.txt", "");
    const auto missing = harness::find_case_files({folder.path() / "no"});
    BOOST_TEST(missing.error() ==
               (folder.path() / "no").string() + ": there is no such file or folder");
    const auto empty = harness::find_case_files({folder.path() / "empty"});
    BOOST_TEST(empty.error() == (folder.path() / "empty").string() + ": no case file (*.lua) here");
}

BOOST_AUTO_TEST_CASE(cases_of_two_suites_have_no_common_one) {
    const tests::TemporaryFolder folder;
    (void)folder.write("a/suite.json", "{}");
    (void)folder.write("a/x.lua", "");
    (void)folder.write("b/suite.json", "{}");
    (void)folder.write("b/y.lua", "");
    const auto both = harness::find_case_files({folder.path()});
    BOOST_REQUIRE(both.has_value());
    BOOST_TEST(!harness::common_suite(*both).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
