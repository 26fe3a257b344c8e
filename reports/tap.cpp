// SPDX-License-Identifier: Apache-2.0
#include "reports/tap.hpp"

#include "formats/result_text.hpp"
#include "reports/html.hpp"

#include <fmt/format.h>
#include <string_view>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::Verdict;

/// One line; `#` and `\` would end or change a description.
std::string plain(std::string_view text) {
    std::string result;
    for (const char c : formats::printable(text)) {
        if (c == '#' || c == '\\') {
            result += '\\';
        }
        result += c == '\n' || c == '\t' ? ' ' : c;
    }
    return result;
}

/// A double-quoted scalar of YAML.
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : formats::printable(text)) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += c == '\n' || c == '\t' ? ' ' : c;
    }
    return result + "\"";
}

std::string reason_text(const CaseResult& result) {
    const formats::Reason* const reason = first_reason(result);
    return reason == nullptr ? std::string{} : reason->text;
}

std::string diagnosis(const CaseResult& result) {
    std::string text = fmt::format(
        "  ---\n  verdict: {}\n",
        formats::name_of(result.verdict == Verdict::none ? Verdict::error : result.verdict));
    if (const formats::Reason* const reason = first_reason(result)) {
        text += fmt::format("  message: {}\n", quoted(reason->text));
        text += reason->where.empty() ? "" : fmt::format("  at: {}\n", quoted(reason->where));
        text += reason->requirement.empty()
                    ? ""
                    : fmt::format("  requirement: {}\n", quoted(reason->requirement));
    }
    return text + "  ...\n";
}

std::string point(const CaseResult& result, std::size_t number) {
    const std::string name = plain(result.info.id);
    const bool skipped =
        result.verdict == Verdict::not_applicable || result.verdict == Verdict::not_runnable;
    if (skipped) {
        return fmt::format("ok {} - {} # SKIP {}: {}\n", number, name, words_of(result.verdict),
                           plain(reason_text(result)));
    }
    if (result.verdict == Verdict::pass) {
        return fmt::format("ok {} - {}\n", number, name);
    }
    const std::string todo =
        result.ledger.change == "xfail" ? " # TODO " + plain(result.ledger.reason) : std::string{};
    return fmt::format("not ok {} - {}{}\n{}", number, name, todo, diagnosis(result));
}

} // namespace

std::string tap(const formats::RunResult& run) {
    std::string text = fmt::format("TAP version 13\n1..{}\n", run.cases.size());
    for (std::size_t i = 0; i < run.cases.size(); ++i) {
        text += point(run.cases[i], i + 1);
    }
    return text;
}

} // namespace meterbench::reports
