// SPDX-License-Identifier: Apache-2.0
// What a search costs on the wire: selections for 250 meters, with random and with consecutive
// numbers, and how much of its time the line is idle although nothing asks for it. The figures are
// counts and simulated time, the same on every machine.
#include "core/master/search.hpp"

#include "core/master/collection.hpp"
#include "rig/drive.hpp"
#include "tests/support/station_bus.hpp"

#include <benchmark/benchmark.h>
#include <random>
#include <set>

using namespace meterbench;
using namespace meterbench::core;

namespace {

constexpr std::size_t meters = 250;
constexpr unsigned seeds = 100;

std::uint32_t bcd(unsigned number) {
    std::uint32_t result = 0;
    for (unsigned shift = 0; shift < 32; shift += 4, number /= 10) {
        result |= (number % 10) << shift;
    }
    return result;
}

/// No two meters begin at quite the same time: answers of a hundred meters that overlap to the bit
/// may add up to a telegram that none of them sent, which no meters in the world do.
void add(tests::StationBus& bus, unsigned number) {
    const auto offset = std::chrono::microseconds{number * 7919ULL % 4000};
    bus.add({bcd(number), 0x4024, 1, 7}, 0, 1, {}, {BitTime{11}, offset});
}

std::set<unsigned> numbers_of(unsigned seed, bool consecutive) {
    std::mt19937 random{seed};
    std::set<unsigned> numbers;
    if (consecutive) {
        const auto first = static_cast<unsigned>(random() % 99'999'000U);
        for (unsigned i = 0; i < meters; ++i) {
            numbers.insert(first + i);
        }
    }
    while (numbers.size() < meters) {
        numbers.insert(static_cast<unsigned>(random() % 100'000'000U));
    }
    return numbers;
}

/// 10 + 10 x (number of prefixes that two or more numbers share).
std::uint64_t selections_due(const std::set<unsigned>& numbers) {
    std::uint64_t due = 10;
    for (unsigned divisor = 1; divisor < 100'000'000; divisor *= 10) {
        std::multiset<unsigned> prefixes;
        for (const unsigned number : numbers) {
            prefixes.insert(number / divisor);
        }
        for (auto at = prefixes.begin(); at != prefixes.end(); at = prefixes.upper_bound(*at)) {
            due += prefixes.count(*at) > 1 ? 10U : 0U;
        }
    }
    return due;
}

/// Arguments: retries, consecutive.
void search(benchmark::State& state) {
    double selections = 0;
    double proofs = 0;
    double hours = 0;
    double runs = 0;
    for (auto _ : state) {
        for (unsigned seed = 1; seed <= seeds; ++seed) {
            const auto numbers = numbers_of(seed, state.range(1) != 0);
            tests::StationBus bus;
            bus.keep_requests(false);
            for (const unsigned number : numbers) {
                add(bus, number);
            }
            master::Search job{
                {.retries = static_cast<std::uint8_t>(state.range(0))},
                master::new_search(*master::parse_selection("FFFFFFFFFFFFFFFF"), false)};
            if (!rig::drive(job, bus) || job.state().found.size() != meters) {
                state.SkipWithError("not all meters were found");
                return;
            }
            const auto retried = job.state().empty * static_cast<std::uint64_t>(state.range(0));
            if (job.state().selections != selections_due(numbers) + retried) {
                state.SkipWithError("not the selections due");
                return;
            }
            selections += static_cast<double>(job.state().selections);
            proofs += static_cast<double>(job.state().proofs);
            hours += std::chrono::duration<double, std::ratio<3600>>(bus.now().time_since_epoch())
                         .count();
            ++runs;
        }
    }
    state.counters["selections_mean"] = selections / runs;
    state.counters["proofs_mean"] = proofs / runs;
    state.counters["hours_at_2400_Bd"] = hours / runs;
}
BENCHMARK(search)
    ->ArgNames({"retries", "consecutive"})
    ->Args({0, 0})
    ->Args({1, 0})
    ->Args({0, 1})
    ->Args({1, 1})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

/// Reads 250 meters one after another, three telegrams each: the share of the time that is neither
/// characters, nor a meter's delay, nor the 33 bit times after an answer.
void readout_idle(benchmark::State& state) {
    for (auto _ : state) {
        tests::StationBus bus;
        std::vector<master::ReadoutConfig> config;
        for (std::uint8_t address = 1; address <= 250; ++address) {
            bus.add({bcd(address), 0x4024, 1, 7}, address, 3);
            config.push_back({.target = address});
        }
        master::Collection job{config};
        if (!rig::drive(job, bus) || job.fault()) {
            state.SkipWithError("a meter was not read");
            return;
        }
        const auto exchanges = static_cast<std::int64_t>(bus.requests().size());
        const Duration mandated =
            exchanges * (link::reply_earliest.ceil(Baud{}) + link::idle_after_error.ceil(Baud{}));
        const Duration whole = bus.now().time_since_epoch();
        const Duration idle = whole - bus.on_the_wire() - mandated;
        state.counters["idle_percent"] =
            100.0 * static_cast<double>(idle.count()) / static_cast<double>(whole.count());
    }
}
BENCHMARK(readout_idle)->Unit(benchmark::kMillisecond)->Iterations(1);

/// A search of 250 meters: the share of the time that is neither characters nor a reply window with
/// the 33 bit times after it.
void search_idle(benchmark::State& state) {
    for (auto _ : state) {
        tests::StationBus bus;
        std::int64_t requests = 0;
        bus.before = [&](std::size_t) { ++requests; };
        for (const unsigned number : numbers_of(1, false)) {
            add(bus, number);
        }
        master::Search job{{},
                           master::new_search(*master::parse_selection("FFFFFFFFFFFFFFFF"), false)};
        if (!rig::drive(job, bus) || job.fault()) {
            state.SkipWithError("the search failed");
            return;
        }
        // A window is a window and the character whose start may be its last instant; answers that
        // come in it are on the wire and in the window, so this is a little less than it was.
        const Duration window = link::reply_latest.ceil(Baud{}) + character_bits.ceil(Baud{});
        Duration mandated{};
        mandated = requests * window;
        const Duration whole = bus.now().time_since_epoch();
        Duration sent{};
        for (const auto& request : bus.requests()) {
            sent += bit_edge(Baud{}, 11 * std::ssize(request));
        }
        const Duration idle = whole - sent - mandated;
        state.counters["idle_percent"] = std::max(0.0, 100.0 * static_cast<double>(idle.count()) /
                                                           static_cast<double>(whole.count()));
    }
}
BENCHMARK(search_idle)->Unit(benchmark::kMillisecond)->Iterations(1);

} // namespace

BENCHMARK_MAIN();
