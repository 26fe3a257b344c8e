// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "sim/levels.hpp"

#include <optional>

namespace meterbench::models {

/// How a meter's current at mark deviates from a constant one.
struct LoadFaults {
    double slope_milliampere = 0; ///< less for each volt below 42 V and unit load
    double unsteady = 0;          ///< this part less, every other second
    double start_times = 1;       ///< so many times as much below 10 V
    core::Duration surge{};       ///< so long twice as much when the voltage has risen

    friend bool operator==(const LoadFaults&, const LoadFaults&) = default;
};

/// What a meter is to the cable: its load, and the faults of it, which follow voltage and time.
class MeterLoad {
  public:
    sim::Load load;
    LoadFaults faults;

    /// With this voltage at its terminals from now on. None: it is as it was, or so nearly that
    /// nobody could measure it.
    [[nodiscard]] std::optional<sim::Load> draw(double mark_volt, core::Instant now);
    /// When it changes of its own accord; none: it does not.
    [[nodiscard]] std::optional<core::Instant> changes() const { return changes_; }

  private:
    [[nodiscard]] double times(double mark_volt, core::Instant now);

    std::optional<sim::Load> drawn_;
    double mark_volt_ = 0;
    std::optional<core::Instant> surge_ends_;
    std::optional<core::Instant> changes_;
};

} // namespace meterbench::models
