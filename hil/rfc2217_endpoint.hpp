// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hil/tcp_endpoint.hpp"
#include "hil/telnet.hpp"

#include <memory>
#include <vector>

namespace meterbench::hil {

/// A serial port for network clients (RFC 2217), one at a time: the client sets the rate, and is
/// told that the character format is 8E1, whatever it asks for. Each new client begins at the rate
/// of the bus.
class Rfc2217Endpoint final : public rig::Endpoint {
  public:
    Rfc2217Endpoint(std::unique_ptr<TcpEndpoint> tcp, core::Baud rate)
        : tcp_{std::move(tcp)}, initial_rate_{rate}, rate_{rate} {}

    [[nodiscard]] int descriptor() const override { return tcp_->descriptor(); }
    [[nodiscard]] core::Expected<std::size_t> read(std::span<std::uint8_t> into) override;
    [[nodiscard]] core::Expected<void> write(std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] std::optional<core::Baud> speed() const override { return rate_; }

  private:
    void welcome();
    void negotiate(const TelnetEvent& event);
    void set_up(std::span<const std::uint8_t> payload);

    std::unique_ptr<TcpEndpoint> tcp_;
    core::Baud initial_rate_;
    core::Baud rate_;
    std::uint64_t client_ = 0;
    TelnetDecoder decoder_;
    std::vector<std::uint8_t> replies_;
    std::vector<std::uint8_t> escaped_;
};

} // namespace meterbench::hil
