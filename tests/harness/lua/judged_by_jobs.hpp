// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

namespace meterbench::tests {

/// The requirements whose predicates trace_judge_jobs_test.cpp tests.
[[nodiscard]] std::set<std::string> judged_by_jobs();

} // namespace meterbench::tests
