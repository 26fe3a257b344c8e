// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign.hpp"

#include "harness/pool.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace meterbench::harness {

namespace {

using formats::CampaignDevice;
using formats::CellFinding;
using formats::DeviceRun;
using formats::Finished;
using formats::Reason;
using formats::Verdict;

/// A cell's verdict and the reason that decided it.
struct Cell {
    Verdict verdict = Verdict::error;
    Reason reason;
};

Reason as_reason(const formats::LoadError& wrong) {
    return {Verdict::error, wrong.text, wrong.where, {}};
}

Cell conclude(WorkerResult&& worker, const std::string& place) {
    Cell cell;
    bool finished = false;
    std::vector<Reason> reasons;
    for (formats::StreamItem& item : worker.items) {
        if (auto* const reason = std::get_if<Reason>(&item)) {
            reasons.push_back(std::move(*reason));
        } else if (const auto* const wrong = std::get_if<formats::LoadError>(&item)) {
            reasons.push_back(as_reason(*wrong));
        } else if (const auto* const end = std::get_if<Finished>(&item)) {
            cell.verdict = end->verdict;
            finished = true;
        }
    }
    if (!finished || worker.death) {
        cell.verdict = Verdict::error;
        reasons.push_back({Verdict::error,
                           worker.death.value_or("the worker ended without a verdict"),
                           place,
                           {}});
    }
    const auto decided = std::ranges::find(reasons, cell.verdict, &Reason::verdict);
    if (decided != reasons.end()) {
        cell.reason = std::move(*decided);
    }
    return cell;
}

/// Nobody asks for the steps of a cell: only what decides leaves the worker.
StreamSink without_steps(const StreamSink& sink) {
    return [&sink](const formats::StreamItem& item) {
        if (!std::holds_alternative<formats::Step>(item)) {
            sink(item);
        }
    };
}

bool kills(const CampaignPlan& plan, const CampaignDevice& device, std::size_t index,
           Verdict verdict) {
    return verdict == Verdict::fail && formats::is_mutant(device.ring) && plan.sound[index] &&
           formats::cites(plan.described[index], device.requirement);
}

/// In the process of one device and seed. Streams a Reason and a Finished for each cell, in
/// cell_order().
void run_cells(const CampaignPlan& plan, const CaseLibrary& library, const CampaignDevice& device,
               std::uint64_t seed, const StreamSink& sink) {
    const RunSettings settings = plan.settings(device, seed);
    const auto rig = plan.rig(device, seed)();
    for (const std::size_t index : cell_order(plan.described, device.requirement)) {
        const PlannedCase& planned = plan.cases[index];
        Cell cell{Verdict::error, {Verdict::error, rig ? "" : rig.error(), "rig", {}}};
        if (rig) {
            cell = conclude(run_worker(
                                [&](const StreamSink& out) {
                                    library.run(planned, **rig, settings, without_steps(out));
                                },
                                plan.limits),
                            planned.source.name);
        }
        if (cell.verdict != Verdict::pass) {
            sink(cell.reason);
        }
        sink(Finished{cell.verdict, 0, false});
        if (plan.stop_at_kill && kills(plan, device, index, cell.verdict)) {
            return;
        }
    }
}

/// Puts the stream of one device and seed into the device's row.
void take(const CampaignPlan& plan, std::size_t seed, const WorkerResult& worker, DeviceRun& run) {
    std::string& row = run.verdicts[seed];
    const std::vector<std::size_t> order = cell_order(plan.described, run.device.requirement);
    std::size_t next = 0;
    Reason reason;
    for (const formats::StreamItem& item : worker.items) {
        if (const auto* const found = std::get_if<Reason>(&item)) {
            reason = *found;
        } else if (const auto* const end = std::get_if<Finished>(&item);
                   end != nullptr && next < order.size()) {
            const std::size_t index = order[next++];
            row[index] = formats::letter_of(end->verdict);
            if (end->verdict == Verdict::fail || end->verdict == Verdict::inconclusive ||
                row[index] == formats::letter_of(Verdict::error)) {
                run.findings.push_back(
                    {seed, index, reason.text, reason.where, reason.requirement});
            }
            reason = {};
        }
    }
    for (; worker.death && next < order.size(); ++next) {
        row[order[next]] = formats::letter_of(Verdict::error);
        run.findings.push_back({seed, order[next], *worker.death, run.device.name, {}});
    }
}

/// A process a device outlives its cells.
WorkerLimits limits_of_device(const CampaignPlan& plan) {
    WorkerLimits limits = plan.limits;
    const auto cells = static_cast<std::int64_t>(plan.cases.size()) + 1;
    limits.processor *= cells;
    limits.wall *= cells;
    return limits;
}

} // namespace

std::vector<std::size_t> cell_order(const std::vector<formats::CampaignCase>& cases,
                                    const std::string& requirement) {
    std::vector<std::size_t> order(cases.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::ranges::stable_partition(
        order, [&](std::size_t index) { return formats::cites(cases[index], requirement); });
    return order;
}

void run_campaign(const CampaignPlan& plan, const std::function<void(DeviceRun&&)>& done) {
    const CaseLibrary library{plan.cases, lua::Limits{}};
    std::vector<DeviceRun> runs;
    std::vector<std::size_t> left; // seeds still to come, by device
    std::vector<Worker::Job> work;
    for (const CampaignDevice& device : plan.devices) {
        runs.push_back({device,
                        std::vector<std::string>(plan.seeds.size(),
                                                 std::string(plan.cases.size(), formats::not_run)),
                        {}});
        left.push_back(plan.seeds.size());
        for (const std::uint64_t seed : plan.seeds) {
            work.emplace_back([&plan, &library, &device, seed](const StreamSink& sink) {
                run_cells(plan, library, device, seed, sink);
            });
        }
    }
    std::size_t told = 0;
    run_pool(
        work, limits_of_device(plan), plan.jobs, [&](std::size_t index, WorkerResult&& result) {
            const std::size_t device = index / plan.seeds.size();
            take(plan, index % plan.seeds.size(), result, runs[device]);
            --left[device];
            for (; told < runs.size() && left[told] == 0; ++told) {
                std::ranges::sort(runs[told].findings, {},
                                  [](const CellFinding& f) { return std::pair{f.seed, f.index}; });
                done(std::move(runs[told]));
            }
        });
}

} // namespace meterbench::harness
