// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reports/kill_matrix.hpp"

#include <string>

namespace meterbench::reports {

/// The kill matrix for a terminal: a line a device, survivors with the reason, rates by ring and
/// requirement, cases that kill nothing; the summary line last.
[[nodiscard]] std::string campaign_text(const formats::Campaign& campaign,
                                        const KillMatrix& matrix);

} // namespace meterbench::reports
