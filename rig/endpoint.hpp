// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::rig {

/// A byte stream to a program outside, non-blocking: a pty or a TCP connection.
class Endpoint {
  public:
    virtual ~Endpoint() = default;

    /// What poll() watches. It may change after each read().
    [[nodiscard]] virtual int descriptor() const = 0;
    /// Bytes the other side sent; 0 when there are none now. A client that leaves is not a fault:
    /// the next may come. Fails with port-lost when no client can come any more.
    [[nodiscard]] virtual core::Expected<std::size_t> read(std::span<std::uint8_t> into) = 0;
    /// Bytes to the other side. What no client is there to take is dropped, as on a wire.
    [[nodiscard]] virtual core::Expected<void> write(std::span<const std::uint8_t> bytes) = 0;
    /// The rate the other side has set, where the endpoint can know it.
    [[nodiscard]] virtual std::optional<core::Baud> speed() const = 0;
};

} // namespace meterbench::rig
