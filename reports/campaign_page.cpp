// SPDX-License-Identifier: Apache-2.0
#include "reports/campaign_page.hpp"

#include "reports/html.hpp"
#include "reports/paths.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <string_view>

namespace meterbench::reports {
namespace {

using formats::Campaign;
using formats::CellFinding;

/// Findings of a device that its row can be opened to; campaign.json has them all.
constexpr std::size_t most_findings = 40;

/// Fates in the colours and filters of verdicts.
struct Look {
    std::string_view style;
    std::string_view tile;
};
Look look_of(Fate fate) {
    switch (fate) {
    case Fate::killed: return {"pass", "killed"};
    case Fate::survived: return {"fail", "survived"};
    case Fate::explained: return {"inconclusive", "explained"};
    case Fate::unsound:
    case Fate::false_fail:
    case Fate::false_pass: return {"error", "false pass or fail"};
    case Fate::accepted: return {"not-applicable", "benign, accepted"};
    case Fate::sound:
    case Fate::rejected: return {"not-runnable", "good, or null and rejected"};
    }
    return {};
}
constexpr std::array tile_fates{Fate::killed,  Fate::survived, Fate::explained,
                                Fate::unsound, Fate::accepted, Fate::rejected};

std::string family_of(const std::string& id) {
    return id.substr(0, id.rfind('.'));
}

/// All cells of a device as a strip: a tick a case, the worst of its seeds.
std::string strip(const Campaign& campaign, const DeviceFate& device) {
    constexpr std::string_view worst_last = ".rapife";
    struct Kind {
        char letter;
        std::string_view style;
        std::string path;
    };
    std::array<Kind, 7> kinds{{{'.', "x", {}},
                               {'r', "r", {}},
                               {'a', "a", {}},
                               {'p', "p", {}},
                               {'i', "i", {}},
                               {'f', "f", {}},
                               {'e', "e", {}}}};
    std::string shade;
    bool odd = false;
    for (std::size_t i = 0; i < campaign.cases.size(); ++i) {
        std::size_t worst = 0;
        for (const std::string& row : device.run->verdicts) {
            worst = std::max(worst, worst_last.find(row[i]));
        }
        kinds[worst].path += fmt::format("M{} 1h.8v8h-.8z", i);
        odd = i != 0 && family_of(campaign.cases[i].id) != family_of(campaign.cases[i - 1].id)
                  ? !odd
                  : odd;
        shade += odd ? fmt::format("M{} 0h1v10h-1z", i) : "";
    }
    std::string svg = fmt::format("<svg class=\"strip\" viewBox=\"0 0 {} 10\" "
                                  "preserveAspectRatio=\"none\" aria-hidden=\"true\">",
                                  std::max(campaign.cases.size(), std::size_t{1}));
    svg += shade.empty() ? "" : "<path class=\"s\" d=\"" + shade + "\"/>";
    for (const Kind& kind : kinds) {
        if (!kind.path.empty()) {
            svg += fmt::format("<path class=\"{}\" d=\"{}\"/>", kind.style, kind.path);
        }
    }
    return svg + "</svg>";
}

std::string chips(const Campaign& campaign, const std::vector<std::size_t>& cases,
                  std::string_view style) {
    constexpr std::size_t most = 4;
    std::string markup = "<span class=\"chips\">";
    for (std::size_t i = 0; i < std::min(cases.size(), most); ++i) {
        const formats::CampaignCase& item = campaign.cases[cases[i]];
        markup += fmt::format("<span class=\"chip on {}\" title=\"{}\">{}</span>", style,
                              escape(item.title), escape(item.id));
    }
    if (cases.size() > most) {
        markup += fmt::format("<span class=\"dim\">and {} more</span>", cases.size() - most);
    }
    return markup + "</span>";
}

/// What the row says in one line.
std::string outcome(const Campaign& campaign, const DeviceFate& device) {
    switch (device.fate) {
    case Fate::killed:
        return chips(campaign, device.killers, "pass") +
               (device.explanation_outdated
                    ? "<div class=\"v error\">explained as a survivor, which it is not</div>"
                    : "");
    case Fate::survived:
    case Fate::explained: return escape(device.why);
    case Fate::false_fail: return chips(campaign, device.collateral, "fail");
    case Fate::false_pass: return chips(campaign, device.passed, "fail");
    default:
        return device.inconclusive.empty() || device.fate == Fate::rejected
                   ? std::string{}
                   : "inconclusive: " + chips(campaign, device.inconclusive, "inconclusive");
    }
}

std::string finding_item(const Campaign& campaign, const DeviceFate& device,
                         const CellFinding& finding) {
    const char letter = device.run->verdicts[finding.seed][finding.index];
    const bool killer = std::ranges::binary_search(device.killers, finding.index);
    const std::string_view style = letter == 'f'   ? "fail"
                                   : letter == 'e' ? "error"
                                                   : "inconclusive";
    return fmt::format(
        "<li><span class=\"v {}\">{}</span> <span class=\"mono\">{}</span>{} "
        "<span class=\"dim mono\">{}</span><div>{}</div></li>\n",
        style, letter == 'f' ? (killer ? "fail, kills" : "fail, collateral") : style,
        escape(campaign.cases[finding.index].id),
        campaign.seeds.size() > 1 ? fmt::format(" seed {}", campaign.seeds[finding.seed]) : "",
        escape(finding.where), escape(finding.text));
}

/// Kills first.
std::string details(const Campaign& campaign, const DeviceFate& device) {
    if (device.run->findings.empty()) {
        return {};
    }
    std::vector<const CellFinding*> findings;
    for (const CellFinding& finding : device.run->findings) {
        findings.push_back(&finding);
    }
    std::ranges::stable_partition(findings, [&](const CellFinding* finding) {
        return std::ranges::binary_search(device.killers, finding->index);
    });
    std::string items;
    for (std::size_t i = 0; i < std::min(findings.size(), most_findings); ++i) {
        items += finding_item(campaign, device, *findings[i]);
    }
    if (findings.size() > most_findings) {
        items += fmt::format("<li class=\"dim\">{} more in campaign.json</li>",
                             findings.size() - most_findings);
    }
    return fmt::format("<details><summary>{} killed it, {} collateral, {} inconclusive, {} errors"
                       "</summary><ul class=\"plain\">\n{}</ul></details>",
                       device.killers.size(), device.collateral.size(), device.inconclusive.size(),
                       device.errors.size(), items);
}

std::string row(const Campaign& campaign, const DeviceFate& device) {
    const formats::CampaignDevice& info = device.run->device;
    return fmt::format(
        "<tr class=\"{0}\" id=\"device-{1}\"><td><span class=\"v {0}\">{2}</span><div "
        "class=\"dim\">{3}</div></td><td><b class=\"mono\">{4}</b><div>{5}</div></td><td>{6}</td>"
        "<td>{7}{8}{9}</td></tr>\n",
        look_of(device.fate).style, url_of(file_stem(info.name)), name_of(device.fate),
        formats::name_of(info.ring), escape(info.name), escape(info.visible),
        info.requirement.empty()
            ? ""
            : fmt::format("<a class=\"chip\" href=\"#req-{}\">{}</a>",
                          url_of(file_stem(info.requirement)), escape(info.requirement)),
        outcome(campaign, device), strip(campaign, device), details(campaign, device));
}

std::string devices(const Campaign& campaign, const KillMatrix& matrix) {
    std::string picks = "<input class=\"pick\" type=\"radio\" name=\"show\" id=\"show-all\" "
                        "checked=\"checked\"/>";
    std::string tiles =
        fmt::format("<div class=\"tiles\"><label for=\"show-all\"><b>{}</b>devices</label>",
                    matrix.devices.size());
    for (const Fate fate : tile_fates) {
        const Look look = look_of(fate);
        const auto count = std::ranges::count_if(matrix.devices, [&](const DeviceFate& device) {
            return look_of(device.fate).style == look.style;
        });
        picks += fmt::format("<input class=\"pick\" type=\"radio\" name=\"show\" id=\"show-{}\"/>",
                             look.style);
        tiles += fmt::format("<label for=\"show-{0}\" class=\"{0}{1}\"><b>{2}</b>{3}</label>",
                             look.style, count == 0 ? " zero" : "", count, look.tile);
    }
    std::string rows;
    for (const DeviceFate& device : matrix.devices) {
        rows += row(campaign, device);
    }
    return "<section aria-label=\"Devices\">\n" + picks + "\n" + tiles +
           "</div>\n<div class=\"search\" hidden=\"hidden\"><input type=\"search\" "
           "aria-label=\"Search\" placeholder=\"Search device, requirement, case\"/>"
           "<output class=\"dim\"></output></div>\n"
           "<p class=\"dim legend\">Each strip is the device's row of the kill matrix, a tick a "
           "case: <i class=\"p\"></i> pass <i class=\"f\"></i> fail <i class=\"i\"></i> "
           "inconclusive <i class=\"e\"></i> error <i class=\"x\"></i> not run or skipped</p>\n"
           "<table class=\"cases\"><thead><tr><th>Outcome</th><th>Device</th><th>Breaks</th>"
           "<th>Killed by</th></tr></thead>\n<tbody>\n" +
           rows + "</tbody></table>\n</section>\n";
}

std::string rates(std::string_view title, std::string_view what,
                  const std::vector<KillRate>& list) {
    if (list.empty()) {
        return {};
    }
    std::string rows;
    for (const KillRate& rate : list) {
        const bool whole = rate.killed + rate.explained == rate.mutants;
        rows += fmt::format(
            "<tr id=\"req-{}\"><td class=\"tight\"><span class=\"mono\">{}</span></td><td>{}</td>"
            "<td class=\"tight\"><span class=\"v {}\">{} of {}</span></td><td class=\"tight\">{}"
            "</td><td class=\"tight\">{}</td></tr>\n",
            url_of(file_stem(rate.name)), escape(rate.name), escape(rate.text),
            rate.killed == rate.mutants ? "pass"
            : whole                     ? "inconclusive"
                                        : "fail",
            rate.killed, rate.mutants, rate.explained, percent(rate.killed, rate.mutants));
    }
    return fmt::format("<h2>{}</h2>\n<table class=\"matrix\"><thead><tr><th>{}</th><th></th>"
                       "<th>Killed</th><th>Explained</th><th>Rate</th></tr></thead>\n<tbody>\n{}"
                       "</tbody></table>\n",
                       title, what, rows);
}

std::string case_list(const Campaign& campaign, std::string_view title, std::string_view words,
                      const std::vector<std::size_t>& cases) {
    if (cases.empty()) {
        return {};
    }
    std::string items;
    for (const std::size_t index : cases) {
        const formats::CampaignCase& item = campaign.cases[index];
        items += fmt::format("<li><span class=\"mono\">{}</span> <span class=\"dim\">{}</span>"
                             "</li>\n",
                             escape(item.id), escape(item.title));
    }
    return fmt::format("<details class=\"card cases-list\"><summary><b>{} ({})</b> <span "
                       "class=\"dim\">{}</span></summary>\n<ul class=\"plain\">\n{}</ul>"
                       "</details>\n",
                       title, cases.size(), words, items);
}

std::string table_list(const Campaign& campaign, std::string_view title, std::string_view words,
                       const std::vector<std::size_t>& mutants) {
    if (mutants.empty()) {
        return {};
    }
    std::string items;
    for (const std::size_t index : mutants) {
        const formats::CampaignTableMutant& mutant = campaign.table_mutants[index];
        items += fmt::format("<li><span class=\"mono\">{}</span><div class=\"dim\">{}</div></li>\n",
                             escape(mutant.name), escape(mutant.witness));
    }
    return fmt::format("<details class=\"card cases-list\"><summary><b>{} ({})</b> <span "
                       "class=\"dim\">{}</span></summary>\n<ul class=\"plain\">\n{}</ul>"
                       "</details>\n",
                       title, mutants.size(), words, items);
}

std::string table_mutants(const Campaign& campaign, const KillMatrix& matrix) {
    if (campaign.table_mutants.empty()) {
        return {};
    }
    std::map<std::string, std::size_t> requirements;
    for (const formats::CampaignTableMutant& mutant : campaign.table_mutants) {
        requirements[mutant.requirement] += mutant.outcome == "killed" ? 1U : 0U;
    }
    std::string chips;
    std::size_t killed = 0;
    for (const auto& [requirement, count] : requirements) {
        killed += count;
        if (count != 0) {
            chips += fmt::format("<span class=\"chip\">{} {}</span>", escape(requirement), count);
        }
    }
    const std::size_t counted = killed + matrix.table_survivors.size();
    return fmt::format("<h2>Table mutants</h2>\n<div class=\"card cases-list\"><p><span class=\"v "
                       "{}\">{} of {} killed</span> single edits of the reference station's state "
                       "table, by generated sequences, without a simulation. By the requirement of "
                       "the step that found them:</p><span class=\"chips\">{}</span></div>\n",
                       matrix.table_survivors.empty() ? "pass" : "fail", killed, counted, chips) +
           table_list(campaign, "Survived", "no sequence found them", matrix.table_survivors) +
           table_list(campaign, "Allowed, not counted",
                      "they differ only where the standard leaves it open", matrix.table_allowed) +
           table_list(campaign, "Equal, not counted",
                      "they do what the station does, whatever comes", matrix.table_equal);
}

std::string provenance(const Campaign& campaign, const KillMatrix& matrix) {
    const auto fact = [](std::string_view name, const std::string& markup) {
        return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, markup);
    };
    std::string markup = "<h2>Provenance</h2>\n<dl class=\"facts card keep\">\n";
    markup += fact("Meterbench", escape(campaign.version));
    markup += fact("Rig", escape(campaign.rig));
    markup += fact("Files", "<code>" + escape(campaign.fingerprint) + "</code>");
    markup += fact("Seeds", fmt::format("<code>{}</code>", fmt::join(campaign.seeds, " ")));
    markup += fact("Cases, devices, cells", fmt::format("{}, {}, {}", campaign.cases.size(),
                                                        campaign.runs.size(), matrix.cells));
    if (campaign.shards != 1) {
        markup += fact("Shard", fmt::format("{} of {}: not the whole campaign", campaign.shard,
                                            campaign.shards));
    }
    if (campaign.stop_at_kill) {
        markup += fact("Stopped at kill", "what else would have failed is not known");
    }
    markup += fact("Policy", "Mutants and the good device: strict, confidence memory. Benign "
                             "variants and null devices: the defaults.");
    markup += fact("Records", "<a href=\"campaign.json\">campaign.json</a>, "
                              "<a href=\"run.json\">run.json</a>, "
                              "<a href=\"campaign.txt\">campaign.txt</a>");
    return markup + "</dl>\n";
}

} // namespace

std::string campaign_page(const Campaign& campaign, const KillMatrix& matrix) {
    const bool bad = matrix.bad() || matrix.errors != 0;
    std::string body = fmt::format(
        "<header><div class=\"kicker\">Meterbench campaign</div>\n<h1>{} cases, {} devices</h1>"
        "</header>\n<div class=\"banner {}\"><strong>{}</strong><span>{}.</span></div>\n",
        campaign.cases.size(), campaign.runs.size(), bad ? "fail" : "pass",
        bad ? "The suite has holes" : "The suite holds", escape(summary_line(matrix)));
    body += devices(campaign, matrix);
    body += rates("Kill rate by ring", "Ring", matrix.rings);
    body += rates("Kill rate by requirement", "Requirement", matrix.requirements);
    body += table_mutants(campaign, matrix);
    body += matrix.idle.empty() && matrix.never_alone.empty() ? "" : "<h2>Cases</h2>\n";
    body += case_list(campaign, "Kill nothing", "no mutant here is for them", matrix.idle);
    body += case_list(campaign, "Kill nothing alone",
                      "another case kills each of their mutants, too", matrix.never_alone);
    body += provenance(campaign, matrix);
    body += "<footer>Killed: a case that cites the requirement failed, and passes on the good "
            "device. Collateral: another case failed. Inconclusive and error kill nothing.</footer>"
            "\n";
    return page(fmt::format("Campaign: {}", summary_line(matrix)), body);
}

} // namespace meterbench::reports
