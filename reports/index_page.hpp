// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <string>

namespace meterbench::reports {

/// The verdict of a whole run: the worst of its cases; none when no case was executed.
[[nodiscard]] formats::Verdict verdict_of(const formats::Counts& counts);

/// index.html: everything for a glance.
[[nodiscard]] std::string index_page(const formats::RunResult& run);

} // namespace meterbench::reports
