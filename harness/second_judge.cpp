// SPDX-License-Identifier: Apache-2.0
#include "harness/second_judge.hpp"

#include "formats/trace_pcapng.hpp"
#include "formats/trace_reader.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::harness {

using formats::CaseResult;
using formats::Step;
using formats::Verdict;
using lua::Ruling;

namespace {

bool holds(const std::vector<std::string>& list, const std::string& item) {
    return std::ranges::find(list, item) != list.end();
}

void make_error(CaseResult& result, std::string text, std::string requirement) {
    result.verdict = Verdict::error;
    result.reasons.push_back(
        {Verdict::error, std::move(text), "second judge", std::move(requirement)});
}

} // namespace

LiveJudgement live_judgement(const CaseResult& result) {
    LiveJudgement live{result.verdict, result.info.checks, {}};
    for (const Step& step : result.steps) {
        if (step.kind == Step::Kind::remark) {
            live.remarked.push_back(step.requirement);
        }
    }
    return live;
}

std::optional<std::string> disagreement(const LiveJudgement& live, const Ruling& ruling) {
    const std::string& id = ruling.requirement;
    if (ruling.verdict == Ruling::Verdict::fail && holds(live.checks, id) &&
        live.verdict == Verdict::pass && !holds(live.remarked, id)) {
        return "the report says pass";
    }
    return std::nullopt;
}

std::expected<SecondJudge, std::string> SecondJudge::load(const std::filesystem::path& folder) {
    auto judge = lua::TraceJudge::load(folder);
    if (!judge) {
        return std::unexpected{judge.error()};
    }
    return SecondJudge{std::move(*judge)};
}

void SecondJudge::review(CaseResult& result, const formats::RunResult& run,
                         core::Duration uncertainty) {
    // Nothing else can be contradicted, and nothing by what the case is not about.
    if (result.verdict != Verdict::pass || result.spoilt) {
        return;
    }
    const auto bytes = formats::trace_pcapng(result, run);
    const auto trace = formats::read_trace_pcapng(bytes, "trace");
    if (!trace) {
        return make_error(result, "the trace cannot be read back: " + trace.error(), {});
    }
    const auto rulings = judge_.judge(*trace, uncertainty, result.info.checks);
    if (!rulings) {
        return make_error(result, rulings.error(), {});
    }
    const LiveJudgement live = live_judgement(result);
    for (const Ruling& ruling : *rulings) {
        if (disagreement(live, ruling)) {
            make_error(result,
                       fmt::format("the judges disagree: the case passed, the trace shows {} "
                                   "broken: {} (packet {})",
                                   ruling.requirement, ruling.text, ruling.packet),
                       ruling.requirement);
        }
    }
}

} // namespace meterbench::harness
