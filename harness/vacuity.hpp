// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/runner.hpp"

#include <functional>
#include <vector>

namespace meterbench::harness {

/// Whether verdicts depend on what the cases expect. Each case runs once as it is, and once more
/// for each place in the source where it expected or measured something, with that expectation
/// turned around, judged as strictly as can be; each of those must end as `fail`, or leave a remark
/// where its requirement is a `may`. The results stand for the cases: `pass`, all
/// of them did; `fail`, a place makes no difference (the reason names it); what the case itself
/// came to where it did not pass. In the order of `cases`.
[[nodiscard]] std::vector<formats::CaseResult>
check_vacuity(const std::vector<PlannedCase>& cases, const RunSettings& settings,
              const RigFactory& factory, const WorkerLimits& limits, unsigned jobs,
              const std::function<void(const formats::CaseResult&)>& done);

} // namespace meterbench::harness
