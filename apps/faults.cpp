// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "models/fault_rows.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace meterbench::apps {
namespace {

constexpr const char* examples = R"(Examples:
  meterbench faults
  meterbench faults --json
  meterbench run scenarios/wired/meter --mutant link.fcb-ignored

A fault is set in a bus file ("faults"), by a scenario (rig.meters[5]:fault "NAME") or
on the device under test (run --mutant NAME).)";

void print_json() {
    for (const models::FaultRow& row : models::fault_rows()) {
        nlohmann::ordered_json line{{"schema", "meterbench.fault/1"},
                                    {"name", row.info.name},
                                    {"seam", rig::name_of(row.info.seam)},
                                    {"visible", row.info.visible}};
        if (!row.info.requirement.empty()) {
            line["requirement"] = row.info.requirement;
        }
        line["parameters"] = nlohmann::ordered_json::array();
        for (const rig::FaultParameter& parameter : row.info.parameters) {
            line["parameters"].push_back({{"name", parameter.name},
                                          {"unit", parameter.unit},
                                          {"minimum", parameter.minimum},
                                          {"maximum", parameter.maximum},
                                          {"default", parameter.standard}});
        }
        fmt::print("{}\n", line.dump());
    }
}

void print_table() {
    for (const models::FaultRow& row : models::fault_rows()) {
        fmt::print("{:<38} {:<12} {:<11} {}\n", row.info.name, rig::name_of(row.info.seam),
                   row.info.requirement, row.info.visible);
    }
}

} // namespace

void add_faults(CLI::App& app, int& status) {
    const auto json = std::make_shared<bool>(false);
    CLI::App* const command =
        app.add_subcommand("faults", "List the faults that simulated devices and wires can have");
    command->footer(examples);
    command->add_flag("--json", *json, "One object of schema meterbench.fault/1 a line");
    command->callback([json, &status] {
        *json ? print_json() : print_table();
        status = exit_status::success;
    });
}

} // namespace meterbench::apps
