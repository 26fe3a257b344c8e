// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/pump.hpp"

#include <algorithm>
#include <type_traits>

namespace meterbench::rig {

/// For drive(): goes on to the end.
struct Unwatched {
    constexpr bool operator()() const { return true; }
};

/// Drives a protocol object over a line until it is done(): a Pump with line.wait() around it.
/// Fails only when the line is lost; what the procedure came to is asked of the object.
///
/// `watch` is asked after every step, and several times a second while nothing happens; when it
/// says false the object is stopped where it is: what was on its way is aborted.
template <ProtocolObject Object, class Watch = Unwatched>
[[nodiscard]] core::Expected<void> drive(Object& object, Line& line, Watch watch = {}) {
    // An object that waits for nothing would wait for ever; it is asked again after this.
    constexpr core::Duration longest = std::is_same_v<Watch, Unwatched>
                                           ? core::Duration{std::chrono::minutes{1}}
                                           : core::Duration{std::chrono::milliseconds{200}};
    Pump<Object> pump{object, line};
    pump.tick(line.now());
    while (!object.done() && watch()) {
        const core::Instant latest = line.now() + longest;
        const core::Instant due = pump.deadline().value_or(latest);
        Wait wait{.match = Match::octet | Match::sent, .deadline = std::min(due, latest)};
        if constexpr (requires { object.octets_wanted(); }) {
            // In the middle of a frame the deadline moves with each octet.
            if (const std::size_t wanted = object.octets_wanted(); wanted > 1) {
                wait = {.match = wait.match | Match::silence,
                        .deadline = latest,
                        .silence = std::max(due - line.now(), core::Duration::zero()),
                        .octets = wanted};
            }
        }
        const auto wake = line.wait(wait);
        if (!wake) {
            pump.stop(line.now());
            return std::unexpected{wake.error()};
        }
        if (const auto end = line.sent()) {
            pump.sent(*end);
        }
        pump.heard(line.heard());
        pump.tick(wake->at);
    }
    pump.stop(line.now());
    return {};
}

} // namespace meterbench::rig
