// SPDX-License-Identifier: Apache-2.0
#include "hil/open_endpoint.hpp"

#include "hil/port_spec.hpp"
#include "hil/pty_endpoint.hpp"
#include "hil/tcp_endpoint.hpp"

#include <fmt/format.h>

namespace meterbench::hil {

std::expected<OpenEndpoint, std::string> open_endpoint(std::string_view spec, core::Baud rate) {
    const auto parsed = parse_port_spec(spec);
    if (!parsed) {
        return std::unexpected{parsed.error()};
    }
    if (parsed->kind == PortSpec::Kind::device) {
        auto pty = PtyEndpoint::create(parsed->path, rate);
        if (!pty) {
            return std::unexpected{std::move(pty.error())};
        }
        return OpenEndpoint{std::move(*pty), parsed->path};
    }
    auto tcp = TcpEndpoint::create(parsed->address);
    if (!tcp) {
        return std::unexpected{fmt::format("tcp://{}", tcp.error())};
    }
    const bool colons = parsed->address.host.find(':') != std::string::npos;
    std::string port = fmt::format(fmt::runtime(colons ? "tcp://[{}]:{}" : "tcp://{}:{}"),
                                   parsed->address.host, (*tcp)->port());
    return OpenEndpoint{std::move(*tcp), std::move(port)};
}

} // namespace meterbench::hil
