// SPDX-License-Identifier: Apache-2.0
// Cases in worker processes on a simulated rig: verdicts, limits, crashes, determinism.
#include "formats/result_json.hpp"
#include "harness/runner.hpp"
#include "harness/suite.hpp"
#include "models/world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

using namespace meterbench;
using formats::CaseResult;
using formats::Verdict;

namespace {

constexpr const char* profile_text = R"({"schema":"meterbench.meter/1","manufacturer":"MBX",
 "version":1,"device_type":"heat","points":[
 {"quantity":"energy","unit":"Wh","exponent":3,"coding":"int32","value":"35000","per_hour":"1200"},
 {"quantity":"volume","unit":"m3","exponent":-3,"coding":"bcd8","value":"812.345"}],
 "telegrams":[[0],[1]]})";

constexpr const char* catalogue_text = R"({"schema":"meterbench.catalogue/1","requirements":[
 {"id":"R-1","source":"EN","clause":"1","layer":"link","role":"meter","severity":"shall",
  "confidence":"confirmed","text":"t","method":"m","tested":{"meter":{"by":"suite"}}}]})";

struct Bench {
    tests::TemporaryFolder folder;
    formats::Catalogue catalogue;
    harness::RunSettings settings;
    // Far more than is needed: on a busy computer, under sanitizers, a worker is slow.
    harness::WorkerLimits limits{.processor = std::chrono::seconds{20},
                                 .wall = std::chrono::seconds{200}};
    formats::BusFile bus;
    rig::Dut dut{.role = rig::Dut::Role::meter, .name = "hall", .address = 5};

    Bench() {
        BOOST_REQUIRE(catalogue.add(catalogue_text, "catalogue.json"));
        settings.catalogue = &catalogue;
        settings.ics = formats::default_ics(formats::Ics::Role::meter);
        settings.limits.instructions = 20'000'000;
        core::device::MeterDescription meter;
        meter.name = "hall";
        meter.address = 5;
        meter.id = "12345678";
        meter.profile = "heat";
        bus.meters.push_back(meter);
    }

    harness::RigFactory factory() {
        return [this]() -> std::expected<std::unique_ptr<rig::Rig>, std::string> {
            auto world = models::World::make(bus, dut, settings.seed, [](const std::string&) {
                return formats::parse_meter_profile(profile_text, "heat.json");
            });
            if (!world) {
                return std::unexpected{world.error()};
            }
            return std::unique_ptr<rig::Rig>{std::move(*world)};
        };
    }

    /// Writes a case file; `body` is what run() does.
    void write(const std::string& name, const std::string& body, const std::string& more = {}) {
        (void)folder.write(name + ".lua",
                           "return case { id = '" + name + "', title = 't', checks = { 'R-1' }, " +
                               more + " run = function(rig) local line, dut = rig.line, rig.dut\n" +
                               body + "\nend }");
    }

    std::vector<CaseResult> run(unsigned jobs = 1) {
        const auto sources = harness::find_case_files({folder.path()});
        BOOST_REQUIRE(sources.has_value());
        const auto cases = harness::plan_cases(*sources, catalogue, settings.limits, limits, jobs);
        BOOST_REQUIRE_MESSAGE(cases.has_value(), cases.error());
        return harness::run_cases(*cases, settings, factory(), limits, jobs,
                                  [](const CaseResult&) {});
    }

    CaseResult run_one(const std::string& body, const std::string& more = {}) {
        write("one", body, more);
        return run().front();
    }

    std::string load_failure(const std::string& text) {
        (void)folder.write("bad.lua", text);
        const auto sources = harness::find_case_files({folder.path()});
        const auto cases = harness::plan_cases(*sources, catalogue, settings.limits, limits, 1);
        BOOST_REQUIRE(!cases.has_value());
        // The folder's name is of no interest.
        std::string message = cases.error();
        const std::string prefix = folder.path().string() + "/";
        for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix)) {
            message.erase(at, prefix.size());
        }
        return message;
    }
};

std::string reason_of(const CaseResult& result) {
    return result.reasons.empty() ? "" : result.reasons.front().text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(runner)

BOOST_AUTO_TEST_CASE(a_case_passes_with_its_trace) {
    Bench bench;
    const CaseResult result = bench.run_one("line:reset(dut) expect(line:request(dut, {fcb=1}), "
                                            "'answer'):is_telegram { address = 5 }");
    BOOST_TEST((result.verdict == Verdict::pass), reason_of(result));
    const auto sent =
        std::ranges::count(result.steps, formats::Step::Kind::sent, &formats::Step::kind);
    BOOST_TEST(sent == 8); // prologue 3, case 2, epilogue 3
}

// The framework's words for what does not hold.
BOOST_AUTO_TEST_CASE(verdicts_come_from_what_was_observed) {
    Bench bench;
    CaseResult result = bench.run_one("expect(1, 'one'):equals(2)");
    BOOST_TEST((result.verdict == Verdict::fail));
    BOOST_TEST(reason_of(result) == "one: expected 2, was 1");
    result = bench.run_one("precondition(1, 'one'):equals(2) expect(1, 'x'):equals(1)");
    BOOST_TEST((result.verdict == Verdict::inconclusive));
    result = bench.run_one("line:reset(dut)");
    BOOST_TEST((result.verdict == Verdict::error));
    BOOST_TEST(reason_of(result) == "the case reached no expectation");
    result = bench.run_one("expect(1, 'one'):equals(1) error('on purpose')");
    BOOST_TEST((result.verdict == Verdict::error));
    BOOST_TEST(reason_of(result) == "on purpose");
    // A case cannot catch its own failure.
    result = bench.run_one("pcall(function() expect(1, 'one'):equals(2) end) "
                           "expect(1, 'x'):equals(1)");
    BOOST_TEST((result.verdict == Verdict::fail));
}

BOOST_AUTO_TEST_CASE(what_the_rig_lacks_is_not_runnable) {
    Bench bench;
    CaseResult result = bench.run_one("expect(1,'x'):equals(1)", "needs = { 'air' },");
    BOOST_TEST((result.verdict == Verdict::not_runnable));
    BOOST_TEST(reason_of(result) == "the rig lacks 'air'");
    result = bench.run_one("expect(1,'x'):equals(1)", "needs = { 'fault:no.such' },");
    BOOST_TEST((result.verdict == Verdict::not_runnable));
    result =
        bench.run_one("expect(1,'x'):equals(1)", "applies = function(ics) return ics.alarms end,");
    BOOST_TEST((result.verdict == Verdict::not_applicable));
    result =
        bench.run_one("expect(1,'x'):equals(1)", "applies = function(ics) return ics.alarm end,");
    BOOST_TEST((result.verdict == Verdict::error));
    BOOST_TEST(reason_of(result) == "the implementation statement has no field 'alarm'");
}

// No silent device and none that says yes to everything passes anything.
BOOST_AUTO_TEST_CASE(null_devices_pass_nothing) {
    Bench silent;
    silent.bus.meters.clear();
    silent.dut.name.clear();
    CaseResult result = silent.run_one("expect(1,'x'):equals(1)");
    BOOST_TEST((result.verdict == Verdict::inconclusive));
    result = silent.run_one("line:send(frame{c=0x40,a=5}) "
                            "expect(line:receive{within=ms(1)}, 'answer'):is_nil()",
                            "judges = { 'reset', 'request' },");
    BOOST_TEST((result.verdict == Verdict::inconclusive));
    BOOST_TEST(reason_of(result) == "the device gave no valid answer at all");
    Bench yes;
    yes.bus.meters.front().faults = {{"link.foreign-answered", {}}};
    result = yes.run_one("expect(1,'x'):equals(1)");
    BOOST_TEST((result.verdict == Verdict::inconclusive));
}

// Every way to run away ends in an error verdict with its reason; the run goes on.
BOOST_AUTO_TEST_CASE(runaways_are_errors_and_the_run_goes_on) {
    Bench bench;
    bench.limits.processor = std::chrono::seconds{2};
    bench.write("a-loop", "expect(1,'x'):equals(1) while true do end");
    bench.write("b-pcall", "expect(1,'x'):equals(1) while true do pcall(function() while true do "
                           "end end) end");
    bench.write("c-metamethod", "local t = setmetatable({}, {__index = function() while true do "
                                "end end}) expect(t.x,'x'):equals(1)");
    bench.write("d-pattern",
                "expect(1,'x'):equals(1); (('a'):rep(200)):find(('a-'):rep(60) .. 'b')");
    bench.write("e-memory",
                "expect(1,'x'):equals(1) local t = {} while true do t = {t, ('x'):rep(1e5)"
                " .. #t} end");
    bench.write("f-finalizer", "setmetatable({}, {__gc = function() while true do end end})");
    bench.write("g-good", "expect(1,'x'):equals(1)");
    const auto results = bench.run(2);
    BOOST_REQUIRE(results.size() == 7U);
    for (std::size_t i = 0; i < 6; ++i) {
        BOOST_TEST((results[i].verdict == Verdict::error), results[i].info.id);
        BOOST_TEST(!reason_of(results[i]).empty(), results[i].info.id);
        BOOST_TEST_MESSAGE(results[i].info.id << ": " << reason_of(results[i]));
    }
    BOOST_TEST(reason_of(results[3]).find("processor time") != std::string::npos);
    BOOST_TEST((results[6].verdict == Verdict::pass));
    // What a worker streamed before it was ended stays.
    BOOST_TEST(!results[3].steps.empty());
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_loaded_are_named) {
    Bench bench;
    BOOST_TEST(bench.load_failure("return case { id = 'x', title = 't', checks = {'R-1'}, "
                                  "tittle = 'y', run = function() end }") ==
               "bad.lua: case: unknown field 'tittle'");
    BOOST_TEST(bench.load_failure("return case { title = 't' }") ==
               "bad.lua: case: id: letters, digits, '.', '_', '-' are due, not nil");
    BOOST_TEST(bench.load_failure("") == "bad.lua: the file returns no case");
    BOOST_TEST(bench.load_failure("return {}") == "bad.lua: the file returns no case");
    BOOST_TEST(bench.load_failure("return 7") == "bad.lua: the file returns number: a case is due");
    BOOST_TEST(bench.load_failure("return {\nid = 'x' }") ==
               "bad.lua: the file returns a table with 'id': call case { ... }");
    BOOST_TEST(bench.load_failure("\nreturn case {") == "bad.lua:2: unexpected symbol near <eof>");
    BOOST_TEST(bench.load_failure("while true do end").find("endless loop") != std::string::npos);
    BOOST_TEST(bench.load_failure("return case { id = 'x', title = 't', checks = {'R-9'}, "
                                  "run = function() end }") ==
               "bad.lua: case x: checks: no requirement is named 'R-9'");
    BOOST_TEST(bench.load_failure("return case { id = 'x', title = 't', checks = {'R-1'}, "
                                  "needs = {'lines'}, run = function() end }") ==
               "bad.lua: case x: needs: 'lines' is no capability");
    BOOST_TEST(
        bench.load_failure("local c = function() return case { id = 'x', title = 't', "
                           "checks = {'R-1'}, run = function() end } end return {c(), c()}") ==
        "bad.lua: case id 'x' is taken by bad.lua");
    BOOST_TEST(bench.load_failure("rig.line:send('x')").starts_with("bad.lua:1: "));
}

BOOST_AUTO_TEST_CASE(misspelt_fields_and_options_are_named) {
    Bench bench;
    const auto error = [&bench](const std::string& body) {
        const CaseResult result = bench.run_one(body);
        BOOST_TEST((result.verdict == Verdict::error), body);
        return reason_of(result);
    };
    BOOST_TEST(error("line:exchange(frame { c = 0x40, adr = 5 })") == "frame: unknown field 'adr'");
    BOOST_TEST(error("line:receive { whithin = ms(5) }") ==
               "line:receive: unknown field 'whithin'");
    BOOST_TEST(error("local r = line:request(dut, {fcb=1}) return r.byte") ==
               "a reception has no field 'byte'");
    BOOST_TEST(error("expect(1, 'x'):equal(1)") == "expect has no method 'equal'");
    BOOST_TEST(error("line:sned('x')") == "rig.line has no 'sned'");
    BOOST_TEST(error("rig.lime:send('x')") == "rig has no 'lime'");
    BOOST_TEST(error("hex '1G'") ==
               "hex: pairs of hexadecimal digits are due, character 2 of \"1G\"");
    BOOST_TEST(error("rig.meters[5]:fault('no.such')") ==
               "no fault is named 'no.such' (see meterbench faults)");
    BOOST_TEST(error("rig.meters[77]:fault('link.fcb-ignored')") ==
               "rig.meters[77]: no meter has this address");
    BOOST_TEST(error("rig:meter { address = 9 }") ==
               "rig:meter: a profile or telegrams are due, one of them");
    BOOST_TEST(error("line:fault('line.noise', { rat = 1 })") ==
               "fault 'line.noise' has no parameter 'rat'");
    BOOST_TEST(error("line:fault('line.noise', { rate = 2 })") ==
               "fault 'line.noise': rate must be 0 to 1");
}

// Same seed, same world: the same record, byte for byte, with more workers and with meters added in
// another order.
BOOST_AUTO_TEST_CASE(results_are_the_same_with_more_workers_and_another_order) {
    const auto record = [](unsigned jobs, bool reversed, std::uint64_t seed) {
        Bench bench;
        bench.settings.seed = seed;
        for (std::uint8_t address = 20; address < 24; ++address) {
            core::device::MeterDescription meter = bench.bus.meters.front();
            meter.name = "n" + std::to_string(address);
            meter.address = address;
            bench.bus.meters.push_back(meter);
        }
        bench.bus.faults = {{"line.noise", {{"rate", 0.01}}}};
        if (reversed) {
            std::ranges::reverse(bench.bus.meters);
        }
        for (const char* const name : {"a", "b", "c", "d", "e"}) {
            bench.write(name, "for i = 1, 20 do rig.master:read(rig:random(20, 23)) "
                              "line:exchange(frame{c=0x7B, a=0xFE}) end expect(1,'x'):equals(1)");
        }
        formats::RunResult run;
        run.cases = bench.run(jobs);
        for (CaseResult& result : run.cases) {
            result.info.file.clear(); // the folder's name differs
            for (formats::Step& step : result.steps) {
                step.where = step.where.substr(step.where.rfind('/') + 1);
            }
            for (formats::Reason& reason : result.reasons) {
                reason.where = reason.where.substr(reason.where.rfind('/') + 1);
            }
        }
        return formats::write_result(run);
    };
    const std::string first = record(1, false, 1);
    BOOST_TEST((first == record(1, false, 1)), "the same again");
    BOOST_TEST((first == record(4, false, 1)), "with four workers");
    BOOST_TEST((first == record(2, true, 1)), "with the meters in another order");
    BOOST_TEST((first != record(1, false, 2)), "another seed makes other noise");
}

BOOST_AUTO_TEST_CASE(selection_is_by_id_tag_and_requirement) {
    std::vector<harness::PlannedCase> cases(3);
    cases[0].info.id = "a";
    cases[1].info.id = "b";
    cases[1].info.tags = {"slow"};
    cases[2].info.id = "c";
    cases[2].info.checks = {"R-2"};
    BOOST_TEST(harness::select_cases(cases, {}).size() == 3U);
    BOOST_TEST(harness::select_cases(cases, {"a", "slow"}).size() == 2U);
    BOOST_TEST(harness::select_cases(cases, {"R-2"}).front().info.id == "c");
    BOOST_TEST(harness::select_cases(cases, {"none"}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
