// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace {

using namespace meterbench::apps;

constexpr std::array commands{
    add_alarm,         //
    add_campaign,      //
    add_cases,         //
    add_decode,        //
    add_encode,        //
    add_faults,        //
    add_judge,         //
    add_learn,         //
    add_merge,         //
    add_meters,        //
    add_model,         //
    add_mutants,       //
    add_job,           //
    add_read,          //
    add_requirements,  //
    add_run,           //
    add_scan,          //
    add_search,        //
    add_serve,         //
    add_table_mutants, //
    add_write,         //
};

constexpr const char* examples = R"(Examples:
  meterbench decode 10 5B 05 60 16
  meterbench read --port /dev/ttyUSB0 5
  meterbench COMMAND --help

Exit status: 0 done; 1 a test failed or a meter did not answer well; 2 usage or
configuration; 3 the bench failed. Data goes to stdout, talk to stderr.)";

/// A usage error is one line on stderr that says which command it is about.
int report(const CLI::App& app, const CLI::ParseError& error) {
    std::string name = app.get_name();
    for (const CLI::App* command : app.get_subcommands()) {
        name += " " + command->get_name();
    }
    const std::vector<std::string> unknown = app.remaining();
    const bool no_command = app.get_subcommands().empty() && !unknown.empty();
    std::string message =
        no_command ? "there is no command or option " + unknown.front() : error.what();
    for (char& c : message) {
        c = c == '\n' ? ' ' : c;
    }
    fmt::print(stderr, "{}: {} (see {} --help)\n", name, message, name);
    return exit_status::usage;
}

int run(int argc, char** argv) {
    CLI::App app{"Hardware simulator and conformance test harness for M-Bus", "meterbench"};
    app.set_version_flag("--version", "meterbench " METERBENCH_VERSION);
    app.require_subcommand(1);
    app.footer(examples);
    int status = exit_status::success;
    for (const AddCommand add : commands) {
        add(app, status);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& help_or_version) {
        return app.exit(help_or_version);
    } catch (const CLI::ParseError& error) {
        return report(app, error);
    }
    return status;
}

} // namespace

int main(int argc, char** argv) {
    int status = exit_status::error;
    try {
        status = run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "meterbench: {}\n", error.what());
    }
    // A full disk must not look like success.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        fmt::print(stderr, "meterbench: stdout cannot be written\n");
        status = worse_of(status, exit_status::error);
    }
    return status;
}
