// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace meterbench::rig {

/// What a case may need of a rig: a closed list, plus `fault:NAME` for each fault it can set.
enum class Capability : std::uint8_t {
    line,         ///< a wired bus to send on and to hear
    timing,       ///< times good enough to judge bit times
    octet_errors, ///< sends and sees parity and framing errors
    gaps,         ///< sends idle time between characters of one frame
    break_,       ///< sends and sees a break
    baud,         ///< sets its rate during a case
    levels,       ///< sets and measures voltage and current
    power,        ///< switches the bus power
    world,        ///< adds meters and sets faults
    job,          ///< starts jobs of a master under test
    air,          ///< a radio channel
};

struct CapabilityRow {
    Capability capability;
    std::string_view name;
    std::string_view meaning;
};

inline constexpr std::array capability_rows{
    CapabilityRow{Capability::line, "line", "a wired bus to send on and to hear"},
    CapabilityRow{Capability::timing, "timing", "times good enough to judge bit times"},
    CapabilityRow{Capability::octet_errors, "octet_errors",
                  "sends and sees parity and framing errors"},
    CapabilityRow{Capability::gaps, "gaps", "sends idle time between characters"},
    CapabilityRow{Capability::break_, "break", "sends and sees a break"},
    CapabilityRow{Capability::baud, "baud", "sets its rate during a case"},
    CapabilityRow{Capability::levels, "levels", "sets and measures voltage and current"},
    CapabilityRow{Capability::power, "power", "switches the bus power"},
    CapabilityRow{Capability::world, "world", "adds meters and sets faults"},
    CapabilityRow{Capability::job, "job", "starts jobs of a master under test"},
    CapabilityRow{Capability::air, "air", "a radio channel"},
};

[[nodiscard]] constexpr std::optional<Capability> capability_of(std::string_view name) {
    for (const CapabilityRow& row : capability_rows) {
        if (row.name == name) {
            return row.capability;
        }
    }
    return std::nullopt;
}

/// What one rig offers.
class Capabilities {
  public:
    void add(Capability capability) { mask_ |= 1U << static_cast<unsigned>(capability); }
    void add_fault(std::string name) { faults_.insert(std::move(name)); }
    [[nodiscard]] bool has(Capability capability) const {
        return (mask_ & (1U << static_cast<unsigned>(capability))) != 0;
    }
    /// `need` is a name of the closed list or `fault:NAME`.
    [[nodiscard]] bool offers(std::string_view need) const {
        constexpr std::string_view prefix = "fault:";
        if (need.starts_with(prefix)) {
            return faults_.contains(std::string{need.substr(prefix.size())});
        }
        const auto capability = capability_of(need);
        return capability && has(*capability);
    }

  private:
    std::uint32_t mask_ = 0;
    std::set<std::string> faults_;
};

} // namespace meterbench::rig
