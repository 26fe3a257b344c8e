// SPDX-License-Identifier: Apache-2.0
#include "models/meter_load.hpp"

#include <chrono>
#include <cmath>

namespace meterbench::models {

namespace {
constexpr double highest_volt = 42; ///< EN 13757-2, 4.2.1
constexpr double start_volt = 10;
constexpr double rise_volt = 1;            ///< less is no step
constexpr double least_milliampere = 1e-3; ///< what it draws moves the voltage it draws by
} // namespace

double MeterLoad::times(double mark_volt, core::Instant now) {
    if (faults == LoadFaults{}) {
        return 1;
    }
    if (faults.surge > core::Duration::zero() && mark_volt > mark_volt_ + rise_volt) {
        surge_ends_ = now + faults.surge;
    }
    if (surge_ends_ && *surge_ends_ <= now) {
        surge_ends_.reset();
    }
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    changes_ = surge_ends_;
    if (!changes_ && faults.unsteady > 0) {
        changes_ = second + std::chrono::seconds{1};
    }
    double times =
        1 - (highest_volt - mark_volt) * faults.slope_milliampere / sim::unit_load_milliampere;
    times *= mark_volt < start_volt ? faults.start_times : 1;
    times *= surge_ends_ ? 2 : 1;
    times *= second.time_since_epoch().count() % 2 == 0 ? 1 : 1 - faults.unsteady;
    return std::max(times, 0.0);
}

std::optional<sim::Load> MeterLoad::draw(double mark_volt, core::Instant now) {
    changes_.reset();
    sim::Load next = load;
    next.unit_loads *= times(mark_volt, now);
    mark_volt_ = mark_volt;
    if (drawn_) {
        const double change = std::abs(next.unit_loads - drawn_->unit_loads);
        if (change * sim::unit_load_milliampere < least_milliampere) {
            next.unit_loads = drawn_->unit_loads;
        }
        if (next == *drawn_) {
            return std::nullopt;
        }
    }
    drawn_ = next;
    return next;
}

} // namespace meterbench::models
