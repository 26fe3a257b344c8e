// SPDX-License-Identifier: Apache-2.0
#include "models/meter.hpp"

#include <utility>

namespace meterbench::models {

Meter::Meter(std::string name, const core::link::SecondaryConfig& config,
             std::unique_ptr<core::link::MeterApplication> application, sim::Bus& bus)
    : name_{std::move(name)}, application_{std::move(application)}, faults_{*application_},
      station_{config, faults_.application()}, bus_{bus},
      port_{bus.connect(*this, sim::Bus::Side::meter)}, pump_{station_, port_} {
    pump_.tick(bus.host().now());
}

std::expected<void, std::string> Meter::set_fault(const core::device::FaultDescription& fault) {
    return faults_.set(fault, station_);
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
    } else {
        pump_.stop(now);
    }
    port_.wake_at(on ? pump_.deadline() : std::nullopt);
}

void Meter::heard(std::span<const core::Octet> octets) {
    if (powered_) {
        pump_.heard(octets);
        port_.wake_at(pump_.deadline());
    }
}

void Meter::sent(core::Instant now) {
    pump_.sent(now);
    port_.wake_at(pump_.deadline());
}

void Meter::wake(core::Instant now) {
    pump_.tick(now);
    port_.wake_at(pump_.deadline());
}

} // namespace meterbench::models
