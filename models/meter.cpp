// SPDX-License-Identifier: Apache-2.0
#include "models/meter.hpp"

#include <utility>

namespace meterbench::models {

Meter::Meter(std::string name, const core::link::SecondaryConfig& config,
             std::unique_ptr<core::link::MeterApplication> application, sim::Bus& bus)
    : name_{std::move(name)}, application_{std::move(application)}, faults_{config, *application_},
      bus_{bus}, port_{bus.connect(*this, sim::Bus::Side::meter)}, pump_{faults_.device(), port_} {
    pump_.tick(bus.host().now());
    settle();
}

std::expected<void, std::string> Meter::set_fault(const core::device::FaultDescription& fault) {
    const auto set = faults_.set(fault);
    if (faults_.unplugged()) {
        take_off();
    }
    settle();
    return set;
}

void Meter::take_off() {
    power(false);
    connected_ = false;
}

void Meter::power(bool on) {
    if (on == powered_ || !connected_) {
        return;
    }
    powered_ = on;
    const core::Instant now = bus_.host().now();
    if (on) {
        pump_.restart(now);
        port_.begin_to_listen();
    } else {
        pump_.stop(now);
    }
    settle();
}

void Meter::heard(std::span<const core::Octet> octets) {
    if (powered_) {
        pump_.heard(octets);
        settle();
    }
}

void Meter::heard_frame(const core::link::Frame& frame, core::Instant end) {
    if (powered_) {
        pump_.heard_frame(frame, end);
        settle();
    }
}

void Meter::sent(core::Instant now) {
    pump_.sent(now);
    port_.begin_to_listen();
    settle();
}

void Meter::wake(core::Instant now) {
    pump_.tick(now);
    settle();
}

void Meter::settle() {
    port_.wake_at(powered_ ? pump_.deadline() : std::nullopt);
    const core::link::SecondaryStation& station = faults_.station();
    port_.hear_frames(
        faults_.device().takes_frames()
            ? std::optional{sim::FrameInterest{station.address(), !station.ignores_others()}}
            : std::nullopt);
}

} // namespace meterbench::models
