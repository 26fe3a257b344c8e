// SPDX-License-Identifier: Apache-2.0
#include "hil/open_endpoint.hpp"

#include "hil/port_spec.hpp"
#include "hil/pty_endpoint.hpp"
#include "hil/rfc2217_endpoint.hpp"
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
    const bool settable = parsed->kind == PortSpec::Kind::rfc2217;
    const std::string_view scheme = settable ? "rfc2217" : "tcp";
    auto tcp = TcpEndpoint::create(parsed->address);
    if (!tcp) {
        return std::unexpected{fmt::format("{}://{}", scheme, tcp.error())};
    }
    const bool colons = parsed->address.host.find(':') != std::string::npos;
    std::string port = fmt::format(fmt::runtime(colons ? "{}://[{}]:{}" : "{}://{}:{}"), scheme,
                                   parsed->address.host, (*tcp)->port());
    if (settable) {
        return OpenEndpoint{std::make_unique<Rfc2217Endpoint>(std::move(*tcp), rate),
                            std::move(port)};
    }
    return OpenEndpoint{std::move(*tcp), std::move(port)};
}

} // namespace meterbench::hil
