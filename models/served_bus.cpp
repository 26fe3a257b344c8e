// SPDX-License-Identifier: Apache-2.0
#include "models/served_bus.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <utility>

namespace meterbench::models {

namespace {

/// How long a wait may last, so that a stop is noticed whatever happens.
constexpr core::Duration longest_wait = std::chrono::milliseconds{200};

std::int64_t monotonic() {
    return std::chrono::duration_cast<core::Duration>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

} // namespace

ServedBus::ServedBus(Population& population, rig::Endpoint& endpoint, ServeSpeed speed)
    : population_{population}, endpoint_{endpoint}, speed_{speed},
      port_{population.bus().connect(*this, sim::Bus::Side::master)}, clock_start_{monotonic()},
      baud_{population.baud()} {
    port_.listen(baud_);
}

core::Instant ServedBus::clock_now() const {
    return core::Instant{core::Duration{monotonic() - clock_start_}};
}

core::Expected<void> ServedBus::run(const std::atomic<bool>& stop) {
    while (!stop) {
        advance();
        if (lost_) {
            return std::unexpected{*lost_};
        }
        pollfd watched{endpoint_.descriptor(), POLLIN, 0};
        const core::Duration wait = patience();
        const timespec time{wait.count() / std::nano::den, wait.count() % std::nano::den};
        if (::ppoll(&watched, 1, &time, nullptr) < 0 && errno != EINTR) {
            return core::failure(core::FaultCode::port_lost);
        }
        if (auto taken = take_input(); !taken) {
            return taken;
        }
    }
    return {};
}

/// Simulated time catches up with the clock, or runs on while there is anything to do.
void ServedBus::advance() {
    sim::Host& host = population_.bus().host();
    if (speed_ == ServeSpeed::realtime) {
        (void)host.run_until(clock_now());
        return;
    }
    while (host.next_due() != core::Instant::max()) {
        (void)host.run_until(std::max(host.next_due(), host.now() + core::Duration{1}));
    }
}

core::Duration ServedBus::patience() const {
    if (speed_ == ServeSpeed::max) {
        return longest_wait;
    }
    const core::Instant due = population_.bus().host().next_due();
    if (due == core::Instant::max()) {
        return longest_wait;
    }
    return std::clamp(due - clock_now(), core::Duration::zero(), longest_wait);
}

core::Expected<void> ServedBus::take_input() {
    std::array<std::uint8_t, 512> chunk{};
    const auto size = endpoint_.read(chunk);
    if (!size) {
        return std::unexpected{size.error()};
    }
    queued_.insert(queued_.end(), chunk.begin(),
                   chunk.begin() + static_cast<std::ptrdiff_t>(*size));
    if (!queued_.empty() && !busy_) {
        if (speed_ == ServeSpeed::realtime) {
            // The characters begin now, not when the last simulated event was.
            (void)population_.bus().host().run_until(clock_now());
        }
        send_queued();
    }
    return {};
}

void ServedBus::send_queued() {
    if (queued_.empty()) {
        return;
    }
    if (const auto speed = endpoint_.speed(); speed && speed->value != 0) {
        baud_ = *speed;
        port_.listen(baud_);
    }
    sending_.clear();
    std::swap(sending_, queued_);
    busy_ = true;
    port_.start({.bytes = sending_, .baud = baud_});
}

void ServedBus::sent(core::Instant /*now*/) {
    busy_ = false;
    send_queued(); // what came meanwhile follows without a gap
}

void ServedBus::heard(std::span<const core::Octet> octets) {
    outgoing_.clear();
    for (const core::Octet& octet : octets) {
        outgoing_.push_back(octet.value);
    }
    if (const auto written = endpoint_.write(outgoing_); !written) {
        lost_ = written.error();
    }
}

} // namespace meterbench::models
