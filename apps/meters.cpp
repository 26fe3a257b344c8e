// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "formats/data_path.hpp"
#include "formats/meter_profile.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace meterbench::apps {
namespace {

constexpr const char* examples = R"(Examples:
  meterbench meters
  meterbench meters --json

A name goes into a bus file ("profile": "heat") or a scenario
(rig:meter { address = 7, profile = "heat" }). docs/files.md says how to write one.)";

std::expected<std::vector<std::filesystem::path>, std::string>
profile_files(const std::string& data) {
    const auto folder = formats::DataPath{data}.resolve("scenarios/profiles");
    if (!folder) {
        return std::unexpected{folder.error()};
    }
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{*folder, error}) {
        if (entry.path().extension() == ".json") {
            files.push_back(entry.path());
        }
    }
    if (error || files.empty()) {
        return std::unexpected{folder->string() + ": no meter profile here"};
    }
    std::ranges::sort(files);
    return files;
}

int list(bool json, const std::string& data) {
    const auto fail = [](const std::string& why) {
        fmt::print(stderr, "meterbench meters: {}\n", why);
        return exit_status::usage;
    };
    const auto files = profile_files(data);
    if (!files) {
        return fail(files.error());
    }
    for (const std::filesystem::path& file : *files) {
        const auto profile = formats::load_meter_profile(file);
        if (!profile) {
            return fail(profile.error());
        }
        if (json) {
            const nlohmann::ordered_json line{
                {"schema", "meterbench.profile/1"},      {"name", file.stem().string()},
                {"manufacturer", profile->manufacturer}, {"version", profile->version},
                {"device_type", profile->device_type},   {"telegrams", profile->telegrams.size()},
                {"records", profile->points.size()},     {"file", file.string()}};
            fmt::print("{}\n", line.dump());
        } else {
            fmt::print("{:<16} {} version {}, {}, {} records in {} telegram{}\n",
                       file.stem().string(), profile->manufacturer, profile->version,
                       profile->device_type, profile->points.size(), profile->telegrams.size(),
                       profile->telegrams.size() == 1 ? "" : "s");
        }
    }
    return exit_status::success;
}

} // namespace

void add_meters(CLI::App& app, int& status) {
    struct Options {
        bool json = false;
        std::string data;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* const command =
        app.add_subcommand("meters", "List the meters that can be simulated by name");
    command->footer(examples);
    command->add_flag("--json", options->json, "One object of schema meterbench.profile/1 a line");
    command->add_option("--data", options->data, "Folder of scenarios, profiles and catalogue");
    command->callback([options, &status] { status = list(options->json, options->data); });
}

} // namespace meterbench::apps
