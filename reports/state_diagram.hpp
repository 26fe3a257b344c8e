// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace meterbench::reports {

/// A state machine to be drawn.
struct StateDiagram {
    struct Transition {
        std::size_t from = 0;
        std::size_t to = 0;
        std::string input;
        std::string output;
        bool differs = false; ///< drawn as a deviation, with `note`
        std::string note;     ///< what was due
    };
    std::string title;
    std::string subtitle;
    std::size_t states = 1; ///< state 0 is the first
    std::vector<Transition> transitions;
};

/// An SVG picture that needs nothing else: states in columns by their distance from the first,
/// numbered from 1. Inputs with one output and one way are one label; those that leave a state as
/// it is stand in its box; those that lead to one state from nearly all others stand in that
/// state's box, behind "from anywhere". Deviations are always drawn by themselves, in red.
[[nodiscard]] std::string draw_state_diagram(const StateDiagram& diagram);

} // namespace meterbench::reports
