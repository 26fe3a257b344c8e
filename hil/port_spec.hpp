// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace meterbench::hil {

/// A host and a TCP port; `[::1]:10001` for an address with colons.
struct HostPort {
    std::string host; ///< may be empty where a listener is meant: loopback
    std::uint16_t port = 0;
};

/// Reads HOST:PORT, port 0 to 65535. Fails with one clear line.
[[nodiscard]] std::expected<HostPort, std::string> parse_host_port(std::string_view text);

/// A PORT of the command line and of rig files, taken apart (docs/ports.md).
struct PortSpec {
    enum class Kind : std::uint8_t {
        device,  ///< path of a serial device or pty
        tcp,     ///< tcp://HOST:PORT, raw octets
        rfc2217, ///< rfc2217://HOST:PORT, octets and the port's settings
    };
    Kind kind = Kind::device;
    std::string path;
    HostPort address;
};

/// Fails with one clear line for a malformed one and for the scheme that this version does not
/// speak (usb://).
[[nodiscard]] std::expected<PortSpec, std::string> parse_port_spec(std::string_view spec);

} // namespace meterbench::hil
