// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/bus.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::models {

/// The seam "clock" of one meter: its own oscillator, between its station and the bus. A clock that
/// is fast by `error` makes shorter bits, samples earlier, and everything it times comes sooner.
/// Without an error it passes everything through. The rate on the wire is in whole Bd.
class StationClock : public rig::Medium {
  public:
    explicit StationClock(sim::BusPort& port) : port_{port} {}

    /// From `now` on it runs faster by this fraction (0.01 is one per cent), and by `drift` more
    /// each hour; negative: slower.
    void set(core::Instant now, double error, double drift);
    [[nodiscard]] bool exact() const { return error_ == 0 && drift_ == 0; }
    /// What the station takes for the time, and the other way round.
    [[nodiscard]] core::Instant local(core::Instant when) const;
    [[nodiscard]] core::Instant world(core::Instant local_time) const;
    /// The octets with the station's own times; valid until the next call.
    [[nodiscard]] std::span<const core::Octet> local(std::span<const core::Octet> octets);

    void start(const core::Transmission& transmission) override;
    void abort() override { port_.abort(); }
    void listen(std::optional<core::Baud> baud) override;

  private:
    [[nodiscard]] double error_at(core::Instant when) const;
    [[nodiscard]] core::Baud on_the_wire(core::Baud baud) const;

    sim::BusPort& port_;
    double error_ = 0;
    double drift_ = 0; ///< per ns
    core::Instant since_{};
    core::Duration ahead_{}; ///< of the local time at `since_`
    std::vector<core::Octet> octets_;
};

} // namespace meterbench::models
