// SPDX-License-Identifier: Apache-2.0
#include "sim/harness_line.hpp"

#include <algorithm>
#include <utility>

namespace meterbench::sim {

HarnessLine::HarnessLine(Bus& bus, core::Baud baud, Bus::Side side, Pacer* pacer)
    : bus_{bus}, baud_{baud}, side_{side}, pacer_{pacer}, port_{bus.connect(*this, side)} {
    listen(baud);
}

void HarnessLine::start(const core::Transmission& transmission) {
    matcher_.started();
    port_.start(transmission);
}

void HarnessLine::abort() {
    port_.abort();
}

void HarnessLine::listen(std::optional<core::Baud> baud) {
    port_.listen(side_ == Bus::Side::meter ? std::nullopt : baud);
}

core::Instant HarnessLine::now() const {
    return bus_.host().now();
}

core::Expected<rig::Wake> HarnessLine::wait(const rig::Wait& wait) {
    matcher_.begin(wait, now());
    woken_ = matcher_.tick(now());
    while (!woken_) {
        port_.wants(matcher_.octets_needed());
        // There is no silence while octets come that this end has not been told of.
        const core::Instant until = std::max(matcher_.next(), port_.busy_until());
        const core::Instant limit = std::min(until, wait.deadline);
        const core::Expected<core::Instant> stopped =
            pacer_ != nullptr ? pacer_->advance(limit) : bus_.host().run_until(limit);
        if (!stopped) {
            return std::unexpected{stopped.error()};
        }
        port_.catch_up();
        if (!woken_) {
            woken_ = matcher_.tick(*stopped);
        }
    }
    return *woken_;
}

std::span<const core::Octet> HarnessLine::heard() {
    handed_out_.clear();
    std::swap(handed_out_, incoming_);
    return handed_out_;
}

std::span<const core::Octet> HarnessLine::overheard() {
    overheard_out_.clear();
    std::swap(overheard_out_, overheard_);
    return overheard_out_;
}

void HarnessLine::overhear(std::span<const core::Octet> octets) {
    overheard_.insert(overheard_.end(), octets.begin(), octets.end());
}

void HarnessLine::job_ended(core::Instant at) {
    stop_at(matcher_.job_ended(at));
}

std::optional<core::Instant> HarnessLine::sent() {
    return std::exchange(sent_, std::nullopt);
}

void HarnessLine::heard(std::span<const core::Octet> octets) {
    for (const core::Octet& octet : octets) {
        incoming_.push_back(octet);
        stop_at(matcher_.heard(octet));
    }
    if (!woken_) {
        bus_.host().pause(); // what to wait for has changed
    }
}

void HarnessLine::sent(core::Instant now) {
    sent_ = now;
    stop_at(matcher_.sent(now));
}

void HarnessLine::wake(core::Instant /*now*/) {}

void HarnessLine::stop_at(const std::optional<rig::Wake>& wake) {
    if (wake && !woken_) {
        woken_ = *wake;
        bus_.host().pause();
    }
}

} // namespace meterbench::sim
