// SPDX-License-Identifier: Apache-2.0
#include "harness/judge.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace meterbench::harness {

using formats::Reason;
using formats::RequirementInfo;
using formats::Step;
using formats::Verdict;

namespace {

std::size_t confidence_rank(std::string_view confidence) {
    constexpr std::array<std::string_view, 3> ranks{"confirmed", "single", "memory"};
    return static_cast<std::size_t>(std::ranges::find(ranks, confidence) - ranks.begin());
}

std::string sentence(const Judge::Observation& observation) {
    return fmt::format("{}: expected {}, was {}", observation.what, observation.expected,
                       observation.actual);
}

Step step_of(const Judge::Observation& observation, Step::Kind kind) {
    Step step;
    step.kind = kind;
    step.start = observation.now;
    step.end = observation.now;
    step.text = observation.what;
    step.passed = observation.passed;
    step.expected = observation.expected;
    step.actual = observation.actual;
    step.requirement = observation.requirement;
    step.where = observation.where;
    return step;
}

} // namespace

void Judge::step(Step step) {
    step.phase = phase_;
    sink_(std::move(step));
}

bool Judge::counts(const RequirementInfo& requirement) const {
    if (requirement.severity == "should") {
        return policy_.strict;
    }
    if (requirement.severity == "may") {
        return false;
    }
    return confidence_rank(requirement.confidence) <= confidence_rank(policy_.confidence);
}

std::expected<Judge::Cost, std::string> Judge::cost(const std::string& requirement) const {
    const auto cost_of = [this](const std::string& id) -> std::expected<Cost, std::string> {
        const RequirementInfo* const found = catalogue_.find(id);
        if (found == nullptr) {
            return std::unexpected{fmt::format("no requirement is named '{}'", id)};
        }
        return Cost{counts(*found) ? Verdict::fail : Verdict::none, id};
    };
    if (!requirement.empty()) {
        if (std::ranges::find(info_.checks, requirement) == info_.checks.end()) {
            return std::unexpected{
                fmt::format("'{}' is not among what the case checks", requirement)};
        }
        return cost_of(requirement);
    }
    if (info_.checks.empty()) {
        return Cost{};
    }
    const RequirementInfo* const first = catalogue_.find(info_.checks.front());
    for (const std::string& id : info_.checks) {
        const RequirementInfo* const other = catalogue_.find(id);
        if (first == nullptr || other == nullptr) {
            return std::unexpected{fmt::format("no requirement is named '{}'", id)};
        }
        if (other->severity != first->severity || other->confidence != first->confidence) {
            return std::unexpected{fmt::format(
                "name the requirement: {} and {} differ in severity or confidence", first->id, id)};
        }
    }
    return cost_of(info_.checks.front());
}

Ruling Judge::broken(const Observation& observation, const std::string& text) {
    const auto price = cost(observation.requirement);
    if (!price) {
        reason(Verdict::error, price.error(), observation.where);
        return Ruling::ends;
    }
    charge(*price, observation, text);
    return price->verdict == Verdict::none ? Ruling::goes_on : Ruling::ends;
}

void Judge::charge(const Cost& cost, const Observation& observation, const std::string& text) {
    if (cost.verdict == Verdict::none) {
        remark(text, cost.requirement, observation.where, observation.now);
    } else {
        reason(cost.verdict, text, observation.where, cost.requirement);
    }
}

bool Judge::turns(const Observation& observation) {
    if (inverted_.empty() || phase_ != formats::Phase::run || observation.where != inverted_) {
        return false;
    }
    inverted_.clear();
    Step note;
    note.start = note.end = observation.now;
    note.text = inverted_note;
    note.where = observation.where;
    step(std::move(note));
    return true;
}

Ruling Judge::expectation(const Observation& seen) {
    judged_ = true;
    Observation observation = seen;
    observation.passed = seen.passed != turns(seen);
    step(step_of(observation, Step::Kind::expectation));
    if (!observation.passed) {
        return broken(observation, sentence(observation));
    }
    // A wrong name must not wait for the day the expectation breaks.
    if (const auto price = cost(observation.requirement); !price) {
        reason(Verdict::error, price.error(), observation.where);
        return Ruling::ends;
    }
    verdict_ = worse(verdict_, Verdict::pass);
    return Ruling::goes_on;
}

Ruling Judge::precondition(const Observation& observation) {
    step(step_of(observation, Step::Kind::expectation));
    if (observation.passed) {
        return Ruling::goes_on;
    }
    reason(Verdict::inconclusive, sentence(observation), observation.where);
    return Ruling::ends;
}

void Judge::measurement(const Observation& observation, Verdict verdict) {
    judged_ = true;
    if (turns(observation)) {
        verdict = verdict == Verdict::pass ? Verdict::fail : Verdict::pass;
    }
    Step measured = step_of(observation, Step::Kind::measurement);
    measured.passed = verdict == Verdict::pass;
    step(std::move(measured));
    if (verdict == Verdict::fail) {
        (void)broken(observation, sentence(observation));
        return;
    }
    if (verdict == Verdict::inconclusive) {
        return reason(verdict, sentence(observation) + ", within the rig's uncertainty",
                      observation.where, observation.requirement);
    }
    verdict_ = worse(verdict_, verdict);
}

void Judge::monitored(const Observation& observation) {
    step(step_of(observation, Step::Kind::measurement));
    const RequirementInfo* const found = catalogue_.find(observation.requirement);
    if (observation.passed || found == nullptr) {
        return; // a catalogue of somebody's own need not have it
    }
    charge({counts(*found) ? Verdict::fail : Verdict::none, found->id}, observation,
           sentence(observation));
}

void Judge::remark(std::string text, std::string requirement, std::string where, std::int64_t now) {
    Step remark;
    remark.kind = Step::Kind::remark;
    remark.start = now;
    remark.end = now;
    remark.text = std::move(text);
    remark.requirement = std::move(requirement);
    remark.where = std::move(where);
    step(std::move(remark));
    verdict_ = worse(verdict_, Verdict::pass);
}

void Judge::reason(Verdict verdict, std::string text, std::string where, std::string requirement) {
    sink_(Reason{verdict, std::move(text), std::move(where), std::move(requirement)});
    // A broken epilogue takes back a pass and leaves what is worse alone; worse() says just that.
    verdict_ = worse(verdict_, verdict);
}

} // namespace meterbench::harness
