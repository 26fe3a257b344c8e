// SPDX-License-Identifier: Apache-2.0
// Cases x devices x seeds: order, crashes, stopping at a kill.
#include "harness/campaign.hpp"
#include "harness/suite.hpp"
#include "models/world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>

using namespace meterbench;
using formats::CampaignDevice;
using formats::DeviceRun;
using formats::Ring;

namespace {

constexpr const char* profile_text = R"({"schema":"meterbench.meter/1","manufacturer":"MBX",
 "version":1,"device_type":"heat","points":[
 {"quantity":"energy","unit":"Wh","exponent":3,"coding":"int32","value":"35000"}],
 "telegrams":[[0]]})";

constexpr const char* catalogue_text = R"({"schema":"meterbench.catalogue/1","requirements":[
 {"id":"R-1","source":"EN","clause":"1","layer":"link","role":"meter","severity":"shall",
  "confidence":"confirmed","text":"t","method":"m","tested":{"meter":{"by":"suite"}}},
 {"id":"R-2","source":"EN","clause":"2","layer":"link","role":"meter","severity":"shall",
  "confidence":"confirmed","text":"t","method":"m","tested":{"meter":{"by":"suite"}}}]})";

struct Bench {
    tests::TemporaryFolder folder;
    formats::Catalogue catalogue;
    harness::RunSettings settings;
    // Far more than is needed: on a busy computer, under sanitizers, a worker is slow.
    harness::WorkerLimits limits{.processor = std::chrono::seconds{20},
                                 .wall = std::chrono::seconds{200}};
    std::vector<harness::PlannedCase> cases;
    std::vector<formats::CampaignCase> described;

    Bench() {
        BOOST_REQUIRE(catalogue.add(catalogue_text, "catalogue.json"));
        settings.catalogue = &catalogue;
        settings.ics = formats::default_ics(formats::Ics::Role::meter);
    }
    void write(const std::string& id, const std::string& requirement, const std::string& body) {
        (void)folder.write(id + ".lua", "return case { id = '" + id +
                                            "', title = 't', checks = { '" + requirement +
                                            "' }, run = function(rig) local line = rig.line\n" +
                                            body + "\nend }");
    }
    void plan() {
        const auto sources = harness::find_case_files({folder.path()});
        BOOST_REQUIRE(sources.has_value());
        auto planned = harness::plan_cases(*sources, catalogue, settings.limits, limits, 1);
        BOOST_REQUIRE_MESSAGE(planned.has_value(), planned.error());
        cases = std::move(*planned);
        for (const auto& one : cases) {
            described.push_back({one.info.id, one.info.title, one.info.checks});
        }
    }
    std::vector<DeviceRun> run(std::vector<CampaignDevice> devices, bool stop = false,
                               std::vector<std::uint64_t> seeds = {1}) {
        plan();
        std::vector<DeviceRun> runs;
        const harness::CampaignPlan campaign{
            .cases = cases,
            .described = described,
            .devices = std::move(devices),
            .seeds = std::move(seeds),
            .settings =
                [this](const CampaignDevice&, std::uint64_t seed) {
                    harness::RunSettings chosen = settings;
                    chosen.seed = seed;
                    return chosen;
                },
            .rig = [](const CampaignDevice& device, std::uint64_t seed) -> harness::RigFactory {
                return [&device, seed]() { return world(device, seed); };
            },
            .limits = limits,
            .jobs = 3,
            .stop_at_kill = stop,
            .sound = std::vector<bool>(cases.size(), true)};
        harness::run_campaign(campaign,
                              [&](DeviceRun&& device) { runs.push_back(std::move(device)); });
        return runs;
    }

    static std::expected<std::unique_ptr<rig::Rig>, std::string> world(const CampaignDevice& device,
                                                                       std::uint64_t seed) {
        if (device.name == "crash") {
            (void)std::raise(SIGKILL);
        }
        core::device::MeterDescription meter;
        meter.name = "hall";
        meter.address = 5;
        meter.id = "12345678";
        meter.profile = "heat";
        if (device.ring != Ring::good) {
            meter.faults.push_back({.name = device.name, .parameters = {}});
        }
        formats::BusFile bus;
        bus.meters.push_back(meter);
        auto made =
            models::World::make(bus, {.role = rig::Dut::Role::meter, .name = "hall", .address = 5},
                                seed, [](const std::string&) {
                                    return formats::parse_meter_profile(profile_text, "heat.json");
                                });
        if (!made) {
            return std::unexpected{made.error()};
        }
        return std::unique_ptr<rig::Rig>{std::move(*made)};
    }
};

const CampaignDevice good{"good", Ring::good, {}, {}};
const CampaignDevice deaf{"link.nke-unanswered", Ring::behavioural, "R-2", {}};

} // namespace

BOOST_AUTO_TEST_SUITE(campaign)

BOOST_AUTO_TEST_CASE(cases_that_cite_the_requirement_come_first) {
    const std::vector<formats::CampaignCase> cases{
        {"a", "", {"R-1"}}, {"b", "", {"R-2"}}, {"c", "", {"R-1", "R-2"}}};
    BOOST_TEST((harness::cell_order(cases, "R-2") == std::vector<std::size_t>{1, 2, 0}));
    BOOST_TEST((harness::cell_order(cases, "") == std::vector<std::size_t>{0, 1, 2}));
}

// A crash, an endless loop and a device that cannot be built are errors of their cells alone.
BOOST_AUTO_TEST_CASE(what_breaks_is_an_error_and_the_rest_goes_on) {
    Bench bench;
    bench.limits.processor = std::chrono::seconds{2};
    bench.write("a", "R-1", "expect(1, 'x'):equals(1)");
    bench.write("b", "R-1", "while true do end");
    bench.write("c", "R-1", "expect(1, 'x'):equals(2)");
    const auto runs = bench.run({good,
                                 {"no.such-fault", Ring::behavioural, "R-1", {}},
                                 {"crash", Ring::behavioural, "R-1", {}}});
    BOOST_REQUIRE(runs.size() == 3U);
    BOOST_TEST(runs[0].verdicts.at(0) == "pef");
    BOOST_REQUIRE(runs[0].findings.size() == 2U);
    BOOST_TEST(runs[0].findings[1].text == "x: expected 2, was 1");
    BOOST_TEST(runs[1].verdicts.at(0) == "eee");
    BOOST_TEST(runs[1].findings.at(0).text.find("no.such-fault") != std::string::npos);
    BOOST_TEST(runs[2].verdicts.at(0) == "eee");
}

BOOST_AUTO_TEST_CASE(stopping_at_a_kill_leaves_the_rest_out) {
    Bench bench;
    bench.write("a", "R-1", "expect(1, 'x'):equals(1)");
    bench.write("b", "R-2", "expect(1, 'x'):equals(2)");
    bench.write("c", "R-2", "expect(1, 'x'):equals(2)");
    const CampaignDevice fails{"link.fcb-stuck", Ring::behavioural, "R-2", {}};
    const auto runs = bench.run({good, fails}, true, {1, 2});
    BOOST_TEST((runs[0].verdicts == std::vector<std::string>{"pff", "pff"}));
    BOOST_TEST((runs[1].verdicts == std::vector<std::string>{".f.", ".f."}));
}

// The fault reaches the device; without its reset it is not there for the framework.
BOOST_AUTO_TEST_CASE(a_mutant_has_its_fault) {
    Bench bench;
    bench.write("a", "R-2", "expect(1, 'x'):equals(1)");
    const auto runs = bench.run({good, deaf});
    BOOST_TEST(runs[0].verdicts.at(0) == "p");
    BOOST_TEST(runs[1].verdicts.at(0) == "i");
    BOOST_TEST(runs[1].findings.at(0).where == "prologue.reset");
}

BOOST_AUTO_TEST_SUITE_END()
