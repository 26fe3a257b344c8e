// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/device/meter_description.hpp"
#include "rig/capabilities.hpp"
#include "rig/fault_registry.hpp"
#include "rig/levels.hpp"
#include "rig/line.hpp"
#include "rig/master.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace meterbench::rig {

/// Why a rig refused a wish of the case (unknown profile, a name twice, ...): one clear line.
using Wish = std::expected<void, std::string>;

/// The device under test as the rig file names it.
struct Dut {
    enum class Role : std::uint8_t { meter, master } role = Role::meter;
    std::string name;
    std::uint8_t address = 0;
};

/// Switches the bus power, where the rig can.
class Power {
  public:
    virtual ~Power() = default;
    virtual void off() = 0;
    virtual void on() = 0;
};

/// What only a rig that builds its own world can do.
class World {
  public:
    virtual ~World() = default;
    [[nodiscard]] virtual Wish add_meter(const core::device::MeterDescription& meter) = 0;
    [[nodiscard]] virtual Wish set_fault(const std::string& meter,
                                         const core::device::FaultDescription& fault) = 0;
    /// Takes every meter but the device under test off the bus; all of them where that is a master.
    virtual void isolate() = 0;
    /// The name of the meter with this primary address; empty when there is none.
    [[nodiscard]] virtual std::string meter_at(std::uint8_t address) const = 0;
};

/// A test bench, simulated or real: what a case is given. Everything that blocks goes through
/// line().wait().
class Rig {
  public:
    virtual ~Rig() = default;
    [[nodiscard]] virtual const Capabilities& capabilities() const = 0;
    [[nodiscard]] virtual const Dut& dut() const = 0;
    [[nodiscard]] virtual Line& line() = 0;
    /// A primary address (1 to 250) at which the rig knows no device.
    [[nodiscard]] virtual std::uint8_t unused_address() const = 0;
    [[nodiscard]] virtual Power* power() { return nullptr; }
    [[nodiscard]] virtual World* world() { return nullptr; }
    [[nodiscard]] virtual Levels* levels() { return nullptr; }
    /// Where the device under test is one.
    [[nodiscard]] virtual Master* master() { return nullptr; }
};

} // namespace meterbench::rig
