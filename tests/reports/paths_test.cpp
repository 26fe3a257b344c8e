// SPDX-License-Identifier: Apache-2.0
#include "reports/paths.hpp"
#include "tests/reports/sample_run.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace {

using namespace meterbench;
using namespace meterbench::reports;

formats::Step attachment(std::string name) {
    formats::Step step;
    step.kind = formats::Step::Kind::attachment;
    step.text = std::move(name);
    return step;
}

BOOST_AUTO_TEST_SUITE(paths)

BOOST_AUTO_TEST_CASE(a_plain_id_is_its_own_file_name) {
    formats::CaseResult result;
    result.info.id = "wired.link.fcb_1-a";
    BOOST_TEST(case_page_path(result) == "cases/wired.link.fcb_1-a.html");
    BOOST_TEST(trace_path(result) == "cases/wired.link.fcb_1-a/trace.pcapng");
}

// Purpose: no name leaves its folder, and no two names share a file.
BOOST_AUTO_TEST_CASE(any_name_is_one_file_in_its_folder) {
    std::set<std::string> stems;
    const std::vector<std::string> names{"",
                                         ".",
                                         "..",
                                         "../x",
                                         "a/b",
                                         "a~b",
                                         "a~2Fb",
                                         "a\\b",
                                         "~",
                                         std::string(300, 'x'),
                                         std::string(301, 'x'),
                                         std::string(1, '\0'),
                                         "\xFF"};
    for (const std::string& name : names) {
        const std::string stem = file_stem(name);
        BOOST_TEST(!stem.empty());
        BOOST_TEST(stem.size() < 220U);
        BOOST_TEST(stem.find('/') == std::string::npos);
        BOOST_TEST(stem.front() != '.');
        stems.insert(stem);
    }
    // "" and "~" come out apart: the tilde is escaped itself.
    BOOST_TEST(stems.size() == names.size());
}

BOOST_AUTO_TEST_CASE(attachments_with_one_name_get_numbers) {
    formats::CaseResult result;
    result.info.id = "c";
    result.steps = {attachment("a.bin"), attachment("a.bin"), attachment("trace.pcapng"),
                    attachment("a.bin")};
    std::vector<std::string> names;
    for (const Attachment& item : attachments_of(result)) {
        names.push_back(item.path);
    }
    const std::vector<std::string> expected{"cases/c/a.bin", "cases/c/2-a.bin",
                                            "cases/c/2-trace.pcapng", "cases/c/3-a.bin"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(artefacts_are_named_once) {
    formats::CaseResult result;
    result.info.id = "c";
    BOOST_TEST(artefacts_of(result).empty());
    result.artefacts = {"cases/c/wave.vcd", "cases/c/trace.pcapng"};
    result.steps.emplace_back().kind = formats::Step::Kind::sent;
    const std::vector<std::string> expected{"cases/c/wave.vcd", "cases/c/trace.pcapng"};
    BOOST_TEST(artefacts_of(result) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(url_encodes_all_but_plain_characters) {
    BOOST_TEST(url_of("cases/a~2Eb-c_d.html") == "cases/a~2Eb-c_d.html");
    BOOST_TEST(url_of("a b?#\"%") == "a%20b%3F%23%22%25");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
