// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/master.hpp"
#include "core/master/collection.hpp"
#include "formats/telegram_json.hpp"

namespace meterbench::apps {
namespace {

using core::master::Collected;
using core::master::Collection;
using core::master::ReadoutConfig;

struct Options {
    MasterOptions master;
    std::vector<std::string> addresses;
    int rounds = -1; ///< as many as make sense
};

constexpr const char* examples = R"(Examples:
  meterbench read --port /dev/ttyUSB0 5
  meterbench read --port tcp://192.168.1.20:10001 --baud 300 5 6 7
  meterbench read --port /dev/ttyUSB0 --baud auto 1149037877040E16
  meterbench read --bus scenarios/wired/meter/bus.json 5

ADDRESS is 0 to 250, or 16 digits (F for any), or 16, a slash and 8 of a fabrication
number. One object of schema meterbench.telegram/1 a telegram. A meter that fails stops
nobody; it is read again when the others have been. Exit status 1 when a meter does not
answer, or wrongly; 2 when the port cannot be opened; 3 when it is lost.)";

int refuse(std::string_view message) {
    fmt::print(stderr, "meterbench read: {}\n", message);
    return exit_status::usage;
}

/// With the wrong rate nothing is heard, or nonsense; anything better ends the search for it.
bool may_be_wrong_rate(const Collected& result) {
    return result.fault && result.telegrams.empty() &&
           (result.fault->layer == core::Layer::line || result.fault->layer == core::Layer::link ||
            result.fault->code == core::FaultCode::not_selected ||
            result.fault->code == core::FaultCode::address_conflict);
}

void print_telegrams(const std::vector<Collected>& results) {
    std::string out;
    std::size_t line = 0;
    for (const Collected& result : results) {
        for (const core::master::ReadTelegram& telegram : result.telegrams) {
            formats::write_telegram_json(out, ++line, telegram.frame);
            out += '\n';
        }
    }
    std::fwrite(out.data(), 1, out.size(), stdout);
}

int report(const Collection& job, const Options& options) {
    int status = exit_status::success;
    for (std::size_t i = 0; i < options.addresses.size(); ++i) {
        const Collected& result = job.results()[i];
        if (result.fault) {
            fmt::print(stderr, "meterbench read: {}: {}\n", options.addresses[i],
                       describe(*result.fault));
            status = exit_status::failure;
        }
        print_notes("read: " + options.addresses[i], result.notes);
    }
    return status;
}

int read_meters(Master& master, std::vector<ReadoutConfig> meters, const Options& options) {
    for (const core::Baud rate : master.rates) {
        for (ReadoutConfig& meter : meters) {
            meter.link = master.config;
            meter.link.baud = rate;
        }
        // A single meter has had its retries; after others it has had time to recover.
        const int rounds = options.rounds >= 0 ? options.rounds : meters.size() > 1 ? 1 : 0;
        Collection job{meters, static_cast<std::uint8_t>(rounds)};
        ProgressLine progress;
        const bool alive = drive_job("read", job, master, [&] {
            progress.show(
                [&] { return fmt::format("meter {} of {}", job.index() + 1, meters.size()); });
        });
        progress.clear();
        if (!alive || !job.done()) {
            print_telegrams(job.results());
            return alive ? exit_status::failure : exit_status::error;
        }
        const bool last = rate == master.rates.back();
        if (!last && std::ranges::all_of(job.results(), may_be_wrong_rate)) {
            continue;
        }
        print_telegrams(job.results());
        if (master.rates.size() > 1 && !job.results().front().telegrams.empty()) {
            fmt::print(stderr, "meterbench read: {} answers at {} Bd\n", options.addresses.front(),
                       rate.value);
        }
        return report(job, options);
    }
    return exit_status::failure;
}

int read(const Options& options) {
    std::vector<ReadoutConfig> meters;
    for (const std::string& address : options.addresses) {
        const auto target = core::master::parse_target(address);
        if (!target) {
            return refuse(fmt::format("ADDRESS: \"{}\" is neither 0 to 250 nor 16 hexadecimal "
                                      "digits",
                                      address));
        }
        meters.push_back({.target = *target});
    }
    auto master = open_master(options.master);
    if (!master) {
        return refuse(master.error());
    }
    stop_on_signals();
    return read_meters(*master, std::move(meters), options);
}

} // namespace

void add_read(CLI::App& app, int& status) {
    CLI::App* command = app.add_subcommand("read", "Read meters with the reference master");
    const auto options = std::make_shared<Options>();
    add_master_options(*command, options->master, 2);
    command
        ->add_option("address", options->addresses,
                     "Primary address 0 to 250, or secondary address of 16 digits")
        ->required()
        ->type_name("ADDRESS");
    command
        ->add_option("--rounds", options->rounds,
                     "How often what failed is read again at the end (1, with one meter 0)")
        ->check(CLI::Range(0, 10))
        ->type_name("N");
    command->footer(examples);
    command->callback([options, &status] { status = read(*options); });
}

} // namespace meterbench::apps
