// SPDX-License-Identifier: Apache-2.0
#include "reports/campaign_report.hpp"

#include "formats/result_json.hpp"
#include "reports/campaign_page.hpp"
#include "reports/campaign_text.hpp"
#include "reports/folder.hpp"

namespace meterbench::reports {

std::expected<void, std::string> write_campaign_report(const formats::Campaign& campaign,
                                                       const KillMatrix& matrix,
                                                       const formats::RunHost& host,
                                                       const std::filesystem::path& path) {
    Folder folder{path};
    folder.write("campaign.txt", campaign_text(campaign, matrix));
    folder.write("index.html", campaign_page(campaign, matrix));
    folder.write("run.json", formats::write_run(host));
    // The record comes last: where it is, the report is whole.
    folder.write("campaign.json", formats::write_campaign(campaign));
    return folder.outcome();
}

} // namespace meterbench::reports
