// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/line.hpp"
#include "rig/matcher.hpp"
#include "sim/bus.hpp"

#include <string>
#include <vector>

namespace meterbench::sim {

/// The harness's end of the simulated bus: the master's side. wait() lets simulated time run and
/// stops it at the match, so that what the script does next happens at that very instant.
class HarnessLine : public rig::Line, private Participant {
  public:
    HarnessLine(Bus& bus, core::Baud baud);

    void start(const core::Transmission& transmission) override;
    void abort() override;
    void listen(std::optional<core::Baud> baud) override;
    [[nodiscard]] core::Instant now() const override;
    [[nodiscard]] core::Expected<rig::Wake> wait(const rig::Wait& wait) override;
    [[nodiscard]] std::span<const core::Octet> heard() override;
    [[nodiscard]] std::optional<core::Instant> sent() override;
    [[nodiscard]] core::Baud baud() const override { return baud_; }
    [[nodiscard]] core::Duration uncertainty() const override { return {}; }

  private:
    [[nodiscard]] std::string_view name() const override { return "harness"; }
    void heard(std::span<const core::Octet> octets) override;
    void sent(core::Instant now) override;
    void wake(core::Instant now) override;
    void stop_at(const std::optional<rig::Wake>& wake);

    Bus& bus_;
    core::Baud baud_;
    BusPort& port_;
    rig::Matcher matcher_;
    std::optional<rig::Wake> woken_;
    std::vector<core::Octet> incoming_;
    std::vector<core::Octet> handed_out_;
    std::optional<core::Instant> sent_;
};

} // namespace meterbench::sim
