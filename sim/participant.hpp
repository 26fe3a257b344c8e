// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/octet.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace meterbench::sim {

/// A device on the simulated bus: the bus calls it, in simulated time.
class Participant {
  public:
    virtual ~Participant() = default;
    /// Unique on the bus. Order at the same instant follows names, not the order of creation.
    [[nodiscard]] virtual std::string_view name() const = 0;
    virtual void heard(std::span<const core::Octet> octets) = 0;
    /// The last stop bit of its transmission has left.
    virtual void sent(core::Instant now) = 0;
    /// The instant given to BusPort::wake_at() has come.
    virtual void wake(core::Instant now) = 0;
};

} // namespace meterbench::sim
