// SPDX-License-Identifier: Apache-2.0
// Purpose: the harness's end of the simulated bus: wait() stops time at the match, and a reading
// over it is exact to the nanosecond.
#include "core/link/secondary_station.hpp"
#include "core/master/readout.hpp"
#include "rig/drive.hpp"
#include "sim/harness_line.hpp"
#include "tests/support/fake_application.hpp"
#include "tests/support/forked.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(harness_line)

using namespace meterbench;
using namespace meterbench::core;
using namespace meterbench::sim;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::FakeApplication;
using meterbench::tests::forked;
using meterbench::tests::hex;
using rig::Match;

namespace {

/// A meter on the bus: a station in a Pump.
struct Meter : Participant {
    FakeApplication application{2};
    link::SecondaryStation station;
    std::string name_text;
    BusPort& port;
    rig::Pump<link::SecondaryStation> pump;

    Meter(Bus& bus, std::string text, const link::SecondaryConfig& config)
        : station{config, application}, name_text{std::move(text)},
          port{bus.connect(*this, Bus::Side::meter)}, pump{station, port} {
        pump.tick(Instant{});
    }
    [[nodiscard]] std::string_view name() const override { return name_text; }
    void heard(std::span<const Octet> octets) override {
        pump.heard(octets);
        port.wake_at(pump.deadline());
    }
    void sent(Instant now) override {
        pump.sent(now);
        port.wake_at(pump.deadline());
    }
    void wake(Instant now) override {
        pump.tick(now);
        port.wake_at(pump.deadline());
    }
};

std::string text_of(const rig::Wake& wake) {
    return std::to_string(static_cast<int>(wake.match)) + "@" +
           std::to_string(wake.at.time_since_epoch().count()) + " ";
}

} // namespace

BOOST_AUTO_TEST_CASE(each_wait_stops_at_its_match) {
    const auto result = forked([](std::string& text) {
        Host host;
        Bus bus{host};
        HarnessLine line{bus, Baud{}};
        Meter meter{bus, "meter", {.address = 5}};
        const auto request = hex("10 40 05 45 16");
        const auto wait = [&](Match match, Duration deadline, Duration silence = {}) {
            text += text_of(line.wait({match, at(deadline), silence}).value());
            text += line.now() == host.now() ? "" : "?";
        };
        wait(Match::none, 1ms);
        line.start({.bytes = request});
        wait(Match::octet | Match::sent, 1s); // 1 ms + 55 bits
        text += std::to_string(line.sent()->time_since_epoch().count()) + " ";
        text += line.sent() ? "again" : "";
        wait(Match::frame, 1s);
        text += std::to_string(line.heard().size()) + " ";
        text += std::to_string(line.heard().size()) + " ";
        wait(Match::silence, 1s, 10ms);
        wait(Match::octet, 1s);
        wait(Match::none, 500ms); // has passed
        text +=
            std::to_string(line.uncertainty().count()) + " " + std::to_string(line.baud().value);
    });
    BOOST_TEST(result.ended);
    // 1 ms + 55 bits; the answer begins 11 bits later (4583334 ns), an E5h; silence of 10 ms.
    BOOST_TEST(result.text ==
               "0@1000000 8@23916666 23916666 2@33083333 1 0 4@43083333 0@1000000000 "
               "0@1000000000 0 2400");
}

// A transmission at the very instant of a match: the harness can answer an octet without delay.
BOOST_AUTO_TEST_CASE(what_begins_after_a_match_begins_at_its_instant) {
    const auto result = forked([](std::string& text) {
        Host host;
        Bus bus{host};
        HarnessLine line{bus, Baud{}};
        Meter meter{bus, "meter", {.address = 5}};
        const auto request = hex("10 40 05 45 16");
        line.start({.bytes = request});
        for (int i = 0; i < 3; ++i) {
            (void)line.wait({.match = Match::frame, .deadline = at(10s)});
            text += std::to_string(line.now().time_since_epoch().count()) + " ";
            line.start({.bytes = request});
        }
    });
    BOOST_TEST(result.ended);
    // Each round: 55 bits, 4583334 ns, 11 bits.
    BOOST_TEST(result.text == "32083333 64166666 96249999 ");
}

BOOST_AUTO_TEST_CASE(a_reading_over_the_simulated_bus) {
    const auto result = forked([](std::string& text) {
        Host host;
        Bus bus{host};
        HarnessLine line{bus, Baud{}};
        Meter other{bus, "other", {.address = 6}};
        Meter meter{bus, "meter", {.address = 5}};
        master::Readout readout{{.target = std::uint8_t{5}}};
        text = rig::drive(readout, line) ? "" : "lost ";
        text += readout.fault() ? std::string{name_of(readout.fault()->code)} : "complete";
        for (const auto& telegram : readout.telegrams()) {
            text += " " + std::to_string((telegram.start - telegram.request_end).count()) + " " +
                    std::to_string(telegram.attempts);
        }
    });
    BOOST_TEST(result.ended);
    BOOST_TEST(result.text == "complete 4583334 1 4583334 1");
}

// MB2-LL-018 end to end: an answer at the last instant of the window is taken, one later is not.
BOOST_AUTO_TEST_CASE(the_last_instant_of_the_window_on_the_bus) {
    for (const Duration late : {0ns, 10ns}) {
        const auto result = forked([&](std::string& text) {
            Host host;
            Bus bus{host};
            HarnessLine line{bus, Baud{}};
            Meter meter{bus,
                        "meter",
                        {.address = 5, .limits = {.response_delay = {BitTime{330}, 50ms + late}}}};
            master::Readout readout{{.target = std::uint8_t{5}}};
            (void)rig::drive(readout, line);
            text = readout.fault() ? std::string{name_of(readout.fault()->code)} : "complete";
        });
        BOOST_TEST(result.ended);
        BOOST_TEST(result.text == (late == 0ns ? "complete" : "silence"));
    }
}

// Two meters at one address: their answers overlap, and the master says so.
BOOST_AUTO_TEST_CASE(two_meters_at_one_address_collide) {
    const auto result = forked([](std::string& text) {
        Host host;
        Bus bus{host};
        HarnessLine line{bus, Baud{}};
        Meter a{bus, "a", {.address = 5}};
        Meter b{bus, "b", {.address = 5, .limits = {.response_delay = {BitTime{15}, {}}}}};
        master::Readout readout{{.target = std::uint8_t{5}}};
        (void)rig::drive(readout, line);
        text = readout.fault() ? "fault" : "complete";
        text += " " + std::to_string(readout.telegrams().size());
    });
    BOOST_TEST(result.ended);
    BOOST_TEST(result.text == "fault 0");
}

BOOST_AUTO_TEST_SUITE_END()
