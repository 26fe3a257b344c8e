// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/line.hpp"
#include "rig/matcher.hpp"
#include "sim/bus.hpp"

#include <string>
#include <vector>

namespace meterbench::sim {

/// Lets simulated time pass for a HarnessLine.
class Pacer {
  public:
    virtual ~Pacer() = default;
    /// Until this instant, what is due then included, or until the host is paused. Returns where it
    /// stopped. Fails when the world outside is gone.
    [[nodiscard]] virtual core::Expected<core::Instant> advance(core::Instant until) = 0;
};

/// The harness's end of the simulated bus: the master's side, or for a master under test a meter's.
/// wait() lets simulated time run and stops it at the match, so that what the script does next
/// happens at that very instant.
class HarnessLine : public rig::Line, private Participant {
  public:
    /// `pacer`: none lets time run as fast as it can. It outlives the line. At a meter's end the
    /// line listens at any rate, whatever listen() says: it hears the master as it is.
    HarnessLine(Bus& bus, core::Baud baud, Bus::Side side = Bus::Side::master,
                Pacer* pacer = nullptr);

    /// At a meter's end: what the master under test has heard.
    void overhear(std::span<const core::Octet> octets);
    /// The master under test has finished its job.
    void job_ended(core::Instant at);

    void start(const core::Transmission& transmission) override;
    void abort() override;
    void listen(std::optional<core::Baud> baud) override;
    [[nodiscard]] core::Instant now() const override;
    [[nodiscard]] core::Expected<rig::Wake> wait(const rig::Wait& wait) override;
    [[nodiscard]] std::span<const core::Octet> heard() override;
    [[nodiscard]] std::optional<core::Instant> sent() override;
    [[nodiscard]] core::Baud baud() const override { return baud_; }
    [[nodiscard]] core::Duration uncertainty() const override { return uncertainty_; }
    void set_uncertainty(core::Duration uncertainty) { uncertainty_ = uncertainty; }
    [[nodiscard]] std::span<const core::Octet> overheard() override;
    [[nodiscard]] bool overhears() const override { return side_ == Bus::Side::meter; }

  private:
    [[nodiscard]] std::string_view name() const override { return "harness"; }
    void heard(std::span<const core::Octet> octets) override;
    void sent(core::Instant now) override;
    void wake(core::Instant now) override;
    void stop_at(const std::optional<rig::Wake>& wake);

    Bus& bus_;
    core::Baud baud_;
    Bus::Side side_;
    Pacer* pacer_;
    core::Duration uncertainty_{};
    BusPort& port_;
    rig::Matcher matcher_;
    std::optional<rig::Wake> woken_;
    std::vector<core::Octet> incoming_;
    std::vector<core::Octet> handed_out_;
    std::vector<core::Octet> overheard_;
    std::vector<core::Octet> overheard_out_;
    std::optional<core::Instant> sent_;
};

} // namespace meterbench::sim
