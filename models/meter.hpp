// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/device/meter_description.hpp"
#include "core/link/secondary_station.hpp"
#include "models/fault_set.hpp"
#include "models/meter_load.hpp"
#include "models/station_clock.hpp"
#include "rig/pump.hpp"
#include "sim/bus.hpp"

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace meterbench::models {

/// A simulated meter on the bus: its link station and application, and the faults set on them. A
/// plain object; it can join a running simulation.
class Meter : private sim::Participant {
  public:
    Meter(std::string name, const core::link::SecondaryConfig& config,
          std::unique_ptr<core::link::MeterApplication> application, sim::Bus& bus);
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

    [[nodiscard]] std::string_view name() const override { return name_; }
    [[nodiscard]] std::uint8_t address() const { return faults_.station().address(); }
    [[nodiscard]] core::link::SecondaryStation& station() { return faults_.station(); }

    /// Sets a fault by name; fails with one clear line on an unknown name or parameter.
    [[nodiscard]] std::expected<void, std::string>
    set_fault(const core::device::FaultDescription& fault);

    /// Its own power, at once. Without it the meter hears and sends nothing; when it is back,
    /// volatile state is lost.
    void power(bool on);
    /// What it is to the cable.
    void set_load(const sim::Load& load);
    [[nodiscard]] sim::Terminal terminal() const { return port_.terminal(); }
    /// Disconnects it from the bus for good.
    void take_off();
    [[nodiscard]] bool connected() const { return connected_; }

  private:
    void heard(std::span<const core::Octet> octets) override;
    void sent(core::Instant now) override;
    void wake(core::Instant now) override;
    void supplied(const sim::Terminal& terminal) override;
    void heard_frame(const core::link::Frame& frame, core::Instant end) override;
    void continue_from(const core::link::FrameDecoder& decoder) override {
        faults_.station().continue_from(decoder);
    }
    [[nodiscard]] bool between_frames() const override {
        return faults_.station().between_frames();
    }
    /// The port knows what the station wants next.
    void settle();
    void start_up(core::Instant now);
    /// What it draws at the voltage that it finds.
    void draw();
    [[nodiscard]] std::expected<void, std::string>
    set_station_fault(const FaultRow& row, const core::device::FaultDescription& fault);

    std::string name_;
    std::unique_ptr<core::link::MeterApplication> application_;
    FaultSet faults_;
    sim::Bus& bus_;
    sim::BusPort& port_;
    StationClock clock_;
    rig::Pump<FaultyDevice> pump_;
    MeterLoad load_;
    core::Duration start_up_time_{};
    std::optional<core::Instant> starts_;     ///< it has voltage again and is not ready yet
    std::optional<core::Instant> dark_since_; ///< it has no voltage
    bool powered_ = true;
    bool connected_ = true;
};

} // namespace meterbench::models
