// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame_decoder.hpp"
#include "core/octet.hpp"
#include "core/time.hpp"
#include "harness/judge.hpp"
#include "harness/master_monitor.hpp"
#include "rig/rig.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::harness {

/// What watches a meter on the wire over a whole case, whatever the case is about: the reply
/// window, parity and stop bits, idle time between characters, octets nobody asked for, collisions,
/// the current at rest.
/// It looks at answers to requests at the device's own primary address alone; who answers elsewhere
/// is not sure. What is broken costs what an expectation about the same requirement would cost, and
/// never ends the case (docs/verdicts.md).
class Monitor {
  public:
    struct Setup {
        rig::Dut::Role role = rig::Dut::Role::meter; ///< of the device under test
        std::uint8_t address = 0;                    ///< of a meter under test, primary
        core::Duration uncertainty{}; ///< of measured times; what lies within is not judged
        bool timing = false;          ///< the rig can judge bit times
        bool gaps = false;            ///< the rig knows when each character was on the wire
        bool octet_errors = false;    ///< the rig sees parity and framing errors
        double unit_loads = 1;        ///< that a meter under test is marked with
    };
    explicit Monitor(const Setup& setup)
        : setup_{setup},
          master_{{setup.uncertainty, setup.timing, setup.gaps, setup.octet_errors}} {}

    /// The harness has sent these bytes.
    void sent(std::span<const std::uint8_t> bytes, core::Instant start, core::Instant finish,
              core::Baud baud);
    void heard(std::span<const core::Octet> octets);
    /// What a master under test has heard.
    void overheard(std::span<const core::Octet> octets);
    /// At rest it draws so much, in mA, and nobody else draws any.
    void drawn(double milliampere, core::Instant now);
    /// From now on the case itself spoils the wire, or another meter: nothing more is judged.
    void suspend() {
        suspended_ = true;
        master_.suspend();
    }

    [[nodiscard]] bool suspended() const { return suspended_; }

    /// Puts what was seen into the record, each with its requirement.
    void report(Judge& judge) const;

  private:
    /// An extreme time, and its limit there.
    struct Extreme {
        core::Duration value{};
        core::Duration limit{};
        core::Instant at{};
    };
    void hear(const core::Octet& octet);
    void hear_first(const core::Octet& octet);
    void hear_next(const core::Octet& octet);
    void report_times(Judge& judge) const;
    void report_octets(Judge& judge) const;
    void report_current(Judge& judge) const;

    Setup setup_;
    MasterMonitor master_; ///< does it all where the device under test is one
    bool suspended_ = false;
    bool to_device_ = false; ///< the last request was
    core::Instant request_start_{};
    core::Instant request_finish_{};
    core::Baud baud_{};
    std::optional<core::Instant> last_; ///< end of the last octet of the answer
    core::link::FrameScan scan_;
    bool frame_possible_ = true;

    std::size_t answers_ = 0;
    std::optional<double> most_drawn_; ///< mA
    core::Instant most_drawn_at_{};
    std::optional<Extreme> earliest_, latest_, longest_gap_;
    std::size_t octets_ = 0;
    std::size_t errors_ = 0, surplus_ = 0, collisions_ = 0;
    core::Instant first_error_{}, first_surplus_{}, first_collision_{};
};

} // namespace meterbench::harness
