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

using formats::Requirement;
using formats::Tested;

constexpr const char* examples = R"(Examples:
  meterbench requirements
  meterbench requirements --role meter --severity shall --layer link
  meterbench requirements --role meter --tested bench
  meterbench requirements --role master --uncovered
  meterbench requirements --json MB2-LL-038

Of each role that a requirement binds the list says how many cases cite it, or that
no case does ("no case"), or that a case cannot decide it: "bench" where a person
with an instrument can, "not" where nobody can on the bus; the reason follows.)";

struct Options {
    bool json = false;
    bool uncovered = false;
    std::vector<std::string> ids;
    std::string role, severity, confidence, layer, tested;
    std::vector<std::string> paths{all_suites};
    std::string data;
};

bool wanted_is(const std::string& wanted, std::string_view actual) {
    return wanted.empty() || wanted == actual;
}

/// One role's part of a requirement.
struct Coverage {
    std::string role;
    formats::Testability tested;
    std::vector<const harness::PlannedCase*> cases;
    [[nodiscard]] bool uncovered() const { return tested.by == Tested::suite && cases.empty(); }
};

std::vector<Coverage> coverage_of(const CaseList& list, const Requirement& requirement,
                                  const Options& options) {
    std::vector<Coverage> result;
    for (const auto& [role, tested] : requirement.tested) {
        Coverage part{role, tested, list.citing(requirement.id, role)};
        if (wanted_is(options.role, role) && wanted_is(options.tested, name_of(tested.by)) &&
            (!options.uncovered || part.uncovered())) {
            result.push_back(std::move(part));
        }
    }
    return result;
}

bool chosen(const Requirement& requirement, const Options& options) {
    return wanted_is(options.severity, requirement.severity) &&
           wanted_is(options.confidence, requirement.confidence) &&
           wanted_is(options.layer, requirement.layer) &&
           (options.ids.empty() || std::ranges::count(options.ids, requirement.id) != 0);
}

void print_json(const Requirement& requirement, const std::vector<Coverage>& parts) {
    nlohmann::ordered_json line{{"schema", "meterbench.requirement/1"},
                                {"id", requirement.id},
                                {"clause", requirement.clause},
                                {"layer", requirement.layer},
                                {"role", requirement.role},
                                {"severity", requirement.severity},
                                {"confidence", requirement.confidence},
                                {"text", requirement.text},
                                {"method", requirement.method}};
    for (const Coverage& part : parts) {
        nlohmann::ordered_json entry{{"by", name_of(part.tested.by)}};
        if (!part.tested.reason.empty()) {
            entry["reason"] = part.tested.reason;
        }
        entry["cases"] = nlohmann::ordered_json::array();
        for (const harness::PlannedCase* const planned : part.cases) {
            entry["cases"].push_back(planned->info.id);
        }
        line["tested"][part.role] = std::move(entry);
    }
    fmt::print("{}\n", line.dump());
}

void print_text(const Requirement& requirement, const std::vector<Coverage>& parts) {
    fmt::print("{:<11} {:<6} {:<9} {:<10} {}\n", requirement.id, requirement.severity,
               requirement.confidence, requirement.layer, requirement.text);
    for (const Coverage& part : parts) {
        if (part.tested.by != Tested::suite) {
            fmt::print("            {}: {}: {}\n", part.role, name_of(part.tested.by),
                       part.tested.reason);
        } else if (part.cases.empty()) {
            fmt::print("            {}: no case\n", part.role);
        }
        for (const harness::PlannedCase* const planned : part.cases) {
            fmt::print("            {}: {}\n", part.role, planned->info.id);
        }
    }
}

int list_requirements(const Options& options) {
    const auto list = list_cases(formats::DataPath{options.data}, options.paths);
    if (!list) {
        fmt::print(stderr, "meterbench requirements: {}\n", list.error());
        return exit_status::usage;
    }
    for (const std::string& id : options.ids) {
        if (list->catalogue.find(id) == nullptr) {
            fmt::print(stderr, "meterbench requirements: no requirement is named '{}'\n", id);
            return exit_status::usage;
        }
    }
    std::size_t listed = 0;
    for (const auto& [id, requirement] : list->catalogue.all()) {
        const auto parts = coverage_of(*list, requirement, options);
        if (parts.empty() || !chosen(requirement, options)) {
            continue;
        }
        ++listed;
        options.json ? print_json(requirement, parts) : print_text(requirement, parts);
    }
    fmt::print(stderr, "{} of {} requirements\n", listed, list->catalogue.all().size());
    return exit_status::success;
}

} // namespace

void add_requirements(CLI::App& app, int& status) {
    const auto options = std::make_shared<Options>();
    CLI::App* const command = app.add_subcommand(
        "requirements", "List what the standards ask, and the cases that test it");
    command->footer(examples);
    command->add_option("ID", options->ids, "Only these");
    command->add_flag("--json", options->json,
                      "One object of schema meterbench.requirement/1 a line");
    command->add_option("--role", options->role, "Only what binds such a device")
        ->check(CLI::IsMember({"meter", "master"}));
    command->add_option("--severity", options->severity, "Only these")
        ->check(CLI::IsMember({"shall", "should", "may"}));
    command->add_option("--confidence", options->confidence, "Only these")
        ->check(CLI::IsMember({"confirmed", "single", "memory"}));
    command->add_option("--layer", options->layer, "Only these")
        ->check(CLI::IsMember(
            {"physical", "link", "selection", "transport", "records", "types", "procedures"}));
    command->add_option("--tested", options->tested, "Only what is tested like this")
        ->check(CLI::IsMember({"suite", "bench", "not"}));
    command->add_flag("--uncovered", options->uncovered,
                      "Only what a case could decide and none does");
    command
        ->add_option("--cases", options->paths,
                     "Files and folders of cases (default: the suites that come along)")
        ->default_val(std::vector<std::string>{all_suites});
    command->add_option("--data", options->data, "Folder of scenarios, profiles and catalogue");
    command->callback([options, &status] { status = list_requirements(*options); });
}

} // namespace meterbench::apps
