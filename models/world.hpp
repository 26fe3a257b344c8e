// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/bus_file.hpp"
#include "models/population.hpp"
#include "rig/rig.hpp"
#include "sim/harness_line.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace meterbench::models {

/// The simulated rig: a population, and the harness at the master's end of its bus.
class World : public rig::Rig, private rig::World, private rig::Power, private rig::Levels {
  public:
    /// Fails with one clear line on a bus that cannot be built or a device under test that is not
    /// on it (by name; an address alone may have nobody there).
    [[nodiscard]] static std::expected<std::unique_ptr<World>, std::string>
    make(const formats::BusFile& bus, const rig::Dut& dut, std::uint64_t seed,
         ProfileLoader profiles);

    [[nodiscard]] const rig::Capabilities& capabilities() const override { return capabilities_; }
    [[nodiscard]] const rig::Dut& dut() const override { return dut_; }
    [[nodiscard]] rig::Line& line() override { return line_; }
    [[nodiscard]] std::uint8_t unused_address() const override;
    [[nodiscard]] rig::Power* power() override { return this; }
    [[nodiscard]] rig::World* world() override { return this; }
    [[nodiscard]] rig::Levels* levels() override { return this; }

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
    [[nodiscard]] Reading read() override;
    [[nodiscard]] bool alone() override { return population_.is_alone(dut_.name); }
    [[nodiscard]] std::expected<AtMeter, std::string> read_at(const std::string& meter) override;
    [[nodiscard]] rig::Wish set(double mark_volt, double space_volt) override;
    void record() override;
    [[nodiscard]] core::LevelTrace recorded() override;

    std::optional<sim::Recorder> recorder_; ///< the population's bus writes into it
    Population population_;
    rig::Dut dut_;
    rig::Capabilities capabilities_;
    sim::HarnessLine line_;
};

} // namespace meterbench::models
