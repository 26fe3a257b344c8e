// SPDX-License-Identifier: Apache-2.0
#include "harness/runner.hpp"

#include "harness/lua/bindings.hpp"
#include "harness/pool.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>

namespace meterbench::harness {

using formats::CaseResult;
using formats::Verdict;

namespace {

/// The cases of one file from its loader's stream, or one line on what went wrong.
std::expected<std::vector<formats::CaseInfo>, std::string> loaded(const CaseSource& source,
                                                                  const WorkerResult& result) {
    std::vector<formats::CaseInfo> cases;
    for (const formats::StreamItem& item : result.items) {
        if (const auto* const wrong = std::get_if<formats::LoadError>(&item)) {
            return std::unexpected{fmt::format("{}: {}", wrong->where, wrong->text)};
        }
        if (const auto* const reason = std::get_if<formats::Reason>(&item)) {
            return std::unexpected{fmt::format("{}: {}", source.name, reason->text)};
        }
        if (const auto* const found = std::get_if<formats::Loaded>(&item)) {
            cases = found->cases;
        }
    }
    if (result.death) {
        return std::unexpected{fmt::format("{}: loading the file: {}", source.name, *result.death)};
    }
    return cases;
}

std::optional<std::string> find_trouble(const std::vector<PlannedCase>& cases,
                                        const formats::Catalogue& catalogue) {
    std::map<std::string, std::string> files;
    for (const PlannedCase& planned : cases) {
        const auto [place, fresh] = files.emplace(planned.info.id, planned.source.name);
        if (!fresh) {
            return fmt::format("{}: case id '{}' is taken by {}", planned.source.name,
                               planned.info.id, place->second);
        }
        for (const std::string& id : planned.info.checks) {
            if (catalogue.find(id) == nullptr) {
                return fmt::format("{}: case {}: checks: no requirement is named '{}'",
                                   planned.source.name, planned.info.id, id);
            }
        }
    }
    return std::nullopt;
}

CaseResult assemble(const PlannedCase& planned, const RunSettings& settings,
                    WorkerResult&& worker) {
    CaseResult result;
    result.info = planned.info;
    result.seed = settings.seed;
    bool finished = false;
    for (formats::StreamItem& item : worker.items) {
        if (auto* const step = std::get_if<formats::Step>(&item)) {
            result.steps.push_back(std::move(*step));
        } else if (auto* const reason = std::get_if<formats::Reason>(&item)) {
            result.reasons.push_back(std::move(*reason));
        } else if (auto* const waveform = std::get_if<formats::Waveform>(&item)) {
            result.waveform = std::move(waveform->trace);
        } else if (const auto* const end = std::get_if<formats::Finished>(&item)) {
            result.verdict = end->verdict;
            result.duration = end->duration;
            result.spoilt = end->spoilt;
            finished = true;
        } else if (const auto* const wrong = std::get_if<formats::LoadError>(&item)) {
            result.reasons.push_back({Verdict::error, wrong->text, wrong->where, {}});
        }
    }
    if (worker.death) {
        result.reasons.push_back({Verdict::error, *worker.death, planned.source.name, {}});
    }
    if (!finished) {
        result.verdict = Verdict::error;
        if (result.reasons.empty()) {
            result.reasons.push_back(
                {Verdict::error, "the worker ended without a verdict", planned.source.name, {}});
        }
    }
    return result;
}

/// Between a case and who hears of it, in the worker: the review, and what is left out.
class Reviewed {
  public:
    Reviewed(const PlannedCase& planned, const RunSettings& settings, const StreamSink& sink)
        : settings_{settings}, sink_{sink} {
        result_.info = planned.info;
        result_.seed = settings.seed;
    }
    void operator()(const formats::StreamItem& item) {
        const auto* const step = std::get_if<formats::Step>(&item);
        if (step != nullptr && settings_.review) {
            result_.steps.push_back(*step);
        }
        if (const auto* const reason = std::get_if<formats::Reason>(&item)) {
            result_.reasons.push_back(*reason);
        }
        if (const auto* const end = std::get_if<formats::Finished>(&item)) {
            return finish(*end);
        }
        if (step == nullptr || !settings_.terse || step->kind == formats::Step::Kind::remark) {
            sink_(item);
        }
    }

  private:
    void finish(formats::Finished end) {
        const std::size_t told = result_.reasons.size();
        result_.verdict = end.verdict;
        result_.spoilt = end.spoilt;
        if (settings_.review) {
            settings_.review(result_);
        }
        for (std::size_t i = told; i < result_.reasons.size(); ++i) {
            sink_(result_.reasons[i]);
        }
        end.verdict = result_.verdict;
        sink_(end);
    }

    const RunSettings& settings_;
    const StreamSink& sink_;
    CaseResult result_;
};

} // namespace

std::expected<std::vector<PlannedCase>, std::string>
plan_cases(const std::vector<CaseSource>& sources, const formats::Catalogue& catalogue,
           const lua::Limits& limits, const WorkerLimits& worker_limits, unsigned jobs) {
    (void)lua::compiled_prelude(); // here, not again in each worker
    std::vector<Worker::Job> work;
    for (const CaseSource& source : sources) {
        work.emplace_back(
            [&source, &limits](const StreamSink& sink) { load_cases(source, limits, sink); });
    }
    std::vector<WorkerResult> results(sources.size());
    run_pool(work, worker_limits, jobs, [&results](std::size_t index, WorkerResult&& result) {
        results[index] = std::move(result);
    });
    std::vector<PlannedCase> cases;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        auto found = loaded(sources[i], results[i]);
        if (!found) {
            return std::unexpected{found.error()};
        }
        for (formats::CaseInfo& info : *found) {
            cases.push_back({sources[i], std::move(info)});
        }
    }
    if (const auto trouble = find_trouble(cases, catalogue)) {
        return std::unexpected{*trouble};
    }
    std::ranges::sort(cases, {}, [](const PlannedCase& c) { return c.info.id; });
    return cases;
}

std::vector<PlannedCase> select_cases(const std::vector<PlannedCase>& cases,
                                      const std::vector<std::string>& selection) {
    std::vector<PlannedCase> chosen;
    const auto named = [&selection](const PlannedCase& planned) {
        return std::ranges::any_of(selection, [&planned](const std::string& word) {
            const formats::CaseInfo& info = planned.info;
            return info.id == word || std::ranges::count(info.tags, word) != 0 ||
                   std::ranges::count(info.checks, word) != 0;
        });
    };
    for (const PlannedCase& planned : cases) {
        if (selection.empty() || named(planned)) {
            chosen.push_back(planned);
        }
    }
    return chosen;
}

std::vector<CaseResult> run_cases(const std::vector<PlannedCase>& cases,
                                  const RunSettings& settings, const RigFactory& factory,
                                  const WorkerLimits& limits, unsigned jobs,
                                  const std::function<void(const CaseResult&)>& done) {
    const CaseLibrary library{cases, settings.limits};
    std::vector<Worker::Job> work;
    for (const PlannedCase& planned : cases) {
        work.emplace_back([&library, &planned, &settings, &factory](const StreamSink& sink) {
            const auto rig = factory();
            if (!rig) {
                sink(formats::Reason{Verdict::error, rig.error(), "rig", {}});
                return sink(formats::Finished{Verdict::error, 0, false});
            }
            Reviewed reviewed{planned, settings, sink};
            library.run(planned, **rig, settings, std::ref(reviewed));
        });
    }
    std::vector<std::optional<CaseResult>> results(cases.size());
    std::size_t told = 0;
    run_pool(work, limits, jobs, [&](std::size_t index, WorkerResult&& result) {
        results[index] = assemble(cases[index], settings, std::move(result));
        for (; told < results.size() && results[told]; ++told) {
            done(*results[told]);
        }
    });
    std::vector<CaseResult> ordered;
    for (auto& result : results) {
        ordered.push_back(std::move(*result));
    }
    return ordered;
}

} // namespace meterbench::harness
