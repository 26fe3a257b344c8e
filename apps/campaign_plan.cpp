// SPDX-License-Identifier: Apache-2.0
#include "apps/campaign_plan.hpp"

#include "models/mutants.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <sstream>
#include <string_view>

namespace meterbench::apps {
namespace {

namespace fs = std::filesystem;
using formats::CampaignDevice;
using formats::Ring;

template <class T> using Result = std::expected<T, std::string>;

struct Shard {
    unsigned index = 1;
    unsigned count = 1;
};

/// `K/N`, 1 <= K <= N.
Result<Shard> parse_shard(const std::string& text) {
    Shard shard;
    const char* const end = text.data() + text.size();
    const auto index = std::from_chars(text.data(), end, shard.index);
    if (index.ec == std::errc{} && index.ptr != end && *index.ptr == '/') {
        const auto count = std::from_chars(index.ptr + 1, end, shard.count);
        if (count.ec == std::errc{} && count.ptr == end && shard.index >= 1 &&
            shard.index <= shard.count) {
            return shard;
        }
    }
    return std::unexpected{fmt::format("--shard {}: must be K/N with 1 <= K <= N", text)};
}

/// Those that --mutants names, and always the good device.
Result<std::vector<CampaignDevice>> choose_devices(const std::string& wish, rig::Dut::Role role) {
    std::vector<CampaignDevice> all = campaign_devices(role);
    if (wish == "all") {
        return all;
    }
    std::set<std::string> names{good_device};
    std::istringstream words{wish};
    for (std::string name; std::getline(words, name, ',');) {
        if (std::ranges::find(all, name, &CampaignDevice::name) == all.end()) {
            return std::unexpected{
                fmt::format("--mutants {}: no device of that name (see meterbench mutants)", name)};
        }
        names.insert(name);
    }
    std::erase_if(all, [&](const CampaignDevice& device) { return !names.contains(device.name); });
    return all;
}

std::string canonical(const formats::Catalogue& catalogue, const std::string& id) {
    const formats::RequirementInfo* const found = catalogue.find(id);
    return found != nullptr ? found->id : id;
}

/// The explanations: the file of --survivors, else survivors.json in the suite's folder, if it is
/// there.
Result<void> load_survivors(const CampaignOptions& options, CampaignSetup& setup) {
    fs::path path = options.survivors;
    if (path.empty()) {
        path = setup.run->cases.front().source.suite / "survivors.json";
        if (!fs::exists(path)) {
            return {};
        }
    }
    const auto text = formats::read_text_file(path);
    if (!text) {
        return std::unexpected{text.error()};
    }
    auto explained = formats::parse_survivors(*text, path.string());
    if (!explained) {
        return std::unexpected{explained.error()};
    }
    const std::vector<CampaignDevice> all = campaign_devices(setup.run->dut.role);
    for (const auto& [name, reason] : *explained) {
        const auto found = std::ranges::find(all, name, &CampaignDevice::name);
        if (found == all.end() || !formats::is_mutant(found->ring)) {
            return std::unexpected{
                fmt::format("{}: explained.{}: no mutant of that name", path.string(), name)};
        }
    }
    setup.record.explained = std::move(*explained);
    return {};
}

/// Only a benign variant may state other things than the device under test: a mutant would be
/// judged by cases that the good device never passed.
Result<void> check_variants(const CampaignSetup& setup) {
    const std::vector<CampaignDevice> all = campaign_devices(setup.run->dut.role);
    for (const auto& [name, ics] : setup.run->variants) {
        const auto found = std::ranges::find(all, name, &CampaignDevice::name);
        if (found == all.end() || found->ring != Ring::benign) {
            return std::unexpected{fmt::format(
                "{}: statements.{}: no benign variant of that name",
                (setup.run->cases.front().source.suite / "variants.json").string(), name)};
        }
    }
    return {};
}

/// Equal where the same files were used, wherever they stand.
std::string fingerprint(const RunPlan& plan) {
    std::string text;
    for (const auto& [path, hash] : plan.files) {
        text += fs::path{path}.filename().string() + " " + hash + "\n";
    }
    return hash_of(text);
}

void describe(CampaignSetup& setup, const std::vector<CampaignDevice>& devices) {
    const RunPlan& plan = *setup.run;
    formats::Campaign& record = setup.record;
    record.version = plan.record.version;
    record.rig = plan.record.rig;
    record.fingerprint = fingerprint(plan);
    std::set<std::string> named;
    for (const harness::PlannedCase& planned : plan.cases) {
        formats::CampaignCase item{planned.info.id, planned.info.title, planned.info.checks};
        for (std::string& id : item.checks) {
            id = canonical(plan.catalogue, id);
            named.insert(id);
        }
        record.cases.push_back(std::move(item));
    }
    for (const CampaignDevice& device : devices) {
        record.devices.push_back(device.name);
        named.insert(device.requirement);
    }
    for (const std::string& id : named) {
        if (const formats::RequirementInfo* const info = plan.catalogue.find(id)) {
            record.requirements.push_back({info->id, info->clause, info->text});
        }
    }
    std::ranges::sort(record.devices);
}

Ring ring_of(models::Ring ring) {
    switch (ring) {
    case models::Ring::behavioural: return Ring::behavioural;
    case models::Ring::benign: return Ring::benign;
    case models::Ring::null: return Ring::null;
    }
    return Ring::behavioural;
}

} // namespace

std::vector<CampaignDevice> campaign_devices(rig::Dut::Role role) {
    std::vector<CampaignDevice> devices{
        {good_device, Ring::good, {}, "the device under test as the rig has it"}};
    const auto add = [&devices](models::Ring of, const rig::FaultInfo& info) {
        const Ring ring = ring_of(of);
        devices.push_back({std::string{info.name}, ring,
                           formats::is_mutant(ring) ? std::string{info.requirement} : "",
                           std::string{info.visible}});
    };
    if (role == rig::Dut::Role::master) {
        for (const models::MasterMutant& mutant : models::master_mutants()) {
            add(mutant.ring, *mutant.info);
        }
        return devices;
    }
    for (const models::Mutant& mutant : models::mutants()) {
        add(mutant.ring, mutant.row->info);
    }
    return devices;
}

Result<CampaignSetup> make_campaign(const CampaignOptions& options) {
    const auto shard = parse_shard(options.shard);
    if (!shard) {
        return std::unexpected{shard.error()};
    }
    auto plan = make_plan(options.run);
    if (!plan) {
        return std::unexpected{plan.error()};
    }
    auto devices = choose_devices(options.mutants, (*plan)->dut.role);
    if (!devices) {
        return std::unexpected{devices.error()};
    }
    CampaignSetup setup;
    setup.run = std::move(*plan);
    if (setup.run->rig.kind != formats::RigFile::Kind::simulated) {
        return std::unexpected{
            fmt::format("--rig {}: a campaign makes its devices, so its rig is a simulated one",
                        options.run.rig)};
    }
    for (CampaignDevice& device : *devices) {
        device.requirement = canonical(setup.run->catalogue, device.requirement);
        if (formats::is_mutant(device.ring) &&
            setup.run->catalogue.find(device.requirement) == nullptr) {
            return std::unexpected{fmt::format("mutant {}: the catalogue has no requirement '{}'",
                                               device.name, device.requirement)};
        }
    }
    auto loaded = load_survivors(options, setup);
    if (loaded) {
        loaded = check_variants(setup);
    }
    if (!loaded) {
        return std::unexpected{loaded.error()};
    }
    describe(setup, *devices);
    for (std::uint64_t seed = 1; seed <= options.seeds; ++seed) {
        setup.record.seeds.push_back(seed);
    }
    setup.table_mutants =
        options.mutants == "all" &&
        std::ranges::any_of(setup.run->cases, [](const harness::PlannedCase& planned) {
            return std::ranges::count(planned.info.tags, "sequence") != 0;
        });
    setup.record.stop_at_kill = options.stop_at_kill;
    setup.record.shard = shard->index;
    setup.record.shards = shard->count;
    for (CampaignDevice& device : *devices) {
        if (device.ring == Ring::good ||
            formats::shard_of(device.name, shard->count) == shard->index) {
            setup.devices.push_back(std::move(device));
        }
    }
    return setup;
}

} // namespace meterbench::apps
