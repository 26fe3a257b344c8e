// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apps/run_plan.hpp"
#include "formats/campaign.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace meterbench::apps {

/// The options of `meterbench campaign`.
struct CampaignOptions {
    RunOptions run; ///< paths, rig, ics, select, data, jobs, cpu_limit, report
    std::string mutants = "all";
    unsigned seeds = 1;
    std::string shard = "1/1";
    std::string survivors;
    bool stop_at_kill = false;
};

/// What the options come to: the plan of the cases, the devices, and the record without results.
struct CampaignSetup {
    std::unique_ptr<RunPlan> run;
    std::vector<formats::CampaignDevice> devices; ///< of this shard, the good one first
    formats::Campaign record;
    bool table_mutants = false; ///< all mutants are wanted, and the generated sequences are there
};

/// The name of the device without a fault.
inline constexpr const char* good_device = "good";

/// Every device there is, by name: the good one, mutants, benign variants, null devices.
[[nodiscard]] std::vector<formats::CampaignDevice> campaign_devices(rig::Dut::Role role);

/// Reads every file that the options name. One clear line on the first thing that is wrong.
[[nodiscard]] std::expected<CampaignSetup, std::string>
make_campaign(const CampaignOptions& options);

} // namespace meterbench::apps
