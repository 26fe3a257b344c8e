// SPDX-License-Identifier: Apache-2.0
// Purpose: meters that share one decoder do exactly what meters do that decode for themselves,
// octet by octet, on any traffic: good frames, garbled ones, truncated, interrupted, overlapping,
// at another rate, with power lost in the middle of a frame (house rule: semantics do not depend on
// speed).
#include "core/link/frame.hpp"
#include "models/meter.hpp"
#include "sim/random.hpp"
#include "tests/support/fake_application.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

using namespace meterbench;
using namespace std::chrono_literals;
using core::Instant;
using sim::Random;
using tests::Bytes;

namespace {

/// A filter that changes nothing makes a station want its octets one by one.
struct PassAll : core::link::OctetFilter {
    std::optional<core::Octet> pass(const core::Octet& octet) override { return octet; }
};

/// A master that sends whatever it is told, and writes down what it hears.
struct Master : sim::Participant {
    std::string name_text;
    sim::BusPort& port;
    std::string& log;
    Bytes bytes;
    std::vector<core::CharacterException> exceptions;
    bool busy = false;

    Master(sim::Bus& bus, std::string name, std::string& text)
        : name_text{std::move(name)}, port{bus.connect(*this, sim::Bus::Side::master)}, log{text} {}
    [[nodiscard]] std::string_view name() const override { return name_text; }
    void heard(std::span<const core::Octet> octets) override {
        for (const core::Octet& octet : octets) {
            log += fmt::format(
                "{} {:02X}{} {}-{}\n", name_text, octet.value, static_cast<unsigned>(octet.errors),
                octet.start.time_since_epoch().count(), octet.end.time_since_epoch().count());
        }
    }
    void sent(Instant now) override {
        busy = false;
        log += fmt::format("{} sent {}\n", name_text, now.time_since_epoch().count());
    }
    void wake(Instant) override {}
};

Bytes random_frame(Random& random) {
    const std::uint8_t addresses[]{1, 2, 3, 4, 9, 0, 251, 253, 254, 255};
    const std::uint8_t controls[]{0x40, 0x5B, 0x7B, 0x53, 0x73, 0x5A, 0x49, 0x08};
    const std::uint8_t address = addresses[random.below(10)];
    const core::link::ControlField control{controls[random.below(8)]};
    if (random.below(12) == 0) {
        return {0xE5};
    }
    core::link::FrameBuffer frame = core::link::encode_short(control, address);
    if (random.below(2) == 0) {
        Bytes user_data(1 + random.below(12));
        for (auto& byte : user_data) {
            byte = static_cast<std::uint8_t>(random.below(256));
        }
        user_data.front() = random.below(2) == 0 ? 0x52 : 0x51;
        if (random.below(3) == 0) {
            user_data = tests::hex("52 78 56 34 12 24 40 01 07"); // selects each of them
        }
        frame = *core::link::encode_long(control, address, user_data);
    }
    Bytes bytes{frame.bytes().begin(), frame.bytes().end()};
    if (random.below(4) == 0) { // one byte wrong
        bytes[random.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << random.below(8));
    }
    if (random.below(8) == 0) { // broken off
        bytes.resize(1 + random.below(bytes.size()));
    }
    if (random.below(8) == 0) { // the next one follows without a pause
        const Bytes more = random_frame(random);
        bytes.insert(bytes.end(), more.begin(), more.end());
    }
    return bytes;
}

/// One scene of random traffic; `alone`: each meter decodes for itself.
std::string scene(std::uint64_t seed, bool alone) {
    const auto result = tests::forked([&](std::string& log) {
        sim::Host host;
        sim::Bus bus{host};
        Random random{seed, "test", "traffic"};
        PassAll pass;
        std::vector<std::unique_ptr<models::Meter>> meters;
        for (std::uint8_t address = 1; address <= 6; ++address) {
            core::link::SecondaryConfig config;
            // The last two share an address, and answer late enough to hear the next frame.
            config.address = std::min<std::uint8_t>(address, 5);
            config.limits.response_delay.bits = core::BitTime{address > 4 ? 60 : 11};
            config.octets_in = alone ? &pass : nullptr;
            meters.push_back(
                std::make_unique<models::Meter>(fmt::format("m{}", address), config,
                                                std::make_unique<tests::FakeApplication>(3), bus));
        }
        Master first{bus, "first", log};
        Master second{bus, "second", log};
        for (int step = 0; step < 400; ++step) {
            Master& master = random.below(10) == 0 ? second : first;
            if (master.busy) {
                if (random.below(4) == 0) {
                    master.port.abort();
                    master.busy = false;
                }
            } else {
                master.bytes = random_frame(random);
                master.exceptions.clear();
                if (random.below(8) == 0) {
                    using Kind = core::CharacterException::Kind;
                    const Kind kinds[]{Kind::none, Kind::parity, Kind::framing, Kind::break_};
                    master.exceptions.push_back(
                        {static_cast<std::uint32_t>(random.below(master.bytes.size())),
                         kinds[random.below(4)],
                         core::BitTime{static_cast<std::int64_t>(random.below(40))}});
                }
                master.busy = true;
                master.port.start({.bytes = master.bytes,
                                   .exceptions = master.exceptions,
                                   .baud = core::Baud{random.below(16) == 0 ? 1200U : 2400U}});
            }
            models::Meter& meter = *meters[random.below(meters.size())];
            if (random.below(10) == 0) {
                meter.power(false);
            } else if (random.below(3) == 0) {
                meter.power(true);
            }
            if (random.below(4) == 0) { // at 18 V they live and hear nothing
                sim::Converter converter;
                converter.mark_volt = random.below(4) == 0 ? 18 : 36;
                bus.levels().set_converter(converter);
                bus.levels_changed();
            }
            const core::Duration waits[]{1ms, 7ms, 20ms, 25ms, 60ms, 300ms};
            host.run_until(host.now() + waits[random.below(6)]);
        }
        host.run_until(host.now() + 5s);
        for (const auto& meter : meters) {
            meter->power(true);
            log += fmt::format("{} {} {}\n", meter->name(), meter->address(),
                               static_cast<int>(meter->station().state()));
        }
    });
    BOOST_TEST(result.ended, "seed " << seed << ": the simulation crashed");
    return result.text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(shared_decoder)

BOOST_AUTO_TEST_CASE(meters_do_the_same_with_it_as_without) {
    std::size_t heard = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const std::string shared = scene(seed, false);
        heard += shared.size();
        BOOST_TEST((shared == scene(seed, true)), "seed " << seed);
    }
    BOOST_TEST(heard > 100'000U, "there is traffic to compare");
}

// Two frames without a pause; for the last two octets of the first the voltage is too low to hear.
// Three octets of the first frame and the second in one go are no frame: 10 40 02, then 10 instead
// of a checksum. The meter must not take the second frame for a new beginning.
BOOST_AUTO_TEST_CASE(a_meter_that_misses_octets_keeps_what_it_had_heard) {
    for (const bool alone : {false, true}) {
        for (const bool dips : {false, true}) {
            const auto result = tests::forked([&](std::string& log) {
                sim::Host host;
                sim::Bus bus{host};
                PassAll pass;
                core::link::SecondaryConfig config;
                config.address = 1;
                config.octets_in = alone ? &pass : nullptr;
                models::Meter meter{"m", config, std::make_unique<tests::FakeApplication>(1), bus};
                std::string all;
                Master master{bus, "first", all};
                const auto bytes = tests::hex("10 40 02 42 16 10 40 01 41 16");
                master.port.start({.bytes = bytes});
                const auto voltage = [&](core::Duration when, double volt) {
                    host.run_until(Instant{when});
                    sim::Converter converter;
                    converter.mark_volt = dips ? volt : 36;
                    bus.levels().set_converter(converter);
                    bus.levels_changed();
                };
                voltage(core::bit_edge(core::Baud{}, 35), 18); // in the fourth character
                voltage(core::bit_edge(core::Baud{}, 55), 36); // at the end of the fifth
                host.run_until(Instant{1s});
                log = all.find("E5") == std::string::npos ? "silence" : "E5";
            });
            BOOST_TEST(result.text == (dips ? "silence" : "E5"), alone << dips);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
