// SPDX-License-Identifier: Apache-2.0
// How much faster than real time the simulated bus runs: 100 (or 250) meters that answer one
// 100-byte telegram each at 2400 Bd, read one after the other by the reference master.
#include "core/link/frame.hpp"
#include "core/master/readout.hpp"
#include "models/world.hpp"
#include "rig/drive.hpp"

#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <memory>

using namespace meterbench;

namespace {

constexpr std::size_t telegram_size = 100;

std::vector<std::uint8_t> telegram(std::uint8_t address) {
    // Manufacturer data behind a long header: the master reads it whole and asks for no more.
    std::vector<std::uint8_t> user_data{0x72, address, 0, 0, 0, 0x24, 0x40, 1, 7, 0, 0, 0, 0, 0x0F};
    user_data.resize(telegram_size - 8);
    const auto frame = core::link::encode_long(core::link::rsp_ud, address, user_data);
    const auto bytes = frame->bytes();
    return {bytes.begin(), bytes.end()};
}

double elaboration_ms = 0;

/// The kernel can be built once a process, so there is one world, with as many meters as are asked
/// for.
models::World& world() {
    static const auto built = [] {
        const auto begin = std::chrono::steady_clock::now();
        formats::BusFile bus;
        for (unsigned address = 1; address <= 250; ++address) {
            core::device::MeterDescription meter;
            meter.name = "m" + std::to_string(address);
            meter.telegrams = {telegram(static_cast<std::uint8_t>(address))};
            meter.response = std::chrono::milliseconds{20};
            bus.meters.push_back(meter);
        }
        auto made =
            models::World::make(bus, {.name = {}, .address = 1}, 1, [](const std::string& name) {
                return formats::parse_meter_profile("", name);
            });
        const auto time = std::chrono::steady_clock::now() - begin;
        elaboration_ms = std::chrono::duration<double, std::milli>(time).count();
        return std::move(*made);
    }();
    return *built;
}

void read_meters(benchmark::State& state) {
    rig::Rig& rig = world();
    const auto meters = static_cast<unsigned>(state.range(0));
    core::Duration simulated{};
    std::size_t octets = 0;
    for (auto _ : state) {
        const core::Instant begin = rig.line().now();
        for (unsigned address = 1; address <= meters; ++address) {
            core::master::ReadoutConfig config;
            config.target = static_cast<std::uint8_t>(address);
            core::master::Readout readout{config};
            if (!rig::drive(readout, rig.line()) || readout.telegrams().size() != 1) {
                state.SkipWithError("a meter was not read");
                return;
            }
            octets += 5 + 1 + 5 + telegram_size;
        }
        simulated += rig.line().now() - begin;
    }
    state.counters["x_real_time"] = benchmark::Counter(
        std::chrono::duration<double>(simulated).count(), benchmark::Counter::kIsRate);
    state.counters["per_octet"] = benchmark::Counter(
        static_cast<double>(octets), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["elaboration_ms"] = elaboration_ms;
    state.SetLabel("250 meters on the bus");
}
BENCHMARK(read_meters)->Arg(100)->Arg(250)->Unit(benchmark::kMillisecond);

/// What a character that 250 meters hear costs for each of them: a frame for nobody, and a
/// selection that each meter has to look at.
void reach_listeners(benchmark::State& state) {
    rig::Rig& rig = world();
    const std::uint8_t mask[]{0x52, 0x99, 0x99, 0x99, 0x99, 0xFF, 0xFF, 0xFF, 0xFF};
    std::vector<std::uint8_t> user_data{std::begin(mask), std::end(mask)};
    std::uint8_t address = core::link::address::selected;
    if (state.range(0) == 0) {
        user_data.resize(200);
        address = 252;
    }
    const auto frame = core::link::encode_long(core::link::snd_ud(false), address, user_data);
    std::size_t characters = 0;
    for (auto _ : state) {
        rig.line().start({.bytes = frame->bytes()});
        (void)rig.line().wait({.match = rig::Match::sent, .deadline = core::Instant::max()});
        characters += frame->bytes().size();
    }
    state.counters["per_listener"] =
        benchmark::Counter(static_cast<double>(characters * 250),
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.SetLabel(address == 252 ? "a frame for nobody" : "a selection");
}
BENCHMARK(reach_listeners)->Arg(0)->Arg(1);

/// From the start of the process to the written report of one small case.
void start_to_result(benchmark::State& state) {
    const char* const command =
        METERBENCH_COMMAND " run " METERBENCH_SOURCE_DIR
                           "/scenarios/wired/meter/link/fcb.lua --select wired.link.fcb.repeat"
                           " --report /tmp/meterbench-bench-report >/dev/null 2>&1";
    for (auto _ : state) {
        if (std::system(command) != 0) {
            state.SkipWithError("the case did not pass");
            return;
        }
    }
}
BENCHMARK(start_to_result)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace

BENCHMARK_MAIN();
