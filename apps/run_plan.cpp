// SPDX-License-Identifier: Apache-2.0
#include "apps/run_plan.hpp"

#include "apps/profiles.hpp"
#include "formats/bus_file.hpp"
#include "formats/suite_file.hpp"
#include "formats/variants_file.hpp"
#include "harness/suite.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace meterbench::apps {

namespace fs = std::filesystem;

namespace {

template <class T> using Result = std::expected<T, std::string>;

void note_file(RunPlan& plan, const fs::path& path) {
    if (const auto text = formats::read_text_file(path)) {
        plan.files.emplace_back(path.string(), hash_of(*text));
    }
}

Result<void> resolve_sources(const RunOptions& options, const formats::DataPath& data,
                             std::vector<harness::CaseSource>& sources) {
    std::vector<fs::path> paths;
    for (const std::string& path : options.paths) {
        const auto found = data.resolve(path);
        if (!found) {
            return std::unexpected{found.error()};
        }
        paths.push_back(*found);
    }
    auto files = harness::find_case_files(paths);
    if (!files) {
        return std::unexpected{files.error()};
    }
    sources = std::move(*files);
    return {};
}

/// Rig and statement: those of the options, else of the suite that all cases share.
Result<std::pair<fs::path, fs::path>> choose_files(const RunOptions& options,
                                                   const std::vector<harness::CaseSource>& cases) {
    std::pair<fs::path, fs::path> chosen{options.rig, options.ics};
    if (!options.rig.empty() && !options.ics.empty()) {
        return chosen;
    }
    const auto suite = harness::common_suite(cases);
    if (!suite) {
        return std::unexpected{suite.error()};
    }
    if (!*suite) {
        if (options.rig.empty()) {
            return std::unexpected{fmt::format(
                "{}: no suite.json in its folder or above it, so say --rig", cases.front().name)};
        }
        return chosen;
    }
    const auto file = formats::load_suite_file(**suite);
    if (!file) {
        return std::unexpected{file.error()};
    }
    if (options.rig.empty()) {
        chosen.first = file->rig;
    }
    if (options.ics.empty()) {
        chosen.second = file->ics;
    }
    return chosen;
}

/// One that cannot be read is told by who builds the rig.
void load_profiles(RunPlan& plan) {
    plan.profiles = profile_loader(plan.data);
    std::set<std::string> names;
    for (const core::device::MeterDescription& meter : plan.rig.bus.meters) {
        names.insert(meter.profile);
    }
    names.erase("");
    for (const std::string& name : names) {
        if (const auto path = profile_path(plan.data, name)) {
            note_file(plan, *path);
            (void)plan.profiles(name);
        }
    }
}

Result<void> load_rig(RunPlan& plan, const fs::path& path) {
    auto rig = formats::load_rig_file(path);
    if (!rig) {
        return std::unexpected{rig.error()};
    }
    plan.rig = std::move(*rig);
    if (plan.rig.kind != formats::RigFile::Kind::simulated) {
        plan.jobs = 1; // one case at a time on one wire
        plan.worker_limits.wall = std::chrono::hours{1};
    }
    if (plan.settings.waveform && plan.rig.kind != formats::RigFile::Kind::simulated) {
        return std::unexpected{
            fmt::format("--waveform: {}: a rig of kind {} measures no voltages and currents",
                        path.string(), formats::name_of(plan.rig.kind))};
    }
    if (plan.rig.dut.role == formats::DutEntry::Role::master) {
        plan.dut.role = rig::Dut::Role::master;
    }
    plan.dut.name = plan.rig.dut.name;
    plan.dut.address = plan.rig.dut.address.value_or(0);
    note_file(plan, path);
    if (!plan.rig.bus_path.empty()) {
        note_file(plan, plan.rig.bus_path);
    }
    load_profiles(plan);
    return {};
}

Result<void> load_ics(RunPlan& plan, const fs::path& path) {
    if (path.empty()) {
        plan.settings.ics = formats::default_ics(plan.dut.role == rig::Dut::Role::master
                                                     ? formats::Ics::Role::master
                                                     : formats::Ics::Role::meter);
        return {};
    }
    auto ics = formats::load_ics_file(path);
    if (!ics) {
        return std::unexpected{ics.error()};
    }
    const bool of_master = ics->role == formats::Ics::Role::master;
    if (of_master != (plan.dut.role == rig::Dut::Role::master)) {
        return std::unexpected{fmt::format("{}: role: the rig's device under test is a {}",
                                           path.string(), of_master ? "meter" : "master")};
    }
    plan.settings.ics = std::move(*ics);
    note_file(plan, path);
    return {};
}

/// What variants of the suite's own device state, if it says so.
Result<void> load_variants(RunPlan& plan) {
    const fs::path path = plan.cases.front().source.suite / "variants.json";
    if (!fs::exists(path)) {
        return {};
    }
    const auto text = formats::read_text_file(path);
    if (!text) {
        return std::unexpected{text.error()};
    }
    auto variants = formats::parse_variants(*text, path.string(), plan.settings.ics);
    if (!variants) {
        return std::unexpected{variants.error()};
    }
    plan.variants = std::move(*variants);
    note_file(plan, path);
    return {};
}

/// A mutant is the device under test with one fault.
Result<void> set_mutant(RunPlan& plan, const std::string& mutant) {
    if (mutant.empty()) {
        return {};
    }
    if (plan.dut.role == rig::Dut::Role::master) {
        if (plan.rig.kind != formats::RigFile::Kind::simulated) {
            return std::unexpected{"--mutant: only a simulated master can be one"};
        }
        plan.mutant = mutant;
        return {};
    }
    if (const auto variant = plan.variants.find(mutant); variant != plan.variants.end()) {
        plan.settings.ics = variant->second;
    }
    for (core::device::MeterDescription& meter : plan.rig.bus.meters) {
        if (meter.name == plan.dut.name) {
            meter.faults.push_back({.name = mutant, .parameters = {}});
            return {};
        }
    }
    return std::unexpected{"--mutant: the rig has no device under test to set it on"};
}

/// Equal where the same files were used, wherever they stand.
std::string hash_of_files(const RunPlan& plan) {
    std::string text;
    for (const auto& [path, hash] : plan.files) {
        text += fs::path{path}.filename().string() + " " + hash + "\n";
    }
    return hash_of(text);
}

void fill_record(RunPlan& plan, const RunOptions& options, const fs::path& rig) {
    formats::RunResult& record = plan.record;
    record.seed = options.seed;
    record.version = METERBENCH_VERSION;
    record.policy = plan.settings.policy;
    record.rig = rig.filename().string();
    record.rig_kind = formats::name_of(plan.rig.kind);
    record.rig_json = plan.rig.text;
    const bool simulated = plan.rig.kind == formats::RigFile::Kind::simulated;
    record.uncertainty = simulated ? 0 : plan.rig.uncertainty.count();
    record.uncertainty_by = simulated ? "simulation" : "rig file";
    record.files_hash = hash_of_files(plan);
    record.ics_json = plan.settings.ics.text;
    record.dut_role = formats::name_of(plan.rig.dut.role);
    if (plan.dut.role == rig::Dut::Role::master) {
        record.dut = plan.rig.dut.command.empty() ? "the reference master"
                                                  : "master " + plan.rig.dut.command.front();
    } else {
        record.dut_address = std::to_string(plan.dut.address);
        record.dut =
            fmt::format("meter {}at address {}", plan.dut.name.empty() ? "" : plan.dut.name + " ",
                        plan.dut.address);
    }
    if (!options.mutant.empty()) {
        record.dut += ", with fault " + options.mutant;
    }
    std::set<std::string> named;
    for (const harness::PlannedCase& planned : plan.cases) {
        named.insert(planned.info.checks.begin(), planned.info.checks.end());
    }
    for (const std::string& id : named) {
        record.requirements.push_back(*plan.catalogue.find(id));
    }
    for (const auto& [id, requirement] : plan.catalogue.all()) {
        if (requirement.binds(record.dut_role) && !named.contains(id)) {
            record.requirements.push_back(requirement);
        }
    }
    for (formats::RequirementInfo& info : record.requirements) {
        const formats::Requirement* const found = plan.catalogue.find(info.id);
        if (const auto decided = found->tested.find(record.dut_role);
            decided != found->tested.end()) {
            info.decided_by = formats::name_of(decided->second.by);
            info.why_not_suite = decided->second.reason;
        }
    }
}

Result<void> load_cases(RunPlan& plan, const RunOptions& options,
                        const std::vector<harness::CaseSource>& sources) {
    const auto catalogue = plan.data.resolve("scenarios/catalogue");
    if (!catalogue) {
        return std::unexpected{catalogue.error()};
    }
    auto requirements = formats::load_catalogue(*catalogue);
    if (!requirements) {
        return std::unexpected{requirements.error()};
    }
    plan.catalogue = std::move(*requirements);
    auto planned = harness::plan_cases(sources, plan.catalogue, plan.settings.limits,
                                       plan.worker_limits, plan.jobs);
    if (!planned) {
        return std::unexpected{planned.error()};
    }
    plan.cases = harness::select_cases(*planned, options.select);
    if (plan.cases.empty()) {
        return std::unexpected{fmt::format("--select {}: none of the {} cases has it",
                                           fmt::join(options.select, " "), planned->size())};
    }
    for (const harness::CaseSource& source : sources) {
        note_file(plan, source.path);
    }
    return {};
}

} // namespace

std::expected<harness::SecondJudge, std::string> load_second_judge(const RunPlan& plan) {
    const auto folder = plan.data.resolve("scenarios/judge");
    if (!folder) {
        return std::unexpected{folder.error()};
    }
    return harness::SecondJudge::load(*folder);
}

std::string hash_of(std::string_view text) {
    // FNV-1a, 64 bits
    std::uint64_t value = 14695981039346656037ULL;
    for (const char c : text) {
        value = (value ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    return fmt::format("fnv1a64:{:016x}", value);
}

Result<std::unique_ptr<RunPlan>> make_plan(const RunOptions& options) {
    auto plan = std::make_unique<RunPlan>();
    plan->data = formats::DataPath{options.data};
    plan->jobs = options.jobs;
    plan->worker_limits.processor = std::chrono::seconds{options.cpu_limit};
    plan->worker_limits.wall = std::chrono::seconds{std::max(60, 6 * options.cpu_limit)};
    plan->settings.seed = options.seed;
    plan->settings.policy = {options.strict, options.confidence};
    plan->settings.waveform = options.waveform;
    plan->settings.catalogue = &plan->catalogue;
    std::vector<harness::CaseSource> sources;
    Result<void> done = resolve_sources(options, plan->data, sources);
    if (done) {
        done = load_cases(*plan, options, sources);
    }
    if (!done) {
        return std::unexpected{done.error()};
    }
    const auto files = choose_files(options, sources);
    if (!files) {
        return std::unexpected{files.error()};
    }
    done = load_rig(*plan, files->first);
    if (done && plan->rig.kind != formats::RigFile::Kind::simulated && options.ics.empty()) {
        return std::unexpected{
            fmt::format("{}: a rig of kind {} needs --ics: the suite's statement "
                        "is about another device",
                        options.rig, formats::name_of(plan->rig.kind))};
    }
    if (done) {
        done = load_ics(*plan, files->second);
    }
    if (done && options.ics.empty()) {
        done = load_variants(*plan);
    }
    if (done) {
        done = set_mutant(*plan, options.mutant);
    }
    if (!done) {
        return std::unexpected{done.error()};
    }
    if (!options.ledger.empty()) {
        auto ledger = formats::load_ledger(options.ledger);
        if (!ledger) {
            return std::unexpected{ledger.error()};
        }
        plan->ledger = std::move(*ledger);
    }
    fill_record(*plan, options, files->first);
    return plan;
}

std::string fingerprint_of(const RunPlan& plan) {
    const formats::RunResult& record = plan.record;
    std::string text = fmt::format("{} {} {} {} {} {} {}\n", record.version, record.seed,
                                   record.policy.strict, record.policy.confidence, record.dut,
                                   plan.worker_limits.processor.count(), plan.settings.waveform);
    for (const auto& [path, hash] : plan.files) {
        text += fmt::format("{} {}\n", path, hash);
    }
    return hash_of(text);
}

std::string replay_command(const RunOptions& options, const formats::CaseInfo& info) {
    std::string command = "meterbench run " + info.file + " --select " + info.id;
    if (!options.rig.empty()) {
        command += " --rig " + options.rig;
    }
    if (!options.ics.empty()) {
        command += " --ics " + options.ics;
    }
    if (!options.mutant.empty()) {
        command += " --mutant " + options.mutant;
    }
    command += fmt::format(" --seed {}", options.seed);
    if (options.strict) {
        command += " --strict";
    }
    if (options.waveform) {
        command += " --waveform";
    }
    if (options.confidence != RunOptions{}.confidence) {
        command += " --confidence " + options.confidence;
    }
    return command;
}

} // namespace meterbench::apps
