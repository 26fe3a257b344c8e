// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame.hpp"
#include "rig/line.hpp"

#include <algorithm>
#include <concepts>

namespace meterbench::rig {

/// The verbs of a sans-I/O protocol object (docs/architecture.md).
template <class Object>
concept ProtocolObject = requires(Object object, const Object& constant,
                                  std::span<const core::Octet> octets, core::Instant now) {
    object.receive(octets);
    { constant.transmit() } -> std::same_as<std::optional<core::Transmission>>;
    object.sent(now);
    object.aborted(now);
    { constant.listens() } -> std::same_as<std::optional<core::Baud>>;
    object.restart(now);
    { constant.deadline() } -> std::same_as<std::optional<core::Instant>>;
    object.expire(now);
};

/// Moves octets between one protocol object and a medium; the only code that does. It never blocks:
/// its owner tells it what happened and when, and asks deadline() after each call.
template <ProtocolObject Object> class Pump {
  public:
    Pump(Object& object, Medium& medium) : object_{object}, medium_{medium} {}

    void heard(std::span<const core::Octet> octets) {
        if (octets.empty()) {
            return;
        }
        object_.receive(octets);
        settle(octets.back().end);
    }
    /// For objects that take whole frames (core::link::SecondaryStation).
    void heard_frame(const core::link::Frame& frame, core::Instant end) {
        object_.receive_frame(frame, end);
        settle(end);
    }
    void sent(core::Instant now) {
        transmitting_ = false;
        object_.sent(now);
        settle(now);
    }
    /// The owner calls this at deadline(), and once at the beginning.
    void tick(core::Instant now) { settle(now); }

    /// Power is back; a transmission under way is lost.
    void restart(core::Instant now) {
        stop(now);
        object_.restart(now);
        settle(now);
    }
    /// Breaks off a transmission under way.
    void stop(core::Instant now) {
        if (transmitting_) {
            medium_.abort();
            transmitting_ = false;
            object_.aborted(now);
        }
    }
    [[nodiscard]] bool transmitting() const { return transmitting_; }

    /// When tick() is due next, if at all.
    [[nodiscard]] std::optional<core::Instant> deadline() const {
        const auto due = object_.deadline();
        if (!held_until_) {
            return due;
        }
        return due ? std::min(*due, *held_until_) : *held_until_;
    }

  private:
    void settle(core::Instant now) {
        while (true) {
            const auto due = object_.deadline();
            if (!due || *due > now) {
                break;
            }
            object_.expire(now);
        }
        medium_.listen(object_.listens());
        held_until_.reset();
        if (transmitting_) {
            return;
        }
        if (const auto transmission = object_.transmit()) {
            if (transmission->not_before > now) {
                held_until_ = transmission->not_before;
                return;
            }
            transmitting_ = true;
            medium_.start(*transmission);
        }
    }

    Object& object_;
    Medium& medium_;
    std::optional<core::Instant> held_until_;
    bool transmitting_ = false;
};

} // namespace meterbench::rig
