// SPDX-License-Identifier: Apache-2.0
#include "reports/requirement_matrix.hpp"

#include "reports/html.hpp"
#include "reports/paths.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::Verdict;

bool did_run(Verdict verdict) {
    return verdict != Verdict::not_applicable && verdict != Verdict::not_runnable;
}

std::string case_chips(const MatrixRow& row) {
    std::string markup = "<span class=\"chips\">";
    for (const CaseResult* result : row.cases) {
        const Verdict verdict = verdict_on(*result, row.requirement.id);
        markup += fmt::format("<a class=\"chip on {}\" href=\"{}\" title=\"{}\">{}</a>",
                              formats::name_of(verdict), url_of(case_page_path(*result)),
                              words_of(verdict), escape(result->info.id));
    }
    return markup + "</span>";
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
    std::string rows;
    for (const MatrixRow& row : matrix_of(run)) {
        rows += markup_of(row);
    }
    return rows.empty()
               ? rows
               : "<h2 id=\"requirements\">Requirements</h2>\n<table class=\"matrix\"><thead>"
                 "<tr><th>Requirement</th><th>What it says</th><th>Severity, confidence</th>"
                 "<th>Cases</th></tr></thead>\n<tbody>\n" +
                     rows + "</tbody></table>\n";
}

} // namespace meterbench::reports
