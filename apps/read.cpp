// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.hpp"
#include "apps/exit_status.hpp"
#include "core/master/readout.hpp"
#include "formats/bus_file.hpp"
#include "formats/json_reader.hpp"
#include "formats/telegram_json.hpp"
#include "hil/port.hpp"
#include "rig/drive.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace meterbench::apps {
namespace {

using core::master::Readout;
using core::master::ReadoutConfig;
using core::master::Target;

struct Options {
    std::string port;
    std::string address;
    std::string baud = "2400";
    int retries = 2;
    std::string timeout;
};

constexpr const char* examples = R"(Examples:
  meterbench read --port /dev/ttyUSB0 5
  meterbench read --port tcp://192.168.1.20:10001 --baud 300 5
  meterbench read --port /dev/ttyUSB0 --baud auto 1149037877040E16

One object of schema meterbench.telegram/1 a telegram. Exit status 1 when the meter
does not answer, or wrongly; 2 when the port cannot be opened; 3 when it is lost.)";

/// Added to the time a meter has for its answer: USB adapters and networks are late by up to this.
constexpr core::Duration port_latency = std::chrono::milliseconds{100};
/// How late two characters that follow each other may seem to be behind such an adapter.
constexpr core::Duration port_uncertainty = std::chrono::milliseconds{20};
constexpr core::Duration max_timeout = std::chrono::minutes{10};

/// For --baud auto: the rates by how often meters use them (EN 13757-2, 5.2).
constexpr std::array<std::uint32_t, 8> rates_by_use{2400, 300, 9600, 4800, 1200, 19200, 38400, 600};

std::optional<Target> parse_target(std::string_view text) {
    if (const auto secondary = core::link::parse_secondary(text)) {
        return *secondary;
    }
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() ||
        value > core::link::address::last_individual) {
        return std::nullopt;
    }
    return static_cast<std::uint8_t>(value);
}

/// The rates to try, in order; empty for an argument that is none.
std::vector<core::Baud> parse_rates(std::string_view text) {
    if (text == "auto") {
        return {rates_by_use.begin(), rates_by_use.end()};
    }
    for (const std::uint32_t rate : formats::bus_rates) {
        if (std::to_string(rate) == text) {
            return {core::Baud{rate}};
        }
    }
    return {};
}

int refuse(std::string_view message) {
    fmt::print(stderr, "meterbench read: {}\n", message);
    return exit_status::usage;
}

/// With the wrong rate nothing is heard, or nonsense; anything better ends the search for it.
bool may_be_wrong_rate(const Readout& readout) {
    return readout.fault() && readout.telegrams().empty() &&
           (readout.fault()->layer == core::Layer::line ||
            readout.fault()->layer == core::Layer::link ||
            readout.fault()->code == core::FaultCode::not_selected);
}

void print_telegrams(const Readout& readout) {
    std::string out;
    std::size_t line = 0;
    for (const core::master::ReadTelegram& telegram : readout.telegrams()) {
        formats::write_telegram_json(out, ++line, telegram.frame);
        out += '\n';
    }
    std::fwrite(out.data(), 1, out.size(), stdout);
}

int report(const Readout& readout, std::string_view address) {
    print_telegrams(readout);
    if (!readout.fault()) {
        return exit_status::success;
    }
    fmt::print(stderr, "meterbench read: {}: {}: {}\n", address,
               core::name_of(readout.fault()->code), formats::fault_detail(*readout.fault()));
    return exit_status::failure;
}

int read_at(rig::Line& line, ReadoutConfig config, const std::vector<core::Baud>& rates,
            const Options& options) {
    for (const core::Baud rate : rates) {
        config.link.baud = rate;
        Readout readout{config};
        if (const auto driven = rig::drive(readout, line); !driven) {
            print_telegrams(readout);
            fmt::print(stderr, "meterbench read: {}: {}\n", options.port,
                       core::meaning_of(driven.error().code));
            return exit_status::error;
        }
        if (rate == rates.back() || !may_be_wrong_rate(readout)) {
            if (rates.size() > 1 && !readout.telegrams().empty()) {
                fmt::print(stderr, "meterbench read: {} answers at {} Bd\n", options.address,
                           rate.value);
            }
            return report(readout, options.address);
        }
    }
    return exit_status::failure;
}

int read(const Options& options) {
    ReadoutConfig config;
    const auto target = parse_target(options.address);
    if (!target) {
        return refuse(fmt::format("ADDRESS: \"{}\" is neither 0 to 250 nor 16 hexadecimal digits",
                                  options.address));
    }
    config.target = *target;
    const std::vector<core::Baud> rates = parse_rates(options.baud);
    if (rates.empty()) {
        return refuse(fmt::format("--baud: {} is neither auto nor one of {}", options.baud,
                                  fmt::join(formats::bus_rates, ", ")));
    }
    config.link.limits.retries = static_cast<std::uint8_t>(options.retries);
    config.link.limits.latency = port_latency;
    if (!options.timeout.empty()) {
        const auto timeout = formats::parse_duration(options.timeout);
        if (!timeout || *timeout > max_timeout) {
            return refuse(fmt::format("--timeout: \"{}\" is not a time such as 500ms or 2s, up to "
                                      "10min",
                                      options.timeout));
        }
        config.link.limits.response_timeout = {.bits = {}, .fixed = *timeout};
        config.link.limits.latency = {};
    }
    const auto line =
        hil::open_port(options.port, rates.front(), {.uncertainty = port_uncertainty});
    if (!line) {
        return refuse(line.error());
    }
    return read_at(**line, config, rates, options);
}

} // namespace

void add_read(CLI::App& app, int& status) {
    CLI::App* command = app.add_subcommand("read", "Read a meter with the reference master");
    const auto options = std::make_shared<Options>();
    command->add_option("--port", options->port, "A serial device, or tcp://HOST:PORT")
        ->required()
        ->type_name("PORT");
    command
        ->add_option("address", options->address,
                     "Primary address 0 to 250, or secondary address of 16 digits")
        ->required()
        ->type_name("ADDRESS");
    command->add_option("--baud", options->baud, "Rate in Bd, or auto to try them all")
        ->type_name("N | auto")
        ->capture_default_str();
    command->add_option("--retries", options->retries, "After the first attempt")
        ->check(CLI::Range(0, 10))
        ->type_name("N")
        ->capture_default_str();
    command
        ->add_option(
            "--timeout", options->timeout,
            "Wait for an answer to begin, e.g. 500ms (330 bit times + 150 ms unless given)")
        ->type_name("TIME");
    command->footer(examples);
    command->callback([options, &status] { status = read(*options); });
}

} // namespace meterbench::apps
