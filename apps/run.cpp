// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/run_host.hpp"
#include "apps/run_journal.hpp"
#include "apps/run_plan.hpp"
#include "harness/runner.hpp"
#include "harness/vacuity.hpp"
#include "hil/line_rig.hpp"
#include "hil/open_endpoint.hpp"
#include "hil/program.hpp"
#include "models/master_world.hpp"
#include "models/served_master.hpp"
#include "models/world.hpp"
#include "reports/markdown.hpp"
#include "reports/report.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <thread>

namespace meterbench::apps {
namespace {

using formats::CaseResult;

constexpr const char* examples = R"(Examples:
  meterbench run scenarios/wired/meter
  meterbench run scenarios/wired/meter --select wired.link.fcb.repeat
  meterbench run scenarios/wired/meter --mutant link.fcb-ignored --report mutant
  meterbench run my-case.lua --rig rig.json --strict --jobs 4
  meterbench run scenarios/wired/meter --ledger expected.json --markdown summary.md

PATH is a case file or a folder of them. One line a case goes to stdout, the report to
the folder of --report. Exit status: 0 all passed; 1 some failed or are inconclusive;
2 usage or configuration; 3 some error, or no case could run.)";

std::expected<std::unique_ptr<rig::Rig>, std::string> simulated_master(const RunPlan& plan) {
    auto world =
        models::MasterWorld::make(plan.rig.bus, plan.mutant, plan.settings.seed, plan.profiles);
    if (!world) {
        return std::unexpected{world.error()};
    }
    return std::unique_ptr<rig::Rig>{std::move(*world)};
}

harness::RigFactory simulated_rig(const RunPlan& plan) {
    return [&plan]() -> std::expected<std::unique_ptr<rig::Rig>, std::string> {
        if (plan.dut.role == rig::Dut::Role::master) {
            return simulated_master(plan);
        }
        auto world = models::World::make(plan.rig.bus, plan.dut, plan.settings.seed, plan.profiles);
        if (!world) {
            return std::unexpected{world.error()};
        }
        return std::unique_ptr<rig::Rig>{std::move(*world)};
    };
}

/// A port is opened once, before any worker: it stays open in this process however a worker ends,
/// and each worker has the same descriptor.
std::expected<harness::RigFactory, std::string> line_rig(const RunPlan& plan) {
    auto opened = hil::LineRig::open(plan.rig.port, plan.rig.baud, plan.rig.uncertainty, plan.dut);
    if (!opened) {
        return std::unexpected{opened.error()};
    }
    const auto rig = std::make_shared<std::unique_ptr<hil::LineRig>>(std::move(*opened));
    return [rig]() -> std::expected<std::unique_ptr<rig::Rig>, std::string> {
        return std::move(*rig); // in the worker's memory; the parent's stays
    };
}

/// The endpoint is opened once, before any worker; each worker starts the program for its jobs.
std::expected<harness::RigFactory, std::string> served_rig(const RunPlan& plan) {
    auto opened = hil::open_endpoint(plan.rig.endpoint, plan.rig.baud);
    if (!opened) {
        return std::unexpected{opened.error()};
    }
    struct Outside {
        hil::OpenEndpoint endpoint;
        hil::Program program;
    };
    const auto outside = std::make_shared<Outside>();
    outside->endpoint = std::move(*opened);
    return [&plan, outside]() -> std::expected<std::unique_ptr<rig::Rig>, std::string> {
        auto rig = models::ServedMaster::make(
            plan.rig, {*outside->endpoint.endpoint, outside->endpoint.port, outside->program},
            plan.settings.seed, plan.profiles);
        if (!rig) {
            return std::unexpected{rig.error()};
        }
        return std::unique_ptr<rig::Rig>{std::move(*rig)};
    };
}

/// Builds the rig once in a worker, so that a rig that cannot be built is a usage error.
std::optional<std::string> try_rig(const harness::RigFactory& factory,
                                   const harness::WorkerLimits& limits) {
    const auto tried = harness::run_worker(
        [&factory](const harness::StreamSink& sink) {
            if (const auto rig = factory(); !rig) {
                sink(formats::LoadError{rig.error(), {}});
            }
        },
        limits);
    for (const formats::StreamItem& item : tried.items) {
        if (const auto* const wrong = std::get_if<formats::LoadError>(&item)) {
            return wrong->text;
        }
    }
    return tried.death;
}

std::expected<harness::RigFactory, std::string> make_factory(const RunPlan& plan) {
    if (plan.rig.kind == formats::RigFile::Kind::line) {
        return line_rig(plan);
    }
    if (plan.rig.kind == formats::RigFile::Kind::served) {
        return served_rig(plan);
    }
    harness::RigFactory factory = simulated_rig(plan);
    if (auto trouble = try_rig(factory, plan.worker_limits)) {
        return std::unexpected{std::move(*trouble)};
    }
    return factory;
}

std::string first_reason(const CaseResult& result) {
    for (const formats::Reason& reason : result.reasons) {
        if (reason.verdict == result.verdict) {
            return reason.where.empty() ? reason.text : reason.where + ": " + reason.text;
        }
    }
    return {};
}

void print_case(const CaseResult& result) {
    const std::string reason = first_reason(result);
    fmt::print("{:<14} {}{}{}\n", formats::name_of(result.verdict), result.info.id,
               reason.empty() ? "" : ": ", reason);
    std::fflush(stdout);
}

/// What is not simply a pass, as the ledger sees it.
void print_ledger(const formats::RunResult& run) {
    std::size_t agreeing = 0;
    for (const CaseResult& result : run.cases) {
        agreeing += result.ledger.agrees ? 1U : 0U;
        if (!result.ledger.change.empty() && result.ledger.change != "pass") {
            fmt::print("{:<22} {}{}{}\n", result.ledger.change, result.info.id,
                       result.ledger.reason.empty() ? "" : ": ", result.ledger.reason);
        }
    }
    fmt::print("ledger: {} of {} cases as expected\n", agreeing, run.cases.size());
}

/// With a ledger, what it expects is no failure; what it does not expect is one.
int status_of(const formats::RunResult& run, const formats::Counts& counts, bool ledger) {
    if (counts.errors != 0) {
        return exit_status::error;
    }
    if (counts.executed() == 0) {
        return counts.not_runnable != 0 ? exit_status::error : exit_status::failure;
    }
    const bool good =
        ledger ? std::ranges::all_of(run.cases,
                                     [](const CaseResult& result) { return result.ledger.agrees; })
               : counts.failed + counts.inconclusive == 0;
    return good ? exit_status::success : exit_status::failure;
}

/// Runs what is still to run; the results in the order of the plan.
std::vector<CaseResult> run_rest(const RunPlan& plan, const harness::RunSettings& settings,
                                 const harness::RigFactory& factory, std::vector<CaseResult>&& done,
                                 RunJournal& journal, decltype(&harness::run_cases) run_all) {
    std::map<std::string, CaseResult> results;
    for (CaseResult& result : done) {
        std::string id = result.info.id;
        results.insert_or_assign(std::move(id), std::move(result));
    }
    std::vector<harness::PlannedCase> rest;
    std::ranges::copy_if(plan.cases, std::back_inserter(rest),
                         [&](const auto& planned) { return !results.contains(planned.info.id); });
    std::vector<CaseResult> fresh = run_all(rest, settings, factory, plan.worker_limits, plan.jobs,
                                            [&journal](const CaseResult& result) {
                                                journal.add(result); // a closed one keeps nothing
                                                print_case(result);
                                            });
    for (CaseResult& result : fresh) {
        std::string id = result.info.id;
        results.insert_or_assign(std::move(id), std::move(result));
    }
    std::vector<CaseResult> ordered;
    for (const harness::PlannedCase& planned : plan.cases) {
        CaseResult result = std::move(results.at(planned.info.id));
        result.info = planned.info; // the journal knows the id alone
        result.seed = plan.settings.seed;
        ordered.push_back(std::move(result));
    }
    return ordered;
}

std::expected<void, std::string> write_markdown(const std::string& path,
                                                const formats::RunResult& result) {
    if (path.empty()) {
        return {};
    }
    // Appended: a CI system's summary file holds those of other steps.
    std::ofstream file{path, std::ios::binary | std::ios::app};
    file << reports::markdown(result);
    file.close();
    return file ? std::expected<void, std::string>{}
                : std::unexpected{fmt::format("--markdown {}: cannot be written", path)};
}

int list(const std::vector<harness::PlannedCase>& cases) {
    for (const harness::PlannedCase& planned : cases) {
        fmt::print("{}  {}  [{}]\n", planned.info.id, planned.info.title,
                   fmt::join(planned.info.checks, " "));
    }
    return exit_status::success;
}

int refuse(std::string_view message) {
    fmt::print(stderr, "meterbench run: {}\n", message);
    return exit_status::usage;
}

int run(const RunOptions& options) {
    const RunClock clock;
    const auto made = make_plan(options);
    if (!made) {
        return refuse(made.error());
    }
    const RunPlan& plan = **made;
    if (options.list) {
        return list(plan.cases);
    }
    const auto factory = make_factory(plan);
    if (!factory) {
        return refuse(factory.error());
    }
    auto second = load_second_judge(plan);
    if (!second) {
        return refuse(second.error());
    }
    harness::RunSettings settings = plan.settings;
    // What was turned around is not what the trace shows.
    if (!options.invert) {
        settings.review = [&](CaseResult& one) {
            second->review(one, plan.record, plan.rig.uncertainty);
        };
    }
    settings.terse = options.no_report;
    RunJournal journal{options};
    std::vector<CaseResult> before;
    if (!options.no_report) {
        auto done = journal.begin(plan, options.resume);
        if (!done) {
            return refuse(done.error());
        }
        before = std::move(*done);
    }
    formats::RunResult result = plan.record;
    auto* const run_all = options.invert ? harness::check_vacuity : harness::run_cases;
    result.cases = run_rest(plan, settings, *factory, std::move(before), journal, run_all);
    for (CaseResult& one : result.cases) {
        one.replay = replay_command(options, one.info);
        if (plan.ledger) {
            one.ledger = formats::compare(*plan.ledger, one.info.id, one.verdict);
        }
    }
    std::expected<void, std::string> written;
    if (!options.no_report) {
        written = reports::write_report(result, clock.host(plan.files), options.report);
    }
    if (written) {
        written = write_markdown(options.markdown, result);
    }
    if (!written) {
        return refuse(written.error());
    }
    if (!options.no_report) {
        journal.end();
    }
    if (plan.ledger) {
        print_ledger(result);
    }
    const formats::Counts counts = formats::count(result);
    fmt::print("{}\n", formats::summary_line(counts));
    if (!options.no_report) {
        fmt::print(stderr, "report: {}/index.html\n", options.report);
    }
    return status_of(result, counts, plan.ledger.has_value());
}

} // namespace

void add_run(CLI::App& app, int& status) {
    const auto options = std::make_shared<RunOptions>();
    CLI::App* const command = app.add_subcommand("run", "Run cases on a rig and write a report");
    command->footer(examples);
    command->add_option("PATH", options->paths, "Case files, or folders of them")->required();
    command->add_option("--rig", options->rig, "Rig file; without it, the suite's");
    command->add_option("--ics", options->ics, "Implementation statement; without it, the suite's");
    command->add_option("--select", options->select,
                        "Only cases with this id, tag or requirement; may be repeated");
    command->add_option("--mutant", options->mutant,
                        "Set this fault on the device under test (see meterbench faults)");
    command->add_option("--seed", options->seed, "Root of all random streams")
        ->capture_default_str();
    options->jobs = std::max(1U, std::thread::hardware_concurrency());
    command->add_option("--jobs", options->jobs, "Cases run at the same time")
        ->check(CLI::Range(1U, 1024U))
        ->capture_default_str();
    command->add_flag("--strict", options->strict, "A broken should fails");
    command
        ->add_option("--confidence", options->confidence,
                     "How sure the catalogue must be of a shall for it to fail")
        ->check(CLI::IsMember({"confirmed", "single", "memory"}))
        ->capture_default_str();
    command->add_option("--ledger", options->ledger, "File of expected results");
    CLI::Option* const resume = command->add_flag(
        "--resume", options->resume, "Go on with the unfinished run in the report's folder");
    CLI::Option* const waveform =
        command->add_flag("--waveform", options->waveform,
                          "Record voltage and current: waveform.vcd and a drawing for each case");
    CLI::Option* const report =
        command->add_option("--report", options->report, "Folder of the report")
            ->capture_default_str();
    command
        ->add_flag("--no-report", options->no_report,
                   "Verdicts and exit status alone: faster, and nothing to resume")
        ->excludes(report)
        ->excludes(resume)
        ->excludes(waveform);
    command->add_option("--markdown", options->markdown,
                        "Append the summary to this file too (result.md has it anyway)");
    command->add_option("--data", options->data, "Folder with scenarios, profiles, catalogue");
    command->add_option("--cpu-limit", options->cpu_limit, "Processor seconds a case may take")
        ->check(CLI::Range(1, 86400))
        ->capture_default_str();
    // For who writes cases: not in the help, but in docs/verdicts.md.
    command->add_flag("--invert", options->invert)->group("");
    command->add_flag("--list", options->list, "List the cases and run none");
    command->callback([options, &status] { status = run(*options); });
}

} // namespace meterbench::apps
