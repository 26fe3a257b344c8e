// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/campaign.hpp"
#include "harness/case_runner.hpp"
#include "harness/runner.hpp"
#include "harness/worker.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace meterbench::harness {

/// Cells to run: each device with each case with each seed. What is referred to outlives the run.
struct CampaignPlan {
    const std::vector<PlannedCase>& cases;               ///< as in the record, in its order
    const std::vector<formats::CampaignCase>& described; ///< the same cases, with canonical ids
    std::vector<formats::CampaignDevice> devices;
    std::vector<std::uint64_t> seeds;
    /// What the cells of a device and seed share: the policy goes by the device's ring.
    std::function<RunSettings(const formats::CampaignDevice&, std::uint64_t seed)> settings;
    /// Builds the rig with this device, in a process of its own.
    std::function<RigFactory(const formats::CampaignDevice&, std::uint64_t seed)> rig;
    WorkerLimits limits; ///< of one cell
    unsigned jobs = 1;   ///< devices at work at the same time
    bool stop_at_kill = false;
    /// By case: whether it passed on the good device, with every seed. Others kill nothing.
    std::vector<bool> sound;
};

/// The order in which a device is tried: the cases that cite the requirement it breaks, then the
/// others, each in the plan's order.
[[nodiscard]] std::vector<std::size_t> cell_order(const std::vector<formats::CampaignCase>& cases,
                                                  const std::string& requirement);

/// Runs the cells. A process a device and seed builds the world once and forks a worker for each
/// case; a cell that crashes or hangs is an error and harms no other. `done` is called with each
/// device as its last cell ends, in the order of the plan. With stop_at_kill a mutant's cells end
/// with the first that kills it.
void run_campaign(const CampaignPlan& plan, const std::function<void(formats::DeviceRun&&)>& done);

} // namespace meterbench::harness
