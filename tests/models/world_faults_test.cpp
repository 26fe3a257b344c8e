// SPDX-License-Identifier: Apache-2.0
// Purpose: each fault of the world shows on the wire what its row says, and nothing before it is
// set; what happens once happens at its octet and goes again; the same seed gives the same trace in
// whatever order meters are added.
#include "core/master/readout.hpp"
#include "models/fault_rows.hpp"
#include "models/world.hpp"
#include "rig/drive.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace meterbench;
using namespace std::chrono_literals;
using core::device::FaultDescription;
using core::device::MeterDescription;

namespace {

using Parameters = std::map<std::string, double, std::less<>>;

/// A captured meter with a telegram of 40 octets.
MeterDescription meter(std::uint8_t address, std::vector<FaultDescription> faults = {}) {
    std::vector<std::uint8_t> user_data{0x72, address, 0, 0, 0, 0x24, 0x40, 1, 7, 0, 0, 0, 0, 0x0F};
    user_data.resize(32, 0xA5);
    const auto frame = core::link::encode_long(core::link::rsp_ud, address, user_data);
    MeterDescription made;
    made.name = fmt::format("m{}", address);
    made.telegrams = {{frame->bytes().begin(), frame->bytes().end()}};
    made.faults = std::move(faults);
    return made;
}

std::unique_ptr<models::World> world_of(std::vector<MeterDescription> meters,
                                        std::vector<FaultDescription> faults = {},
                                        core::Baud baud = {}, const char* segment = "A") {
    formats::BusFile bus;
    bus.baud = baud;
    bus.segment = segment;
    bus.meters = std::move(meters);
    bus.faults = std::move(faults);
    return models::World::make(
               bus, {.name = {}, .address = 5}, 7,
               [](const std::string& name) { return formats::parse_meter_profile("", name); })
        .value();
}

/// "ok", or the fault with which the read-out of one meter ended.
std::string read(rig::Rig& rig, std::uint8_t address) {
    core::master::ReadoutConfig config;
    config.target = address;
    config.link.baud = rig.line().baud();
    core::master::Readout readout{config};
    if (!rig::drive(readout, rig.line())) {
        return "line lost";
    }
    return readout.fault() ? std::string{core::name_of(readout.fault()->code)} : "ok";
}

/// Everything heard after `bytes` within a second, with its errors.
std::string exchange(rig::Rig& rig, std::string_view request) {
    const auto bytes = tests::hex(request);
    rig::Line& line = rig.line();
    (void)line.heard();
    line.start({.bytes = bytes, .baud = line.baud()});
    (void)line.wait({.deadline = line.now() + 1s});
    std::string text;
    for (const core::Octet& octet : line.heard()) {
        text += fmt::format("{:02X}{} ", octet.value,
                            octet.errors == core::OctetErrors::none ? "" : "!");
    }
    return text;
}

template <class Work> std::string in_a_world(Work work) {
    const auto result = tests::forked([&](std::string& text) { text = work(); });
    BOOST_TEST(result.ended, "the simulation crashed: " << result.text);
    return result.text;
}

/// Reads meter 5 of a bus with this fault, twice.
std::string with_fault(const std::string& name, const Parameters& parameters = {},
                       core::Baud baud = {}) {
    return in_a_world([&] {
        const auto world = world_of({meter(5)}, {{name, parameters}}, baud);
        return read(*world, 5);
    });
}

std::string with_meter_fault(const std::string& name, const Parameters& parameters = {}) {
    return in_a_world([&] {
        const auto world = world_of({meter(5, {{name, parameters}}), meter(6)});
        return read(*world, 5) + " " + read(*world, 6);
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(world_faults)

BOOST_AUTO_TEST_CASE(the_wire) {
    BOOST_TEST(with_fault("line.noise", {{"rate", 0}}) == "ok");
    BOOST_TEST(with_fault("line.noise", {{"rate", 1}}) == "silence", "the request is spoilt");
    BOOST_TEST(with_fault("line.parity", {{"rate", 1}}) == "silence");
    BOOST_TEST(with_fault("line.framing", {{"rate", 1}}) == "silence");
    BOOST_TEST(with_fault("line.lost", {{"rate", 1}}) == "silence");
    BOOST_TEST(with_fault("line.lost", {{"rate", 0}}) == "ok");
    BOOST_TEST(with_fault("line.start-missed", {{"rate", 1}}) == "silence");
    BOOST_TEST(with_fault("line.bursts", {{"every", 1}, {"length", 1}}) == "silence");
    BOOST_TEST(with_fault("line.bursts", {{"every", 1e6}, {"length", 0}}) == "ok");
    BOOST_TEST(with_fault("line.receiver-dead") == "silence");
    BOOST_TEST(with_fault("line.transmitter-dead") == "silence");
    BOOST_TEST(with_fault("line.receiver-stuck") == "break");
    BOOST_TEST(with_fault("line.bit-stuck") == "parity-error",
               "E5h comes as 65h, its parity as it was");
}

BOOST_AUTO_TEST_CASE(an_echo_comes_before_the_answer) {
    BOOST_TEST(in_a_world([] {
                   const auto world = world_of({meter(5)}, {{"line.echo", {}}});
                   return exchange(*world, "10 40 05 45 16");
               }) == "10 40 05 45 16 E5 ");
}

// 15 mA against a threshold of 16 mA: a single answer is not seen, two at once are.
BOOST_AUTO_TEST_CASE(a_threshold_too_high) {
    const std::string text = in_a_world([] {
        const auto world = world_of({meter(5), meter(6)}, {{"line.threshold", {}}});
        return exchange(*world, "10 40 05 45 16") + "| " + exchange(*world, "10 40 FE 3E 16");
    });
    BOOST_TEST(text == "| E5 ");
}

// Four meters at FEh are 60 mA: a collision for all converters but this one.
BOOST_AUTO_TEST_CASE(a_collision_unseen) {
    const auto four = [](std::vector<FaultDescription> faults) {
        return in_a_world([&] {
            const auto world =
                world_of({meter(5), meter(6), meter(7), meter(8)}, std::move(faults));
            return exchange(*world, "10 40 FE 3E 16");
        });
    };
    BOOST_TEST(four({}) == "E5! ");
    BOOST_TEST(four({{"line.collision-unseen", {}}}) == "E5 ");
}

BOOST_AUTO_TEST_CASE(slow_edges_matter_at_high_rates) {
    BOOST_TEST(with_fault("line.capacitance", {}, core::Baud{300}) == "ok");
    BOOST_TEST(with_fault("line.capacitance", {{"nanofarad", 4000}}, core::Baud{9600}) ==
               "silence");
}

// The cable is cut when nine octets are over: the request's five and four of the answer. What comes
// after that is silence; the meter in front of the place is still there, and when the cable is
// mended both are.
BOOST_AUTO_TEST_CASE(a_cable_cut_in_the_middle_of_a_frame) {
    const std::string text = in_a_world([] {
        const auto world = world_of({meter(5)}, {{"line.cut", {{"after", 9}, {"duration", 2}}}});
        std::string log = exchange(*world, "10 7B 05 80 16") + "| ";
        log += exchange(*world, "10 7B 05 80 16") + "| ";
        (void)static_cast<rig::Rig&>(*world).line().wait({.deadline = core::Instant{4s}});
        return log + read(*world, 5);
    });
    BOOST_TEST(text == "68 22 22 68 | | ok");
}

BOOST_AUTO_TEST_CASE(a_short_takes_power_and_gives_it_back) {
    const std::string text = in_a_world([] {
        const auto world = world_of({meter(5)}, {{"line.short", {{"duration", 1}}}});
        rig::Rig& rig = *world;
        std::string log = exchange(*world, "10 40 05 45 16") + "| ";
        log += fmt::format("{} V | ", rig.levels()->read().volt);
        log += exchange(*world, "10 40 05 45 16");
        return log + fmt::format("{} V", rig.levels()->read().volt);
    });
    BOOST_TEST(text == "| 36 V | E5 36 V", "it was over when the first second was");
}

// Selected, then without power for 0.2 s, then REQ_UD2 to FDh: the selection is forgotten; with
// 50 ms it is not (EN 13757-2, 4.2.2.11; MB7-SA).
BOOST_AUTO_TEST_CASE(power_lost_between_selection_and_request) {
    const auto after_interruption = [](double duration) {
        return in_a_world([&] {
            const auto world = world_of({meter(5)});
            rig::Rig& rig = *world;
            std::string text = exchange(rig, "68 0B 0B 68 53 FD 52 05 00 00 00 24 40 01 07 13 16");
            (void)rig.world()->set_fault("", {"supply.interruption", {{"duration", duration}}});
            (void)rig.line().wait({.deadline = rig.line().now() + 1s});
            return text + "| " + exchange(rig, "10 7B FD 78 16").substr(0, 6);
        });
    };
    BOOST_TEST(after_interruption(0.2) == "E5 | ");
    BOOST_TEST(after_interruption(0.05) == "E5 | 68 22 ");
}

BOOST_AUTO_TEST_CASE(the_supply) {
    BOOST_TEST(with_fault("supply.mark-low") == "silence");
    BOOST_TEST(with_fault("supply.mark-low", {{"volt", 24}}) == "ok");
    BOOST_TEST(with_fault("supply.step-small") == "silence");
    BOOST_TEST(with_fault("supply.step-small", {{"volt", 10}}) == "ok");
    BOOST_TEST(with_fault("supply.limit") == "silence", "1.5 mA is more than 1 mA");
    BOOST_TEST(with_fault("supply.limit", {{"milliampere", 2}}) == "ok");
    BOOST_TEST(with_fault("supply.leak") == "ok", "200 mA through 29 Ohm are 5.8 V");
    BOOST_TEST(with_fault("supply.leak", {{"milliampere", 600}}) == "silence", "overload");
    BOOST_TEST(with_fault("supply.brown-out", {{"duration", 0}}) == "silence");
    BOOST_TEST(with_fault("supply.brown-out", {{"duration", 0.01}}) == "ok");
    BOOST_TEST(with_fault("supply.interruption", {{"duration", 0}}) == "silence");
}

BOOST_AUTO_TEST_CASE(one_meter_in_its_world) {
    BOOST_TEST(with_meter_fault("line.weak-space", {{"milliampere", 5}}) == "silence ok");
    BOOST_TEST(with_meter_fault("line.weak-space", {{"milliampere", 11}}) == "ok ok");
    // To the master a current beyond one meter's is two meters on one address.
    BOOST_TEST(with_meter_fault("line.weak-space", {{"milliampere", 60}}) == "address-conflict ok");
    BOOST_TEST(with_meter_fault("supply.unit-loads", {{"count", 400}}) == "silence silence",
               "600 mA: the converter takes the voltage away for all");
    // 6 % in 9.5 bits is more than half a bit: characters are misread, both ways.
    BOOST_TEST(with_meter_fault("clock.error").ends_with(" ok"));
    BOOST_TEST(!with_meter_fault("clock.error").starts_with("ok"));
    BOOST_TEST(with_meter_fault("clock.error", {{"percent", 2}}) == "ok ok");
    BOOST_TEST(with_meter_fault("clock.error", {{"percent", -2}}) == "ok ok");
    BOOST_TEST(with_meter_fault("clock.drift") == "ok ok", "not yet");
    const std::string text = in_a_world([] {
        const auto world = world_of({meter(5, {{"clock.drift", {{"percent", 10}}}})});
        rig::Rig& rig = *world;
        std::string log = read(rig, 5);
        (void)rig.line().wait({.deadline = core::Instant{1h}});
        return log + " " + read(rig, 5);
    });
    BOOST_TEST(text.starts_with("ok "));
    BOOST_TEST(text != "ok ok", "an hour later it is 10 % off");
}

// A meter whose clock is 1 % fast: bits of 412.5 us (2424 Bd), and all it times comes 1 % sooner.
BOOST_AUTO_TEST_CASE(a_fast_clock_is_fast_everywhere) {
    const auto times = [](std::vector<FaultDescription> faults) {
        return in_a_world([&] {
            const auto world = world_of({meter(5, std::move(faults))});
            rig::Line& line = static_cast<rig::Rig&>(*world).line();
            const auto request = tests::hex("10 7B 05 80 16");
            line.start({.bytes = request});
            (void)line.wait({.deadline = core::Instant{1s}});
            const auto heard = line.heard();
            const core::Instant end{core::bit_edge(core::Baud{}, 55)};
            return fmt::format("{} {}", (heard.front().start - end).count() / 1000,
                               (heard[30].start - heard.front().start).count() / 1000);
        });
    };
    // 11 bits + 20 ms; 330 bits.
    BOOST_TEST(times({}) == "24583 137500");
    // Both divided by 1.01, bits at 2424 Bd; and its stop bit of the request's last character is
    // over 45.4 us before the master's.
    BOOST_TEST(times({{"clock.error", {{"percent", 1}}}}) == "24294 136138");
}

BOOST_AUTO_TEST_CASE(a_slow_start) {
    const std::string text = in_a_world([] {
        const auto world = world_of({meter(5, {{"supply.slow-start", {{"seconds", 4}}}})});
        rig::Rig& rig = *world;
        std::string log = read(rig, 5) + " ";
        rig.power()->off();
        (void)rig.line().wait({.deadline = rig.line().now() + 1s});
        rig.power()->on();
        const core::Instant back = rig.line().now();
        (void)rig.line().wait({.deadline = back + 3s});
        log += exchange(rig, "10 40 05 45 16") + "| ";
        (void)rig.line().wait({.deadline = back + 4s});
        return log + exchange(rig, "10 40 05 45 16");
    });
    BOOST_TEST(text == "ok | E5 ");
}

BOOST_AUTO_TEST_CASE(a_segment_that_is_not_there) {
    BOOST_TEST(in_a_world([] {
                   formats::BusFile bus;
                   bus.segment = "Q";
                   const auto world = models::World::make(bus, {}, 1, [](const std::string& name) {
                       return formats::parse_meter_profile("", name);
                   });
                   return world ? "built" : world.error();
               }) == "segment: \"Q\" is not one of A to F");
}

namespace {
/// What happens on a bus with faults of every seam, as the master hears it.
std::string trace_of(std::vector<std::uint8_t> order) {
    return in_a_world([&] {
        std::vector<MeterDescription> meters;
        for (const std::uint8_t address : order) {
            meters.push_back(meter(address));
            if (address == 3) {
                meters.back().faults = {{"clock.error", {{"percent", 3}}}};
            }
            if (address == 4) {
                meters.back().faults = {{"line.weak-space", {{"milliampere", 11.3}}}};
            }
        }
        const auto world =
            world_of(std::move(meters), {{"line.noise", {{"rate", 0.01}}},
                                         {"line.lost", {{"rate", 0.01}}},
                                         {"line.cut", {{"after", 400}, {"duration", 1}}}});
        std::string text;
        for (const char* const request :
             {"10 40 01 41 16", "10 7B 02 7D 16", "10 7B 03 7E 16", "10 7B 04 7F 16",
              "10 40 FE 3E 16", "10 7B FE 79 16", "10 7B FE 79 16", "10 7B 05 80 16",
              "10 5B 02 5D 16", "10 5B FE 59 16", "10 40 FE 3E 16"}) {
            text += exchange(*world, request) + "\n";
        }
        const auto reading = static_cast<rig::Rig&>(*world).levels()->read_at("m4");
        return text + fmt::format("{}", reading->mark_volt);
    });
}
} // namespace

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_trace_in_any_order_of_creation) {
    const std::string first = trace_of({1, 2, 3, 4, 5});
    BOOST_TEST(first.size() > 300U);
    BOOST_TEST(trace_of({1, 2, 3, 4, 5}) == first);
    BOOST_TEST(trace_of({5, 4, 3, 2, 1}) == first);
    BOOST_TEST(trace_of({3, 1, 5, 2, 4}) == first);
}

BOOST_AUTO_TEST_SUITE_END()
