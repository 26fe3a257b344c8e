// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame_decoder.hpp"
#include "core/octet.hpp"
#include "core/time.hpp"
#include "harness/judge.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::harness {

/// What watches a master on the wire over a whole case, whatever the case is about: idle time
/// before a request, how long it waits for an answer, parity and stop bits, idle time between
/// characters, bits 6 and 7 of the C field. What is broken costs what an expectation about the same
/// requirement would cost, and never ends the case (docs/verdicts.md).
class MasterMonitor {
  public:
    struct Setup {
        core::Duration uncertainty{}; ///< of measured times; what lies within is not judged
        bool timing = false;          ///< the rig can judge bit times
        bool gaps = false;            ///< the rig knows when each character was on the wire
        bool octet_errors = false;    ///< the rig sees parity and framing errors
    };
    explicit MasterMonitor(const Setup& setup) : setup_{setup} {}

    /// The master has sent these; they are told before what it hears afterwards.
    void requested(std::span<const core::Octet> octets);
    /// The master has heard these, whoever sent them.
    void answered(std::span<const core::Octet> octets);
    /// From now on the wire is spoilt by the case.
    void suspend() { suspended_ = true; }

    /// Puts what was seen into the record, each with its requirement.
    void report(Judge& judge) const;

  private:
    /// The shortest of some times, and its limit there.
    struct Shortest {
        core::Duration value{};
        core::Duration limit{};
        core::Instant at{};
        std::size_t count = 0;
        void add(core::Duration time, core::Duration limit_there, core::Instant when);
    };
    void begin(const core::Octet& octet);
    void go_on(const core::Octet& octet);
    void end_frame();
    void report_times(Judge& judge) const;
    void report_frames(Judge& judge) const;

    Setup setup_;
    bool suspended_ = false;
    std::optional<core::Instant> answer_end_;  ///< of what was heard since the last request
    core::Baud answer_rate_{};                 ///< and its rate
    std::optional<core::Instant> request_end_; ///< of a request that nobody has answered yet
    std::vector<std::uint8_t> frame_;          ///< of the master, being sent
    core::link::FrameScan scan_;
    bool frame_possible_ = true;
    std::optional<core::Instant> last_; ///< end of its last octet

    Shortest idle_, wait_;
    core::Duration longest_gap_{};
    core::Duration gap_limit_{};
    core::Instant gap_at_{};
    std::size_t octets_ = 0, frames_ = 0, errors_ = 0, wrong_bit7_ = 0, wrong_direction_ = 0;
    core::Instant first_error_{}, first_bit7_{}, first_direction_{};
};

} // namespace meterbench::harness
