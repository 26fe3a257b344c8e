// SPDX-License-Identifier: Apache-2.0
// `meterbench run` as a user meets it: exit status, messages, report.
#include "paths.hpp"
#include "tests/support/run_command.hpp"
#include "tests/support/sampled.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

using namespace meterbench;
using tests::Ran;
using tests::run_command;
using tests::TemporaryFolder;

namespace {

const std::string scenarios = METERBENCH_SOURCE_DIR "/scenarios";
const std::string suite = scenarios + "/wired/meter";

constexpr const char* bus_text =
    R"({"schema":"meterbench.bus/1","baud":2400,"meters":[
     {"name":"hall","address":5,"id":"12345678","profile":"heat"}]})";
constexpr const char* rig_text =
    R"({"schema":"meterbench.rig/1","kind":"simulated","bus":"bus.json",
     "dut":{"role":"meter","name":"hall"}})";

std::string read_file(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

/// A folder with a rig and one case whose run() is `body`.
struct Bench {
    TemporaryFolder folder;
    explicit Bench(const std::string& body = "expect(1, 'x'):equals(1)") {
        (void)folder.write("bus.json", bus_text);
        (void)folder.write("rig.json", rig_text);
        write_case(body);
    }
    void write_case(const std::string& body) const {
        (void)folder.write("c.lua", "return case { id = 'c', title = 't', checks = { 'MB2-LL-026' "
                                    "}, run = function(rig) local line, dut = rig.line, rig.dut\n" +
                                        body + "\nend }");
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return (folder.path() / name).string();
    }
    [[nodiscard]] Ran run(const std::string& more = {}) const {
        return run_command("run " + path("c.lua") + " --rig " + path("rig.json") + " --report " +
                           path("report") + " " + more);
    }
};

std::string last_line(const std::string& text) {
    const std::string trimmed = text.substr(0, text.find_last_not_of('\n') + 1);
    return trimmed.substr(trimmed.rfind('\n') + 1);
}

/// What sigrok's UART decoder reads on a wire of the file.
std::string decoded(const std::string& file, const std::string& wire) {
    const std::string command = "sigrok-cli -i " + file +
                                " -I vcd:downsample=1000 -P uart:rx=" + wire +
                                ":baudrate=2400:parity=even:format=hex -A uart=rx-data 2>&1";
    std::string text;
    if (std::FILE* const output = ::popen(command.c_str(), "r")) {
        char buffer[256];
        while (std::fgets(buffer, sizeof buffer, output) != nullptr) {
            const std::string row{buffer};
            text += row.substr(row.rfind(' ') + 1, 2);
        }
        ::pclose(output);
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(run)

// The main job: all cases of the suite pass against the good meter among its neighbours.
BOOST_AUTO_TEST_CASE(the_suite_passes_on_a_good_meter) {
    const TemporaryFolder folder;
    const Ran ran = run_command("run " + suite + " --report " + folder.path().string());
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    BOOST_TEST(last_line(ran.out).find(" 0 failed, 0 inconclusive, 0 errors") != std::string::npos);
    for (const char* const name : {"result.json", "run.json", "junit.xml", "index.html"}) {
        BOOST_TEST(std::filesystem::exists(folder.path() / name), name);
    }
    const auto result = nlohmann::json::parse(read_file(folder.path() / "result.json"));
    BOOST_TEST(result["schema"] == "meterbench.result/1");
    BOOST_TEST(result["cases"].size() >= 15U);
    for (const auto& one : result["cases"]) {
        const std::string page = "cases/" + one["id"].get<std::string>() + ".html";
        BOOST_TEST(std::filesystem::exists(folder.path() / page), page);
        BOOST_TEST(!one["checks"].empty());
    }
}

// Purpose: no case passes over what it is about. Each of these once passed, with only the trace to
// show what was wrong.
BOOST_AUTO_TEST_CASE(faults_that_a_trace_shows_fail_the_case_about_them) {
    constexpr std::pair<const char*, const char*> found[]{
        {"records.vif-missing", "wired.application.readout"},
        {"records.last-cut", "wired.application.select.each"},
        {"records.text-too-long", "wired.transport.mode"},
        {"header.short", "wired.transport.ci"},
        {"link.telegrams-stop", "wired.link.fcb.long"},
        {"link.fcb-stuck", "wired.link.sequence.selection.12"},
        {"link.telegrams-end", "wired.link.sequence.data-selected.5"},
    };
    for (const auto& [mutant, id] : found) {
        const Ran ran = run_command(
            fmt::format("run {} --no-report --mutant {} --select {}", suite, mutant, id));
        BOOST_TEST(ran.status == 1, ran.out << ran.err);
        BOOST_TEST(ran.out.starts_with("fail "), ran.out);
    }
}

// Purpose: the waveform of a case is what was on the wire. Steps: a case with --waveform; an
// independent decoder reads the file. Expectation: the octets of the record, both ways; the page
// draws it; without --waveform there is none.
BOOST_AUTO_TEST_CASE(a_waveform_that_another_decoder_reads) {
    const TemporaryFolder folder;
    const std::string one = "run " + suite + " --select wired.link.reset --report ";
    const std::string report = folder.path().string();
    const Ran ran = run_command(one + report + " --waveform");
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    const auto result = nlohmann::json::parse(read_file(folder.path() / "result.json"));
    const auto& only = result["cases"][0];
    BOOST_TEST(only["replay"].get<std::string>().ends_with(" --waveform"));
    const std::string file = report + "/cases/wired.link.reset/waveform.vcd";
    BOOST_REQUIRE(std::filesystem::exists(file));
    BOOST_TEST(
        read_file(folder.path() / "cases/wired.link.reset.html").find("<svg class=\"wave\"") !=
        std::string::npos);
    BOOST_TEST(!std::filesystem::exists(folder.path() / "unfinished.jsonl"));
    if (std::system("command -v sigrok-cli >/dev/null 2>&1") != 0) {
        BOOST_TEST_MESSAGE("skipped: sigrok-cli is not installed");
        return;
    }
    std::string sent;
    std::string heard;
    for (const auto& step : only["steps"]) {
        (step["kind"] == "sent" ? sent : heard) += step.value("bytes", "");
    }
    BOOST_TEST(!heard.empty());
    BOOST_TEST(decoded(file, "tx") == sent);
    BOOST_TEST(decoded(file, "rx") == heard);
}

BOOST_AUTO_TEST_CASE(a_silent_bus_passes_nothing) {
    const TemporaryFolder folder;
    const Ran ran = run_command("run " + suite + " --rig " + suite + "/silent.json --report " +
                                folder.path().string());
    BOOST_TEST(ran.status == 1);
    BOOST_TEST(last_line(ran.out).starts_with("0 passed, 0 failed, "), last_line(ran.out));
}

// Every fault of a meter that names a requirement is found by a case that cites it: no case is
// there that cannot fail for its requirement.
BOOST_AUTO_TEST_CASE(every_fault_is_found_by_a_case_that_cites_its_requirement) {
    std::set<std::string> optional; // a `may` that is broken leaves a remark, whatever the policy
    std::istringstream rows{run_command("requirements --severity may --json").out};
    for (std::string line; std::getline(rows, line);) {
        optional.insert(nlohmann::json::parse(line)["id"]);
    }
    const Ran listed = run_command("faults --json");
    BOOST_REQUIRE(listed.status == 0);
    std::istringstream lines{listed.out};
    std::size_t tried = 0;
    std::size_t index = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto fault = nlohmann::json::parse(line);
        if (!fault.contains("requirement") || index++ % tests::one_in != 0) {
            continue;
        }
        const std::string name = fault["name"];
        const std::string requirement = fault["requirement"];
        const TemporaryFolder folder;
        const Ran ran =
            run_command("run " + suite + " --select " + requirement + " --mutant " + name +
                        " --strict --confidence memory --report " + folder.path().string());
        if (optional.contains(requirement)) {
            BOOST_TEST(!last_line(ran.out).ends_with(" 0 remarks"), name << " survives");
            continue;
        }
        const auto result = nlohmann::json::parse(read_file(folder.path() / "result.json"));
        std::set<std::string> verdicts;
        for (const auto& one : result["cases"]) {
            verdicts.insert(one["verdict"].get<std::string>());
            // The second judge may see in passing what the case was not looking at; no other error.
            for (const auto& reason : one["reasons"]) {
                BOOST_TEST(
                    (reason["verdict"] != "error" || reason["text"].get<std::string>().starts_with(
                                                         "the judges disagree: the case passed")),
                    name << ": " << reason.dump());
            }
        }
        BOOST_TEST(ran.status == (verdicts.contains("error") ? 3 : 1),
                   name << " ended with " << ran.status << ": " << ran.err);
        BOOST_TEST(verdicts.contains("fail"), name << " survives " << requirement);
        ++tried;
    }
    BOOST_TEST(tried >= 150U / tests::one_in);
}

// Purpose: verdicts for a quick look. Expectation: the same lines and status as with a report, of
// a good meter and of a bad one, and nothing is written.
BOOST_AUTO_TEST_CASE(without_a_report) {
    const TemporaryFolder folder;
    for (const std::string& device :
         {std::string{}, std::string{" --mutant link.nke-without-reset"}}) {
        const std::string command = "run " + suite + "/link --strict --confidence memory" + device;
        const Ran with = run_command(command + " --report " + (folder.path() / "r").string());
        const Ran without = run_command(command + " --no-report");
        BOOST_TEST(without.out == with.out);
        BOOST_TEST(without.status == with.status);
        BOOST_TEST(without.err == "");
    }
    BOOST_TEST(!std::filesystem::exists("meterbench-report"));
    BOOST_TEST(run_command("run " + suite + " --no-report --resume").status == 2);
}

// result.json is the same for the same seed, also with another number of workers.
BOOST_AUTO_TEST_CASE(the_record_is_reproducible) {
    const auto record = [](const std::string& more) {
        const TemporaryFolder folder;
        (void)run_command("run " + suite + " --report " + folder.path().string() + " " + more);
        return read_file(folder.path() / "result.json");
    };
    const std::string first = record("--jobs 1");
    BOOST_TEST((first == record("--jobs 1")), "the same again");
    BOOST_TEST((first == record("--jobs 4")), "with four workers");
    BOOST_TEST((first != record("--seed 2")), "another seed is another record");
}

BOOST_AUTO_TEST_CASE(exit_statuses) {
    const Bench bench;
    BOOST_TEST(bench.run().status == 0);
    bench.write_case("expect(1, 'x'):equals(2)");
    BOOST_TEST(bench.run().status == 1);
    bench.write_case("precondition(1, 'x'):equals(2)");
    BOOST_TEST(bench.run().status == 1);
    bench.write_case("error('on purpose')");
    const Ran failed = bench.run();
    BOOST_TEST(failed.status == 3);
    BOOST_TEST(failed.out.find("c.lua:2: on purpose") != std::string::npos, failed.out);
    (void)bench.folder.write(
        "c.lua", "return case { id = 'c', title = 't', checks = { 'MB2-LL-026' }, needs "
                 "= { 'air' }, run = function() end }");
    BOOST_TEST(bench.run().status == 3); // every selected case not runnable
    (void)bench.folder.write("c.lua",
                             "return case { id = 'c', title = 't', checks = { 'MB2-LL-026' }, "
                             "applies = function() return false end, run = function() end }");
    BOOST_TEST(bench.run().status == 1); // nothing applicable
}

// Usage and configuration: status 2, and one line on stderr that names the place.
BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
    const Bench bench;
    const auto complaint = [&bench](const Ran& ran) {
        BOOST_TEST(ran.status == 2, ran.err);
        std::string text = ran.err;
        const std::string prefix = bench.folder.path().string() + "/";
        for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
            text.erase(at, prefix.size());
        }
        BOOST_TEST(std::ranges::count(text, '\n') == 1, text);
        return text.substr(0, text.find('\n'));
    };
    BOOST_TEST(complaint(run_command("run " + bench.path("no.lua"))).find("no.lua") !=
               std::string::npos);
    BOOST_TEST(complaint(run_command("run " + bench.path("c.lua"))) ==
               "meterbench run: c.lua: no suite.json in its folder or above it, so say --rig");
    BOOST_TEST(complaint(bench.run("--select nothing")) ==
               "meterbench run: --select nothing: none of the 1 cases has it");
    BOOST_TEST(complaint(bench.run("--mutant no.such")) ==
               "meterbench run: meter hall: no fault is named 'no.such' (see meterbench faults)");
    BOOST_TEST(complaint(bench.run("--confidence sure")).find("--confidence") != std::string::npos);
    BOOST_TEST(complaint(bench.run("--no-such-option")).find("--no-such-option") !=
               std::string::npos);
    (void)bench.folder.write("rig.json", R"({"schema":"meterbench.rig/1","kind":"simulated",
        "bus":"bus.json","dut":{"role":"meter","name":"hall"},"color":1})");
    BOOST_TEST(complaint(bench.run()) == "meterbench run: rig.json: color: unknown key");
    (void)bench.folder.write("rig.json", rig_text);
    (void)bench.folder.write("bus.json", R"({"schema":"meterbench.bus/1","baud":2400,"meters":[
        {"name":"hall","adress":5,"id":"12345678","profile":"heat"}]})");
    BOOST_TEST(complaint(bench.run()) ==
               "meterbench run: rig.json: bus: bus.json: meters[0].adress: unknown key");
    (void)bench.folder.write("bus.json", "{");
    BOOST_TEST(complaint(bench.run()).starts_with("meterbench run: rig.json: bus: bus.json:1:2: "));
    (void)bench.folder.write("bus.json", R"({"schema":"meterbench.bus/1","baud":2400,"meters":[
        {"name":"hall","address":5,"id":"12345678","profile":"no-such"}]})");
    BOOST_TEST(complaint(bench.run()).starts_with("meterbench run: meter hall: profile no-such: "));
    (void)bench.folder.write("bus.json", bus_text);
    (void)bench.folder.write("c.lua", "return case { id = 'c', titel = 't' }");
    BOOST_TEST(complaint(bench.run()) == "meterbench run: c.lua: case: unknown field 'titel'");
    (void)bench.folder.write("c.lua", "while true do end");
    BOOST_TEST(complaint(bench.run()).find("c.lua:1: ") != std::string::npos);
    (void)bench.folder.write("c.lua", "return 1");
    BOOST_TEST(complaint(bench.run()).find("a case is due") != std::string::npos);
}

// Purpose: no expectation is there for nothing. Steps: each one of the suite is turned around, one
// at a time. Expectation: each time its case fails.
BOOST_AUTO_TEST_CASE(every_expectation_of_the_suite_decides) {
    const TemporaryFolder folder;
    const std::string part = tests::one_in > 1 ? "/link" : ""; // under sanitizers
    const Ran ran =
        run_command("run " + suite + part + " --invert --report " + folder.path().string());
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    BOOST_TEST(last_line(ran.out).find(" 0 failed, 0 inconclusive, 0 errors") != std::string::npos);
}

// Preconditions do not count, and what costs a remark must leave one.
BOOST_AUTO_TEST_CASE(each_expectation_of_a_case_is_turned_around) {
    const Bench bench("precondition(1, 'x'):equals(1)\nexpect(1, 'y'):equals(1)\n"
                      "measure('t', ms(1), { max = ms(2) })");
    const Ran ran = bench.run("--invert");
    BOOST_TEST(ran.status == 0, ran.out);
    const auto result = nlohmann::json::parse(read_file(bench.path("report") + "/result.json"));
    BOOST_TEST(result["cases"][0]["steps"][0]["text"] == "2 expectations turned around");
    bench.write_case(
        "if rig.now < 0 then expect(1, 'x'):equals(1) end measure('t', 1, { max = 2 })");
    BOOST_TEST(bench.run("--invert").status == 0);
    bench.write_case("expect(1, 'x'):equals(2)");
    BOOST_TEST(bench.run("--invert").status == 1); // the device is not good
}

BOOST_AUTO_TEST_CASE(list_runs_nothing) {
    const Bench bench("while true do end");
    const Ran ran = bench.run("--list");
    BOOST_TEST(ran.status == 0);
    BOOST_TEST(ran.out == "c  t  [MB2-LL-026]\n");
    BOOST_TEST(!std::filesystem::exists(bench.path("report")));
}

// A bench: the port is opened once; a port that is not there is status 2.
BOOST_AUTO_TEST_CASE(a_line_rig_needs_its_port_and_a_statement) {
    const Bench bench;
    (void)bench.folder.write("rig.json", R"({"schema":"meterbench.rig/1","kind":"line",
        "port":"/dev/meterbench-no-such-port","baud":2400,"uncertainty":"2ms",
        "dut":{"role":"meter","address":5}})");
    const Ran without = bench.run();
    BOOST_TEST(without.status == 2);
    BOOST_TEST(without.err.find("needs --ics") != std::string::npos, without.err);
    (void)bench.folder.write("ics.json", R"({"schema":"meterbench.ics/1","role":"meter"})");
    const Ran gone = bench.run("--ics " + bench.path("ics.json"));
    BOOST_TEST(gone.status == 2);
    BOOST_TEST(gone.err.find("/dev/meterbench-no-such-port") != std::string::npos, gone.err);
}

// A ledger: known failures do not fail the run, new ones do.
BOOST_AUTO_TEST_CASE(a_ledger_decides_what_is_a_failure) {
    const Bench bench("expect(1, 'x'):equals(2)");
    const auto with = [&bench](const std::string& expected) {
        (void)bench.folder.write("l.json",
                                 R"({"schema":"meterbench.ledger/1","expected":)" + expected + "}");
        return bench.run("--ledger " + bench.path("l.json"));
    };
    const Ran known = with(R"({"c":{"verdict":"fail","reason":"x is wrong"}})");
    BOOST_TEST(known.status == 0, known.err);
    BOOST_TEST(known.out.find("xfail                  c: x is wrong\n") != std::string::npos,
               known.out);
    BOOST_TEST(last_line(known.out).starts_with("0 passed, 1 failed"));
    BOOST_TEST(with(R"({"c":"pass"})").status == 1);
    BOOST_TEST(with(R"({"c":"pass"})").out.find("pass->FAIL") != std::string::npos);
    BOOST_TEST(with("{}").status == 1);
    BOOST_TEST(with("{}").out.find("NEW: FAIL") != std::string::npos);
    const Ran broken = with(R"({"c":"fial"})");
    BOOST_TEST(broken.status == 2);
    BOOST_TEST(broken.err.find("l.json: expected.c: ") != std::string::npos, broken.err);
    bench.write_case("expect(1, 'x'):equals(1)");
    const Ran mended = with(R"({"c":{"verdict":"fail","reason":"x is wrong"}})");
    BOOST_TEST(mended.status == 0);
    BOOST_TEST(mended.out.find("xfail->PASS") != std::string::npos);
}

// Purpose: a killed run goes on. Steps: the reader of stdout leaves after the first line, which
// kills the run; --resume. Expectation: the record of a run that nobody disturbed.
BOOST_AUTO_TEST_CASE(a_killed_run_resumes) {
    const TemporaryFolder folder;
    const auto path = [&](const std::string& name) { return (folder.path() / name).string(); };
    const std::string what = "run " + suite + "/link --jobs 1 --report ";
    const std::string killed = std::string{"env --default-signal=PIPE "} + METERBENCH_COMMAND +
                               " " + what + path("killed") +
                               " 2> /dev/null | head -n 1 > /dev/null";
    BOOST_REQUIRE(std::system(killed.c_str()) != -1);
    BOOST_REQUIRE(std::filesystem::exists(folder.path() / "killed/unfinished.jsonl"));
    BOOST_TEST(!std::filesystem::exists(folder.path() / "killed/result.json"));
    const Ran other = run_command(what + path("killed") + " --resume --seed 2");
    BOOST_TEST(other.status == 2);
    BOOST_TEST(other.err.find("is of another run") != std::string::npos, other.err);
    const Ran resumed = run_command(what + path("killed") + " --resume");
    BOOST_TEST(resumed.status == 0, resumed.err);
    BOOST_TEST(resumed.err.starts_with("resuming: "), resumed.err);
    (void)run_command(what + path("whole"));
    BOOST_TEST((read_file(folder.path() / "killed/result.json") ==
                read_file(folder.path() / "whole/result.json")));
    BOOST_TEST(!std::filesystem::exists(folder.path() / "killed/unfinished.jsonl"));
}

BOOST_AUTO_TEST_SUITE_END()
