// SPDX-License-Identifier: Apache-2.0
#include "hil/port.hpp"

#include "hil/port_line.hpp"
#include "hil/port_spec.hpp"
#include "hil/tcp.hpp"
#include "hil/terminal.hpp"

#include <fmt/format.h>

namespace meterbench::hil {

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
        return std::make_unique<PortLine>(std::move(*terminal), PortKind::terminal, baud,
                                          options.uncertainty);
    }
    auto socket = connect_tcp(parsed->address, options.connect_timeout);
    if (!socket) {
        return std::unexpected{fmt::format("tcp://{}", socket.error())};
    }
    return std::make_unique<PortLine>(std::move(*socket), PortKind::stream, baud,
                                      options.uncertainty);
}

} // namespace meterbench::hil
