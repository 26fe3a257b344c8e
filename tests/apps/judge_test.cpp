// SPDX-License-Identifier: Apache-2.0
// `meterbench judge` as a user meets it: the suite's traces judged a second time, edits,
// disagreement.
#include "formats/trace_reader.hpp"
#include "paths.hpp"
#include "tests/support/run_command.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

namespace {

using namespace meterbench;
using tests::run_command;
using tests::TemporaryFolder;
namespace fs = std::filesystem;

const std::string suite = METERBENCH_SOURCE_DIR "/scenarios/wired/meter";

std::string read_file(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::uint32_t word(const std::string& file, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i > 0; --i) {
        value = value << 8U | static_cast<std::uint8_t>(file[at + i - 1]);
    }
    return value;
}

/// Where the packet blocks of a pcapng file begin.
std::vector<std::size_t> packets_of(const std::string& file) {
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < file.size(); at += word(file, at + 4)) {
        if (word(file, at) == 6) {
            places.push_back(at);
        }
    }
    return places;
}

bool is_rejected(const std::string& file) {
    const auto trace = formats::read_trace_pcapng(
        {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()}, "t");
    return !trace || !trace->edited.empty();
}

} // namespace

BOOST_AUTO_TEST_SUITE(judge_command)

BOOST_AUTO_TEST_CASE(both_judges_agree_on_a_good_meter_and_edits_are_rejected) {
    const TemporaryFolder folder;
    const std::string report = (folder.path() / "r").string();
    const auto run = run_command("run " + suite + " --report " + report);
    BOOST_REQUIRE(run.status == 0);
    const auto judged = run_command("judge " + report);
    BOOST_TEST(judged.status == 0, judged.out << judged.err);
    BOOST_TEST(judged.out == "");
    BOOST_TEST((judged.err.find(" 0 disagreements, 0 edited") != std::string::npos), judged.err);

    std::size_t edits = 0;
    for (const auto& entry : fs::directory_iterator{report + "/cases"}) {
        const std::string file = read_file(entry.path() / "trace.pcapng");
        for (const std::size_t at : packets_of(file)) {
            std::string flipped = file;
            flipped[at + 8 + 20 + 20] ^= 1; // the first octet
            std::string delayed = file;
            delayed[at + 8 + 7] ^= 1; // 16 ms of the time's lower half
            std::string dropped = file;
            dropped.erase(at, word(file, at + 4));
            for (const std::string& edited : {flipped, delayed, dropped}) {
                BOOST_TEST(is_rejected(edited), entry.path() << " packet at " << at);
                ++edits;
            }
        }
    }
    BOOST_TEST(edits > 1000U);

    const fs::path trace = folder.path() / "r/cases/wired.link.fcb.repeat/trace.pcapng";
    std::string edited = read_file(trace);
    edited.erase(packets_of(edited).front(), word(edited, packets_of(edited).front() + 4));
    std::ofstream{trace, std::ios::binary} << edited;
    const auto rejected = run_command("judge " + report);
    BOOST_TEST(rejected.status == 3);
    BOOST_TEST((rejected.out.find("edited") != std::string::npos), rejected.out);
}

BOOST_AUTO_TEST_CASE(both_judges_agree_on_what_mutants_break) {
    struct Mutant {
        std::string_view name, requirement;
    };
    for (const Mutant mutant :
         {Mutant{"byte.checksum", "MB2-LL-006"}, Mutant{"byte.ack-wrong", "MB2-LL-001"},
          Mutant{"byte.control-reserved", "MB2-LL-023"}}) {
        const TemporaryFolder folder;
        const std::string report = (folder.path() / "r").string();
        const auto run = run_command("run " + suite + " --mutant " + std::string{mutant.name} +
                                     " --report " + report);
        BOOST_TEST(run.status == 1);
        const auto judged = run_command("judge " + report);
        BOOST_TEST(judged.status == 1, mutant.name << "\n" << judged.out << judged.err);
        BOOST_TEST((judged.out.find(mutant.requirement) != std::string::npos), mutant.name);
    }
}

BOOST_AUTO_TEST_CASE(a_verdict_that_the_trace_contradicts_is_status_3) {
    const TemporaryFolder folder;
    const std::string report = (folder.path() / "r").string();
    BOOST_REQUIRE(run_command("run " + suite + " --mutant byte.checksum --report " + report +
                              " --select MB2-LL-006")
                      .status != 0);
    std::string result = read_file(report + "/result.json");
    const std::size_t at = result.find(R"("verdict": ")");
    BOOST_REQUIRE(at != std::string::npos);
    std::size_t changed = 0;
    for (const std::string_view worse : {R"("verdict": "fail")", R"("verdict": "inconclusive")"}) {
        for (std::size_t i = result.find(worse); i != std::string::npos;
             i = result.find(worse, i)) {
            result.replace(i, worse.size(), R"("verdict": "pass")");
            ++changed;
        }
    }
    BOOST_REQUIRE(changed > 0U);
    std::ofstream{report + "/result.json"} << result;
    const auto judged = run_command("judge " + report);
    BOOST_TEST(judged.status == 3, judged.out << judged.err);
    BOOST_TEST((judged.out.find("[disagreement: the report says pass]") != std::string::npos),
               judged.out);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_status_2) {
    const TemporaryFolder folder;
    const auto file = folder.write("x.pcapng", "no trace");
    const auto judged = run_command("judge " + file.string());
    BOOST_TEST(judged.status == 2);
    BOOST_TEST((judged.err.find("x.pcapng: a block is cut off, at byte 0") != std::string::npos),
               judged.err);
    BOOST_TEST(run_command("judge " + folder.path().string()).status == 2);
    BOOST_TEST(run_command("judge /does/not/exist").status == 2);
    BOOST_TEST(run_command("judge").status == 2);
    BOOST_TEST(run_command("judge " + file.string() + " --uncertainty much").status == 2);
}

BOOST_AUTO_TEST_SUITE_END()
