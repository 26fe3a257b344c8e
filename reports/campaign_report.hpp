// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/campaign.hpp"
#include "formats/result.hpp"
#include "reports/kill_matrix.hpp"

#include <expected>
#include <filesystem>
#include <string>

namespace meterbench::reports {

/// Writes the report of a campaign into the folder `path`, which is made if it is not there:
///
///     campaign.json   the record (formats/campaign.hpp): what merge reads
///     campaign.txt    the kill matrix for a terminal
///     index.html      the same for a browser
///     run.json        what differs from run to run
///
/// Everything but run.json depends on `campaign` alone: equal campaigns give equal bytes. Fails
/// with one clear line that names the path that could not be written.
[[nodiscard]] std::expected<void, std::string>
write_campaign_report(const formats::Campaign& campaign, const KillMatrix& matrix,
                      const formats::RunHost& host, const std::filesystem::path& path);

} // namespace meterbench::reports
