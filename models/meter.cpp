// SPDX-License-Identifier: Apache-2.0
#include "models/meter.hpp"

#include <utility>
#include <variant>

namespace meterbench::models {

namespace {
/// EN 13757-2, 4.2.2.11: a drop below 12 V of more than 0.1 s may reset a meter (from memory). The
/// simulated ones live through a shorter one, and forget after a longer one.
constexpr core::Duration hold_up = std::chrono::milliseconds{100};

core::Duration seconds(double count) {
    return core::Duration{static_cast<std::int64_t>(count * 1e9)};
}
} // namespace

Meter::Meter(std::string name, const core::link::SecondaryConfig& config,
             std::unique_ptr<core::link::MeterApplication> application, sim::Bus& bus)
    : name_{std::move(name)}, application_{std::move(application)}, faults_{config, *application_},
      bus_{bus}, port_{bus.connect(*this, sim::Bus::Side::meter)}, clock_{port_},
      pump_{faults_.device(), clock_} {
    pump_.tick(bus.host().now());
    settle();
}

std::expected<void, std::string> Meter::set_fault(const core::device::FaultDescription& fault) {
    const FaultRow* const row = find_fault(fault.name);
    if (row != nullptr && std::holds_alternative<StationEdit>(row->edit)) {
        return set_station_fault(*row, fault);
    }
    const auto set = faults_.set(fault);
    if (faults_.unplugged()) {
        take_off();
    }
    settle();
    return set;
}

std::expected<void, std::string>
Meter::set_station_fault(const FaultRow& row, const core::device::FaultDescription& fault) {
    const auto values = fault_parameters(row.info, fault);
    if (!values) {
        return std::unexpected{values.error()};
    }
    const double value = values->begin()->second;
    const core::Instant now = bus_.host().now();
    switch (std::get<StationEdit>(row.edit)) {
    case StationEdit::clock_error: clock_.set(now, value / 100, 0); break;
    case StationEdit::clock_drift: clock_.set(now, 0, value / 100); break;
    case StationEdit::weak_space: load_.load.space_milliampere = value; break;
    case StationEdit::mark_unheard: load_.load.lowest_mark_volt = value; break;
    case StationEdit::step_unheard: load_.load.detection_volt = value; break;
    case StationEdit::unit_loads: load_.load.unit_loads = value; break;
    case StationEdit::current_slope: load_.faults.slope_milliampere = value / 1000; break;
    case StationEdit::current_unsteady: load_.faults.unsteady = value / 100; break;
    case StationEdit::start_current: load_.faults.start_times = value; break;
    case StationEdit::surge: load_.faults.surge = seconds(value); break;
    case StationEdit::slow_start: start_up_time_ = seconds(value); break;
    }
    draw();
    pump_.tick(clock_.local(now)); // it listens at the clock's rate
    settle();
    return {};
}

void Meter::set_load(const sim::Load& load) {
    load_.load = load;
    draw();
}

void Meter::draw() {
    if (!connected_) {
        return;
    }
    if (const auto load = load_.draw(port_.terminal().mark_volt, bus_.host().now())) {
        port_.set_load(*load);
    }
}

void Meter::take_off() {
    power(false);
    if (connected_) {
        port_.disconnect();
    }
    connected_ = false;
}

void Meter::power(bool on) {
    if (on == powered_ || !connected_) {
        return;
    }
    const core::Instant now = bus_.host().now();
    if (on) {
        return start_up(now);
    }
    powered_ = false;
    pump_.stop(clock_.local(now));
    settle();
}

/// Volatile state is gone; from here on it hears.
void Meter::start_up(core::Instant now) {
    starts_.reset();
    powered_ = true;
    pump_.restart(clock_.local(now));
    port_.begin_to_listen();
    settle();
}

void Meter::supplied(const sim::Terminal& terminal) {
    const core::Instant now = bus_.host().now();
    draw();
    if (load_.changes()) {
        settle();
    }
    if (!connected_ || terminal.powered() != dark_since_.has_value()) {
        return;
    }
    if (!terminal.powered()) {
        dark_since_ = now;
        starts_.reset();
        return power(false); // EN 13757-2, 4.2: nothing is sent below 12 V
    }
    const core::Duration dark = now - *std::exchange(dark_since_, std::nullopt);
    if (dark > hold_up) {
        starts_ = now + start_up_time_;
        if (start_up_time_ == core::Duration::zero()) {
            return start_up(now);
        }
    } else {
        powered_ = true;
        port_.begin_to_listen();
    }
    settle();
}

void Meter::heard(std::span<const core::Octet> octets) {
    if (powered_) {
        pump_.heard(clock_.exact() ? octets : clock_.local(octets));
        settle();
    }
}

void Meter::heard_frame(const core::link::Frame& frame, core::Instant end) {
    if (powered_) {
        pump_.heard_frame(frame, end);
        settle();
    }
}

void Meter::sent(core::Instant now) {
    pump_.sent(clock_.local(now));
    port_.begin_to_listen();
    settle();
}

void Meter::wake(core::Instant now) {
    if (load_.changes() && *load_.changes() <= now) {
        draw();
    }
    if (starts_ && *starts_ <= now) {
        return start_up(now);
    }
    if (powered_) {
        pump_.tick(clock_.local(now));
    }
    settle();
}

void Meter::settle() {
    std::optional<core::Instant> due = starts_;
    if (powered_) {
        due = pump_.deadline();
        if (due && !clock_.exact()) {
            due = clock_.world(*due);
        }
    }
    if (load_.changes() && (!due || *load_.changes() < *due)) {
        due = load_.changes();
    }
    port_.wake_at(due);
    const core::link::SecondaryStation& station = faults_.station();
    const bool frames = faults_.device().takes_frames() && clock_.exact();
    port_.hear_frames(
        frames ? std::optional{sim::FrameInterest{station.address(), !station.ignores_others()}}
               : std::nullopt);
}

} // namespace meterbench::models
