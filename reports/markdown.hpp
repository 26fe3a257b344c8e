// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <string>

namespace meterbench::reports {

/// The summary of a run as GitHub-flavoured Markdown, for the page of a CI job: counts, what did
/// not pass and why, what changed against the ledger. Texts of cases show as they are, whatever
/// characters they hold.
[[nodiscard]] std::string markdown(const formats::RunResult& run);

} // namespace meterbench::reports
