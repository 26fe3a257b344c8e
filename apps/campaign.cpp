// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign.hpp"

#include "apps/campaign_plan.hpp"
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/progress.hpp"
#include "apps/run_host.hpp"
#include "harness/model/table_mutants.hpp"
#include "models/master_world.hpp"
#include "models/world.hpp"
#include "reports/campaign_report.hpp"
#include "reports/campaign_text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <thread>

namespace meterbench::apps {
namespace {

using formats::CampaignDevice;
using formats::DeviceRun;
using formats::Ring;

constexpr const char* examples = R"(Examples:
  meterbench campaign scenarios/wired/meter
  meterbench campaign scenarios/wired/meter --stop-at-kill --report kills
  meterbench campaign scenarios/wired/meter --mutants link.fcb-ignored,byte.checksum
  meterbench campaign scenarios/wired/meter --shard 2/4 --report shard-2

Runs every case against the good device, every mutant, benign variant and null device.
A mutant is killed by a fail of a case that cites the requirement it breaks. A case that passed
where the trace shows broken what it cites is an error: the second judge is asked. Exit status:
0 all killed or explained, no false pass or fail; 1 otherwise; 2 usage or configuration;
3 some cell ended in error.)";

constexpr const char* merge_examples = R"(Examples:
  meterbench merge shard-1 shard-2 shard-3 shard-4 --report campaign

Puts the reports of all shards of one campaign together: the same bytes as one run.
Exit status as of meterbench campaign; 2 also for a set of shards that is not whole.)";

int refuse(std::string_view command, std::string_view message) {
    fmt::print(stderr, "meterbench {}: {}\n", command, message);
    return exit_status::usage;
}

/// Mutants are judged as strictly as can be, so that each kill counts; what must not fail, and
/// what must not pass, as users judge.
formats::Policy policy_of(Ring ring) {
    const bool strictly = ring == Ring::good || formats::is_mutant(ring);
    return strictly ? formats::Policy{true, "memory"} : formats::Policy{};
}

harness::RigFactory rig_of(const RunPlan& plan, const CampaignDevice& device, std::uint64_t seed) {
    return [&plan, &device, seed]() -> std::expected<std::unique_ptr<rig::Rig>, std::string> {
        if (plan.dut.role == rig::Dut::Role::master) {
            const std::string fault = device.ring == Ring::good ? std::string{} : device.name;
            auto world = models::MasterWorld::make(plan.rig.bus, fault, seed, plan.profiles);
            if (!world) {
                return std::unexpected{world.error()};
            }
            return std::unique_ptr<rig::Rig>{std::move(*world)};
        }
        formats::BusFile bus = plan.rig.bus;
        for (core::device::MeterDescription& meter : bus.meters) {
            if (meter.name == plan.dut.name && device.ring != Ring::good) {
                meter.faults.push_back({.name = device.name, .parameters = {}});
            }
        }
        auto world = models::World::make(bus, plan.dut, seed, plan.profiles);
        if (!world) {
            return std::unexpected{world.error()};
        }
        return std::unique_ptr<rig::Rig>{std::move(*world)};
    };
}

/// What the second judge says of each cell that passed; what it is told of the run differs by what
/// a variant states.
class Review {
  public:
    Review(const RunPlan& plan, harness::SecondJudge&& judge)
        : plan_{plan}, judge_{std::move(judge)} {
        for (const auto& [name, ics] : plan.variants) {
            formats::RunResult record = plan.record;
            record.ics_json = ics.text;
            records_.emplace(name, std::move(record));
        }
    }
    [[nodiscard]] std::function<void(formats::CaseResult&)> of(const CampaignDevice& device) {
        const auto own = records_.find(device.name);
        const formats::RunResult& record = own == records_.end() ? plan_.record : own->second;
        return [this, &record](formats::CaseResult& one) { judge_.review(one, record, {}); };
    }

  private:
    const RunPlan& plan_;
    harness::SecondJudge judge_;
    std::map<std::string, formats::RunResult> records_;
};

/// Runs some devices; their cells, in the order of the devices.
std::vector<DeviceRun> run_devices(const CampaignSetup& setup, Review& review,
                                   std::vector<CampaignDevice> devices, std::vector<bool> sound,
                                   const Progress& progress, std::size_t before) {
    const RunPlan& plan = *setup.run;
    const harness::CampaignPlan campaign{
        .cases = plan.cases,
        .described = setup.record.cases,
        .devices = std::move(devices),
        .seeds = setup.record.seeds,
        .settings =
            [&plan, &review](const CampaignDevice& device, std::uint64_t seed) {
                harness::RunSettings settings = plan.settings;
                settings.seed = seed;
                settings.policy = policy_of(device.ring);
                if (const auto own = plan.variants.find(device.name); own != plan.variants.end()) {
                    settings.ics = own->second;
                }
                settings.review = review.of(device);
                return settings;
            },
        .rig = [&plan](const CampaignDevice& device,
                       std::uint64_t seed) { return rig_of(plan, device, seed); },
        .limits = plan.worker_limits,
        .jobs = plan.jobs,
        .stop_at_kill = setup.record.stop_at_kill,
        .sound = std::move(sound)};
    std::vector<DeviceRun> runs;
    harness::run_campaign(campaign, [&](DeviceRun&& run) {
        runs.push_back(std::move(run));
        progress.show(before + runs.size(), runs.back().device.name);
    });
    return runs;
}

/// By case: whether it passed on the good device, or was skipped there, with every seed.
std::vector<bool> sound_cases(const DeviceRun& good, std::size_t cases) {
    std::vector<bool> sound(cases, true);
    for (const std::string& row : good.verdicts) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            sound[i] = sound[i] && row[i] != 'f' && row[i] != 'i' && row[i] != 'e';
        }
    }
    return sound;
}

int status_of(const reports::KillMatrix& matrix) {
    int status = matrix.bad() ? exit_status::failure : exit_status::success;
    return matrix.errors != 0 ? worse_of(status, exit_status::error) : status;
}

/// Writes the report, prints the matrix.
int conclude(std::string_view command, const formats::Campaign& campaign,
             const formats::RunHost& host, const std::string& report) {
    const reports::KillMatrix matrix = reports::kill_matrix(campaign);
    if (const auto written = reports::write_campaign_report(campaign, matrix, host, report);
        !written) {
        return refuse(command, written.error());
    }
    fmt::print("{}", reports::campaign_text(campaign, matrix));
    fmt::print(stderr, "report: {}/index.html\n", report);
    return status_of(matrix);
}

/// Those of this shard.
std::vector<formats::CampaignTableMutant> run_table_mutants(const formats::Campaign& record) {
    namespace model = harness::model;
    std::vector<model::TableMutant> mutants = model::table_mutants();
    std::erase_if(mutants, [&](const model::TableMutant& mutant) {
        return formats::shard_of(mutant.name, record.shards) != record.shard;
    });
    std::vector<formats::CampaignTableMutant> results;
    const Progress progress{mutants.size()};
    (void)model::run_table_mutants(mutants, {}, [&](const model::TableMutantResult& result) {
        results.push_back({result.name, std::string{name_of(result.outcome)}, result.requirement,
                           result.witness});
        progress.show(results.size(), "table mutants");
    });
    std::ranges::sort(results, {}, &formats::CampaignTableMutant::name);
    return results;
}

int campaign(const CampaignOptions& options) {
    const RunClock clock;
    auto made = make_campaign(options);
    if (!made) {
        return refuse("campaign", made.error());
    }
    CampaignSetup& setup = *made;
    auto judge = load_second_judge(*setup.run);
    if (!judge) {
        return refuse("campaign", judge.error());
    }
    Review review{*setup.run, std::move(*judge)};
    std::vector<CampaignDevice> good;
    std::vector<CampaignDevice> others;
    std::ranges::partition_copy(
        setup.devices, std::back_inserter(good), std::back_inserter(others),
        [](const CampaignDevice& device) { return device.ring == Ring::good; });
    {
        const Progress progress{setup.devices.size()};
        setup.record.runs =
            run_devices(setup, review, std::move(good),
                        std::vector<bool>(setup.record.cases.size(), true), progress, 0);
        std::vector<DeviceRun> runs = run_devices(
            setup, review, std::move(others),
            sound_cases(setup.record.runs.front(), setup.record.cases.size()), progress, 1);
        std::ranges::move(runs, std::back_inserter(setup.record.runs));
    }
    std::ranges::sort(setup.record.runs, {}, [](const DeviceRun& run) { return run.device.name; });
    if (setup.table_mutants) {
        setup.record.table_mutants = run_table_mutants(setup.record);
    }
    return conclude("campaign", setup.record, clock.host(setup.run->files), options.run.report);
}

struct MergeOptions {
    std::vector<std::string> folders;
    std::string report = "./meterbench-campaign";
};

int merge(const MergeOptions& options) {
    const RunClock clock;
    std::vector<formats::Campaign> shards;
    std::vector<std::string> names;
    for (const std::string& folder : options.folders) {
        const std::filesystem::path path = std::filesystem::path{folder} / "campaign.json";
        const auto text = formats::read_text_file(path);
        if (!text) {
            return refuse("merge", text.error());
        }
        auto shard = formats::read_campaign(*text, path.string());
        if (!shard) {
            return refuse("merge", shard.error());
        }
        shards.push_back(std::move(*shard));
        names.push_back(path.string());
    }
    const auto merged = formats::merge_campaigns(std::move(shards), names);
    if (!merged) {
        return refuse("merge", merged.error());
    }
    return conclude("merge", *merged, clock.host({}), options.report);
}

} // namespace

void add_campaign(CLI::App& app, int& status) {
    const auto options = std::make_shared<CampaignOptions>();
    RunOptions& run = options->run;
    run.report = "./meterbench-campaign";
    run.jobs = std::max(1U, std::thread::hardware_concurrency());
    CLI::App* const command =
        app.add_subcommand("campaign", "Try the cases on devices that are wrong, and on none");
    command->footer(examples);
    command->add_option("PATH", run.paths, "Case files, or folders of them")->required();
    command
        ->add_option("--mutants", options->mutants,
                     "all, or names with commas between; the good device always runs")
        ->capture_default_str();
    command->add_option("--seeds", options->seeds, "Each cell with the seeds 1 to N")
        ->check(CLI::Range(1U, 10000U))
        ->capture_default_str();
    command->add_option("--shard", options->shard, "K/N: only the devices of the K-th of N shards")
        ->capture_default_str();
    command->add_flag("--stop-at-kill", options->stop_at_kill,
                      "Cases that cite the broken requirement first, none after a kill");
    command->add_option("--survivors", options->survivors,
                        "Explained survivors; without it, survivors.json of the suite, if any");
    command->add_option("--rig", run.rig, "Simulated rig; without it, the suite's");
    command->add_option("--ics", run.ics, "Implementation statement; without it, the suite's");
    command->add_option("--select", run.select,
                        "Only cases with this id, tag or requirement; may be repeated");
    command->add_option("--jobs", run.jobs, "Devices run at the same time")
        ->check(CLI::Range(1U, 1024U))
        ->capture_default_str();
    command->add_option("--report", run.report, "Folder of the report")->capture_default_str();
    command->add_option("--data", run.data, "Folder with scenarios, profiles, catalogue");
    command->callback([options, &status] { status = campaign(*options); });
}

void add_merge(CLI::App& app, int& status) {
    const auto options = std::make_shared<MergeOptions>();
    CLI::App* const command = app.add_subcommand("merge", "Put the shards of a campaign together");
    command->footer(merge_examples);
    command->add_option("DIR", options->folders, "Reports of the shards")->required();
    command->add_option("--report", options->report, "Folder of the report")->capture_default_str();
    command->callback([options, &status] { status = merge(*options); });
}

} // namespace meterbench::apps
