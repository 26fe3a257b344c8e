// SPDX-License-Identifier: Apache-2.0
#include "formats/json_reader.hpp"
#include "formats/result_json.hpp"
#include "reports/report.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>

namespace {

using namespace meterbench;
namespace fs = std::filesystem;

std::map<std::string, std::string> files_below(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
        if (entry.is_regular_file()) {
            files[entry.path().lexically_relative(folder).string()] =
                formats::read_text_file(entry.path()).value();
        }
    }
    return files;
}

std::map<std::string, std::string> report_of(const formats::RunResult& run) {
    const tests::TemporaryFolder folder;
    const auto written = reports::write_report(run, tests::sample_host(), folder.path() / "a/b");
    BOOST_REQUIRE_MESSAGE(written, written.error());
    return files_below(folder.path() / "a/b");
}

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(every_file_is_there) {
    const auto files = report_of(tests::sample_run());
    for (const char* name :
         {"result.json", "run.json", "junit.xml", "index.html", "cases/wired.link.fcb.repeat.html",
          "cases/wired.power.polarity.html", "cases/wired.link.fcb.repeat/trace.pcapng",
          "cases/wired.link.frame.longest/telegram.bin"}) {
        BOOST_TEST(files.contains(name), name);
    }
    BOOST_TEST(files.at("cases/wired.link.frame.longest/telegram.bin").size() == 227U);
    // not executed: no frames, no trace
    BOOST_TEST(!files.contains("cases/wired.power.polarity/trace.pcapng"));
}

// Purpose: the record reads back, and every artefact it names is there.
BOOST_AUTO_TEST_CASE(the_record_names_its_artefacts) {
    const auto files = report_of(tests::sample_run());
    const auto run = formats::read_result(files.at("result.json"), "result.json");
    BOOST_REQUIRE_MESSAGE(run, run.error());
    std::size_t artefacts = 0;
    for (const formats::CaseResult& result : run->cases) {
        for (const std::string& path : result.artefacts) {
            BOOST_TEST(files.contains(path), path);
            ++artefacts;
        }
    }
    BOOST_TEST(artefacts == 13U); // 11 traces, 2 attachments
    BOOST_TEST(formats::read_run(files.at("run.json"), "run.json").has_value());
}

// Purpose: equal runs give equal bytes, whatever the order in which cases ended; all that differs
// is in run.json.
BOOST_AUTO_TEST_CASE(equal_runs_give_equal_bytes) {
    formats::RunResult run = tests::sample_run();
    const auto files = report_of(run);
    std::reverse(run.cases.begin(), run.cases.end());
    BOOST_TEST((report_of(run) == files));
}

BOOST_AUTO_TEST_CASE(failures_name_the_path_or_the_id) {
    const tests::TemporaryFolder folder;
    const fs::path file = folder.write("file", "x");
    const auto blocked = reports::write_report(tests::sample_run(), {}, file / "report");
    BOOST_REQUIRE(!blocked);
    BOOST_TEST(blocked.error().find((file / "report").string()) != std::string::npos);

    formats::RunResult run = tests::sample_run();
    run.cases.push_back(run.cases.front());
    const auto doubled = reports::write_report(run, {}, folder.path() / "report");
    BOOST_REQUIRE(!doubled);
    BOOST_TEST(doubled.error() == "wired.link.fcb.repeat: two cases have this id");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
