// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/readout_line.hpp"
#include "core/time.hpp"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace meterbench::rig {

/// What a master under test is told to do: a job and its arguments, as they stand on a command
/// line (docs/master-under-test.md): read ADDRESS; scan; search [MASK]; write ADDRESS HEX; alarm
/// ADDRESS; baud ADDRESS N.
struct JobOrder {
    std::string job;
    std::vector<std::string> arguments;
};

/// Exit statuses of a program that does jobs.
inline constexpr int job_done = 0;
inline constexpr int job_failed = 1;
inline constexpr int job_unknown = 89; ///< the program does not have this job

/// What became of a job.
struct JobResult {
    std::vector<core::master::ReadoutLine> lines; ///< what it said so far
    std::optional<int> status;                    ///< of a program that ended by itself
    /// What no program may do, in one line: a crash, a malformed line, another status.
    std::string trouble;
    std::string error; ///< why the program could not be started at all
    core::Instant ended{};
};

/// A master under test, simulated or a program.
class Master {
  public:
    virtual ~Master() = default;
    /// Begins a job. Only when none is running. Fails with one clear line on a wrong order; what
    /// the master makes of a good one is in result().
    [[nodiscard]] virtual std::expected<void, std::string> start(const JobOrder& order) = 0;
    [[nodiscard]] virtual bool running() const = 0;
    /// Of the job that was started last.
    [[nodiscard]] virtual const JobResult& result() const = 0;
    /// Ends a job that has overrun its time.
    virtual void stop() = 0;
};

} // namespace meterbench::rig
