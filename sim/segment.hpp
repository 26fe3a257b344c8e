// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace meterbench::sim {

/// A type of installation (EN 13757-2, informative annex): what cable lies between master and
/// meters.
struct Segment {
    std::string_view name;
    std::string_view meaning;
    double distance_m = 0;    ///< from the master to the farthest meter
    double cable_m = 0;       ///< of all branches together
    double cross_section = 0; ///< mm2 of one wire
    int unit_loads = 0;       ///< at the rate below
    unsigned baud = 0;        ///< highest

    /// Both wires of a metre. 29 Ohm for 350 m of 0.5 mm2 (M-Bus documentation 4.8).
    [[nodiscard]] constexpr double ohm_per_m() const { return 29.0 / 350 * 0.5 / cross_section; }
    /// 180 nF for 1000 m (M-Bus documentation 4.8).
    [[nodiscard]] constexpr double nanofarad() const { return 0.18 * cable_m; }
};

/// The letters are assigned in this order from memory, see the facts in docs/bus.md.
inline constexpr std::array segments{
    Segment{"A", "small in-house", 350, 1000, 0.5, 250, 9600},
    Segment{"B", "large in-house", 350, 4000, 0.5, 250, 2400},
    Segment{"C", "small wide area", 1000, 4000, 0.5, 64, 2400},
    Segment{"D", "large wide area", 3000, 5000, 1.5, 64, 2400},
    Segment{"E", "mini installation", 5000, 7000, 1.5, 16, 300},
    Segment{"F", "point to point", 10000, 10000, 1.5, 1, 300},
};

[[nodiscard]] constexpr std::optional<Segment> find_segment(std::string_view name) {
    for (const Segment& segment : segments) {
        if (segment.name == name) {
            return segment;
        }
    }
    return std::nullopt;
}

} // namespace meterbench::sim
