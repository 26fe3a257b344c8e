// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/primary_station.hpp"
#include "core/master/procedure.hpp"
#include "rig/drive.hpp"
#include "rig/rig.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <expected>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::apps {

/// What all commands of the reference master take.
struct MasterOptions {
    std::string port;
    std::string bus;
    std::string baud = "2400";
    int retries = 2;
    std::string timeout;
    std::string data;
    std::uint64_t seed = 1;
};

/// Adds --port | --bus, --baud, --retries, --timeout, --data and --seed. `retries`: the standard.
void add_master_options(CLI::App& command, MasterOptions& options, int retries);

/// A line to talk on, real or simulated, and what the master keeps to on it.
struct Master {
    std::unique_ptr<rig::Line> port; ///< --port
    std::unique_ptr<rig::Rig> world; ///< --bus
    rig::Line* line = nullptr;
    std::string name;              ///< the port or the bus file, for messages
    std::vector<core::Baud> rates; ///< more than one: --baud auto
    core::link::PrimaryConfig config;
};
/// Fails with one clear line.
[[nodiscard]] std::expected<Master, std::string> open_master(const MasterOptions& options);

/// SIGINT and SIGTERM stop a job where it is instead of killing the program.
void stop_on_signals();
[[nodiscard]] bool stopped();

/// A line that shows how far a job is; only where stderr is a terminal. Cleared at its end.
class ProgressLine {
  public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    /// Shows the text, a few times a second at most.
    void show(const std::function<std::string()>& text);
    void clear();

  private:
    bool terminal_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point last_{};
};

/// Notes of the line on stderr, one a line: echo, early and late answers.
void print_notes(std::string_view command, const core::master::LineNotes& notes);

/// `NAME: MEANING`, and for an application error which one.
[[nodiscard]] std::string describe(const core::Fault& fault);

/// One line of schema meterbench.readout/1 on stdout: `found`, or `address` and `fault`.
void print_found(std::string_view address);
void print_fault(std::string_view address, const core::Fault& fault);

/// Drives a job to its end, or until a signal stops it. `watch` is called after every step. Says
/// on stderr what happened to a lost port. False: the port is lost (exit status 3).
template <class Job, class Watch>
[[nodiscard]] bool drive_job(std::string_view command, Job& job, Master& master, Watch watch) {
    const auto driven = rig::drive(job, *master.line, [&] {
        watch();
        return !stopped();
    });
    const bool lost =
        !driven || (job.done() && job.fault() && job.fault()->layer == core::Layer::bench);
    if (lost) {
        const core::Fault fault = driven ? *job.fault() : driven.error();
        fmt::print(stderr, "meterbench {}: {}: {}\n", command, master.name,
                   core::meaning_of(fault.code));
    }
    return !lost;
}

} // namespace meterbench::apps
