// SPDX-License-Identifier: Apache-2.0
#include "hil/port.hpp"

#include "hil/port_line.hpp"
#include "hil/port_spec.hpp"
#include "hil/rfc2217.hpp"
#include "hil/tcp.hpp"
#include "hil/terminal.hpp"

#include <fmt/format.h>

namespace meterbench::hil {
namespace {

/// Buffers of USB adapters hold octets back for up to this, and cannot be asked.
constexpr core::Duration slow_usb_adapter = std::chrono::milliseconds{100};
/// What other programs may keep this one from its work.
constexpr core::Duration busy_computer = std::chrono::milliseconds{25};

} // namespace

std::expected<std::unique_ptr<rig::Line>, std::string>
open_port(std::string_view spec, core::Baud baud, const PortOptions& options) {
    const auto parsed = parse_port_spec(spec);
    if (!parsed) {
        return std::unexpected{parsed.error()};
    }
    if (parsed->kind == PortSpec::Kind::device) {
        auto terminal = open_terminal(parsed->path, baud);
        if (!terminal) {
            return std::unexpected{std::move(terminal.error())};
        }
        const core::Duration latency = is_pty(terminal->get()) ? busy_computer : slow_usb_adapter;
        return std::make_unique<PortLine>(std::move(*terminal), PortKind::terminal, baud,
                                          options.uncertainty, latency);
    }
    if (parsed->kind == PortSpec::Kind::rfc2217) {
        auto remote = connect_rfc2217(parsed->address, baud, options.connect_timeout);
        if (!remote) {
            return std::unexpected{fmt::format("rfc2217://{}", remote.error())};
        }
        return std::make_unique<PortLine>(std::move(remote->socket), PortKind::rfc2217, baud,
                                          options.uncertainty, busy_computer + remote->latency);
    }
    auto socket = connect_tcp(parsed->address, options.connect_timeout);
    if (!socket) {
        return std::unexpected{fmt::format("tcp://{}", socket.error())};
    }
    const core::Duration latency = busy_computer + 4 * round_trip(socket->get());
    return std::make_unique<PortLine>(std::move(*socket), PortKind::stream, baud,
                                      options.uncertainty, latency);
}

core::Duration measured_latency(const rig::Line& line) {
    const auto* const port = dynamic_cast<const PortLine*>(&line);
    return port != nullptr ? port->latency() : line.uncertainty();
}

} // namespace meterbench::hil
