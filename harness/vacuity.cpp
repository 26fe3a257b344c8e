// SPDX-License-Identifier: Apache-2.0
#include "harness/vacuity.hpp"

#include "harness/case_runner.hpp"
#include "harness/pool.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace meterbench::harness {

using formats::CaseResult;
using formats::Step;
using formats::StreamItem;
using formats::Verdict;

namespace {

/// A case and a place in it.
struct Turn {
    std::size_t index = 0;
    std::string site;
};

/// Where the case expected or measured something itself; preconditions among them do no harm, for
/// nothing is turned around there.
std::vector<Turn> turns_of(std::size_t index, const CaseResult& result) {
    std::set<std::string> sites;
    for (const Step& step : result.steps) {
        const bool judged =
            step.kind == Step::Kind::expectation || step.kind == Step::Kind::measurement;
        if (judged && step.phase == formats::Phase::run &&
            step.where.find(".lua:") != std::string::npos) {
            sites.insert(step.where);
        }
    }
    std::vector<Turn> turns;
    for (const std::string& site : sites) {
        turns.push_back({index, site});
    }
    return turns;
}

enum class Outcome : std::uint8_t { not_turned, failed, vacuous };

Outcome outcome_of(const WorkerResult& worker) {
    bool turned = false;
    bool remarked = false;
    Verdict verdict = Verdict::error;
    for (const StreamItem& item : worker.items) {
        if (const auto* const step = std::get_if<Step>(&item)) {
            turned = turned || (step->kind == Step::Kind::note && step->text == inverted_note);
            remarked = remarked || (turned && step->kind == Step::Kind::remark);
        } else if (const auto* const end = std::get_if<formats::Finished>(&item)) {
            verdict = end->verdict;
        }
    }
    if (!turned) {
        return Outcome::not_turned;
    }
    const bool noticed = verdict == Verdict::fail || (verdict == Verdict::pass && remarked);
    return noticed ? Outcome::failed : Outcome::vacuous;
}

/// What is said of a case that passed as it is.
void conclude(CaseResult& result, std::size_t turned, const std::vector<std::string>& vacuous) {
    result.steps.clear();
    result.verdict = turned == 0 || !vacuous.empty() ? Verdict::fail : Verdict::pass;
    if (turned == 0) {
        result.reasons.push_back(
            {Verdict::fail, "no expectation could be turned around", result.info.file, {}});
    }
    for (const std::string& site : vacuous) {
        result.reasons.push_back(
            {Verdict::fail, "turned around, the expectation here makes no difference", site, {}});
    }
    Step note;
    note.text = fmt::format("{} expectations turned around", turned);
    result.steps.push_back(std::move(note));
}

} // namespace

std::vector<CaseResult> check_vacuity(const std::vector<PlannedCase>& cases,
                                      const RunSettings& settings, const RigFactory& factory,
                                      const WorkerLimits& limits, unsigned jobs,
                                      const std::function<void(const CaseResult&)>& done) {
    auto results =
        run_cases(cases, settings, factory, limits, jobs, [](const CaseResult& /*result*/) {});
    std::vector<Turn> turns;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i].verdict == Verdict::pass) {
            std::ranges::move(turns_of(i, results[i]), std::back_inserter(turns));
        }
    }
    const CaseLibrary library{cases, settings.limits};
    std::vector<Worker::Job> work;
    for (const Turn& turn : turns) {
        work.emplace_back([&turn, &library, &cases, &settings, &factory](const StreamSink& sink) {
            const auto rig = factory();
            if (!rig) {
                return sink(formats::Finished{Verdict::error, 0, false});
            }
            RunSettings turned = settings;
            turned.inverted = turn.site;
            turned.policy = {.strict = true, .confidence = "memory"};
            library.run(cases[turn.index], **rig, turned, sink);
        });
    }
    std::vector<std::size_t> turned(cases.size());
    std::vector<std::vector<std::string>> vacuous(cases.size());
    run_pool(work, limits, jobs, [&](std::size_t index, WorkerResult&& worker) {
        const Turn& turn = turns[index];
        const Outcome outcome = outcome_of(worker);
        turned[turn.index] += outcome != Outcome::not_turned ? 1 : 0;
        if (outcome == Outcome::vacuous) {
            vacuous[turn.index].push_back(turn.site);
        }
    });
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i].verdict == Verdict::pass) {
            std::ranges::sort(vacuous[i]);
            conclude(results[i], turned[i], vacuous[i]);
        }
        done(results[i]);
    }
    return results;
}

} // namespace meterbench::harness
