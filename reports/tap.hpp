// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <string>

namespace meterbench::reports {

/// The run in the Test Anything Protocol, version 13: one test point a case. Skipped cases are
/// `# SKIP`, what the ledger expects not to pass is `# TODO`, what did not pass has a YAML block.
[[nodiscard]] std::string tap(const formats::RunResult& run);

} // namespace meterbench::reports
