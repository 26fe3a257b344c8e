// SPDX-License-Identifier: Apache-2.0
#include "formats/json_reader.hpp"
#include "formats/result_json.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <set>

namespace {

using namespace meterbench::formats;

Step step(Step::Kind kind, std::string text) {
    Step result;
    result.kind = kind;
    result.text = std::move(text);
    result.bytes =
        kind == Step::Kind::heard ? std::vector<std::uint8_t>{0xE5} : std::vector<std::uint8_t>{};
    result.errors =
        kind == Step::Kind::heard ? std::vector<std::uint8_t>{1} : std::vector<std::uint8_t>{};
    result.baud = kind == Step::Kind::heard ? 2400 : 0;
    result.station = kind == Step::Kind::heard ? std::uint16_t{5} : std::uint16_t{0};
    return result;
}

RunResult small_run() {
    RunResult run;
    run.version = "0.1.0";
    run.seed = 3;
    run.rig = "rig.json";
    run.rig_kind = "simulated";
    run.uncertainty = 2'000'000;
    run.uncertainty_by = "rig file";
    run.files_hash = "fnv1a64:1";
    run.rig_json = "{\n \"kind\": \"simulated\", \"number\": 1.50 }";
    run.ics_json = "not JSON";
    run.dut = "meter hall, address 5";
    run.dut_role = "meter";
    run.dut_address = "5";
    CaseResult failed;
    failed.info = {"b", "title", "b.lua", {"MB2-LL-038"}, "meter", {"line"}, {"reset"}, {"link"}};
    failed.verdict = Verdict::fail;
    failed.reasons = {{Verdict::fail, "a reason", "b.lua:3", "MB2-LL-038"}};
    failed.seed = std::numeric_limits<std::uint64_t>::max();
    failed.duration = 5;
    failed.artefacts = {"cases/b/trace.pcapng"};
    failed.replay = "meterbench run b.lua";
    failed.steps = {step(Step::Kind::heard, ""), step(Step::Kind::remark, "odd \xFF"),
                    step(Step::Kind::measurement, "reply time"),
                    step(Step::Kind::expectation, "answer")};
    failed.steps[2].actual = "20 ms";
    failed.steps[2].expected = "4 ms to 187 ms";
    failed.steps[3].passed = false;
    failed.steps[3].expected = "E5";
    failed.steps[3].actual = "silence";
    failed.steps[3].requirement = "MB2-LL-038";
    failed.steps[3].where = "b.lua:3";
    CaseResult skipped;
    skipped.info.id = "a";
    skipped.verdict = Verdict::not_applicable;
    run.cases = {failed, skipped};
    run.requirements = {{"MB2-LL-038", "5.7.4", "text", "shall", "confirmed"}};
    return run;
}

void collect_keys(const JsonValue& value, const std::string& path, std::set<std::string>& keys) {
    for (const auto& [key, member] : value.members) {
        const std::string here = path.empty() ? key : path + "." + key;
        keys.insert(here);
        if (here != "rig.file" && here != "ics") {
            collect_keys(member, here, keys);
        }
    }
    for (const JsonValue& item : value.items) {
        collect_keys(item, path, keys);
    }
}

std::set<std::string> keys_of(const std::string& text) {
    std::set<std::string> keys;
    const auto value = parse_json(text, "test");
    BOOST_REQUIRE(value.has_value());
    collect_keys(*value, "", keys);
    return keys;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string complaint(std::string_view from, std::string_view to) {
    const auto read = read_result(replaced(write_result(small_run()), from, to), "result.json");
    return read ? "" : read.error();
}

BOOST_AUTO_TEST_SUITE(result_json)

// Purpose: result.json is a contract. A key that comes, goes or is renamed is a change of
// docs/report.md, and of the schema where readers would notice.
BOOST_AUTO_TEST_CASE(keys_of_result_are_frozen) {
    const std::set<std::string> frozen{"schema",
                                       "version",
                                       "files_hash",
                                       "seed",
                                       "policy",
                                       "policy.strict",
                                       "policy.confidence",
                                       "rig",
                                       "rig.name",
                                       "rig.kind",
                                       "rig.file",
                                       "rig.uncertainty_ns",
                                       "rig.uncertainty_by",
                                       "dut",
                                       "dut.description",
                                       "dut.role",
                                       "dut.address",
                                       "ics",
                                       "counts",
                                       "counts.planned",
                                       "counts.executed",
                                       "counts.skipped",
                                       "counts.passed",
                                       "counts.failed",
                                       "counts.inconclusive",
                                       "counts.errors",
                                       "counts.not_applicable",
                                       "counts.not_runnable",
                                       "counts.remarks",
                                       "requirements",
                                       "requirements.id",
                                       "requirements.clause",
                                       "requirements.text",
                                       "requirements.severity",
                                       "requirements.confidence",
                                       "cases",
                                       "cases.id",
                                       "cases.title",
                                       "cases.file",
                                       "cases.role",
                                       "cases.checks",
                                       "cases.needs",
                                       "cases.judges",
                                       "cases.tags",
                                       "cases.verdict",
                                       "cases.seed",
                                       "cases.duration_ns",
                                       "cases.reasons",
                                       "cases.reasons.verdict",
                                       "cases.reasons.text",
                                       "cases.reasons.where",
                                       "cases.reasons.requirement",
                                       "cases.remarks",
                                       "cases.measurements",
                                       "cases.measurements.what",
                                       "cases.measurements.passed",
                                       "cases.measurements.actual",
                                       "cases.measurements.limits",
                                       "cases.measurements.requirement",
                                       "cases.artefacts",
                                       "cases.replay",
                                       "cases.steps",
                                       "cases.steps.kind",
                                       "cases.steps.phase",
                                       "cases.steps.start_ns",
                                       "cases.steps.end_ns",
                                       "cases.steps.baud",
                                       "cases.steps.station",
                                       "cases.steps.bytes",
                                       "cases.steps.errors",
                                       "cases.steps.text",
                                       "cases.steps.passed",
                                       "cases.steps.expected",
                                       "cases.steps.actual",
                                       "cases.steps.requirement",
                                       "cases.steps.where"};
    const auto keys = keys_of(write_result(small_run()));
    BOOST_TEST(keys == frozen, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keys_of_run_are_frozen) {
    const std::set<std::string> frozen{"schema",       "command_line", "host",       "started",
                                       "wall_seconds", "files",        "files.path", "files.hash"};
    const auto keys = keys_of(write_run({"command", "host", "2026", 1.5, {{"a", "b"}}}));
    BOOST_TEST(keys == frozen, boost::test_tools::per_element());
}

// Purpose: what was written reads back, and writes the same bytes again.
BOOST_AUTO_TEST_CASE(round_trip) {
    const std::string text = write_result(small_run());
    const auto read = read_result(text, "result.json");
    BOOST_REQUIRE_MESSAGE(read, read.error());
    BOOST_TEST(write_result(*read) == text);
    BOOST_TEST(read->rig_json == R"({"kind":"simulated","number":1.5})");
    BOOST_TEST(read->ics_json == "not JSON");
    BOOST_TEST(read->cases[1].seed == std::numeric_limits<std::uint64_t>::max());
    BOOST_TEST(read->cases[1].steps[1].text == "odd \\xFF");

    const RunHost host{"run \"x\"", "bench", "2026-01-02T03:04:05Z", 0.25, {{"a.lua", "00"}}};
    const auto host_read = read_run(write_run(host), "run.json");
    BOOST_REQUIRE_MESSAGE(host_read, host_read.error());
    BOOST_TEST(write_run(*host_read) == write_run(host));
    BOOST_TEST(host_read->wall_seconds == 0.25);
}

// Purpose: the order in which cases ended does not show.
BOOST_AUTO_TEST_CASE(cases_are_sorted_by_id) {
    RunResult run = small_run();
    const std::string text = write_result(run);
    std::swap(run.cases[0], run.cases[1]);
    BOOST_TEST(write_result(run) == text);
    BOOST_TEST(read_result(text, "r").value().cases[0].info.id == "a");
}

// Purpose: planned = executed + skipped, and an ended case without verdict is an error, not a gap.
BOOST_AUTO_TEST_CASE(planned_is_executed_plus_skipped) {
    RunResult run;
    for (std::size_t i = 0; i < verdict_names.size(); ++i) {
        run.cases.emplace_back().verdict = static_cast<Verdict>(i);
    }
    run.cases[1].steps = {step(Step::Kind::remark, "x"), step(Step::Kind::note, "y")};
    const Counts counts = count(run);
    BOOST_TEST(counts.executed() + counts.skipped() == run.cases.size());
    BOOST_TEST(counts.errors == 2U);
    BOOST_TEST(summary_line(counts) == "1 passed, 1 failed, 1 inconclusive, 2 errors, "
                                       "1 not applicable, 1 not runnable, 1 remarks");
}

// Purpose: a record that was edited, or is of another version, is refused with file and key.
BOOST_AUTO_TEST_CASE(refuses_with_file_and_key) {
    BOOST_TEST(complaint("\"version\"", "\"versoin\"") == "result.json: versoin: unknown key");
    BOOST_TEST(complaint("result/1", "result/2").starts_with("result.json: schema: "));
    BOOST_TEST(complaint("\"title\"", "\"titel\"") == "result.json: cases[0].titel: unknown key");
    BOOST_TEST(complaint("\"phase\": \"run\"", "\"phase\": \"walk\"")
                   .starts_with("result.json: cases[1].steps[0].phase: must be "));
    BOOST_TEST(complaint("\"bytes\": \"E5\"", "\"bytes\": \"E\"")
                   .starts_with("result.json: cases[1].steps[0].bytes: "));
    BOOST_TEST(complaint("\"failed\": 1", "\"failed\": 0") ==
               "result.json: counts: does not agree with the cases");
    BOOST_TEST(complaint("\"limits\": \"4 ms", "\"limits\": \"5 ms") ==
               "result.json: cases[1].measurements: does not agree with the steps");
    BOOST_TEST(read_result("{", "result.json").error().starts_with("result.json:1:"));
    BOOST_TEST(read_run(R"({"schema":"meterbench.run/1","user":"x"})", "run.json").error() ==
               "run.json: user: unknown key");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
