// SPDX-License-Identifier: Apache-2.0
#include "reports/markdown.hpp"

#include "formats/result_text.hpp"
#include "reports/html.hpp"
#include "reports/index_page.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::RunResult;
using formats::Verdict;

/// A CI page has a limit (1 MiB on GitHub); the record has the rest.
constexpr std::size_t most_rows = 200;
constexpr std::size_t longest_text = 400;

/// Text for one cell of a table: nothing in it is markup.
std::string cell(std::string_view text) {
    constexpr std::string_view special = "\\`*_{}[]>|~";
    std::string result;
    for (const char c : formats::printable(text)) {
        if (c == '\n' || c == '\t') {
            result += ' ';
        } else if (c == '<') {
            result += "&lt;";
        } else if (c == '&') {
            result += "&amp;";
        } else {
            result +=
                special.find(c) != std::string_view::npos ? std::string{'\\', c} : std::string{c};
        }
    }
    return result;
}

std::string_view word(Verdict verdict) {
    return verdict == Verdict::none ? "error" : formats::name_of(verdict);
}

std::string reason_of(const CaseResult& result) {
    const formats::Reason* const reason = first_reason(result);
    if (reason == nullptr) {
        return {};
    }
    std::string text = reason->text;
    std::ranges::replace(text, '\n', ' ');
    const auto lines = wrap(text, longest_text, 1);
    return lines.empty() ? std::string{} : cell(lines.front());
}

template <class Wanted>
std::string table(const RunResult& run, std::string_view head, Wanted row_of) {
    std::string rows;
    std::size_t count = 0;
    for (const CaseResult& result : run.cases) {
        const std::string row = row_of(result);
        if (!row.empty() && ++count <= most_rows) {
            rows += row;
        }
    }
    if (count > most_rows) {
        rows += fmt::format("\n{} more in result.json.\n", count - most_rows);
    }
    return rows.empty() ? rows : fmt::format("\n{}\n{}", head, rows);
}

std::string problems(const RunResult& run) {
    return table(run, "| verdict | case | why |\n|---|---|---|", [](const CaseResult& result) {
        const bool bad = result.verdict != Verdict::pass &&
                         result.verdict != Verdict::not_applicable &&
                         result.verdict != Verdict::not_runnable;
        return bad ? fmt::format("| {} | {} | {} |\n", word(result.verdict), cell(result.info.id),
                                 reason_of(result))
                   : std::string{};
    });
}

std::string changes(const RunResult& run) {
    return table(run, "| ledger | case | expected because |\n|---|---|---|",
                 [](const CaseResult& result) {
                     const std::string& change = result.ledger.change;
                     return change.empty() || change == "pass"
                                ? std::string{}
                                : fmt::format("| {} | {} | {} |\n", cell(change),
                                              cell(result.info.id), cell(result.ledger.reason));
                 });
}

std::string_view sign(Verdict verdict) {
    switch (verdict) {
    case Verdict::pass: return "Passed";
    case Verdict::fail: return "Failed";
    case Verdict::inconclusive: return "Inconclusive";
    case Verdict::error: return "Error";
    default: return "Nothing was tested";
    }
}

} // namespace

std::string markdown(const RunResult& run) {
    const formats::Counts counts = formats::count(run);
    std::string text = fmt::format("## {}: {}\n\n{}.\n", sign(verdict_of(counts)), cell(run.dut),
                                   formats::summary_line(counts));
    text += changes(run);
    text += problems(run);
    text += fmt::format("\nMeterbench {}, rig {} ({}), seed {}, confidence {}{}.\n",
                        cell(run.version), cell(run.rig), cell(run.rig_kind), run.seed,
                        cell(run.policy.confidence), run.policy.strict ? ", strict" : "");
    return text;
}

} // namespace meterbench::reports
