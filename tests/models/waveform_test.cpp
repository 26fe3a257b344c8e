// SPDX-License-Identifier: Apache-2.0
// Purpose: the analog side of a reading: voltage and current at every edge by hand, and a waveform
// file that an independent UART decoder (sigrok) reads as the octets that were exchanged.
#include "core/bytes/hex.hpp"
#include "core/master/readout.hpp"
#include "formats/vcd_file.hpp"
#include "models/world.hpp"
#include "rig/drive.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

using namespace meterbench;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<models::World> world_with_two() {
    formats::BusFile bus;
    for (const char* const frame :
         {"68 04 04 68 08 05 70 00 7D 16", "68 04 04 68 08 06 70 00 7E 16"}) {
        core::device::MeterDescription meter;
        meter.name = fmt::format("m{}", bus.meters.size());
        meter.telegrams = {tests::hex(frame)};
        bus.meters.push_back(meter);
    }
    return models::World::make(
               bus, {.name = {}, .address = 5}, 1,
               [](const std::string& name) { return formats::parse_meter_profile("", name); })
        .value();
}

double value_at(const std::vector<core::LevelTrace::Level>& levels, core::Instant when) {
    const auto after = std::ranges::upper_bound(levels, when, {}, &core::LevelTrace::Level::at);
    return after == levels.begin() ? 0 : std::prev(after)->value;
}

} // namespace

BOOST_AUTO_TEST_SUITE(waveform)

// SND_NKE to two meters at once (FEh): both pull 15 mA, and the voltage gives way by 30 Ohm.
BOOST_AUTO_TEST_CASE(levels_by_hand) {
    const auto result = tests::forked([](std::string& text) {
        const auto world = world_with_two();
        rig::Rig& rig = *world;
        rig.levels()->record();
        const auto request = tests::hex("10 40 FE 3E 16");
        const core::Instant begin = rig.line().now();
        rig.line().start({.bytes = request});
        (void)rig.line().wait({.match = rig::Match::octet, .deadline = begin + 1s});
        const core::Instant answer = rig.line().heard().front().start;
        (void)rig.line().wait({.deadline = begin + 1s});
        const auto trace = rig.levels()->recorded();
        const auto at = [&](core::Instant when) {
            text += fmt::format("{:.2f} V {:.1f} mA | ", value_at(trace.voltage, when),
                                value_at(trace.current, when));
        };
        at(begin + 200us);   // start bit: space
        at(begin + 24ms);    // after the request: mark
        at(answer + 200us);  // two start bits
        at(answer + 2700us); // bit 6 of E5h
        const auto now = rig.levels()->read();
        text += fmt::format("{:.2f} V {:.1f} mA", now.volt, now.milliampere);
    });
    BOOST_TEST(result.text == "24.00 V 3.0 mA | 36.00 V 3.0 mA | 35.10 V 33.0 mA | "
                              "36.00 V 3.0 mA | 36.00 V 3.0 mA");
}

// The instant reading agrees with the recording, in the middle of a bit and without one.
BOOST_AUTO_TEST_CASE(a_reading_in_mid_bit) {
    const auto result = tests::forked([](std::string& text) {
        const auto world = world_with_two();
        rig::Rig& rig = *world;
        const auto request = tests::hex("10 40 05 45 16");
        rig.line().start({.bytes = request});
        const auto read_at = [&](core::Duration when) {
            (void)rig.line().wait({.deadline = core::Instant{when}});
            const auto now = rig.levels()->read();
            text += fmt::format("{:.2f} V {:.1f} mA | ", now.volt, now.milliampere);
        };
        read_at(200us);                     // start bit
        read_at(2300us);                    // the one set bit of 10h
        read_at(22916us + 24600us + 200us); // 55 bits + 11 bits + 20 ms: the answer's start bit
        const auto meter = rig.levels()->read_at("m1");
        text += fmt::format("{:.3f} {:.3f}", meter->mark_volt, meter->space_volt);
        text += rig.levels()->read_at("nobody").error();
        text += rig.levels()->set(50, 38).error();
    });
    // Twice 1.5 mA through 29 Ohm: 87 mV at the far end.
    BOOST_TEST(result.text == "24.00 V 3.0 mA | 36.00 V 3.0 mA | 35.55 V 18.0 mA | 35.913 23.913"
                              "no meter is named 'nobody'mark must be 0 to 42 V, space 0 V to "
                              "mark; these are 50 and 38");
}

// What sigrok's decoders read is what went over the wire, both ways, parity included.
BOOST_AUTO_TEST_CASE(sigrok_reads_what_was_sent) {
    if (std::system("command -v sigrok-cli >/dev/null 2>&1") != 0) {
        BOOST_TEST_MESSAGE("sigrok-cli is not installed: skipped");
        return;
    }
    const auto result = tests::forked([](std::string& text) {
        const auto world = world_with_two();
        rig::Rig& rig = *world;
        rig.levels()->record();
        core::master::ReadoutConfig config;
        config.target = std::uint8_t{6};
        core::master::Readout readout{config};
        if (!rig::drive(readout, rig.line()) || readout.fault()) {
            text = "not read";
            return;
        }
        text = formats::write_vcd(rig.levels()->recorded());
    });
    BOOST_REQUIRE(result.ended);
    const auto path = std::filesystem::temp_directory_path() /
                      fmt::format("meterbench-waveform-{}.vcd", ::getpid());
    std::ofstream{path} << result.text;
    const auto decoded = [&](const char* line) {
        const std::string command =
            fmt::format("sigrok-cli -i {} -I vcd:downsample=1000 -P "
                        "uart:rx={}:baudrate=2400:parity=even:format=hex -A uart=rx-data 2>&1",
                        path.string(), line);
        std::string text;
        if (std::FILE* const output = ::popen(command.c_str(), "r")) {
            char buffer[256];
            while (std::fgets(buffer, sizeof buffer, output) != nullptr) {
                const std::string row{buffer};
                text += row.substr(row.rfind(' ') + 1, 2) + " ";
            }
            ::pclose(output);
        }
        return text;
    };
    BOOST_TEST(decoded("tx") == "10 40 06 46 16 10 7B 06 81 16 ");
    BOOST_TEST(decoded("rx") == "E5 68 04 04 68 08 06 70 00 7E 16 ");
    std::filesystem::remove(path);
}

BOOST_AUTO_TEST_SUITE_END()
