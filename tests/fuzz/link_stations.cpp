// SPDX-License-Identifier: Apache-2.0
// A meter and a master against any octets at any times: no verb at any moment breaks them, a meter
// never answers what was not a request for it, and a read-out always ends.
#include "core/device/record_application.hpp"
#include "core/link/secondary_station.hpp"
#include "core/master/readout.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

namespace {

using namespace meterbench::core;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

/// Reads the input byte by byte; 0 after its end.
struct Input {
    std::span<const std::uint8_t> bytes;
    std::uint8_t next() {
        if (bytes.empty()) {
            return 0;
        }
        const std::uint8_t value = bytes.front();
        bytes = bytes.subspan(1);
        return value;
    }
    [[nodiscard]] bool empty() const { return bytes.empty(); }
};

struct Clock {
    Instant now{};
    Octet octet(std::uint8_t value, OctetErrors errors = OctetErrors::none) {
        const Instant start = now;
        now += character_bits.ceil(Baud{});
        return {value, errors, start, now};
    }
};

device::RecordMeter meter() {
    device::Point point;
    point.spec.coding = application::Coding::bcd8;
    point.spec.quantity = application::Quantity::volume;
    point.spec.unit = application::Unit::cubic_metre;
    point.spec.exponent = -3;
    device::RecordMeter result;
    result.device = {0x12345678, 0x4024, 1, 7};
    result.fabrication_number = 0x01020304;
    result.points = {point};
    result.telegrams = {{0}, {0, 0}, {0}};
    return result;
}

/// One octet or one event for the meter; its answer is a frame that decodes.
void step(link::SecondaryStation& station, Input& input, Clock& clock) {
    const std::uint8_t what = input.next();
    if (what < 0xE0) {
        const Octet octet = clock.octet(input.next());
        return station.receive({&octet, 1});
    }
    switch (what & 0x07U) {
    case 0: return station.sent(clock.now);
    case 1: return station.aborted(clock.now);
    case 2: return station.restart(clock.now);
    case 3: clock.now += std::chrono::milliseconds{20}; return;
    case 4: station.set_address(input.next()); return;
    default: {
        const Octet octet =
            clock.octet(input.next(), static_cast<OctetErrors>(input.next() & 0x0FU));
        return station.receive({&octet, 1});
    }
    }
}

void drive_meter(Input input) {
    device::RecordApplication application{meter()};
    link::SecondaryStation station{{.address = 5}, application};
    Clock clock;
    while (!input.empty()) {
        const bool was_answering = station.transmit().has_value();
        step(station, input, clock);
        const auto answer = station.transmit();
        const auto report = station.event();
        if (!answer) {
            continue;
        }
        require(was_answering || report.has_value());
        const auto frame = link::decode_frame(answer->bytes);
        require(frame.has_value() && !frame->control.from_master());
        require(answer->not_before > Instant{});
    }
}

/// The line says what the input says to each request; after its end there is silence.
void drive_master(Input input) {
    const bool secondary = (input.next() & 1U) != 0;
    master::ReadoutConfig config{.target = std::uint8_t{5}};
    if (secondary) {
        config.target = link::parse_secondary("1234567824400107").value();
    }
    master::Readout readout{config};
    Clock clock;
    for (int steps = 0; !readout.done(); ++steps) {
        require(steps < 100'000);
        if (const auto transmission = readout.transmit()) {
            clock.now = std::max(clock.now, transmission->not_before) +
                        bit_edge(Baud{}, 11 * std::ssize(transmission->bytes));
            readout.sent(clock.now);
        } else if (!input.empty() && input.next() < 0xF0) {
            const Octet octet = clock.octet(input.next());
            readout.receive({&octet, 1});
        } else {
            const auto due = readout.deadline();
            require(due.has_value());
            clock.now = std::max(clock.now, *due);
            readout.expire(clock.now);
        }
    }
    for (const master::ReadTelegram& telegram : readout.telegrams()) {
        require(link::decode_frame(telegram.frame).has_value());
    }
    require(readout.telegrams().size() <= config.max_telegrams);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 4096) {
        return 0;
    }
    drive_meter({{data, size}});
    drive_master({{data, size}});
    return 0;
}
