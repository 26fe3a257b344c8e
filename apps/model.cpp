// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "harness/model/link_sequences.hpp"
#include "harness/model/link_table.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <string>

namespace meterbench::apps {
namespace {

namespace model = harness::model;

constexpr const char* examples = R"(Examples:
  meterbench model
  meterbench model --family own
  meterbench model --family selection --telegrams 2 --method w --whole
  meterbench model --family own --extra-states 1 --whole --format lua

Without --family: the standard's table of a meter's link layer, one row a line: event, state,
reply, effect, what the standard leaves open, requirements. With it: the sequences generated from
the table, one a line. --format lua prints the module that a suite keeps in
lib/sequence_FAMILY.lua; docs/model.md.)";

struct ModelOptions {
    std::string family;
    std::string telegrams = "more";
    std::string method = "hsi";
    std::string format = "text";
    unsigned extra_states = 0;
    bool whole = false;
};

int print_sequences(const ModelOptions& options, model::Family family) {
    const model::SequenceOptions how{.method = options.method == "w" ? model::Method::w
                                                                     : model::Method::hsi,
                                     .extra_states = options.extra_states,
                                     .whole = options.whole};
    if (options.format == "lua") {
        fmt::print("{}", model::lua_module(family, how));
        return exit_status::success;
    }
    for (const model::ClaimsRow& row : model::claims_of(family)) {
        if (row.name != options.telegrams) {
            continue;
        }
        const model::SequenceSet set = model::link_sequences(family, row.claims, how);
        for (const model::Word& word : set.words) {
            std::string line;
            for (const model::SequenceStep& step : model::steps_of(set, word)) {
                line +=
                    fmt::format("{}{}: {}", line.empty() ? "" : "; ",
                                model::row_of(step.stimulus).name, model::text_of(step.allowed));
            }
            fmt::print("{}\n", line);
        }
        fmt::print(stderr, "{} sequences, {} inputs\n", set.words.size(),
                   model::count_inputs(set.words));
        return exit_status::success;
    }
    fmt::print(stderr, "meterbench model: --telegrams {}: family {} is made for 1, 2{} or more\n",
               options.telegrams, options.family, family == model::Family::own ? ", 3" : "");
    return exit_status::usage;
}

int run(const ModelOptions& options) {
    if (options.family.empty()) {
        fmt::print("{}", model::print_link_table());
        return exit_status::success;
    }
    return print_sequences(options, *model::family_of(options.family));
}

std::vector<std::string> family_names() {
    std::vector<std::string> names;
    for (const model::Family family : model::families) {
        names.emplace_back(model::name_of(family));
    }
    return names;
}

} // namespace

void add_model(CLI::App& app, int& status) {
    const auto options = std::make_shared<ModelOptions>();
    CLI::App* const command = app.add_subcommand(
        "model", "Print the standard's table of a meter's link layer, and sequences made from it");
    command->footer(examples);
    command->add_option("--family", options->family, "Print sequences of this family")
        ->check(CLI::IsMember(family_names()));
    command->add_option("--telegrams", options->telegrams, "Telegrams of a read-out: 1, 2, 3, more")
        ->check(CLI::IsMember({"1", "2", "3", "more"}))
        ->capture_default_str();
    command->add_option("--method", options->method, "W, or harmonised state identifiers")
        ->check(CLI::IsMember({"w", "hsi"}))
        ->capture_default_str();
    command
        ->add_option("--extra-states", options->extra_states,
                     "States that a device may have beyond the table's")
        ->check(CLI::Range(0U, 2U))
        ->capture_default_str();
    command->add_flag("--whole", options->whole,
                      "Every sequence of the method, not the fewest that find all single edits");
    command->add_option("--format", options->format, "text or lua")
        ->check(CLI::IsMember({"text", "lua"}))
        ->capture_default_str();
    command->callback([options, &status] { status = run(*options); });
}

} // namespace meterbench::apps
