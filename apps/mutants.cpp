// SPDX-License-Identifier: Apache-2.0
#include "models/mutants.hpp"

#include "apps/case_list.hpp"
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

namespace meterbench::apps {
namespace {

constexpr const char* examples = R"(Examples:
  meterbench mutants
  meterbench mutants --ring benign --role master
  meterbench mutants --json
  meterbench run scenarios/wired/meter --mutant link.fcb-ignored

  meterbench run scenarios/wired/master --mutant master.fcb-stuck-1

A mutant is a meter or a master that breaks one requirement; the cases that check it
should fail. A benign variant is at the edge of what is allowed; all cases should pass.
A null device is no meter, or no master; no case may pass.)";

struct Options {
    std::string ring = "all";
    std::string role = "all";
    bool json = false;
    std::string data;
};

struct Row {
    std::string_view role;
    models::Ring ring{};
    const rig::FaultInfo* info = nullptr;
};

std::vector<Row> rows_of(const Options& options) {
    std::vector<Row> rows;
    for (const models::Mutant& mutant : models::mutants()) {
        rows.push_back({"meter", mutant.ring, &mutant.row->info});
    }
    for (const models::MasterMutant& mutant : models::master_mutants()) {
        rows.push_back({"master", mutant.ring, mutant.info});
    }
    std::erase_if(rows, [&options](const Row& row) {
        return (options.ring != "all" && options.ring != models::name_of(row.ring)) ||
               (options.role != "all" && options.role != row.role);
    });
    return rows;
}

nlohmann::ordered_json json_of(const Row& row, const CaseList& cases) {
    const rig::FaultInfo& info = *row.info;
    nlohmann::ordered_json line{{"schema", "meterbench.mutant/1"},
                                {"name", info.name},
                                {"ring", models::name_of(row.ring)},
                                {"role", row.role},
                                {"seam", rig::name_of(info.seam)}};
    if (!info.requirement.empty()) {
        line["requirement"] = info.requirement;
        line["layer"] = models::layer_of(info.requirement);
    }
    line["visible"] = info.visible;
    if (row.ring == models::Ring::behavioural) {
        line["cases"] = nlohmann::ordered_json::array();
        for (const harness::PlannedCase* planned :
             cases.citing(std::string{info.requirement}, std::string{row.role})) {
            line["cases"].push_back(planned->info.id);
        }
    }
    return line;
}

int list(const Options& options) {
    CaseList cases;
    if (options.json) {
        auto found = list_cases(formats::DataPath{options.data}, {all_suites});
        if (!found) {
            fmt::print(stderr, "meterbench mutants: {}\n", found.error());
            return exit_status::usage;
        }
        cases = std::move(*found);
    }
    for (const Row& row : rows_of(options)) {
        if (options.json) {
            fmt::print("{}\n", json_of(row, cases).dump());
        } else {
            fmt::print("{:<38} {:<12} {:<11} {}\n", row.info->name, models::name_of(row.ring),
                       row.info->requirement, row.info->visible);
        }
    }
    return exit_status::success;
}

} // namespace

void add_mutants(CLI::App& app, int& status) {
    const auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand(
        "mutants", "List the broken, odd and null devices that the suites are tried on");
    command->footer(examples);
    command->add_option("--ring", options->ring, "all, behavioural, benign or null")
        ->check(CLI::IsMember({"all", "behavioural", "benign", "null"}));
    command->add_option("--role", options->role, "all, meter or master")
        ->check(CLI::IsMember({"all", "meter", "master"}));
    command->add_flag("--json", options->json,
                      "One object of schema meterbench.mutant/1 a line, with the cases that are "
                      "expected to find it out");
    command->add_option("--data", options->data, "Folder of scenarios, profiles and catalogue");
    command->callback([options, &status] { status = list(*options); });
}

} // namespace meterbench::apps
