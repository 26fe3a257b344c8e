// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/case_runner.hpp"
#include "harness/worker.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace meterbench::harness {

/// Builds the rig, in the worker process that runs a case. One clear line where it cannot.
using RigFactory = std::function<std::expected<std::unique_ptr<rig::Rig>, std::string>()>;

/// Loads the files, each in a worker of its own, `jobs` at a time. Fails with one line on the first
/// file that cannot be loaded, on two cases with one id, and on a requirement id that the catalogue
/// does not have. Sorted by id.
[[nodiscard]] std::expected<std::vector<PlannedCase>, std::string>
plan_cases(const std::vector<CaseSource>& sources, const formats::Catalogue& catalogue,
           const lua::Limits& limits, const WorkerLimits& worker_limits, unsigned jobs);

/// Those that a word of `selection` names: an id, a tag or a requirement. An empty selection keeps
/// all.
[[nodiscard]] std::vector<PlannedCase> select_cases(const std::vector<PlannedCase>& cases,
                                                    const std::vector<std::string>& selection);

/// Runs each case in a worker of its own, `jobs` at a time. `done` is called in the order of
/// `cases`, as soon as a case and all before it have ended. The results are in that order too, and
/// the same with any number of jobs.
[[nodiscard]] std::vector<formats::CaseResult>
run_cases(const std::vector<PlannedCase>& cases, const RunSettings& settings,
          const RigFactory& factory, const WorkerLimits& limits, unsigned jobs,
          const std::function<void(const formats::CaseResult&)>& done);

} // namespace meterbench::harness
