// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/level_trace.hpp"
#include "sim/levels.hpp"
#include "sim/uart.hpp"

#include <vector>

namespace meterbench::sim {

/// Keeps what passes over the bus, and works out voltage and current of it when asked.
class Recorder {
  public:
    /// Nothing of what was is kept. The window begins 5 ms before now, at rest: what starts now
    /// starts with an edge.
    void begin(core::Instant now, Levels& levels);
    /// A character begins; `from_master` says which way it goes.
    void character(const Character& character, bool from_master);
    /// The characters under way from this port end now.
    void cut(std::uint32_t port, core::Instant now);
    /// Voltages or currents at rest are others from now on.
    void levels(core::Instant now, Levels& levels);
    /// The window up to `now`.
    [[nodiscard]] core::LevelTrace trace(core::Instant now) const;

  private:
    struct Rest {
        core::Instant at{};
        double mark_volt = 0;
        double step_volt = 0;
        double milliampere = 0;
        double source_ohm = 0;
        double receive = 0;
        double time_constant = 0;
    };
    std::vector<Character> from_master_;
    std::vector<Character> from_meters_;
    std::vector<Rest> rests_;
    core::Instant begin_{};
};

} // namespace meterbench::sim
