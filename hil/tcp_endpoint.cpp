// SPDX-License-Identifier: Apache-2.0
#include "hil/tcp_endpoint.hpp"

#include "hil/tcp.hpp"

#include <cerrno>
#include <sys/socket.h>

namespace meterbench::hil {
namespace {

bool try_again() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/// A client that gave up while it waited is not the listener's fault.
bool listener_is_fine() {
    return try_again() || errno == ECONNABORTED || errno == EPROTO || errno == EMFILE ||
           errno == ENFILE || errno == ENETDOWN || errno == EHOSTUNREACH;
}

} // namespace

std::expected<std::unique_ptr<TcpEndpoint>, std::string>
TcpEndpoint::create(const HostPort& address) {
    auto listener = listen_tcp(address);
    if (!listener) {
        return std::unexpected{std::move(listener.error())};
    }
    return std::unique_ptr<TcpEndpoint>{new TcpEndpoint{std::move(*listener)}};
}

TcpEndpoint::TcpEndpoint(Descriptor listener)
    : listener_{std::move(listener)}, port_{local_port(listener_.get())} {}

core::Expected<std::size_t> TcpEndpoint::read(std::span<std::uint8_t> into) {
    if (!client_) {
        client_ =
            Descriptor{::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (!client_) {
            return listener_is_fine() ? core::Expected<std::size_t>{0}
                                      : core::failure(core::FaultCode::port_lost);
        }
        send_at_once(client_.get());
        ++clients_;
    }
    const ssize_t count = ::recv(client_.get(), into.data(), into.size(), 0);
    if (count > 0) {
        return static_cast<std::size_t>(count);
    }
    if (count == 0 || !try_again()) {
        client_.reset();
    }
    return std::size_t{0};
}

core::Expected<void> TcpEndpoint::write(std::span<const std::uint8_t> bytes) {
    while (client_ && !bytes.empty()) {
        const ssize_t count = ::send(client_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return {}; // the client does not read: lost, as on a wire
        } else if (errno != EINTR) {
            client_.reset();
        }
    }
    return {};
}

} // namespace meterbench::hil
