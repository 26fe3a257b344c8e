// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/pump.hpp"

#include <algorithm>

namespace meterbench::rig {

/// Drives a protocol object over a line until it is done(): a Pump with line.wait() around it.
/// Fails only when the line is lost; what the procedure came to is asked of the object.
template <ProtocolObject Object>
[[nodiscard]] core::Expected<void> drive(Object& object, Line& line) {
    Pump<Object> pump{object, line};
    pump.tick(line.now());
    while (!object.done()) {
        // An object that waits for nothing would wait for ever; a minute later it is asked again.
        const core::Instant deadline =
            pump.deadline().value_or(line.now() + std::chrono::minutes{1});
        Wait wait{.match = Match::octet | Match::sent, .deadline = deadline};
        if constexpr (requires { object.octets_wanted(); }) {
            // In the middle of a frame the deadline moves with each octet.
            if (const std::size_t wanted = object.octets_wanted(); wanted > 1) {
                const core::Instant now = line.now();
                wait = {.match = wait.match | Match::silence,
                        .deadline = now + std::chrono::minutes{1},
                        .silence = std::max(deadline - now, core::Duration::zero()),
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
