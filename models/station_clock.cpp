// SPDX-License-Identifier: Apache-2.0
#include "models/station_clock.hpp"

#include <cmath>

namespace meterbench::models {

using core::Duration;
using core::Instant;

namespace {
constexpr double ns_per_hour = 3600e9;

Duration rounded(double ns) {
    return Duration{std::llround(ns)};
}
} // namespace

void StationClock::set(Instant now, double error, double drift) {
    ahead_ = local(now) - now;
    since_ = now;
    error_ = error;
    drift_ = drift / ns_per_hour;
}

Instant StationClock::local(Instant when) const {
    const auto elapsed = static_cast<double>((when - since_).count());
    return when + ahead_ + rounded(elapsed * (error_ + drift_ * elapsed / 2));
}

Instant StationClock::world(Instant local_time) const {
    // elapsed * (1 + error + drift * elapsed / 2) = local: two steps of Newton are exact to 1 ns,
    // for the error is small against 1.
    const auto target = static_cast<double>((local_time - ahead_ - since_).count());
    double elapsed = target / (1 + error_);
    for (int i = 0; i < 3; ++i) {
        const double value = elapsed * (1 + error_ + drift_ * elapsed / 2) - target;
        elapsed -= value / (1 + error_ + drift_ * elapsed);
    }
    return since_ + Duration{static_cast<std::int64_t>(std::ceil(elapsed))};
}

std::span<const core::Octet> StationClock::local(std::span<const core::Octet> octets) {
    octets_.assign(octets.begin(), octets.end());
    for (core::Octet& octet : octets_) {
        octet.start = local(octet.start);
        octet.end = local(octet.end);
    }
    return octets_;
}

double StationClock::error_at(Instant when) const {
    return error_ + drift_ * static_cast<double>((when - since_).count());
}

core::Baud StationClock::on_the_wire(core::Baud baud) const {
    const double rate = baud.value * (1 + error_at(port_.now()));
    return {static_cast<std::uint32_t>(std::lround(std::max(1.0, rate)))};
}

void StationClock::start(const core::Transmission& transmission) {
    if (exact()) {
        return port_.start(transmission);
    }
    core::Transmission own = transmission;
    own.baud = on_the_wire(transmission.baud);
    port_.start(own);
}

void StationClock::listen(std::optional<core::Baud> baud) {
    port_.listen(baud && !exact() ? on_the_wire(*baud) : baud);
}

} // namespace meterbench::models
