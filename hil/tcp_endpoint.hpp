// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hil/descriptor.hpp"
#include "hil/port_spec.hpp"
#include "rig/endpoint.hpp"

#include <expected>
#include <memory>
#include <string>

namespace meterbench::hil {

/// A TCP port for one client at a time; others wait until it leaves.
class TcpEndpoint final : public rig::Endpoint {
  public:
    /// An empty host is loopback, port 0 any free one. Fails with `HOST:PORT: ...`.
    [[nodiscard]] static std::expected<std::unique_ptr<TcpEndpoint>, std::string>
    create(const HostPort& address);

    /// The client, or while there is none the listening socket.
    [[nodiscard]] int descriptor() const override {
        return client_ ? client_.get() : listener_.get();
    }
    /// Takes the next client too, when there is none.
    [[nodiscard]] core::Expected<std::size_t> read(std::span<std::uint8_t> into) override;
    [[nodiscard]] core::Expected<void> write(std::span<const std::uint8_t> bytes) override;
    /// Raw TCP knows no rate.
    [[nodiscard]] std::optional<core::Baud> speed() const override { return std::nullopt; }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// How many clients have come so far.
    [[nodiscard]] std::uint64_t clients() const { return clients_; }

  private:
    explicit TcpEndpoint(Descriptor listener);

    Descriptor listener_;
    Descriptor client_;
    std::uint16_t port_ = 0;
    std::uint64_t clients_ = 0;
};

} // namespace meterbench::hil
