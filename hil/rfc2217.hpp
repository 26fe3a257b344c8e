// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "hil/descriptor.hpp"
#include "hil/port_spec.hpp"

#include <expected>
#include <string>

namespace meterbench::hil {

/// A connection to a serial port behind a network, set up.
struct RemotePort {
    Descriptor socket;
    core::Duration latency{}; ///< from a question to its answer, as measured
};

/// Connects, and sets the port to 8E1 at `baud` without handshake (RFC 2217). Fails with
/// `HOST:PORT: ...`: also when the other side does not speak RFC 2217 or refuses a setting, all
/// within `timeout`.
[[nodiscard]] std::expected<RemotePort, std::string>
connect_rfc2217(const HostPort& address, core::Baud baud, core::Duration timeout);

} // namespace meterbench::hil
