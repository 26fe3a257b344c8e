// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/master_host.hpp"
#include "models/population.hpp"
#include "rig/rig.hpp"
#include "sim/harness_line.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

namespace meterbench::models {

/// A bus with meters and a master, which is the device under test: what the simulated rig and the
/// served one have in common. The harness sits at a meter's end of the wire. One a process.
class MasterBus : public rig::Rig, private rig::Power, protected rig::World {
  public:
    [[nodiscard]] const rig::Capabilities& capabilities() const override { return capabilities_; }
    [[nodiscard]] const rig::Dut& dut() const override { return dut_; }
    [[nodiscard]] rig::Line& line() override { return line_; }
    [[nodiscard]] std::uint8_t unused_address() const override;
    [[nodiscard]] rig::Power* power() override { return this; }
    [[nodiscard]] rig::World* world() override { return this; }

  protected:
    /// `pacer` as for sim::HarnessLine.
    MasterBus(core::Baud baud, std::uint64_t seed, ProfileLoader profiles, sim::Pacer* pacer);

    [[nodiscard]] Population& population() { return population_; }
    [[nodiscard]] sim::HarnessLine& harness_line() { return line_; }
    [[nodiscard]] rig::Capabilities& offered() { return capabilities_; }

  private:
    [[nodiscard]] rig::Wish add_meter(const core::device::MeterDescription& meter) override {
        return population_.add(meter);
    }
    [[nodiscard]] rig::Wish set_fault(const std::string& meter,
                                      const core::device::FaultDescription& fault) override;
    [[nodiscard]] std::string meter_at(std::uint8_t address) const override {
        return population_.name_at(address);
    }
    void isolate() override { population_.take_off_all_but({}); }
    void off() override { population_.power(false); }
    void on() override { population_.power(true); }

    Population population_;
    rig::Dut dut_;
    rig::Capabilities capabilities_;
    sim::HarnessLine line_;
};

/// The reference master, good or with one fault, does the jobs in virtual time.
class MasterWorld final : public MasterBus {
  public:
    /// `fault`: none, or one of master_fault_rows() and its like. Fails with one clear line on what
    /// the bus asks for and there is not.
    [[nodiscard]] static std::expected<std::unique_ptr<MasterWorld>, std::string>
    make(const formats::BusFile& bus, const std::string& fault, std::uint64_t seed,
         ProfileLoader profiles);

    [[nodiscard]] rig::Master* master() override { return &host_; }

  private:
    MasterWorld(const formats::BusFile& bus, const MasterFaultRow* row, std::uint64_t seed,
                ProfileLoader profiles);

    MasterHost host_;
};

} // namespace meterbench::models
