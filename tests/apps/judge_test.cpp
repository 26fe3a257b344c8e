// SPDX-License-Identifier: Apache-2.0
// `meterbench judge` as a user meets it: the suite's traces judged a second time, edits,
// disagreement.
#include "formats/trace_reader.hpp"
#include "paths.hpp"
#include "tests/support/run_command.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <regex>
#include <set>
#include <string>
#include <string_view>

namespace {

using namespace meterbench;
using tests::run_command;
using tests::TemporaryFolder;
namespace fs = std::filesystem;

const std::string suite = METERBENCH_SOURCE_DIR "/scenarios/wired/meter";
const std::string masters = METERBENCH_SOURCE_DIR "/scenarios/wired/master";

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

/// Flips, delays and drops packets of each trace of a report, one at a time: all of them, or about
/// `at_most` of each trace. How many edits there were.
std::size_t edits_rejected(const std::string& report,
                           std::size_t at_most = std::numeric_limits<std::size_t>::max()) {
    std::size_t edits = 0;
    for (const auto& entry : fs::directory_iterator{report + "/cases"}) {
        const std::string file = read_file(entry.path() / "trace.pcapng");
        const std::vector<std::size_t> packets = packets_of(file);
        for (std::size_t i = 0; i < packets.size(); i += 1 + packets.size() / at_most) {
            const std::size_t at = packets[i];
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
    return edits;
}

/// Of `judge --json`: whether some case's ruling on this requirement was this.
bool ruled(const std::string& rulings, std::string_view requirement, std::string_view verdict) {
    return rulings.find(R"("requirement":")" + std::string{requirement} + R"(","verdict":")" +
                        std::string{verdict} + '"') != std::string::npos;
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

    BOOST_TEST(edits_rejected(report) > 1000U);

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
          Mutant{"byte.control-reserved", "MB2-LL-023"}, Mutant{"baud.no-fall-back", "MB2-LL-061"},
          Mutant{"selection.request-deselects", "MB7-SA-018"},
          Mutant{"application.write-ignored", "MB3-AP-014"}}) {
        const TemporaryFolder folder;
        const std::string report = (folder.path() / "r").string();
        const auto run =
            run_command(fmt::format("run {} --mutant {} --report {}", suite, mutant.name, report));
        BOOST_TEST(run.status == 1);
        const auto judged = run_command("judge " + report);
        BOOST_TEST(judged.status == 1, mutant.name << "\n" << judged.out << judged.err);
        BOOST_TEST((judged.out.find(mutant.requirement) != std::string::npos), mutant.name);
    }
}

BOOST_AUTO_TEST_CASE(both_judges_agree_on_a_good_master_and_edits_are_rejected) {
    const TemporaryFolder folder;
    const std::string report = (folder.path() / "r").string();
    const auto run = run_command("run " + masters + " --report " + report);
    BOOST_REQUIRE_MESSAGE(run.status == 0, run.out);
    const auto judged = run_command("judge " + report);
    BOOST_TEST(judged.status == 0, judged.out << judged.err);
    BOOST_TEST(judged.out == "");
    BOOST_TEST((judged.err.find(" 0 disagreements, 0 edited") != std::string::npos), judged.err);
    // Traces of searches are long: some packets of each.
    BOOST_TEST(edits_rejected(report, 60) > 1000U);
}

// Each mutant with a requirement that it breaks on the wire: the predicate finds it too, and no
// ruling is another than the report's.
BOOST_AUTO_TEST_CASE(both_judges_agree_on_what_mutant_masters_break) {
    struct Mutant {
        std::string_view name, requirement;
    };
    for (const Mutant mutant : {Mutant{"acknowledge-alone", "MB7-SA-025"},
                                Mutant{"address-unchecked", "MB2-LL-075"},
                                Mutant{"baud-late", "MB2-LL-060"},
                                Mutant{"baud-no-return", "MB2-LL-062"},
                                Mutant{"bit7", "MB2-LL-023"},
                                Mutant{"checksum", "MB2-LL-006"},
                                Mutant{"checksum-unchecked", "MB2-LL-074"},
                                Mutant{"command-failure-hidden", "MB2-LL-020"},
                                Mutant{"conflict-unseen", "MB2-LL-069"},
                                Mutant{"data-cut", "MB3-AP-005"},
                                Mutant{"deaf-after-error", "MB2-LL-015"},
                                Mutant{"deselect-missing", "MB7-SA-028"},
                                Mutant{"direction-bit", "MB2-LL-024"},
                                Mutant{"fcb-first-0", "MB2-LL-039"},
                                Mutant{"fcb-first-0-selected", "MB7-SA-010"},
                                Mutant{"fcb-shared", "MB2-LL-041"},
                                Mutant{"fcb-stuck-1", "MB2-LL-040"},
                                Mutant{"fcb-toggles-on-retry", "MB2-LL-040"},
                                Mutant{"fcv-missing", "MB2-LL-044"},
                                Mutant{"garbled-delivered", "MB2-LL-074"},
                                Mutant{"identification-unchecked", "MB2-LL-075"},
                                Mutant{"idle-short", "MB2-LL-021"},
                                Mutant{"last-telegram-only", "MB3-TY-018"},
                                Mutant{"length", "MB2-LL-004"},
                                Mutant{"lengths-differ", "MB2-LL-003"},
                                Mutant{"long-unheard", "MB2-LL-072"},
                                Mutant{"more-last-byte", "MB2-LL-046"},
                                Mutant{"more-unseen", "MB3-RC-001"},
                                Mutant{"parity", "MB2-PH-036"},
                                Mutant{"rate", "MB2-PH-035"},
                                Mutant{"request-to-all", "MB2-LL-057"},
                                Mutant{"retries-five", "MB2-LL-019"},
                                Mutant{"search-manufacturer", "MB7-SA-026"},
                                Mutant{"search-mask-told", "MB7-SA-025"},
                                Mutant{"search-nine-skipped", "MB7-SA-022"},
                                Mutant{"search-retries", "MB7-SA-030"},
                                Mutant{"search-silence-split", "MB7-SA-023"},
                                Mutant{"selected-address-refused", "MB2-LL-055"},
                                Mutant{"selection-short", "MB7-SA-001"},
                                Mutant{"short-length-taken", "MB2-LL-073"},
                                Mutant{"silence-hidden", "MB2-LL-020"},
                                Mutant{"start", "MB2-LL-002"},
                                Mutant{"surplus-unnoticed", "MB2-LL-068"},
                                Mutant{"timeout-short", "MB2-LL-018"}}) {
        const TemporaryFolder folder;
        const std::string report = (folder.path() / "r").string();
        const auto run =
            run_command(fmt::format("run {} --mutant master.{} --report {} --select {}", masters,
                                    mutant.name, report, mutant.requirement));
        BOOST_TEST(run.status < 2, mutant.name << "\n" << run.out << run.err);
        const auto judged = run_command("judge --json " + report);
        BOOST_TEST(judged.status == 1, mutant.name << "\n" << judged.err);
        BOOST_TEST(ruled(judged.out, mutant.requirement, "fail"),
                   mutant.name << " " << mutant.requirement);
    }
}

// Whole suites, in which each mutant breaks much that it is not named for.
BOOST_AUTO_TEST_CASE(both_judges_agree_on_all_that_a_mutant_master_breaks) {
    for (const std::string_view mutant :
         {"fcb-toggles-on-retry", "first-telegram-only", "gap", "parity-unchecked"}) {
        const TemporaryFolder folder;
        const std::string report = (folder.path() / "r").string();
        const auto run = run_command(
            fmt::format("run {} --mutant master.{} --report {}", masters, mutant, report));
        BOOST_TEST(run.status == 1, mutant << "\n" << run.out);
        const auto judged = run_command("judge " + report);
        BOOST_TEST(judged.status < 2, mutant << "\n" << judged.err);
        BOOST_TEST((judged.err.find(" 0 disagreements") != std::string::npos), judged.err);
    }
}

// What a case of a master checks has a predicate, or a line that says why it has none.
BOOST_AUTO_TEST_CASE(a_master_requirement_without_a_predicate_is_documented) {
    const TemporaryFolder folder;
    const std::string report = (folder.path() / "r").string();
    BOOST_REQUIRE(
        run_command("run " + masters + " --select MB2-LL-057 --report " + report).status == 0);
    const std::string rulings = run_command("judge --json " + report).out;
    const std::string list = run_command("run --list " + masters).out;
    const std::regex id{"MB[237]-[A-Z]+-[0-9]{3}"};
    const auto ids_in = [&id](const std::string& text) {
        return std::set<std::string>{std::sregex_token_iterator{text.begin(), text.end(), id}, {}};
    };
    // The first cells of the table of requirements without a predicate.
    std::string reasons;
    std::ifstream docs{METERBENCH_SOURCE_DIR "/docs/verdicts.md"};
    bool of_masters = false;
    for (std::string line; std::getline(docs, line);) {
        if (line.starts_with("Requirements ")) {
            of_masters = line.find("scenarios/wired/master") != std::string::npos;
        }
        if (of_masters && line.starts_with("| MB")) {
            reasons += line.substr(0, line.find('|', 1));
        }
    }
    const auto checked = ids_in(list);
    const auto judged = ids_in(rulings);
    const auto documented = ids_in(reasons);
    BOOST_TEST(checked.size() > 60U);
    for (const std::string& requirement : checked) {
        BOOST_TEST(judged.contains(requirement) != documented.contains(requirement), requirement);
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
