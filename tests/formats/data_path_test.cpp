// SPDX-License-Identifier: Apache-2.0
#include "formats/data_path.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;
using meterbench::formats::DataPath;

BOOST_AUTO_TEST_SUITE(data_path)

BOOST_AUTO_TEST_CASE(a_path_that_exists_is_used_as_it_is) {
    const tests::TemporaryFolder folder;
    const auto file = folder.write("a/x", "");
    BOOST_TEST(DataPath{}.resolve(file).value() == file);
}

BOOST_AUTO_TEST_CASE(the_first_folder_that_holds_it_wins) {
    const tests::TemporaryFolder folder;
    const auto both_first = folder.write("1/profiles/heat.json", "");
    (void)folder.write("2/profiles/heat.json", "");
    const auto second = folder.write("2/profiles/water.json", "");
    const DataPath data = DataPath::of({folder.path() / "1", folder.path() / "2"});
    BOOST_TEST(data.resolve("profiles/heat.json").value() == both_first);
    BOOST_TEST(data.resolve("profiles/water.json").value() == second);
}

BOOST_AUTO_TEST_CASE(what_is_nowhere_says_where_it_was_looked_for) {
    const std::filesystem::path one{"/nowhere/1"};
    const std::filesystem::path two{"/nowhere/2"};
    const DataPath data = DataPath::of({one, two});
    BOOST_TEST(data.resolve("no/such").error() ==
               "no/such: no such file or folder, nor below /nowhere/1, /nowhere/2");
    BOOST_TEST(data.resolve("/no/such").error() == "/no/such: no such file or folder");
}

BOOST_AUTO_TEST_CASE(the_data_folder_of_the_command_line_comes_first) {
    const DataPath data{std::filesystem::path{"/given"}};
    BOOST_TEST(data.folders().front() == "/given");
    BOOST_TEST(data.folders()[1].filename() == "meterbench");
}

BOOST_AUTO_TEST_SUITE_END()
