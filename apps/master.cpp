// SPDX-License-Identifier: Apache-2.0
#include "apps/master.hpp"

#include "apps/profiles.hpp"
#include "core/application/application_error.hpp"
#include "formats/bus_file.hpp"
#include "formats/json_reader.hpp"
#include "formats/telegram_json.hpp"
#include "hil/port.hpp"
#include "models/world.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace meterbench::apps {
namespace {

/// How late two characters that follow each other may seem to be behind an adapter.
constexpr core::Duration port_uncertainty = std::chrono::milliseconds{20};
constexpr core::Duration max_timeout = std::chrono::minutes{10};

/// For --baud auto: the rates by how often meters use them (EN 13757-2, 5.2).
constexpr std::array<std::uint32_t, 8> rates_by_use{2400, 300, 9600, 4800, 1200, 19200, 38400, 600};

std::atomic<bool> stop = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");

void on_signal(int /*signal*/) {
    stop = true;
}

/// The rates to try, in order; empty for an argument that is none.
std::vector<core::Baud> parse_rates(std::string_view text) {
    std::vector<core::Baud> rates;
    for (const std::uint32_t rate : rates_by_use) {
        if (text == "auto" || std::to_string(rate) == text) {
            rates.push_back(core::Baud{rate});
        }
    }
    return rates;
}

std::expected<void, std::string> open_bus(const MasterOptions& options, Master& master) {
    const formats::DataPath data{options.data};
    const auto path = data.resolve(options.bus);
    if (!path) {
        return std::unexpected{path.error()};
    }
    const auto bus = formats::load_bus_file(*path);
    if (!bus) {
        return std::unexpected{bus.error()};
    }
    auto world = models::World::make(*bus, rig::Dut{}, options.seed, profile_loader(data));
    if (!world) {
        return std::unexpected{options.bus + ": " + world.error()};
    }
    master.world = std::move(*world);
    master.line = &master.world->line();
    master.name = options.bus;
    return {};
}

std::expected<void, std::string> open_line(const MasterOptions& options, Master& master) {
    auto line =
        hil::open_port(options.port, master.rates.front(), {.uncertainty = port_uncertainty});
    if (!line) {
        return std::unexpected{line.error()};
    }
    master.port = std::move(*line);
    master.line = master.port.get();
    master.name = options.port;
    master.config.limits.latency = hil::measured_latency(*master.line);
    return {};
}

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    }
    return result;
}

} // namespace

void add_master_options(CLI::App& command, MasterOptions& options, int retries) {
    options.retries = retries;
    CLI::Option* const port =
        command
            .add_option("--port", options.port,
                        "A serial device, tcp://HOST:PORT or rfc2217://HOST:PORT")
            ->type_name("PORT");
    command.add_option("--bus", options.bus, "A bus file: simulated, in no time")
        ->type_name("BUS.json")
        ->excludes(port);
    command.add_option("--baud", options.baud, "Rate in Bd, or auto to try them all")
        ->type_name("N | auto")
        ->capture_default_str();
    command.add_option("--retries", options.retries, "After the first attempt")
        ->check(CLI::Range(0, 10))
        ->type_name("N")
        ->capture_default_str();
    command
        .add_option("--timeout", options.timeout,
                    "Wait for an answer to begin, e.g. 500ms (unless given 330 bit times + 50 ms, "
                    "and the port's latency)")
        ->type_name("TIME");
    command.add_option("--data", options.data, "Folder with profiles, for --bus");
    command.add_option("--seed", options.seed, "Root of all random streams, for --bus")
        ->capture_default_str();
}

std::expected<Master, std::string> open_master(const MasterOptions& options) {
    if (options.port.empty() && options.bus.empty()) {
        return std::unexpected{std::string{"--port PORT or --bus BUS.json is required"}};
    }
    Master master;
    master.rates = parse_rates(options.baud);
    if (master.rates.empty()) {
        return std::unexpected{fmt::format("--baud: {} is neither auto nor one of {}", options.baud,
                                           fmt::join(formats::bus_rates, ", "))};
    }
    std::optional<core::Duration> timeout;
    if (!options.timeout.empty()) {
        timeout = formats::parse_duration(options.timeout);
        if (!timeout || *timeout > max_timeout) {
            return std::unexpected{
                fmt::format("--timeout: \"{}\" is not a time such as 500ms or 2s, up to 10min",
                            options.timeout)};
        }
    }
    const auto opened =
        options.port.empty() ? open_bus(options, master) : open_line(options, master);
    if (!opened) {
        return std::unexpected{opened.error()};
    }
    master.config.baud = master.rates.front();
    master.config.limits.retries = static_cast<std::uint8_t>(options.retries);
    if (timeout) {
        master.config.limits.response_timeout = {.bits = {}, .fixed = *timeout};
        master.config.limits.latency = {};
    }
    return master;
}

void stop_on_signals() {
    struct sigaction action{};
    action.sa_handler = on_signal;
    (void)sigaction(SIGINT, &action, nullptr);
    (void)sigaction(SIGTERM, &action, nullptr);
}

bool stopped() {
    return stop;
}

// ---- ProgressLine

ProgressLine::ProgressLine() : terminal_{::isatty(STDERR_FILENO) != 0} {}

ProgressLine::~ProgressLine() {
    clear();
}

void ProgressLine::show(const std::function<std::string()>& text) {
    constexpr auto pause = std::chrono::milliseconds{250};
    const auto now = std::chrono::steady_clock::now();
    if (terminal_ && now - last_ >= pause) {
        last_ = now;
        shown_ = true;
        fmt::print(stderr, "\r\033[K{}", text());
        std::fflush(stderr);
    }
}

void ProgressLine::clear() {
    if (shown_) {
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
        shown_ = false;
    }
}

// ---- words

void print_notes(std::string_view command, const core::master::LineNotes& notes) {
    using std::chrono::milliseconds;
    if (notes.echo) {
        fmt::print(stderr, "meterbench {}: the converter echoes; the echo is cancelled\n", command);
    }
    if (notes.early > 0) {
        fmt::print(stderr, "meterbench {}: {} answers came before the reply window opened\n",
                   command, notes.early);
    }
    if (notes.late > 0) {
        fmt::print(stderr,
                   "meterbench {}: {} answers came after the reply window, up to {} ms; see "
                   "--timeout\n",
                   command, notes.late, std::chrono::ceil<milliseconds>(notes.latest).count());
    }
    if (notes.garbled > 0) {
        fmt::print(stderr, "meterbench {}: {} answers were garbled\n", command, notes.garbled);
    }
}

std::string describe(const core::Fault& fault) {
    std::string text = fmt::format("{}: {}", core::name_of(fault.code),
                                   fault.code == core::FaultCode::application_error
                                       ? std::string{core::meaning_of(fault.code)}
                                       : formats::fault_detail(fault));
    if (fault.code == core::FaultCode::application_error && fault.actual >= 0) {
        text += fmt::format(" ({})", core::application::application_error_name(
                                         static_cast<std::uint8_t>(fault.actual)));
    }
    return text;
}

void print_found(std::string_view address) {
    fmt::print("{{\"schema\":\"meterbench.readout/1\",\"found\":\"{}\"}}\n", escaped(address));
}

void print_fault(std::string_view address, const core::Fault& fault) {
    fmt::print("{{\"schema\":\"meterbench.readout/1\",\"address\":\"{}\",\"fault\":\"{}\"}}\n",
               escaped(address), escaped(describe(fault)));
}

} // namespace meterbench::apps
