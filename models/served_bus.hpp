// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/population.hpp"
#include "rig/endpoint.hpp"
#include "sim/bus.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace meterbench::models {

/// How simulated time passes while a bus is served.
enum class ServeSpeed : std::uint8_t {
    realtime, ///< as on the clock: answers take the time they take on a wire
    max,      ///< answers come at once
};

/// A simulated bus behind an endpoint: bytes that a program writes go onto the wire as the master's
/// characters, at the endpoint's rate or else the bus's; what the meters' currents make of the wire
/// comes back as bytes, each when its stop bit has ended. An octet with a parity or framing error
/// is handed over as it was sampled, as by a converter that does not check.
class ServedBus : private sim::Participant {
  public:
    ServedBus(Population& population, rig::Endpoint& endpoint, ServeSpeed speed);

    /// Serves until `stop`, or until the endpoint is lost. No threads: one loop, paced by the next
    /// simulated event and by what the endpoint has to say.
    [[nodiscard]] core::Expected<void> run(const std::atomic<bool>& stop);

  private:
    [[nodiscard]] std::string_view name() const override { return "client"; }
    void heard(std::span<const core::Octet> octets) override;
    void sent(core::Instant now) override;
    void wake(core::Instant /*now*/) override {}

    [[nodiscard]] core::Instant clock_now() const;
    void advance();
    [[nodiscard]] core::Expected<void> take_input();
    void send_queued();
    [[nodiscard]] core::Duration patience() const;

    Population& population_;
    rig::Endpoint& endpoint_;
    ServeSpeed speed_;
    sim::BusPort& port_;
    std::int64_t clock_start_;
    core::Baud baud_;
    std::vector<std::uint8_t> queued_;  ///< from the client, not yet on the wire
    std::vector<std::uint8_t> sending_; ///< on the wire
    bool busy_ = false;
    std::vector<std::uint8_t> outgoing_;
    std::optional<core::Fault> lost_;
};

} // namespace meterbench::models
