// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "rig/line.hpp"

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace meterbench::hil {

struct PortOptions {
    /// How far the port's times may be from the truth (rig file).
    core::Duration uncertainty = std::chrono::milliseconds{3};
    /// For a network port.
    core::Duration connect_timeout = std::chrono::seconds{5};
};

/// Opens a PORT: a device path, or `tcp://HOST:PORT` for a converter or a simulated bus that passes
/// raw octets (docs/ports.md). Fails with one clear line that begins with the port.
[[nodiscard]] std::expected<std::unique_ptr<rig::Line>, std::string>
open_port(std::string_view spec, core::Baud baud, const PortOptions& options = {});

/// How much later than on the wire an octet may be heard, for a master's time-outs: of a TCP
/// connection four times its round trip as the kernel has measured it, of a serial device what slow
/// USB adapters take (100 ms: their buffers cannot be asked), of a pty what a busy computer takes.
/// A master adds it to the reply window.
[[nodiscard]] core::Duration measured_latency(const rig::Line& line);

} // namespace meterbench::hil
