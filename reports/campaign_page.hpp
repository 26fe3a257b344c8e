// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reports/kill_matrix.hpp"

#include <string>

namespace meterbench::reports {

/// The kill matrix as a page: summary, devices with a strip of all their cells, rates by ring and
/// requirement, cases that kill nothing.
[[nodiscard]] std::string campaign_page(const formats::Campaign& campaign,
                                        const KillMatrix& matrix);

} // namespace meterbench::reports
