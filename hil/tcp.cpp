// SPDX-License-Identifier: Apache-2.0
#include "hil/tcp.hpp"

#include "hil/clock.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace meterbench::hil {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::unexpected<std::string> refused(const HostPort& address, std::string_view what) {
    const bool colons = address.host.find(':') != std::string::npos;
    return std::unexpected{fmt::format("{}{}{}:{}: {}", colons ? "[" : "", address.host,
                                       colons ? "]" : "", address.port, what)};
}

std::expected<Addresses, std::string> look_up(const HostPort& address, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error =
        ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
    if (error != 0) {
        return refused(address, ::gai_strerror(error));
    }
    return Addresses{found, &::freeaddrinfo};
}

Descriptor make_socket(const addrinfo& entry) {
    return Descriptor{::socket(entry.ai_family, entry.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                               entry.ai_protocol)};
}

/// 0 when the connection stands, else the error.
int finish_connect(int socket, core::Instant deadline) {
    pollfd item{socket, POLLOUT, 0};
    int ready = 0;
    do {
        const timespec left =
            to_timespec(std::max(deadline - monotonic_now(), core::Duration::zero()));
        ready = ::ppoll(&item, 1, &left, nullptr);
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0) {
        return ready == 0 ? ETIMEDOUT : errno;
    }
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

int connect_one(int socket, const addrinfo& entry, core::Instant deadline) {
    if (::connect(socket, entry.ai_addr, entry.ai_addrlen) == 0) {
        return 0;
    }
    return errno == EINPROGRESS || errno == EINTR ? finish_connect(socket, deadline) : errno;
}

int listen_on(int socket, const addrinfo& entry) {
    const int on = 1;
    constexpr int waiting_clients = 8;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool listens = ::bind(socket, entry.ai_addr, entry.ai_addrlen) == 0 &&
                         ::listen(socket, waiting_clients) == 0;
    return listens ? 0 : errno;
}

} // namespace

void send_at_once(int socket) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

std::expected<Descriptor, std::string> connect_tcp(const HostPort& address,
                                                   core::Duration timeout) {
    const core::Instant deadline = monotonic_now() + timeout;
    const auto addresses = look_up(address, 0);
    if (!addresses) {
        return std::unexpected{addresses.error()};
    }
    int error = 0;
    for (const addrinfo* entry = addresses->get(); entry != nullptr; entry = entry->ai_next) {
        Descriptor socket = make_socket(*entry);
        error = socket ? connect_one(socket.get(), *entry, deadline) : errno;
        if (error == 0) {
            send_at_once(socket.get());
            return socket;
        }
    }
    return refused(address, std::strerror(error));
}

std::expected<Descriptor, std::string> listen_tcp(const HostPort& address) {
    const HostPort local{address.host.empty() ? "127.0.0.1" : address.host, address.port};
    const auto addresses = look_up(local, AI_PASSIVE);
    if (!addresses) {
        return std::unexpected{addresses.error()};
    }
    int error = 0;
    for (const addrinfo* entry = addresses->get(); entry != nullptr; entry = entry->ai_next) {
        Descriptor socket = make_socket(*entry);
        error = socket ? listen_on(socket.get(), *entry) : errno;
        if (error == 0) {
            return socket;
        }
    }
    return refused(local, std::strerror(error));
}

core::Duration round_trip(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
        return {};
    }
    return std::chrono::microseconds{info.tcpi_rtt};
}

std::uint16_t local_port(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return 0;
    }
    if (address.ss_family == AF_INET6) {
        return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
    }
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

} // namespace meterbench::hil
