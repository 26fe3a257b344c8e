// SPDX-License-Identifier: Apache-2.0
#include "apps/case_list.hpp"
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace meterbench::apps {
namespace {

constexpr const char* examples = R"(Examples:
  meterbench cases
  meterbench cases --select MB2-LL-038
  meterbench cases my/scenarios --json)";

struct Options {
    std::vector<std::string> paths{all_suites};
    std::vector<std::string> select;
    bool json = false;
    std::string data;
};

void print_json(const formats::CaseInfo& info) {
    const nlohmann::ordered_json line{{"schema", "meterbench.case/1"},
                                      {"id", info.id},
                                      {"title", info.title},
                                      {"file", info.file},
                                      {"role", info.role},
                                      {"checks", info.checks},
                                      {"needs", info.needs},
                                      {"judges", info.judges},
                                      {"tags", info.tags}};
    fmt::print("{}\n", line.dump());
}

int list(const Options& options) {
    const auto all = list_cases(formats::DataPath{options.data}, options.paths);
    if (!all) {
        fmt::print(stderr, "meterbench cases: {}\n", all.error());
        return exit_status::usage;
    }
    const auto chosen = harness::select_cases(all->cases, options.select);
    if (chosen.empty()) {
        fmt::print(stderr, "meterbench cases: --select {}: none of the {} cases has it\n",
                   fmt::join(options.select, " "), all->cases.size());
        return exit_status::usage;
    }
    for (const harness::PlannedCase& planned : chosen) {
        if (options.json) {
            print_json(planned.info);
        } else {
            fmt::print("{:<44} {}\n", planned.info.id, planned.info.title);
        }
    }
    fmt::print(stderr, "{} of {} cases\n", chosen.size(), all->cases.size());
    return exit_status::success;
}

} // namespace

void add_cases(CLI::App& app, int& status) {
    const auto options = std::make_shared<Options>();
    CLI::App* const command =
        app.add_subcommand("cases", "List the cases of the suites that come along, or of others");
    command->footer(examples);
    command->add_option("PATH", options->paths, "Files and folders of cases")
        ->default_val(std::vector<std::string>{all_suites});
    command->add_option("--select", options->select,
                        "Only cases with this id, tag or requirement; may be given more than once");
    command->add_flag("--json", options->json, "One object of schema meterbench.case/1 a line");
    command->add_option("--data", options->data, "Folder of scenarios, profiles and catalogue");
    command->callback([options, &status] { status = list(*options); });
}

} // namespace meterbench::apps
