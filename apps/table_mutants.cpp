// SPDX-License-Identifier: Apache-2.0
#include "harness/model/table_mutants.hpp"

#include "apps/commands.hpp"
#include "apps/exit_status.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <unistd.h>

namespace meterbench::apps {
namespace {

namespace model = harness::model;
using Outcome = model::TableMutantResult::Outcome;

constexpr const char* examples = R"(Examples:
  meterbench table-mutants
  meterbench table-mutants --verbose
  meterbench table-mutants --json > mutants.jsonl

Every single edit of the reference meter's own state table (another next state, another action,
its guard dropped, the row left out) is run against the generated link-layer sequences, without a
simulation. The standard's table decides which survivors are no mutants: `equal` ones do what the
meter does, always; `allowed` ones differ only where the standard leaves it open.
Exit status: 0 every mutant that breaks the table is killed; 1 one survived.)";

struct MutantOptions {
    bool json = false;
    bool verbose = false;
};

void print_json(const model::TableMutantResult& result) {
    nlohmann::ordered_json line{{"schema", "meterbench.table-mutant/1"},
                                {"name", result.name},
                                {"outcome", name_of(result.outcome)}};
    if (result.outcome == Outcome::killed) {
        line["requirement"] = result.requirement;
        line["family"] = result.family;
        line["sequences"] = result.sequences;
    } else if (!result.witness.empty()) {
        line["witness"] = result.witness;
    }
    fmt::print("{}\n", line.dump());
}

void print_line(const model::TableMutantResult& result) {
    const bool killed = result.outcome == Outcome::killed;
    fmt::print("{:<9} {}{}{}\n", name_of(result.outcome), result.name,
               killed ? ": " + result.requirement : "",
               result.witness.empty() ? "" : ": " + result.witness);
}

void print_summary(const std::vector<model::TableMutantResult>& results) {
    std::map<std::string, std::size_t> kills;
    std::map<Outcome, std::size_t> outcomes;
    for (const model::TableMutantResult& result : results) {
        ++outcomes[result.outcome];
        if (result.outcome == Outcome::killed) {
            ++kills[result.requirement];
        }
    }
    for (const auto& [requirement, count] : kills) {
        fmt::print("{:<12} {:>4} killed\n", requirement, count);
    }
    const std::size_t counted = outcomes[Outcome::killed] + outcomes[Outcome::survived];
    fmt::print("{} of {} mutants killed; not counted: {} equal, {} allowed by the standard\n",
               outcomes[Outcome::killed], counted, outcomes[Outcome::equal],
               outcomes[Outcome::allowed]);
}

int run(const MutantOptions& options) {
    const std::vector<model::TableMutant> mutants = model::table_mutants();
    const bool progress = ::isatty(STDERR_FILENO) != 0;
    std::size_t count = 0;
    bool survived = false;
    const auto results =
        model::run_table_mutants(mutants, {}, [&](const model::TableMutantResult& result) {
            survived = survived || result.outcome == Outcome::survived;
            if (options.json) {
                print_json(result);
            } else if (options.verbose || result.outcome != Outcome::killed) {
                print_line(result);
            }
            if (progress) {
                fmt::print(stderr, "\r{} of {} mutants", ++count, mutants.size());
            }
        });
    if (progress) {
        fmt::print(stderr, "\n");
    }
    if (!options.json) {
        print_summary(results);
    }
    return survived ? exit_status::failure : exit_status::success;
}

} // namespace

void add_table_mutants(CLI::App& app, int& status) {
    const auto options = std::make_shared<MutantOptions>();
    CLI::App* const command = app.add_subcommand(
        "table-mutants", "Run generated sequences against every single edit of the state table");
    command->footer(examples);
    command->add_flag("--json", options->json,
                      "One object of schema meterbench.table-mutant/1 a line");
    command->add_flag("--verbose", options->verbose, "List the killed mutants, too");
    command->callback([options, &status] { status = run(*options); });
}

} // namespace meterbench::apps
