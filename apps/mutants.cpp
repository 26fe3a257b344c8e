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
  meterbench mutants --ring benign
  meterbench mutants --json
  meterbench run scenarios/wired/meter --mutant link.fcb-ignored

A mutant is a meter that breaks one requirement; the cases that check it should fail.
A benign variant is a meter at the edge of what is allowed; all cases should pass. A
null device is no meter; no case may pass.)";

struct Options {
    std::string ring = "all";
    bool json = false;
    std::string data;
};

nlohmann::ordered_json json_of(const models::Mutant& mutant, const CaseList& cases) {
    const rig::FaultInfo& info = mutant.row->info;
    nlohmann::ordered_json line{{"schema", "meterbench.mutant/1"},
                                {"name", info.name},
                                {"ring", models::name_of(mutant.ring)},
                                {"role", "meter"},
                                {"seam", rig::name_of(info.seam)}};
    if (!info.requirement.empty()) {
        line["requirement"] = info.requirement;
        line["layer"] = models::layer_of(info.requirement);
    }
    line["visible"] = info.visible;
    if (mutant.ring == models::Ring::behavioural) {
        line["cases"] = nlohmann::ordered_json::array();
        for (const harness::PlannedCase* planned :
             cases.citing(std::string{info.requirement}, "meter")) {
            line["cases"].push_back(planned->info.id);
        }
    }
    return line;
}

int list(const Options& options) {
    CaseList cases;
    if (options.json) {
        auto found = list_cases(formats::DataPath{options.data}, {"scenarios/wired/meter"});
        if (!found) {
            fmt::print(stderr, "meterbench mutants: {}\n", found.error());
            return exit_status::usage;
        }
        cases = std::move(*found);
    }
    for (const models::Mutant& mutant : models::mutants()) {
        if (options.ring != "all" && options.ring != models::name_of(mutant.ring)) {
            continue;
        }
        if (options.json) {
            fmt::print("{}\n", json_of(mutant, cases).dump());
        } else {
            const rig::FaultInfo& info = mutant.row->info;
            fmt::print("{:<38} {:<12} {:<11} {}\n", info.name, models::name_of(mutant.ring),
                       info.requirement, info.visible);
        }
    }
    return exit_status::success;
}

} // namespace

void add_mutants(CLI::App& app, int& status) {
    const auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand(
        "mutants", "List the broken, odd and null meters that the suites are tried on");
    command->footer(examples);
    command->add_option("--ring", options->ring, "all, behavioural, benign or null")
        ->check(CLI::IsMember({"all", "behavioural", "benign", "null"}));
    command->add_flag("--json", options->json,
                      "One object of schema meterbench.mutant/1 a line, with the cases that are "
                      "expected to find it out");
    command->add_option("--data", options->data, "Folder of scenarios, profiles and catalogue");
    command->callback([options, &status] { status = list(*options); });
}

} // namespace meterbench::apps
