// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/pump.hpp"

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
        const auto wake = line.wait({.match = Match::octet | Match::sent, .deadline = deadline});
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
