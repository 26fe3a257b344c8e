// SPDX-License-Identifier: Apache-2.0
// The simulated rig: population, faults, power, what it refuses.
#include "core/master/readout.hpp"
#include "models/fault_rows.hpp"
#include "models/world.hpp"
#include "rig/drive.hpp"
#include "tests/support/forked.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <set>

using namespace meterbench;

namespace {

constexpr const char* heat = R"({"schema":"meterbench.meter/1","manufacturer":"MBX","version":1,
 "device_type":"heat","points":[
 {"quantity":"energy","unit":"Wh","exponent":3,"coding":"int32","value":"35000","per_hour":"1200"},
 {"quantity":"date and time","coding":"int32","value":"2024-02-28T23:59"}],
 "telegrams":[[0],[1]]})";

models::ProfileLoader profiles() {
    return [](const std::string& name) -> std::expected<formats::MeterProfile, std::string> {
        return formats::parse_meter_profile(name == "heat" ? heat : name, "profile.json");
    };
}

core::device::MeterDescription meter(const std::string& name, std::uint8_t address,
                                     const std::string& profile = "heat") {
    core::device::MeterDescription described;
    described.name = name;
    described.address = address;
    described.id = "12345678";
    described.profile = profile;
    return described;
}

formats::BusFile bus_of(std::vector<core::device::MeterDescription> meters) {
    formats::BusFile bus;
    bus.meters = std::move(meters);
    return bus;
}

/// Reads one address and writes how many telegrams came, or the fault.
std::string read(rig::Line& line, std::uint8_t address) {
    core::master::ReadoutConfig config;
    config.target = address;
    core::master::Readout readout{config};
    if (!rig::drive(readout, line)) {
        return "line lost";
    }
    return readout.fault() ? std::string{core::name_of(readout.fault()->code)}
                           : fmt::format("{}", readout.telegrams().size());
}

std::string complaint(const formats::BusFile& bus, const rig::Dut& dut = {}) {
    return tests::forked([&](std::string& text) {
               const auto world = models::World::make(bus, dut, 1, profiles());
               text = world ? "built" : world.error();
           })
        .text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(world)

BOOST_AUTO_TEST_CASE(meters_are_read_and_power_takes_them_away) {
    const auto result = tests::forked([](std::string& text) {
        const auto world = models::World::make(bus_of({meter("a", 5), meter("b", 6)}),
                                               {.name = "a", .address = 5}, 1, profiles())
                               .value();
        rig::Rig& rig = *world;
        text += read(rig.line(), 5) + ' ' + read(rig.line(), 6) + ' ' + read(rig.line(), 7) + ' ';
        rig.power()->off();
        text += read(rig.line(), 5) + ' ';
        rig.power()->on();
        text += read(rig.line(), 5) + ' ';
        rig.world()->isolate();
        text += read(rig.line(), 5) + ' ' + read(rig.line(), 6);
    });
    BOOST_TEST(result.text == "2 2 silence silence 2 2 silence");
}

BOOST_AUTO_TEST_CASE(a_meter_can_join_a_running_simulation) {
    const auto result = tests::forked([](std::string& text) {
        const auto world =
            models::World::make(bus_of({}), {.name = {}, .address = 5}, 1, profiles()).value();
        rig::Rig& rig = *world;
        text += read(rig.line(), 9) + ' ';
        text += rig.world()->add_meter(meter("late", 9)) ? "added " : "refused ";
        text += read(rig.line(), 9) + ' ';
        text += rig.world()->meter_at(9) + ' ';
        text += rig.world()->add_meter(meter("late", 10)).error();
    });
    BOOST_TEST(result.text == "silence added 2 late meter late: the name is taken or empty");
}

// The address that the framework's step `foreign` uses has nobody.
BOOST_AUTO_TEST_CASE(the_unused_address_is_unused) {
    const auto result = tests::forked([](std::string& text) {
        const auto world =
            models::World::make(bus_of({meter("a", 250), meter("b", 1), meter("c", 2)}),
                                {.name = "a", .address = 250}, 1, profiles());
        text = std::to_string((*world)->unused_address());
    });
    BOOST_TEST(result.text == "3");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_built_is_named) {
    const auto profile = [](const std::string& point) {
        return R"({"schema":"meterbench.meter/1","manufacturer":"MBX","version":1,)"
               R"("device_type":"heat","points":[)" +
               point + "]}";
    };
    const auto wrong = [&](const std::string& point) {
        const std::string text = complaint(bus_of({meter("a", 5, profile(point))}));
        const auto at = text.rfind("points[0].");
        return at == std::string::npos ? text : text.substr(at);
    };
    BOOST_TEST(wrong(R"({"quantity":"heat","coding":"int32","value":"1"})") ==
               "points[0].quantity: no quantity is named \"heat\"");
    BOOST_TEST(wrong(R"({"quantity":"energy","unit":"kWh","coding":"int32","value":"1"})") ==
               "points[0].unit: no unit is named \"kWh\"");
    BOOST_TEST(wrong(R"({"quantity":"energy","unit":"Wh","coding":"int31","value":"1"})") ==
               "points[0].coding: a point cannot be coded as \"int31\"");
    BOOST_TEST(wrong(R"({"quantity":"energy","unit":"Wh","coding":"int8","value":"1000"})")
                   .starts_with("points[0]."));
    BOOST_TEST(wrong(R"({"quantity":"date","coding":"int16","value":"2026-02-30"})") ==
               "points[0].value: \"2026-02-30\" is not a date as 2026-01-31 or 2026-01-31T12:30");
    BOOST_TEST(complaint(bus_of({meter("a", 5)}), {.name = "attic", .address = 5}) ==
               "dut: no meter on the bus is named 'attic'");
    auto faulty = meter("a", 5);
    faulty.faults = {{"no.such", {}}};
    BOOST_TEST(complaint(bus_of({faulty})) ==
               "meter a: no fault is named 'no.such' (see meterbench faults)");
    faulty.faults = {{"link.fcb-ignored", {{"rate", 1.0}}}};
    BOOST_TEST(complaint(bus_of({faulty})) ==
               "meter a: fault 'link.fcb-ignored' has no parameter 'rate'");
    auto noisy = bus_of({meter("a", 5)});
    noisy.faults = {{"link.fcb-ignored", {}}};
    BOOST_TEST(complaint(noisy) ==
               "no fault of the line is named 'link.fcb-ignored' (see meterbench faults)");
}

// Every fault is a row with all that a reader of the list needs, and can be set where it belongs.
BOOST_AUTO_TEST_CASE(every_fault_can_be_set) {
    std::set<std::string_view> names;
    for (const models::FaultRow& row : models::fault_rows()) {
        BOOST_TEST(names.insert(row.info.name).second, row.info.name);
        BOOST_TEST(!row.info.visible.empty(), row.info.name);
        const bool of_line = std::holds_alternative<models::WorldEdit>(row.edit);
        BOOST_TEST((!of_line || row.info.requirement.empty()), row.info.name);
        auto bus = bus_of({meter("a", 5)});
        const core::device::FaultDescription fault{std::string{row.info.name}, {}};
        (of_line ? bus.faults : bus.meters.front().faults).push_back(fault);
        BOOST_TEST(complaint(bus) == "built", row.info.name);
    }
    BOOST_TEST(models::find_fault("no.such") == nullptr);
}

// Noise hurts some characters, more at a higher rate, and nothing at rate 0.
BOOST_AUTO_TEST_CASE(noise_disturbs_at_its_rate) {
    const auto disturbed = [](double rate) {
        auto bus = bus_of({meter("a", 5)});
        bus.faults = {{"line.noise", {{"rate", rate}}}};
        return std::stoi(
            tests::forked([&](std::string& text) {
                const auto world =
                    models::World::make(bus, {.name = {}, .address = 5}, 7, profiles()).value();
                int bad = 0;
                for (int i = 0; i < 50; ++i) {
                    bad += read(static_cast<rig::Rig&>(*world).line(), 5) == "2" ? 0 : 1;
                }
                text = std::to_string(bad);
            }).text);
    };
    BOOST_TEST(disturbed(0) == 0);
    const int some = disturbed(0.02);
    const int many = disturbed(0.2);
    BOOST_TEST(some < many);
    BOOST_TEST(many == 50);
}

BOOST_AUTO_TEST_SUITE_END()
