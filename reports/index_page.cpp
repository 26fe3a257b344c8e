// SPDX-License-Identifier: Apache-2.0
#include "reports/index_page.hpp"

#include "reports/html.hpp"
#include "reports/paths.hpp"
#include "reports/requirement_matrix.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <vector>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::Counts;
using formats::RunResult;
using formats::Verdict;

struct Tile {
    Verdict verdict;
    std::string_view words;
    std::size_t count;
};
std::array<Tile, 6> tiles_of(const Counts& counts) {
    return {{{Verdict::pass, "passed", counts.passed},
             {Verdict::fail, "failed", counts.failed},
             {Verdict::inconclusive, "inconclusive", counts.inconclusive},
             {Verdict::error, "errors", counts.errors},
             {Verdict::not_applicable, "not applicable", counts.not_applicable},
             {Verdict::not_runnable, "not runnable", counts.not_runnable}}};
}

std::size_t planned(const Counts& counts) {
    return counts.executed() + counts.skipped();
}

std::string headline(const Counts& counts) {
    switch (verdict_of(counts)) {
    case Verdict::pass: return "Passed";
    case Verdict::fail: return "Failed";
    case Verdict::inconclusive: return "Inconclusive";
    case Verdict::error: return "Error";
    default: return "Nothing was tested";
    }
}

std::string banner(const Counts& counts) {
    std::string text =
        fmt::format("{} of {} executed cases passed", counts.passed, counts.executed());
    for (const Tile& tile : tiles_of(counts)) {
        if (tile.count != 0 && tile.verdict != Verdict::pass) {
            text += fmt::format(", {} {}", tile.count,
                                tile.count == 1 && tile.verdict == Verdict::error ? "error"
                                                                                  : tile.words);
        }
    }
    if (counts.remarks != 0) {
        text += fmt::format(", {} remark{}", counts.remarks, counts.remarks == 1 ? "" : "s");
    }
    return fmt::format("<div class=\"banner {}\"><strong>{}</strong><span>{}.</span></div>\n",
                       formats::name_of(verdict_of(counts)), headline(counts), text);
}

std::string bar(const Counts& counts) {
    std::string parts;
    for (const Tile& tile : tiles_of(counts)) {
        if (tile.count != 0) {
            parts +=
                fmt::format("<i class=\"{}\" style=\"flex:{}\" title=\"{} {}\"></i>",
                            formats::name_of(tile.verdict), tile.count, tile.count, tile.words);
        }
    }
    return parts.empty() ? parts : "<div class=\"bar\" aria-hidden=\"true\">" + parts + "</div>\n";
}

std::string fact(std::string_view name, std::string_view markup) {
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, markup);
}

std::string policy_text(const formats::Policy& policy) {
    return fmt::format("A broken shall fails from confidence {} up; a broken should {}.",
                       escape(policy.confidence), policy.strict ? "fails (strict)" : "is a remark");
}

std::string file_block(std::string_view title, const std::string& text) {
    return text.empty() ? text
                        : fmt::format("<details class=\"plain\"><summary>{}</summary><pre>{}</pre>"
                                      "</details>\n",
                                      title, escape(text));
}

/// How far the measured times may be from the truth, and who says so.
std::string calibration(const RunResult& run) {
    if (run.uncertainty_by == "simulation") {
        return "Times are exact: they are the simulation's own.";
    }
    return fmt::format("Times are within {} of the truth, {}.", duration_text(run.uncertainty),
                       run.uncertainty_by.empty()
                           ? "and nobody says why"
                           : "as stated in the " + escape(run.uncertainty_by) +
                                 "; not measured by this run");
}

std::string provenance(const RunResult& run, const Counts& counts) {
    std::string markup = "<h2>Provenance</h2>\n<div class=\"card keep\"><dl class=\"facts\">\n";
    markup +=
        fact("Planned = executed + skipped",
             fmt::format("{} = {} + {}", planned(counts), counts.executed(), counts.skipped()));
    markup += fact("Seed", fmt::format("<code>{}</code>", run.seed));
    markup += fact("Meterbench", escape(run.version));
    markup += fact("Rig", fmt::format("{} <span class=\"dim\">({})</span>", escape(run.rig),
                                      escape(run.rig_kind)));
    markup += fact("Bench calibration", calibration(run));
    markup += run.files_hash.empty() ? ""
                                     : fact("Cases, catalogue, rig, statement",
                                            fmt::format("<code>{}</code>", escape(run.files_hash)));
    markup += fact("Device under test", escape(run.dut));
    markup += fact("Policy", policy_text(run.policy));
    markup += fact("Records", "<a href=\"result.json\">result.json</a>, "
                              "<a href=\"run.json\">run.json</a> (when, where, which files), "
                              "<a href=\"junit.xml\">junit.xml</a>");
    markup += "</dl>\n" + file_block("Rig file", run.rig_json);
    return markup + file_block("Implementation statement (ICS)", run.ics_json) + "</div>\n";
}

std::string requirement_links(const std::vector<std::string>& ids) {
    std::string markup;
    for (const std::string& id : ids) {
        markup += fmt::format("<a class=\"chip\" href=\"#req-{}\">{}</a>", url_of(file_stem(id)),
                              escape(id));
    }
    return markup.empty() ? markup : "<span class=\"chips\">" + markup + "</span>";
}

/// A case without a verdict is found among the errors, where it is counted.
std::string_view counted_as(Verdict verdict) {
    return formats::name_of(verdict == Verdict::none ? Verdict::error : verdict);
}

std::string row(const CaseResult& result) {
    const formats::Reason* const reason = first_reason(result);
    std::string reason_text;
    if (reason != nullptr) {
        for (const std::string& line : wrap(reason->text, 300, 1)) {
            reason_text = escape(line);
        }
    }
    return fmt::format("<tr class=\"{}\"><td>{}</td><td><a href=\"{}\">{}</a>"
                       "<div class=\"mono dim\">{}</div></td><td>{}</td><td>{}</td></tr>\n",
                       counted_as(result.verdict), verdict_badge(result.verdict),
                       url_of(case_page_path(result)),
                       escape(result.info.title.empty() ? result.info.id : result.info.title),
                       escape(result.info.id), requirement_links(result.info.checks), reason_text);
}

/// Families of so many cases that all passed, or did not run, are folded at first.
constexpr std::size_t many = 12;

std::string family_of(const std::string& id) {
    return id.substr(0, id.rfind('.'));
}

/// A family's cases below a row that folds them. The row is of every verdict that its cases have,
/// so that the filter keeps it.
std::string family(const std::string& name, const std::vector<const CaseResult*>& members) {
    std::string rows;
    std::map<std::string_view, std::size_t> verdicts;
    bool calm = members.size() >= many;
    for (const CaseResult* result : members) {
        rows += row(*result);
        ++verdicts[counted_as(result->verdict)];
        calm = calm &&
               (result->verdict == Verdict::pass || result->verdict == Verdict::not_applicable ||
                result->verdict == Verdict::not_runnable);
    }
    std::string classes;
    std::string words;
    for (const auto& [verdict, count] : verdicts) {
        classes += fmt::format(" {}", verdict);
        words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, verdict);
    }
    return fmt::format("<tbody><tr class=\"family{}\"{}><td colspan=\"4\"><button type=\"button\" "
                       "disabled=\"disabled\" class=\"mono\">{}</button><span class=\"dim\">{}"
                       "</span></td></tr>\n{}</tbody>\n",
                       classes, calm ? " data-fold=\"1\"" : "", escape(name), words, rows);
}

std::string picks() {
    std::string markup = "<input class=\"pick\" type=\"radio\" name=\"show\" id=\"show-all\" "
                         "checked=\"checked\"/>";
    for (const Tile& tile : tiles_of({})) {
        markup += fmt::format("<input class=\"pick\" type=\"radio\" name=\"show\" id=\"show-{}\"/>",
                              formats::name_of(tile.verdict));
    }
    return markup + "\n";
}

std::string tiles(const Counts& counts) {
    std::string markup = fmt::format(
        "<div class=\"tiles\"><label for=\"show-all\"><b>{}</b>all</label>", planned(counts));
    for (const Tile& tile : tiles_of(counts)) {
        markup += fmt::format("<label for=\"show-{0}\" class=\"{0}{1}\"><b>{2}</b>{3}</label>",
                              formats::name_of(tile.verdict), tile.count == 0 ? " zero" : "",
                              tile.count, tile.words);
    }
    return markup + "</div>\n";
}

/// The filter by verdict works by the order of these elements alone: radio buttons before the
/// table.
std::string cases(const RunResult& run, const Counts& counts) {
    std::map<std::string, std::vector<const CaseResult*>> families;
    for (const CaseResult& result : run.cases) {
        families[family_of(result.info.id)].push_back(&result);
    }
    std::string rows;
    for (const auto& [name, members] : families) {
        rows += family(name, members);
    }
    return "<section aria-label=\"Cases\">\n" + picks() + tiles(counts) +
           "<div class=\"search\" hidden=\"hidden\"><input type=\"search\" aria-label=\"Search\" "
           "placeholder=\"Search id, title, requirement, reason\"/>"
           "<output class=\"dim\"></output></div>\n"
           "<table class=\"cases "
           "run\"><thead><tr><th>Verdict</th><th>Case</th><th>Requirements</th>"
           "<th>First reason</th></tr></thead>\n" +
           rows + "</table>\n</section>\n";
}

std::string remarks(const RunResult& run) {
    std::string items;
    for (const CaseResult& result : run.cases) {
        for (const formats::Step& step : result.steps) {
            if (step.kind == formats::Step::Kind::remark) {
                items += fmt::format("<li>{} <a class=\"chip\" href=\"{}\">{}</a></li>\n",
                                     escape(step.text), url_of(case_page_path(result)),
                                     escape(result.info.id));
            }
        }
    }
    return items.empty() ? items
                         : "<h2>Remarks</h2>\n<ul class=\"plain card\">\n" + items + "</ul>\n";
}

} // namespace

Verdict verdict_of(const Counts& counts) {
    Verdict worst = Verdict::none;
    for (const Tile& tile : tiles_of(counts)) {
        if (tile.count != 0 && tile.verdict <= Verdict::error) {
            worst = std::max(worst, tile.verdict);
        }
    }
    return worst;
}

std::string index_page(const RunResult& run) {
    const Counts counts = formats::count(run);
    std::string body =
        fmt::format("<header><div class=\"kicker\">Meterbench conformance report</div>"
                    "\n<h1>{}</h1></header>\n",
                    run.dut.empty() ? "Device under test" : escape(run.dut));
    body += banner(counts);
    body += bar(counts);
    body += cases(run, counts);
    body += remarks(run);
    body += requirement_matrix(run);
    body += provenance(run, counts);
    body +=
        "<footer>Pass: every expectation held. Fail: the device broke a requirement. "
        "Inconclusive: a precondition did not hold, or a time lay within the rig's uncertainty. "
        "Error: the rig or the case, not the device. Not applicable: the device does not claim "
        "it. Not runnable: the rig cannot do it.</footer>\n";
    return page(fmt::format("{}: {}", headline(counts), run.dut), body);
}

} // namespace meterbench::reports
