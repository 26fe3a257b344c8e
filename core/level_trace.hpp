// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <vector>

namespace meterbench::core {

/// The analog side of a wired bus over a window of time, as one measures it at the master's
/// terminals: values hold from their instant to the next one's. For waveform files.
struct LevelTrace {
    struct Bit {
        Instant at{};
        bool mark = true;
    };
    struct Level {
        Instant at{};
        double value = 0;
    };

    Instant begin{};
    Instant end{};
    std::vector<Bit> sent;      ///< what the master sends; mark is 1
    std::vector<Bit> heard;     ///< what its receiver makes of the meters' current; mark is 1
    std::vector<Level> voltage; ///< of the bus, in V
    std::vector<Level> current; ///< from the master into the bus, in mA
};

} // namespace meterbench::core
