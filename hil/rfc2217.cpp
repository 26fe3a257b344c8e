// SPDX-License-Identifier: Apache-2.0
#include "hil/rfc2217.hpp"

#include "hil/clock.hpp"
#include "hil/tcp.hpp"
#include "hil/telnet.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <vector>

namespace meterbench::hil {
namespace {

std::vector<std::uint8_t> greeting(core::Baud baud) {
    std::vector<std::uint8_t> out;
    for (const std::uint8_t option : {telnet::option_binary, telnet::option_no_go_ahead}) {
        append_negotiation(out, telnet::will, option);
        append_negotiation(out, telnet::do_, option);
    }
    append_negotiation(out, telnet::will, telnet::option_serial_port);
    append_serial_command(out, telnet::set_data_size, std::array<std::uint8_t, 1>{8});
    append_serial_command(out, telnet::set_parity,
                          std::array<std::uint8_t, 1>{telnet::parity_even});
    append_serial_command(out, telnet::set_stop_size, std::array<std::uint8_t, 1>{1});
    append_serial_command(out, telnet::set_control, std::array<std::uint8_t, 1>{1});
    append_serial_command(out, telnet::set_rate, rate_bytes(baud));
    return out;
}

/// What has been answered so far.
struct Setup {
    bool rate = false;
    bool parity = false;
    bool data_size = false;
    bool stop_size = false;
    std::string refused; ///< why it will not do

    [[nodiscard]] bool complete() const { return rate && parity && data_size && stop_size; }
    void take(const TelnetEvent& event, std::span<const std::uint8_t> payload, core::Baud baud) {
        const bool about_port = event.value == telnet::option_serial_port;
        if (event.kind == TelnetEvent::Kind::negotiation && about_port &&
            event.verb == telnet::dont) {
            refused = "does not speak RFC 2217";
        }
        if (event.kind != TelnetEvent::Kind::subnegotiation || !about_port || payload.size() < 2) {
            return;
        }
        const auto check = [&](std::uint8_t command, std::uint8_t wanted, bool& flag) {
            if (payload[0] == command + telnet::answer) {
                flag = payload[1] == wanted;
                refused = flag ? refused : "does not take the character format 8E1";
            }
        };
        check(telnet::set_data_size, 8, data_size);
        check(telnet::set_parity, telnet::parity_even, parity);
        check(telnet::set_stop_size, 1, stop_size);
        if (const auto answer = rate_answer(event, payload)) {
            rate = *answer == baud;
            refused = rate ? refused : fmt::format("does not take {} Bd", baud.value);
        }
    }
};

bool send_all(int socket, std::span<const std::uint8_t> bytes) {
    // Less than a socket's buffer holds.
    return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
}

/// Empty on success.
std::string set_up(int socket, core::Baud baud, core::Instant deadline) {
    if (!send_all(socket, greeting(baud))) {
        return "closed the connection";
    }
    TelnetDecoder decoder;
    Setup setup;
    while (!setup.complete() && setup.refused.empty()) {
        const core::Duration left = deadline - monotonic_now();
        if (left <= core::Duration::zero()) {
            return "does not speak RFC 2217: no answer";
        }
        pollfd item{socket, POLLIN, 0};
        const timespec time = to_timespec(left);
        (void)::ppoll(&item, 1, &time, nullptr);
        std::array<std::uint8_t, 512> buffer{};
        const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
            return "closed the connection";
        }
        for (const std::uint8_t byte :
             std::span{buffer}.first(static_cast<std::size_t>(std::max<ssize_t>(count, 0)))) {
            if (const auto event = decoder.push(byte)) {
                setup.take(*event, decoder.payload(), baud);
            }
        }
    }
    return setup.refused;
}

} // namespace

std::expected<RemotePort, std::string> connect_rfc2217(const HostPort& address, core::Baud baud,
                                                       core::Duration timeout) {
    const core::Instant begin = monotonic_now();
    auto socket = connect_tcp(address, timeout);
    if (!socket) {
        return std::unexpected{socket.error()};
    }
    const core::Instant asked = monotonic_now();
    if (const std::string why = set_up(socket->get(), baud, begin + timeout); !why.empty()) {
        return std::unexpected{fmt::format("{}:{}: {}", address.host, address.port, why)};
    }
    return RemotePort{std::move(*socket), monotonic_now() - asked};
}

} // namespace meterbench::hil
