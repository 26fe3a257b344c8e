// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/bus_file.hpp"
#include "models/meter.hpp"
#include "models/meter_factory.hpp"
#include "models/noise.hpp"
#include "rig/rig.hpp"
#include "sim/bus.hpp"
#include "sim/harness_line.hpp"

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace meterbench::models {

/// The simulated population of a bus: what serves meters to a program outside and what a simulated rig
/// is built on. One a process (see sim::Host).
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
    void power(bool on);
    /// Every meter but this one is off the bus from now on.
    void take_off_all_but(const std::string& name);

  private:
    core::Baud baud_;
    std::uint64_t seed_;
    ProfileLoader profiles_;
    sim::Host host_;
    sim::Bus bus_;
    std::map<std::string, std::unique_ptr<Meter>> meters_;
    std::optional<Noise> noise_;
    bool powered_ = true;
};

/// The simulated rig: a population, and the harness at the master's end of its bus.
class World : public rig::Rig, private rig::World, private rig::Power {
  public:
    /// Fails with one clear line on a bus that cannot be built or a device under test that is not on
    /// it (by name; an address alone may have nobody there).
    [[nodiscard]] static std::expected<std::unique_ptr<World>, std::string>
    make(const formats::BusFile& bus, const rig::Dut& dut, std::uint64_t seed,
         ProfileLoader profiles);

    [[nodiscard]] const rig::Capabilities& capabilities() const override { return capabilities_; }
    [[nodiscard]] const rig::Dut& dut() const override { return dut_; }
    [[nodiscard]] rig::Line& line() override { return line_; }
    [[nodiscard]] std::uint8_t unused_address() const override;
    [[nodiscard]] rig::Power* power() override { return this; }
    [[nodiscard]] rig::World* world() override { return this; }

  private:
    World(core::Baud baud, const rig::Dut& dut, std::uint64_t seed, ProfileLoader profiles);

    [[nodiscard]] rig::Wish add_meter(const core::device::MeterDescription& meter) override;
    [[nodiscard]] rig::Wish set_fault(const std::string& meter,
                                      const core::device::FaultDescription& fault) override;
    [[nodiscard]] std::string meter_at(std::uint8_t address) const override {
        return population_.name_at(address);
    }
    void isolate() override { population_.take_off_all_but(dut_.name); }
    void off() override { population_.power(false); }
    void on() override { population_.power(true); }

    Population population_;
    rig::Dut dut_;
    rig::Capabilities capabilities_;
    sim::HarnessLine line_;
};

} // namespace meterbench::models
