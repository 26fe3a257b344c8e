// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/faulty_master.hpp"
#include "rig/master.hpp"
#include "rig/pump.hpp"
#include "sim/bus.hpp"
#include "sim/harness_line.hpp"

#include <memory>
#include <string_view>

namespace meterbench::models {

/// The reference master on the simulated bus, where it is the device under test: does one job after
/// another in virtual time.
class MasterHost final : public rig::Master, private sim::Participant {
  public:
    /// `line` is told what this one hears, and when a job ends. `row`: its fault, or none.
    MasterHost(sim::Bus& bus, sim::HarnessLine& line, core::Baud baud, const MasterFaultRow* row);

    [[nodiscard]] std::expected<void, std::string> start(const rig::JobOrder& order) override;
    [[nodiscard]] bool running() const override { return running_; }
    [[nodiscard]] const rig::JobResult& result() const override { return result_; }
    void stop() override;

  private:
    [[nodiscard]] std::string_view name() const override { return "master"; }
    void heard(std::span<const core::Octet> octets) override;
    void sent(core::Instant now) override;
    void wake(core::Instant now) override;
    void settle();

    sim::Bus& bus_;
    sim::HarnessLine& line_;
    sim::BusPort& port_;
    MasterDevice device_;
    std::unique_ptr<FaultyMaster> master_;
    std::unique_ptr<rig::Pump<FaultyMaster>> pump_;
    rig::JobResult result_;
    bool running_ = false;
};

} // namespace meterbench::models
