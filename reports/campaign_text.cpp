// SPDX-License-Identifier: Apache-2.0
#include "reports/campaign_text.hpp"

#include "formats/result_text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::reports {
namespace {

using formats::Campaign;

constexpr std::size_t most_named = 3;

/// The ids of the first cases, and how many more there are.
std::string names(const Campaign& campaign, const std::vector<std::size_t>& cases) {
    std::string text;
    for (std::size_t i = 0; i < std::min(cases.size(), most_named); ++i) {
        text += (i == 0 ? "" : ", ") + campaign.cases[cases[i]].id;
    }
    return cases.size() > most_named ? text + fmt::format(" and {} more", cases.size() - most_named)
                                     : text;
}

std::string what_of(const Campaign& campaign, const DeviceFate& device) {
    switch (device.fate) {
    case Fate::killed:
        return "by " + names(campaign, device.killers) +
               (device.collateral.empty()
                    ? ""
                    : fmt::format("; collateral {}", device.collateral.size())) +
               (device.explanation_outdated ? "; EXPLAINED AS A SURVIVOR, which it is not" : "");
    case Fate::survived:
    case Fate::explained:
        return device.why + (device.collateral.empty()
                                 ? ""
                                 : "; collateral " + names(campaign, device.collateral));
    case Fate::unsound: return "the good device does not pass everything";
    case Fate::false_fail: return "failed " + names(campaign, device.collateral);
    case Fate::false_pass: return "passed " + names(campaign, device.passed);
    case Fate::accepted:
        return device.inconclusive.empty() ? ""
                                           : "inconclusive " + names(campaign, device.inconclusive);
    case Fate::sound:
    case Fate::rejected: return {};
    }
    return {};
}

void add_list(std::string& text, const Campaign& campaign, std::string_view title,
              const std::vector<std::size_t>& cases) {
    if (cases.empty()) {
        return;
    }
    text += fmt::format("\n{} ({}):\n", title, cases.size());
    for (const std::size_t index : cases) {
        text += "  " + campaign.cases[index].id + "\n";
    }
}

void add_rates(std::string& text, std::string_view title, const std::vector<KillRate>& rates) {
    if (rates.empty()) {
        return;
    }
    text += fmt::format("\n{:<22} {:>7} {:>7} {:>9} {:>9}\n", title, "mutants", "killed",
                        "explained", "rate");
    for (const KillRate& rate : rates) {
        text += fmt::format("{:<22} {:>7} {:>7} {:>9} {:>9}\n", rate.name, rate.mutants,
                            rate.killed, rate.explained, percent(rate.killed, rate.mutants));
    }
}

/// The findings of the good device: each is a case that is wrong.
void add_unsound(std::string& text, const Campaign& campaign) {
    for (const formats::DeviceRun& run : campaign.runs) {
        if (run.device.ring != formats::Ring::good || run.findings.empty()) {
            continue;
        }
        text += "\nDoes not pass on the good device, so it kills nothing:\n";
        for (const formats::CellFinding& finding : run.findings) {
            text += fmt::format("  {} (seed {}): {}: {}\n", campaign.cases[finding.index].id,
                                campaign.seeds[finding.seed], finding.where, finding.text);
        }
    }
}

void add_table_mutants(std::string& text, const Campaign& campaign, const KillMatrix& matrix) {
    if (campaign.table_mutants.empty()) {
        return;
    }
    const std::size_t left_out = matrix.table_equal.size() + matrix.table_allowed.size();
    const std::size_t counted = campaign.table_mutants.size() - left_out;
    text += fmt::format("\nTable mutants: {} of {} killed; not counted: {} equal, {} allowed\n",
                        counted - matrix.table_survivors.size(), counted, matrix.table_equal.size(),
                        matrix.table_allowed.size());
    for (const std::size_t index : matrix.table_survivors) {
        const formats::CampaignTableMutant& mutant = campaign.table_mutants[index];
        text += fmt::format("  survived {}: {}\n", mutant.name, mutant.witness);
    }
}

} // namespace

std::string campaign_text(const Campaign& campaign, const KillMatrix& matrix) {
    std::string text;
    for (const DeviceFate& device : matrix.devices) {
        const formats::CampaignDevice& info = device.run->device;
        text += fmt::format("{:<10} {:<11} {:<38} {:<10} {}\n", name_of(device.fate),
                            formats::name_of(info.ring), info.name, info.requirement,
                            what_of(campaign, device));
        while (text.size() > 1 && text[text.size() - 2] == ' ') {
            text.erase(text.size() - 2, 1);
        }
    }
    add_unsound(text, campaign);
    add_table_mutants(text, campaign, matrix);
    add_rates(text, "ring", matrix.rings);
    add_rates(text, "requirement", matrix.requirements);
    add_list(text, campaign, "Cases that kill nothing", matrix.idle);
    add_list(text, campaign, "Cases that kill nothing alone", matrix.never_alone);
    text += fmt::format("\n{} cases, {} devices, {} cells\n{}\n", campaign.cases.size(),
                        campaign.runs.size(), matrix.cells, summary_line(matrix));
    return formats::printable(text);
}

} // namespace meterbench::reports
