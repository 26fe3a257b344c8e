// SPDX-License-Identifier: Apache-2.0
#include "reports/findings.hpp"

#include "reports/html.hpp"
#include "reports/paths.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::reports {
namespace {

using formats::CaseResult;
using formats::Reason;
using formats::RunResult;
using formats::Step;

std::vector<const Step*> broken_judgements(const CaseResult& result) {
    std::vector<const Step*> broken;
    for (const Step& step : result.steps) {
        const bool judged =
            step.kind == Step::Kind::expectation || step.kind == Step::Kind::measurement;
        if (judged && !step.passed) {
            broken.push_back(&step);
        }
    }
    return broken;
}

/// Takes the judgement that a reason speaks of out of `broken`: the one at the same place.
const Step* take(std::vector<const Step*>& broken, const Reason& reason) {
    const auto found = std::find_if(broken.begin(), broken.end(), [&](const Step* step) {
        return !reason.where.empty() && step->where == reason.where;
    });
    if (found == broken.end()) {
        return nullptr;
    }
    const Step* const step = *found;
    broken.erase(found);
    return step;
}

/// Points a finding at the exchange that came before its judgement.
void add_exchange(Finding& finding, const CaseResult& result) {
    if (finding.judged == nullptr) {
        return;
    }
    for (const Step& step : result.steps) {
        if (&step == finding.judged) {
            return;
        }
        if (step.phase != finding.judged->phase) {
            continue;
        }
        if (step.kind == Step::Kind::sent) {
            finding.sent = &step;
            finding.heard = nullptr;
        } else if (step.kind == Step::Kind::heard) {
            finding.heard = &step;
        }
    }
}

std::string row(std::string_view name, std::string_view markup) {
    return markup.empty() ? std::string{} : fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, markup);
}

std::string code(std::string_view text) {
    return text.empty() ? std::string{} : fmt::format("<code>{}</code>", escape(text));
}

std::string bytes_of(const Step* step) {
    return step == nullptr ? std::string{} : code(spaced_hex(step->bytes));
}

std::string requirement_text(const RunResult& run, const std::string& id) {
    if (id.empty()) {
        return {};
    }
    std::string markup = fmt::format("<a class=\"chip\" href=\"../index.html#req-{}\">{}</a>",
                                     url_of(file_stem(id)), escape(id));
    const auto found =
        std::find_if(run.requirements.begin(), run.requirements.end(),
                     [&](const formats::RequirementInfo& item) { return item.id == id; });
    if (found != run.requirements.end()) {
        markup += fmt::format(" {} <span class=\"dim\">({})</span>", escape(found->text),
                              escape(found->clause));
    }
    return markup;
}

std::string markup_of(const RunResult& run, const Finding& finding) {
    const Reason* const reason = finding.reason;
    const Step* const judged = finding.judged;
    const std::string& text = reason != nullptr ? reason->text : judged->text;
    const std::string& where = reason != nullptr ? reason->where : judged->where;
    const bool named = reason != nullptr && !reason->requirement.empty();
    std::string rows;
    if (judged != nullptr) {
        rows +=
            reason != nullptr && judged->text != text ? row("Judged", escape(judged->text)) : "";
        rows += row("Expected", code(judged->expected));
        rows += row("Actual", code(judged->actual));
    }
    rows += row("Sent", bytes_of(finding.sent));
    rows += finding.sent != nullptr && finding.heard == nullptr
                ? row("Heard", "<span class=\"dim\">nothing</span>")
                : row("Heard", bytes_of(finding.heard));
    rows += row("Requirement", requirement_text(run, named               ? reason->requirement
                                                     : judged != nullptr ? judged->requirement
                                                                         : std::string{}));
    rows += row("Where", code(where));
    const std::string badge = reason != nullptr ? verdict_badge(finding.verdict)
                                                : "<span class=\"v none\">did not hold</span>";
    return fmt::format("<div class=\"card finding {}\"><h3>{} {}</h3>\n<dl>\n{}</dl></div>\n",
                       formats::name_of(finding.verdict), badge, escape(text), rows);
}

} // namespace

std::vector<Finding> findings_of(const CaseResult& result) {
    std::vector<Finding> findings;
    std::vector<const Step*> broken = broken_judgements(result);
    for (const Reason& reason : result.reasons) {
        findings.push_back({reason.verdict, &reason, take(broken, reason), nullptr, nullptr});
    }
    for (const Step* step : broken) {
        // Without a reason of its own it did not decide the verdict (a remark, a second failure).
        findings.push_back({formats::Verdict::none, nullptr, step, nullptr, nullptr});
    }
    for (Finding& finding : findings) {
        add_exchange(finding, result);
    }
    return findings;
}

std::string findings_section(const RunResult& run, const CaseResult& result) {
    const auto findings = findings_of(result);
    if (findings.empty()) {
        return {};
    }
    std::string markup = "<h2>Why</h2>\n";
    for (const Finding& finding : findings) {
        markup += markup_of(run, finding);
    }
    return markup;
}

} // namespace meterbench::reports
