// SPDX-License-Identifier: Apache-2.0
// The reference master as a master under test: jobs as docs/master-under-test.md has them.
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/master.hpp"
#include "formats/readout_line.hpp"
#include "models/master_job.hpp"

#include <cstdio>

namespace meterbench::apps {
namespace {

struct Options {
    MasterOptions master;
    std::string job;
    std::vector<std::string> arguments;
};

constexpr const char* examples = R"(Examples:
  meterbench job --port tcp://127.0.0.1:10002 read 5
  meterbench job --bus scenarios/wired/meter/bus.json search
  meterbench job --port /tmp/mbus write 5 510113010203

Does one job as a program under test does it: read ADDRESS; scan; search [MASK]; write
ADDRESS HEX; alarm ADDRESS; baud ADDRESS RATE. Prints lines of schema
meterbench.readout/1. Exit status: 0 done, 1 failed, 89 not a job, 2 usage, 3 port lost.)";

int refuse(std::string_view message) {
    fmt::print(stderr, "meterbench job: {}\n", message);
    return exit_status::usage;
}

void print_lines(const models::MasterJob& job, std::size_t& printed) {
    const auto lines = job.lines();
    for (; printed < lines.size(); ++printed) {
        fmt::print("{}\n", formats::write_readout_line(lines[printed]));
    }
    std::fflush(stdout);
}

int run_job(const Options& options) {
    auto master = open_master(options.master);
    if (!master) {
        return refuse(master.error());
    }
    core::link::FcbImages images;
    auto job =
        models::MasterJob::make({options.job, options.arguments}, {.link = master->config}, images);
    if (!job) {
        return refuse(job.error());
    }
    if (!*job) {
        return rig::job_unknown;
    }
    stop_on_signals();
    const auto driven = rig::drive(**job, *master->line, [] { return !stopped(); });
    std::size_t printed = 0;
    print_lines(**job, printed);
    const auto fault = (*job)->fault();
    if (!driven || (fault && fault->layer == core::Layer::bench)) {
        fmt::print(stderr, "meterbench job: {}: the port is lost\n", master->name);
        return exit_status::error;
    }
    return (*job)->done() ? (*job)->status() : rig::job_failed;
}

} // namespace

void add_job(CLI::App& app, int& status) {
    CLI::App* const command =
        app.add_subcommand("job", "Do one job as a master under test does it");
    const auto options = std::make_shared<Options>();
    add_master_options(*command, options->master, 2);
    command->add_option("job", options->job, "read, scan, search, write, alarm or baud")
        ->type_name("JOB")
        ->required();
    command->add_option("arguments", options->arguments, "Of the job")->type_name("ARGUMENT");
    command->footer(examples);
    command->callback([options, &status] { status = run_job(*options); });
}

} // namespace meterbench::apps
