// SPDX-License-Identifier: Apache-2.0
#include "paths.hpp"
#include "tests/support/run_command.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace {

using meterbench::tests::Ran;
using meterbench::tests::run_command;

constexpr std::string_view single =
    R"({"schema":"meterbench.telegram/1","line":1,"link":"wired","frame":"single",)"
    R"("body":"none","records":[],"more_follows":false,"manufacturer_data":null,"fault":null})"
    "\n";

auto lines(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

} // namespace

BOOST_AUTO_TEST_SUITE(decode)

// The bytes come as one argument, as several, from a file, or from standard input.
BOOST_AUTO_TEST_CASE(where_the_bytes_come_from) {
    const meterbench::tests::TemporaryFolder folder;
    const auto file = folder.write("telegrams.txt", "E5\n");
    for (const Ran& ran : {run_command("decode E5"), run_command("decode " + file.string()),
                           run_command("decode -", "E5\r\n"), run_command("decode", "E5")}) {
        BOOST_TEST(ran.out == single);
        BOOST_TEST(ran.err == "");
        BOOST_TEST(ran.status == 0);
    }
    BOOST_TEST(run_command("decode 10 5B 05 60 16").out == run_command("decode 105B056016").out);
}

// One object for every line that is not empty, in order, also for a broken one.
BOOST_AUTO_TEST_CASE(every_line_gives_one_object) {
    const Ran ran = run_command("decode -", "E5\n\n  \n68zz\n10 5B\nE5\n");
    BOOST_TEST(lines(ran.out) == 4);
    for (const char* number : {"\"line\":1,", "\"line\":4,", "\"line\":5,", "\"line\":6,"}) {
        BOOST_TEST(ran.out.find(number) != std::string::npos, number);
    }
    BOOST_TEST(ran.out.find("\"code\":\"not-hex\"") != std::string::npos);
    BOOST_TEST(ran.out.find("\"code\":\"truncated\"") != std::string::npos);
    BOOST_TEST(ran.status == 1);
}

BOOST_AUTO_TEST_CASE(text_and_explanation) {
    const Ran text = run_command("decode --format text 105B056016");
    BOOST_TEST(text.out == "1: short frame, REQ_UD2, FCB 0, address 5\n");
    const Ran explained = run_command("decode --explain 105B056016");
    BOOST_TEST(lines(explained.out) == 6);
    BOOST_TEST(explained.out.find("start of a short frame") != std::string::npos);
    BOOST_TEST(run_command("decode --format text 105B056017").status == 1);
    BOOST_TEST(run_command("decode --format text 68zz").status == 2);
}

BOOST_AUTO_TEST_CASE(usage_errors_are_one_line_and_status_2) {
    const auto refuses = [](const std::string& arguments, const std::string& message) {
        const Ran ran = run_command("decode " + arguments);
        BOOST_TEST(ran.status == 2);
        BOOST_TEST(ran.out == "");
        BOOST_TEST(ran.err == message);
    };
    refuses("/no/such/file", "meterbench decode: /no/such/file: neither pairs of hexadecimal "
                             "digits nor a file\n");
    refuses("68zz", "meterbench decode: 68zz: neither pairs of hexadecimal digits nor a file\n");
    refuses("/", "meterbench decode: /: cannot be read\n");
    refuses("--link radio E5", "meterbench decode: --link: radio not in {wired,wireless} (see "
                               "meterbench decode --help)\n");
    refuses("--explain --format json E5",
            "meterbench decode: --explain prints text: leave --format json out\n");
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_no_success) {
    const std::string line = std::string{METERBENCH_COMMAND} + " decode E5 > /dev/full 2>/dev/null";
    BOOST_TEST(WEXITSTATUS(std::system(line.c_str())) == 3);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(command)

BOOST_AUTO_TEST_CASE(help_has_examples_everywhere) {
    for (const char* name : {"", "decode ", "encode ", "faults ", "read ", "run "}) {
        const Ran ran = run_command(std::string{name} + "--help");
        BOOST_TEST(ran.status == 0, name);
        BOOST_TEST(ran.out.find("Examples:\n  meterbench ") != std::string::npos, name);
    }
    const Ran version = run_command("--version");
    BOOST_TEST(version.status == 0);
    BOOST_TEST(version.out.starts_with("meterbench "));
}

BOOST_AUTO_TEST_CASE(a_command_that_is_none) {
    const Ran none = run_command("");
    BOOST_TEST(none.status == 2);
    BOOST_TEST(none.err == "meterbench: A subcommand is required (see meterbench --help)\n");
    const Ran unknown = run_command("decod E5");
    BOOST_TEST(unknown.status == 2);
    BOOST_TEST(unknown.err ==
               "meterbench: there is no command or option decod (see meterbench --help)\n");
}

BOOST_AUTO_TEST_SUITE_END()
