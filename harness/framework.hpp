// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "harness/judge.hpp"
#include "harness/random.hpp"
#include "harness/session.hpp"

#include <string>
#include <vector>

namespace meterbench::harness {

/// The three steps around every meter case, the same before and after it: SND_NKE gives E5h
/// (`reset`), REQ_UD2 gives a valid RSP_UD with the right address (`request`), an unused address
/// gives silence (`foreign`). They judge content, not time: each waits 3 s. A step that does not
/// hold makes the case inconclusive. Steps named in `left_out` are the case's own. Returns whether
/// all held; fails when the rig does.
[[nodiscard]] core::Expected<bool> run_framework_steps(Session& session, Judge& judge,
                                                       const std::vector<std::string>& left_out);

/// The step around every master case: on a bus whose only meter is the harness, with a telegram
/// nobody can know before, job `read` delivers exactly that telegram and ends with status 0
/// (`read`).
[[nodiscard]] core::Expected<bool> run_master_step(Session& session, Judge& judge, Random& random,
                                                   const std::vector<std::string>& left_out);

} // namespace meterbench::harness
