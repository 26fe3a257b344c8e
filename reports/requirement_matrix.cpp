// SPDX-License-Identifier: Apache-2.0
#include "reports/requirement_matrix.hpp"

#include "reports/html.hpp"
#include "reports/paths.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <string_view>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::Verdict;

bool did_run(Verdict verdict) {
    return verdict != Verdict::not_applicable && verdict != Verdict::not_runnable;
}

/// At most so many cases are named; those that did not pass come first.
constexpr std::size_t most_cases = 12;

std::string case_chips(const MatrixRow& row) {
    std::vector<const CaseResult*> cases = row.cases;
    std::ranges::stable_sort(cases, std::ranges::greater{}, [&](const CaseResult* result) {
        const Verdict verdict = verdict_on(*result, row.requirement.id);
        return did_run(verdict) ? verdict : Verdict::none;
    });
    const std::size_t more = cases.size() > most_cases ? cases.size() - most_cases : 0;
    cases.resize(cases.size() - more);
    std::string markup = "<span class=\"chips\">";
    for (const CaseResult* result : cases) {
        const Verdict verdict = verdict_on(*result, row.requirement.id);
        markup += fmt::format("<a class=\"chip on {}\" href=\"{}\" title=\"{}\">{}</a>",
                              formats::name_of(verdict), url_of(case_page_path(*result)),
                              words_of(verdict), escape(result->info.id));
    }
    return markup + (more != 0 ? fmt::format("<span class=\"dim\">and {} more</span>", more) : "") +
           "</span>";
}

std::string markup_of(const MatrixRow& row) {
    const formats::RequirementInfo& info = row.requirement;
    const std::string text =
        row.known ? escape(info.text) : "<span class=\"dim\">not in the catalogue</span>";
    const std::string state = row.verdict == Verdict::none
                                  ? "<span class=\"v none\">not tested</span>"
                                  : verdict_badge(row.verdict);
    return fmt::format(
        "<tr id=\"req-{}\"><td class=\"tight\"><span class=\"mono\">{}</span><br/>{}"
        "</td><td>{}<div class=\"dim\">{}</div></td><td>{}{}{}</td><td>{}</td></tr>\n",
        file_stem(info.id), escape(info.id), state, text, escape(info.clause),
        escape(info.severity), info.confidence.empty() ? "" : ", ", escape(info.confidence),
        case_chips(row));
}

/// A requirement that no case here checks.
std::string short_row(const MatrixRow& row) {
    const formats::RequirementInfo& info = row.requirement;
    std::string why;
    if (!info.why_not_suite.empty()) {
        why = fmt::format("<div><b>{}:</b> {}</div>",
                          info.decided_by == "bench" ? "On a bench, by a person"
                                                     : "By nobody on "
                                                       "the bus",
                          escape(info.why_not_suite));
    }
    return fmt::format("<tr id=\"req-{}\"><td class=\"tight\"><span class=\"mono\">{}</span></td>"
                       "<td>{}<div class=\"dim\">{}</div>{}</td><td>{}, {}</td></tr>\n",
                       url_of(file_stem(info.id)), escape(info.id), escape(info.text),
                       escape(info.clause), why, escape(info.severity), escape(info.confidence));
}

std::string folded(std::string_view title, std::size_t count, const std::string& rows) {
    return rows.empty()
               ? rows
               : fmt::format("<details class=\"fold\"><summary>{} <b>({})</b></summary>\n<table "
                             "class=\"matrix\"><thead><tr><th>Requirement</th><th>What it says"
                             "</th><th>Severity, confidence</th></tr></thead>\n<tbody>\n{}"
                             "</tbody></table></details>\n",
                             title, count, rows);
}

} // namespace

Verdict verdict_on(const CaseResult& result, const std::string& id) {
    if (result.verdict != Verdict::fail) {
        return result.verdict;
    }
    bool failed = false;
    for (const formats::Reason& reason : result.reasons) {
        if (reason.verdict != Verdict::fail) {
            continue;
        }
        if (reason.requirement.empty() || reason.requirement == id) {
            return Verdict::fail;
        }
        failed = true;
    }
    return failed ? Verdict::inconclusive : Verdict::fail;
}

std::vector<MatrixRow> matrix_of(const formats::RunResult& run) {
    std::map<std::string, MatrixRow> rows;
    for (const formats::RequirementInfo& requirement : run.requirements) {
        rows[requirement.id].requirement = requirement;
    }
    for (const CaseResult& result : run.cases) {
        for (const std::string& id : result.info.checks) {
            MatrixRow& row = rows[id];
            if (row.requirement.id != id) {
                row.requirement.id = id;
                row.known = false;
            }
            row.cases.push_back(&result);
            const Verdict verdict = verdict_on(result, id);
            if (did_run(verdict)) {
                row.verdict = std::max(row.verdict, verdict);
            }
        }
    }
    std::vector<MatrixRow> matrix;
    for (auto& [id, row] : rows) {
        matrix.push_back(std::move(row));
    }
    return matrix;
}

std::string requirement_matrix(const formats::RunResult& run) {
    std::string covered;
    std::string open;
    std::string elsewhere;
    std::size_t counts[3] = {};
    for (const MatrixRow& row : matrix_of(run)) {
        const std::string& by = row.requirement.decided_by;
        if (!row.cases.empty()) {
            covered += markup_of(row);
            ++counts[0];
        } else if (by.empty() || by == "suite") {
            open += short_row(row);
            ++counts[1];
        } else {
            elsewhere += short_row(row);
            ++counts[2];
        }
    }
    if (covered.empty() && open.empty() && elsewhere.empty()) {
        return {};
    }
    std::string markup = fmt::format(
        "<h2 id=\"requirements\">Requirements</h2>\n<p>{} of {} requirements that a case can "
        "decide are covered here; {} more cannot be decided by a case.</p>\n",
        counts[0], counts[0] + counts[1], counts[2]);
    if (!covered.empty()) {
        markup += "<table class=\"matrix\"><thead><tr><th>Requirement</th><th>What it says</th>"
                  "<th>Severity, confidence</th><th>Cases</th></tr></thead>\n<tbody>\n" +
                  covered + "</tbody></table>\n";
    }
    markup += folded("Not covered by this run", counts[1], open);
    return markup + folded("Not testable by a case, with the reason", counts[2], elsewhere);
}

} // namespace meterbench::reports
