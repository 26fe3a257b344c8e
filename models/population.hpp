// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/bus_file.hpp"
#include "models/meter.hpp"
#include "models/meter_factory.hpp"
#include "models/world_faults.hpp"
#include "rig/rig.hpp"
#include "sim/bus.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace meterbench::models {

/// The simulated population of a bus: what serves meters to a program outside and what a simulated
/// rig is built on. One a process (see sim::Host).
class Population {
  public:
    /// `seed` is the root of every random stream.
    Population(core::Baud baud, std::uint64_t seed, ProfileLoader profiles);

    [[nodiscard]] sim::Bus& bus() { return bus_; }
    [[nodiscard]] core::Baud baud() const { return baud_; }
    [[nodiscard]] rig::Wish add(const core::device::MeterDescription& meter);
    [[nodiscard]] rig::Wish add_all(const formats::BusFile& bus);
    [[nodiscard]] rig::Wish set_fault(const std::string& meter,
                                      const core::device::FaultDescription& fault);
    [[nodiscard]] rig::Wish set_line_fault(const core::device::FaultDescription& fault);
    [[nodiscard]] Meter* find(const std::string& name);
    [[nodiscard]] std::string name_at(std::uint8_t address) const;
    [[nodiscard]] bool address_taken(std::uint8_t address) const {
        return !name_at(address).empty();
    }
    /// The cable: one of the types of sim/segment.hpp.
    [[nodiscard]] rig::Wish set_segment(const std::string& segment);
    /// The bus power. Without it no meter hears or sends; after 0.1 s they have lost what is
    /// volatile.
    void power(bool on) { faults_.power(on); }
    /// What the converter puts on the bus, in V.
    void set_voltages(double mark, double space) { faults_.set_voltages(mark, space); }
    /// Every meter but this one is off the bus from now on.
    void take_off_all_but(const std::string& name);
    /// Nothing but this meter draws current.
    [[nodiscard]] bool is_alone(const std::string& name);

  private:
    core::Baud baud_;
    ProfileLoader profiles_;
    sim::Host host_;
    sim::Bus bus_;
    std::map<std::string, std::unique_ptr<Meter>> meters_;
    WorldFaults faults_;
};

} // namespace meterbench::models
