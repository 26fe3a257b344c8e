// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "apps/master.hpp"
#include "core/master/address_change.hpp"
#include "core/master/alarm_poll.hpp"
#include "core/master/baud_change.hpp"
#include "core/master/command.hpp"
#include "formats/json_reader.hpp"
#include "formats/telegram_json.hpp"

#include <charconv>
#include <cstdio>
#include <ctime>
#include <optional>

namespace meterbench::apps {
namespace {

using core::master::Target;
using core::master::UserData;

struct Options {
    MasterOptions master;
    std::string address;
    std::vector<std::string> data;
    int new_address = -1;
    std::string identification;
    std::string clock;
    std::string reset;
    std::string rate;
    bool check = false;
};

constexpr const char* examples = R"(Examples:
  meterbench write --port /dev/ttyUSB0 5 "51 01 7A 06"
  meterbench write --port /dev/ttyUSB0 1149037877040E16 --set-address 6
  meterbench write --port /dev/ttyUSB0 5 --set-clock now --check
  meterbench write --port /dev/ttyUSB0 5 --set-baud 9600
  meterbench write --port /dev/ttyUSB0 all --reset ""

DATA is user data from the CI-field on: 51 and records, 50 and subcodes, B8 to BF. ADDRESS
may be `all` (FFh), to which nobody answers. E5h says that the frame arrived; --check reads
one telegram afterwards, where a meter reports what it did not do. --set-address tries
first that nobody has the new address, --set-baud that the meter answers at the new rate.
Exit status 1 when the meter does not answer, or refuses.)";

int refuse(std::string_view command, std::string_view message) {
    fmt::print(stderr, "meterbench {}: {}\n", command, message);
    return exit_status::usage;
}

/// `now`, or 2026-03-13T11:15.
std::optional<core::application::DateTime> parse_clock(const std::string& text) {
    core::application::DateTime time;
    if (text == "now") {
        const std::time_t seconds = std::time(nullptr);
        std::tm local{};
        if (::localtime_r(&seconds, &local) == nullptr) {
            return std::nullopt;
        }
        time.year = static_cast<std::uint16_t>(local.tm_year + 1900);
        time.month = static_cast<std::uint8_t>(local.tm_mon + 1);
        time.day = static_cast<std::uint8_t>(local.tm_mday);
        time.hour = static_cast<std::uint8_t>(local.tm_hour);
        time.minute = static_cast<std::uint8_t>(local.tm_min);
        time.daylight_saving = local.tm_isdst > 0;
        return time;
    }
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    int used = 0;
    if (std::sscanf(text.c_str(), "%4u-%2u-%2uT%2u:%2u%n", &year, &month, &day, &hour, &minute,
                    &used) != 5 ||
        static_cast<std::size_t>(used) != text.size() || year < 2000 || year > 2127 || month < 1 ||
        month > 12 || day < 1 || day > core::application::days_in_month(year, month) || hour > 23 ||
        minute > 59) {
        return std::nullopt;
    }
    time.year = static_cast<std::uint16_t>(year);
    time.month = static_cast<std::uint8_t>(month);
    time.day = static_cast<std::uint8_t>(day);
    time.hour = static_cast<std::uint8_t>(hour);
    time.minute = static_cast<std::uint8_t>(minute);
    return time;
}

/// All that is to be sent, in the order of the options' list in the help.
std::expected<std::vector<UserData>, std::string> data_of(const Options& options,
                                                          bool reset_given) {
    std::vector<UserData> all;
    for (const std::string& text : options.data) {
        const auto bytes = formats::parse_hex_text(text);
        if (!bytes || bytes->empty() || bytes->size() > core::link::max_data + 1) {
            return std::unexpected{
                fmt::format("DATA: \"{}\" is not 1 to 253 bytes in hexadecimal", text)};
        }
        all.push_back(*bytes);
    }
    if (!options.identification.empty()) {
        const auto address = core::link::parse_secondary(options.identification);
        if (!address) {
            return std::unexpected{fmt::format("--set-id: \"{}\" is not 16 hexadecimal digits",
                                               options.identification)};
        }
        all.push_back(core::master::set_identification_data(*address));
    }
    if (!options.clock.empty()) {
        const auto time = parse_clock(options.clock);
        if (!time) {
            return std::unexpected{fmt::format(
                "--set-clock: \"{}\" is neither now nor a time such as 2026-03-13T11:15",
                options.clock)};
        }
        all.push_back(core::master::set_clock_data(*time));
    }
    if (reset_given) {
        const auto subcode = formats::parse_hex_text(options.reset);
        if (!options.reset.empty() && (!subcode || subcode->size() != 1)) {
            return std::unexpected{
                fmt::format("--reset: \"{}\" is not a subcode of two digits", options.reset)};
        }
        all.push_back(core::master::application_reset_data(
            options.reset.empty() ? std::nullopt : std::optional{subcode->front()}));
    }
    return all;
}

template <class Job> int finish(Job& job, Master& master, const Options& options) {
    const bool alive = drive_job("write", job, master, [] {});
    print_notes("write", job.notes());
    if (!alive) {
        return exit_status::error;
    }
    if (job.fault()) {
        fmt::print(stderr, "meterbench write: {}: {}\n", options.address, describe(*job.fault()));
    }
    return job.done() && !job.fault() ? exit_status::success : exit_status::failure;
}

int send_data(const std::vector<UserData>& data, const Target& target, Master& master,
              const Options& options) {
    core::master::Command job{
        {.target = target, .link = master.config, .data = data, .check = options.check}};
    const int status = finish(job, master, options);
    if (!job.answer().empty()) {
        std::string out;
        formats::write_telegram_json(out, 1, job.answer());
        fmt::print("{}\n", out);
    }
    return status;
}

int write(const Options& options, bool reset_given) {
    const auto target = options.address == "all"
                            ? std::optional{Target{core::link::address::broadcast}}
                            : core::master::parse_target(options.address);
    if (!target) {
        return refuse("write", fmt::format("ADDRESS: \"{}\" is neither 0 to 250, 16 hexadecimal "
                                           "digits nor all",
                                           options.address));
    }
    const auto data = data_of(options, reset_given);
    if (!data) {
        return refuse("write", data.error());
    }
    unsigned rate = 0;
    (void)std::from_chars(options.rate.data(), options.rate.data() + options.rate.size(), rate);
    if (!options.rate.empty() && !core::master::baud_rate_data(core::Baud{rate})) {
        return refuse("write",
                      fmt::format("--set-baud: \"{}\" is no rate of a meter", options.rate));
    }
    if (data->empty() && options.rate.empty() && options.new_address < 0) {
        return refuse("write", "nothing is to be written: give DATA or an option --set-...");
    }
    auto master = open_master(options.master);
    if (!master) {
        return refuse("write", master.error());
    }
    stop_on_signals();
    int status =
        data->empty() ? int{exit_status::success} : send_data(*data, *target, *master, options);
    if (status == exit_status::success && options.new_address >= 0) {
        core::master::AddressChange job{*target, static_cast<std::uint8_t>(options.new_address),
                                        master->config};
        status = finish(job, *master, options);
    }
    if (status == exit_status::success && !options.rate.empty()) {
        core::master::BaudChange job{*target, core::Baud{rate}, master->config};
        status = finish(job, *master, options);
    }
    return status;
}

// ---- alarm

struct AlarmOptions {
    MasterOptions master;
    std::vector<int> addresses;
};

constexpr const char* alarm_examples = R"(Examples:
  meterbench alarm --port /dev/ttyUSB0 5
  meterbench alarm --port /dev/ttyUSB0 1 2 3 --timeout 50ms --retries 0

Asks each meter once for class 1 data (REQ_UD1). One object of schema meterbench.telegram/1
a meter that has some; nothing for one that has none. Exit status 1 when a meter does not
answer.)";

int alarm(const AlarmOptions& options) {
    auto master = open_master(options.master);
    if (!master) {
        return refuse("alarm", master.error());
    }
    core::link::FcbImages images;
    core::master::AlarmPollConfig config{.link = master->config, .addresses = {}};
    for (const int address : options.addresses) {
        config.addresses.push_back(static_cast<std::uint8_t>(address));
    }
    stop_on_signals();
    core::master::AlarmPoll job{config, images};
    const bool alive = drive_job("alarm", job, *master, [] {});
    print_notes("alarm", job.notes());
    int status = alive && job.done() ? exit_status::success : exit_status::error;
    std::size_t line = 0;
    for (const core::master::AlarmAnswer& answer : job.answers()) {
        if (answer.fault) {
            fmt::print(stderr, "meterbench alarm: {}: {}\n", answer.address,
                       describe(*answer.fault));
            status = worse_of(status, exit_status::failure);
        } else if (!answer.frame.empty()) {
            std::string out;
            formats::write_telegram_json(out, ++line, answer.frame);
            fmt::print("{}\n", out);
        }
    }
    return status;
}

} // namespace

void add_write(CLI::App& app, int& status) {
    CLI::App* const command = app.add_subcommand("write", "Send data to a meter, or set it up");
    const auto options = std::make_shared<Options>();
    add_master_options(*command, options->master, 2);
    command->add_option("address", options->address, "0 to 250, 16 digits, or all")
        ->required()
        ->type_name("ADDRESS");
    command->add_option("data", options->data, "User data in hex, from the CI-field on")
        ->type_name("DATA");
    command->add_option("--set-id", options->identification, "Gives the secondary address")
        ->type_name("DIGITS");
    command->add_option("--set-clock", options->clock, "Sets date and time, to the minute")
        ->type_name("now | TIME");
    CLI::Option* const reset =
        command->add_option("--reset", options->reset, "Application reset; \"\" without a subcode")
            ->type_name("SUBCODE");
    command->add_option("--set-address", options->new_address, "Gives a primary address")
        ->check(CLI::Range(0, 250));
    command->add_option("--set-baud", options->rate, "Switches to another rate, last of all")
        ->type_name("N");
    command->add_flag("--check", options->check, "Read one telegram afterwards, and print it");
    command->footer(examples);
    command->callback([options, reset, &status] { status = write(*options, reset->count() > 0); });
}

void add_alarm(CLI::App& app, int& status) {
    CLI::App* const command = app.add_subcommand("alarm", "Ask meters for alarms");
    const auto options = std::make_shared<AlarmOptions>();
    add_master_options(*command, options->master, 2);
    command->add_option("address", options->addresses, "Primary address 0 to 250")
        ->required()
        ->check(CLI::Range(0, 250))
        ->type_name("ADDRESS");
    command->footer(alarm_examples);
    command->callback([options, &status] { status = alarm(*options); });
}

} // namespace meterbench::apps
