// SPDX-License-Identifier: Apache-2.0
#include "hil/port_spec.hpp"

#include <charconv>
#include <fmt/format.h>

namespace meterbench::hil {

std::expected<HostPort, std::string> parse_host_port(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    std::string_view host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
    const std::string_view digits =
        colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    HostPort result{std::string{host}, 0};
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), result.port);
    const bool colons = !bracketed && host.find(':') != std::string_view::npos;
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || colons) {
        return std::unexpected{
            fmt::format("\"{}\" is not HOST:PORT, with a port of 0 to 65535", text)};
    }
    return result;
}

std::expected<PortSpec, std::string> parse_port_spec(std::string_view spec) {
    const std::size_t mark = spec.find("://");
    if (mark == std::string_view::npos) {
        if (spec.empty()) {
            return std::unexpected{std::string{"the port is empty"}};
        }
        return PortSpec{PortSpec::Kind::device, std::string{spec}, {}};
    }
    const std::string_view scheme = spec.substr(0, mark);
    if (scheme == "usb") {
        return std::unexpected{fmt::format("{}: this version does not speak usb://; use a device "
                                           "path, tcp://HOST:PORT or rfc2217://HOST:PORT",
                                           spec)};
    }
    if (scheme != "tcp" && scheme != "rfc2217") {
        return std::unexpected{fmt::format("{}: unknown scheme {}://; use a device path, "
                                           "tcp://HOST:PORT or rfc2217://HOST:PORT",
                                           spec, scheme)};
    }
    auto address = parse_host_port(spec.substr(mark + 3));
    if (!address) {
        return std::unexpected{fmt::format("{}: {}", spec, address.error())};
    }
    if (address->host.empty()) {
        return std::unexpected{fmt::format("{}: the host is missing", spec)};
    }
    const auto kind = scheme == "tcp" ? PortSpec::Kind::tcp : PortSpec::Kind::rfc2217;
    return PortSpec{kind, {}, std::move(*address)};
}

} // namespace meterbench::hil
