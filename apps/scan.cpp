// SPDX-License-Identifier: Apache-2.0
#include "core/master/scan.hpp"

#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/master.hpp"

namespace meterbench::apps {
namespace {

struct Options {
    MasterOptions master;
    int first = 0;
    int last = 250;
};

constexpr const char* examples = R"(Examples:
  meterbench scan --port /dev/ttyUSB0
  meterbench scan --port rfc2217://192.168.1.20:2217 --baud 300 --first 1 --last 20
  meterbench scan --bus scenarios/wired/meter/bus.json

One object of schema meterbench.readout/1 an address at which somebody answers: `found`,
or `address` and `fault`, such as address-conflict for two meters at one address. Exit
status 1 when nobody is found.)";

int scan(const Options& options) {
    auto master = open_master(options.master);
    if (!master || options.first > options.last) {
        fmt::print(stderr, "meterbench scan: {}\n",
                   master ? "--first is beyond --last" : master.error());
        return exit_status::usage;
    }
    stop_on_signals();
    std::size_t found = 0;
    for (const core::Baud rate : master->rates) {
        master->config.baud = rate;
        core::master::Scan job{{.link = master->config,
                                .first = static_cast<std::uint8_t>(options.first),
                                .last = static_cast<std::uint8_t>(options.last),
                                .retries = master->config.limits.retries}};
        std::size_t printed = 0;
        ProgressLine progress;
        const bool alive = drive_job("scan", job, *master, [&] {
            for (; printed < job.found().size(); ++printed) {
                progress.clear();
                const core::master::ScanFind& find = job.found()[printed];
                const std::string address = std::to_string(find.address);
                find.fault ? print_fault(address, *find.fault) : print_found(address);
                std::fflush(stdout);
            }
            progress.show([&] {
                return fmt::format("address {} of {}, {} found", job.address(), options.last,
                                   job.found().size());
            });
        });
        progress.clear();
        for (; printed < job.found().size(); ++printed) {
            const core::master::ScanFind& find = job.found()[printed];
            const std::string address = std::to_string(find.address);
            find.fault ? print_fault(address, *find.fault) : print_found(address);
        }
        print_notes("scan", job.notes());
        found += job.found().size();
        if (!alive) {
            return exit_status::error;
        }
        if (job.fault()) {
            fmt::print(stderr, "meterbench scan: {}\n", describe(*job.fault()));
            return exit_status::failure;
        }
        if (!job.done()) {
            fmt::print(stderr, "meterbench scan: stopped at address {}\n", job.address());
            return exit_status::failure;
        }
    }
    return found > 0 ? exit_status::success : exit_status::failure;
}

} // namespace

void add_scan(CLI::App& app, int& status) {
    CLI::App* const command =
        app.add_subcommand("scan", "Look for meters at the primary addresses 0 to 250");
    const auto options = std::make_shared<Options>();
    add_master_options(*command, options->master, 1);
    command->add_option("--first", options->first, "First address")
        ->check(CLI::Range(0, 250))
        ->capture_default_str();
    command->add_option("--last", options->last, "Last address")
        ->check(CLI::Range(0, 250))
        ->capture_default_str();
    command->footer(examples);
    command->callback([options, &status] { status = scan(*options); });
}

} // namespace meterbench::apps
