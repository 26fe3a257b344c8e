// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/data_path.hpp"
#include "formats/ledger.hpp"
#include "formats/rig_file.hpp"
#include "harness/runner.hpp"
#include "harness/second_judge.hpp"
#include "models/meter_factory.hpp"
#include "rig/rig.hpp"

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meterbench::apps {

/// The options of `meterbench run`.
struct RunOptions {
    std::vector<std::string> paths;
    std::string rig;
    std::string ics;
    std::vector<std::string> select;
    std::string mutant;
    std::uint64_t seed = 1;
    unsigned jobs = 1;
    bool strict = false;
    std::string confidence = "single";
    std::string report = "./meterbench-report";
    std::string data;
    int cpu_limit = 10;
    bool list = false;
    bool invert = false; ///< turn each expectation around and see whether its case fails
    std::string ledger;
    bool resume = false;
    bool waveform = false;
    bool no_report = false;
    std::string markdown;
};

/// What the options come to: the cases, the rig, the settings, and the record without its results.
struct RunPlan {
    formats::DataPath data;
    formats::Catalogue catalogue;
    formats::RigFile rig;
    models::ProfileLoader profiles; ///< has those of the rig's meters
    rig::Dut dut;
    std::string mutant; ///< of a simulated master; a meter's is in the rig's bus
    std::vector<harness::PlannedCase> cases;
    harness::RunSettings settings; ///< its catalogue is the one above
    /// Statements of variants that are not the device's own, by fault: of the suite's
    /// variants.json, where the suite's statement is used.
    std::map<std::string, formats::Ics> variants;
    harness::WorkerLimits worker_limits;
    unsigned jobs = 1;
    formats::RunResult record;
    std::optional<formats::Ledger> ledger;
    std::vector<std::pair<std::string, std::string>> files; ///< path and hash of what was used

    RunPlan() = default;
    RunPlan(const RunPlan&) = delete; // settings point into it
    RunPlan& operator=(const RunPlan&) = delete;
};

/// Reads every file that the options name. One clear line on the first that is wrong.
[[nodiscard]] std::expected<std::unique_ptr<RunPlan>, std::string>
make_plan(const RunOptions& options);

/// The second judge with the predicates of the plan's data.
[[nodiscard]] std::expected<harness::SecondJudge, std::string>
load_second_judge(const RunPlan& plan);

/// Tells whether a text is the same as last time.
[[nodiscard]] std::string hash_of(std::string_view text);

/// Of everything that the results of a plan's cases depend on, but not of which cases were chosen.
[[nodiscard]] std::string fingerprint_of(const RunPlan& plan);

/// The command that runs one case again.
[[nodiscard]] std::string replay_command(const RunOptions& options, const formats::CaseInfo& info);

} // namespace meterbench::apps
