// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace meterbench::rig {

/// Through which seam a fault enters: five of a station, three of the world.
enum class Seam : std::uint8_t {
    table,       ///< the station's state table
    limits,      ///< the station's time limits and counts
    octets_in,   ///< characters on their way to the station
    octets_out,  ///< characters on their way from the station
    application, ///< what the application layer answers and does
    channel,     ///< the wire
    supply,      ///< the bus power
    clock,       ///< a participant's clock
};

/// One parameter of a fault: a number with its unit, range and default.
struct FaultParameter {
    std::string_view name;
    std::string_view unit;
    double minimum = 0;
    double maximum = 0;
    double standard = 0; ///< used when none is given
};

/// A fault is a row of data: one name, one deviation visible on the wire.
struct FaultInfo {
    std::string_view name; ///< LAYER.what, lower case
    Seam seam;
    std::string_view requirement; ///< the requirement it breaks, empty for the world's faults
    std::string_view visible;     ///< what is seen on the wire
    std::span<const FaultParameter> parameters{};
};

[[nodiscard]] constexpr std::string_view name_of(Seam seam) {
    switch (seam) {
    case Seam::table: return "table";
    case Seam::limits: return "limits";
    case Seam::octets_in: return "octets in";
    case Seam::octets_out: return "octets out";
    case Seam::application: return "application";
    case Seam::channel: return "channel";
    case Seam::supply: return "supply";
    case Seam::clock: return "clock";
    }
    return "";
}

} // namespace meterbench::rig
