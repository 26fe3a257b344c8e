// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/level_trace.hpp"

#include <expected>
#include <string>

namespace meterbench::rig {

/// Voltage and current of a wired bus, where the rig can set and measure them (capability
/// `levels`).
class Levels {
  public:
    struct Reading {
        double volt = 0;
        double milliampere = 0; ///< from the master into the bus
    };
    struct AtMeter {
        double mark_volt = 0;
        double space_volt = 0;
        bool powered = false; ///< enough to live on
        bool hears = false;   ///< enough to tell mark from space
    };

    virtual ~Levels() = default;
    /// At the master's terminals, now.
    [[nodiscard]] virtual Reading read() = 0;
    /// Nobody but the device under test draws current.
    [[nodiscard]] virtual bool alone() = 0;
    /// At a meter's terminals, at rest. Fails with one clear line on a name that is not there.
    [[nodiscard]] virtual std::expected<AtMeter, std::string> read_at(const std::string& meter) = 0;
    /// What the master puts on the bus from now on, in V: mark 0 to 42, space 0 to mark. Fails with
    /// one clear line.
    [[nodiscard]] virtual std::expected<void, std::string> set(double mark_volt,
                                                               double space_volt) = 0;

    /// Takes down what passes from now on. It costs memory and time: some 100 bytes a character.
    virtual void record() = 0;
    /// What was taken down since record(), for formats::write_vcd(); empty without record().
    [[nodiscard]] virtual core::LevelTrace recorded() = 0;
};

} // namespace meterbench::rig
