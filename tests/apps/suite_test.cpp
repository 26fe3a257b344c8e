// SPDX-License-Identifier: Apache-2.0
// The suite for meters, tested itself: good meters pass, every requirement that a case can decide
// has one, and the same cases run on a rig behind a port.
#include "formats/ics_file.hpp"
#include "formats/json_reader.hpp"
#include "paths.hpp"
#include "tests/support/run_command.hpp"
#include "tests/support/sampled.hpp"
#include "tests/support/served_process.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace meterbench;
using nlohmann::json;
using tests::Ran;
using tests::run_command;
using tests::TemporaryFolder;

namespace {

const std::string suite = METERBENCH_SOURCE_DIR "/scenarios/wired/meter";

std::string last_line(const std::string& text) {
    const std::string trimmed = text.substr(0, text.find_last_not_of('\n') + 1);
    return trimmed.substr(trimmed.rfind('\n') + 1);
}

/// Runs cases, and holds the device to be good: nothing fails, nothing is left open, no remark.
void expect_good(const std::string& what, const std::string& options) {
    const TemporaryFolder folder;
    const Ran ran = run_command(fmt::format("run {} --report {}", options, folder.path().string()));
    BOOST_TEST(ran.status == 0, what << ": " << ran.out << ran.err);
    const std::string line = last_line(ran.out);
    BOOST_TEST(line.find(" 0 failed, 0 inconclusive, 0 errors") != std::string::npos,
               what << ": " << line);
    BOOST_TEST(line.ends_with(" 0 remarks"), what << ": " << line);
}

std::string device(const std::string& name) {
    return fmt::format(" --rig {0}/devices/{1}-rig.json --ics {0}/devices/{1}-ics.json", suite,
                       name);
}

std::map<std::string, std::string> verdicts(const std::filesystem::path& report) {
    std::ifstream file{report / "result.json"};
    std::map<std::string, std::string> result;
    const json written = json::parse(file);
    for (const json& one : written["cases"]) {
        result[one["id"]] = one["verdict"];
    }
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(suite_for_meters)

// Purpose: no false fails. Steps: the whole suite on a meter of each profile, at both ends of the
// address range, with a fast and a slow answer; the cases that draw numbers with seeds 1 to 10.
BOOST_AUTO_TEST_CASE(good_meters_pass_with_any_seed) {
    for (const char* const name : {"electricity", "gas", "water"}) {
        expect_good(name, suite + device(name));
    }
    constexpr int seeds = tests::one_in > 1 ? 1 : 10;
    for (int seed = 1; seed <= seeds; ++seed) {
        expect_good(fmt::format("seed {}", seed), fmt::format("{} --seed {}", suite, seed));
        for (const char* const name : {"electricity", "gas", "water"}) {
            expect_good(fmt::format("{}, seed {}", name, seed),
                        fmt::format("{}{} --select random --seed {}", suite, device(name), seed));
        }
    }
}

// Purpose: the cases about codings see every coding. Steps: a captured telegram with records of all
// sorts, and a statement of what they say. Expectation: all pass; with another value each fails.
BOOST_AUTO_TEST_CASE(what_is_shown_is_what_is_sent) {
    expect_good("captured", suite + "/records" + device("captured"));
    const TemporaryFolder folder;
    std::ifstream file{suite + "/devices/captured-ics.json"};
    json statement = json::parse(file);
    for (json& record : statement["records"]) {
        std::string value = record["value"];
        // Another digit in the middle stays a number, a date or a text.
        char& digit = value[value.size() - 1];
        digit = digit == '1' ? '3' : '1';
        record["value"] = value;
    }
    (void)folder.write("ics.json", statement.dump());
    const std::string report = (folder.path() / "report").string();
    (void)run_command(fmt::format(
        "run {0}/records --rig {0}/devices/captured-rig.json --ics {1}/ics.json --report {2} "
        "--strict --confidence memory",
        suite, folder.path().string(), report));
    std::size_t tried = 0;
    for (const auto& [id, verdict] : verdicts(report)) {
        if (id.starts_with("wired.records.label.") && verdict != "not-applicable") {
            BOOST_TEST(verdict == "fail", id << " does not see another value");
            ++tried;
        }
    }
    BOOST_TEST(tried >= 22U);
}

// Purpose: the cases about voltage and current see what they are about. Steps: a device that
// breaks each limit. Expectation: its cases fail, and no other of the physical layer does.
BOOST_AUTO_TEST_CASE(levels_beyond_their_limits_are_found) {
    struct World {
        const char* meter; ///< keys of the device under test
        std::set<std::string> failing;
    };
    // The monitor of the current sees it in every case.
    const std::set<std::string> all{"current-steady", "mark-current", "mark-detected",
                                    "mark-levels",    "slow-start",   "space-current",
                                    "space-detected", "step",         "voltage-return"};
    for (const World& world :
         {World{R"("unit_loads":2)", all},
          World{R"("faults":["supply.slow-start"])", {"voltage-return"}},
          World{R"("faults":["line.mark-unheard"])",
                {"mark-detected", "mark-levels", "space-current", "space-detected"}},
          World{R"("faults":["line.step-unheard"])",
                {"mark-levels", "space-current", "space-detected"}},
          World{R"("faults":["line.step-overheard"])", {"mark-detected"}},
          World{R"("faults":["supply.current-slope"])", {"mark-current"}},
          World{R"("faults":["supply.current-unsteady"])", {"current-steady"}},
          World{R"("faults":["supply.start-current"])", {"slow-start"}},
          World{R"("faults":["supply.surge"])", {"step"}},
          World{R"("faults":[{"name":"line.weak-space","milliampere":21}])", {"space-current"}},
          World{R"("faults":[{"name":"line.weak-space","milliampere":10}])", {"space-current"}}}) {
        const TemporaryFolder folder;
        (void)folder.write("bus.json",
                           fmt::format(R"({{"schema":"meterbench.bus/1","baud":2400,"meters":[
                {{"name":"hall","address":5,"id":"12345678","profile":"heat",{}}}]}})",
                                       world.meter));
        (void)folder.write("rig.json", R"({"schema":"meterbench.rig/1","kind":"simulated",
            "bus":"bus.json","dut":{"role":"meter","name":"hall"}})");
        const std::string report = (folder.path() / "report").string();
        (void)run_command(fmt::format("run {0}/physical --rig {1}/rig.json --ics {0}/ics.json "
                                      "--report {2} --strict --confidence memory",
                                      suite, folder.path().string(), report));
        std::set<std::string> failing;
        for (const auto& [id, verdict] : verdicts(report)) {
            if (verdict != "pass") {
                failing.insert(id.substr(std::string_view{"wired.physical."}.size()));
            }
        }
        BOOST_TEST(failing == world.failing, boost::test_tools::per_element());
    }
}

// Purpose: nothing is forgotten. Expectation: every `shall` for meters of these layers has a case
// or a reason why none can decide it.
BOOST_AUTO_TEST_CASE(every_shall_has_a_case_or_a_reason) {
    const Ran ran = run_command("requirements --json --role meter --severity shall");
    BOOST_REQUIRE(ran.status == 0);
    std::istringstream lines{ran.out};
    std::size_t seen = 0;
    for (std::string line; std::getline(lines, line);) {
        const json row = json::parse(line);
        ++seen;
        const json& tested = row["tested"]["meter"];
        BOOST_TEST((tested["by"] != "suite" || !tested["cases"].empty()),
                   row["id"] << " has no case");
    }
    BOOST_TEST(seen >= 130U);
}

// The template explains every item, each of which the reader knows.
BOOST_AUTO_TEST_CASE(the_template_of_the_statement_is_whole) {
    const std::string path = suite + "/ics-template.json";
    const auto read = formats::load_ics_file(path);
    BOOST_REQUIRE_MESSAGE(read, read.error());
    std::ifstream file{path};
    const json text = json::parse(file);
    for (const auto& [key, value] : read->values) {
        BOOST_TEST(text.contains(key), key);
        BOOST_TEST(text["about"].contains(key), "about " << key);
    }
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// A served heat meter at address 5, and the rig file of the port that it is behind.
struct BehindPort {
    TemporaryFolder folder;
    tests::ServedProcess served;

    BehindPort(unsigned baud, std::string_view uncertainty) : served{serve(folder, baud)} {
        (void)folder.write("rig.json",
                           fmt::format(R"({{"schema":"meterbench.rig/1","kind":"line","port":"{}",
                               "baud":{},"uncertainty":"{}","dut":{{"role":"meter","address":5}}}})",
                                       served.port(), baud, uncertainty));
    }

  private:
    static std::vector<std::string> serve(const TemporaryFolder& folder, unsigned baud) {
        (void)folder.write("bus.json",
                           fmt::format(R"({{"schema":"meterbench.bus/1","baud":{},"meters":[
                {{"name":"hall","address":5,"id":"86420975","profile":"heat"}}]}})",
                                       baud));
        return {(folder.path() / "bus.json").string(), "--tcp", "0"};
    }
};

} // namespace

// In a suite of its own, which runs alone: it measures times.
BOOST_AUTO_TEST_SUITE(suite_behind_a_port)

// Purpose: the same cases behind a port. Steps: a served bus on TCP, one case of each subject, and
// one for each capability that a port lacks. Expectation: what can run passes, what cannot says
// why.
BOOST_AUTO_TEST_CASE(cases_run_behind_a_port) {
    const BehindPort rig{9600, "1s"};
    const TemporaryFolder& folder = rig.folder;
    const std::map<std::string, std::string> expected{
        {"wired.application.error.form", "pass"},
        {"wired.link.class1.no-demand", "pass"},
        {"wired.link.fcb.toggle", "pass"},
        {"wired.link.frame.checksum", "pass"},
        {"wired.records.label.primary", "pass"},
        {"wired.selection.wildcard.digits", "pass"},
        {"wired.transport.identity", "pass"},
        {"wired.link.frame.gap", "not-runnable"},         // gaps
        {"wired.link.frame.parity-long", "not-runnable"}, // octet_errors
        {"wired.link.break", "not-runnable"},             // break
        {"wired.selection.power", "not-runnable"},        // power
        {"wired.selection.one", "not-runnable"},          // world
        {"wired.baud.switch.300", "not-runnable"},        // baud: TCP carries no rate
    };
    std::string options;
    for (const auto& [id, verdict] : expected) {
        options += " --select " + id;
    }
    const std::string report = (folder.path() / "report").string();
    const Ran ran = run_command(fmt::format("run {0} --rig {1}/rig.json --ics {0}/ics.json "
                                            "--report {2}{3}",
                                            suite, folder.path().string(), report, options));
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    BOOST_TEST((verdicts(report) == expected), ran.out);
    BOOST_TEST(ran.out.find("the rig lacks 'octet_errors'") != std::string::npos, ran.out);

    // What can run there comes to what it comes to in simulation.
    const std::string simulated = (folder.path() / "simulated").string();
    (void)run_command(fmt::format("run {} --report {}{}", suite, simulated, options));
    for (const auto& [id, verdict] : verdicts(simulated)) {
        BOOST_TEST((verdict == expected.at(id) || expected.at(id) == "not-runnable"),
                   id << ": simulated " << verdict);
    }
}

// Purpose: a device behind a port is learned as one in simulation. Steps: a served bus on TCP, a
// small alphabet. Expectation: the same machine, step for step, and its drawing.
BOOST_AUTO_TEST_CASE(a_machine_learned_behind_a_port) {
    const BehindPort rig{38400, "500ms"};
    const TemporaryFolder& folder = rig.folder;
    const std::string path = folder.path().string();
    const std::string options =
        " --alphabet request-own-1 --alphabet request-own-0 --extra-states 0"
        " --random-words 5 --reset link --report " +
        path;
    const Ran ran = run_command("learn --rig " + path + "/rig.json" + options + "/port");
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    const Ran simulated = run_command("learn --rig " + suite + "/rig.json" + options + "/sim");
    BOOST_TEST(ran.out == simulated.out.substr(0, simulated.out.find("hall, ")) +
                              simulated.out.substr(simulated.out.find("hall, ") + 6));
    BOOST_TEST(std::filesystem::exists(folder.path() / "port/machine.svg"));
}

BOOST_AUTO_TEST_SUITE_END()
