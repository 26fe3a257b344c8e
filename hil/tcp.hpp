// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "hil/descriptor.hpp"
#include "hil/port_spec.hpp"

#include <expected>
#include <string>

namespace meterbench::hil {

/// Connects to the first of the host's addresses that answers within `timeout`. The socket is
/// non-blocking and sends small packets at once. Fails with `HOST:PORT: ...`.
[[nodiscard]] std::expected<Descriptor, std::string> connect_tcp(const HostPort& address,
                                                                 core::Duration timeout);

/// Listens; an empty host is loopback, port 0 any free one. Fails with `HOST:PORT: ...`.
[[nodiscard]] std::expected<Descriptor, std::string> listen_tcp(const HostPort& address);

/// The port a socket is bound to.
[[nodiscard]] std::uint16_t local_port(int socket);

/// The round trip of a connection as the kernel has measured it so far.
[[nodiscard]] core::Duration round_trip(int socket);

/// Sends small packets at once: an answer must not wait for an acknowledgement.
void send_at_once(int socket);

} // namespace meterbench::hil
