// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/profiles.hpp"
#include "formats/bus_file.hpp"
#include "hil/open_endpoint.hpp"
#include "models/served_bus.hpp"

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <string>

namespace meterbench::apps {
namespace {

struct Options {
    std::string bus;
    std::string pty;
    std::string tcp;
    std::string rfc2217;
    std::string speed = "realtime";
    std::string data;
    std::uint64_t seed = 1;
};

constexpr const char* examples = R"(Examples:
  meterbench serve scenarios/wired/meter/bus.json --tcp 127.0.0.1:10001
  meterbench serve bus.json --pty /tmp/mbus
  meterbench serve bus.json --rfc2217 2217
  meterbench read --port tcp://127.0.0.1:10001 5

Prints `listening PORT` when a client may come. One client at a time; the next may come
after it leaves. A bare port number listens on 127.0.0.1, port 0 on any free one. Ends
with status 0 on SIGINT or SIGTERM.)";

std::atomic<bool> stop = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");

void on_signal(int /*signal*/) {
    stop = true;
}

void catch_signals() {
    struct sigaction action{};
    action.sa_handler = on_signal;
    (void)sigaction(SIGINT, &action, nullptr);
    (void)sigaction(SIGTERM, &action, nullptr);
}

int refuse(std::string_view message) {
    fmt::print(stderr, "meterbench serve: {}\n", message);
    return exit_status::usage;
}

std::string endpoint_of(const Options& options) {
    if (!options.pty.empty()) {
        return options.pty;
    }
    const std::string& where = options.tcp.empty() ? options.rfc2217 : options.tcp;
    const bool bare = where.find(':') == std::string::npos;
    return (options.tcp.empty() ? "rfc2217://" : "tcp://") + (bare ? "127.0.0.1:" : std::string{}) +
           where;
}

int serve(const Options& options) {
    const formats::DataPath data{options.data};
    const auto path = data.resolve(options.bus);
    if (!path) {
        return refuse(path.error());
    }
    const auto bus = formats::load_bus_file(*path);
    if (!bus) {
        return refuse(bus.error());
    }
    models::Population population{bus->baud, options.seed, profile_loader(data)};
    if (const auto added = population.add_all(*bus); !added) {
        return refuse(options.bus + ": " + added.error());
    }
    catch_signals();
    const auto opened = hil::open_endpoint(endpoint_of(options), bus->baud);
    if (!opened) {
        return refuse(opened.error());
    }
    models::ServedBus served{population, *opened->endpoint,
                             options.speed == "max" ? models::ServeSpeed::max
                                                    : models::ServeSpeed::realtime};
    fmt::print("listening {}\n", opened->port);
    std::fflush(stdout);
    if (const auto ended = served.run(stop); !ended) {
        fmt::print(stderr, "meterbench serve: {}: {}\n", opened->port,
                   core::meaning_of(ended.error().code));
        return exit_status::error;
    }
    return exit_status::success;
}

} // namespace

void add_serve(CLI::App& app, int& status) {
    const auto options = std::make_shared<Options>();
    CLI::App* const command =
        app.add_subcommand("serve", "Serve a simulated bus to any program, on a pty or a TCP port");
    command->footer(examples);
    command->add_option("BUS", options->bus, "Bus file")->required();
    CLI::Option_group* const where = command->add_option_group("endpoint");
    where->add_option("--pty", options->pty, "A pseudo terminal, reached by this symbolic link");
    where->add_option("--tcp", options->tcp, "HOST:PORT to listen on");
    where->add_option("--rfc2217", options->rfc2217,
                      "HOST:PORT to listen on; clients set the rate (RFC 2217)");
    where->require_option(1);
    command->add_option("--speed", options->speed, "realtime, or max: answers come at once")
        ->check(CLI::IsMember({"realtime", "max"}))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "Root of all random streams")
        ->capture_default_str();
    command->add_option("--data", options->data, "Folder with profiles");
    command->callback([options, &status] { status = serve(*options); });
}

} // namespace meterbench::apps
