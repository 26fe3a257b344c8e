// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/fault_rows.hpp"
#include "sim/bus.hpp"
#include "sim/random.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace meterbench::models {

/// What the wire and the supply of one bus do that they should not, and the switches for both: the
/// seams "channel" and "supply". A fault that is set again has the new numbers. The bus calls it
/// as long as time runs.
class WorldFaults : private sim::Disturbance, private sim::Task {
  public:
    WorldFaults(sim::Bus& bus, std::uint64_t seed);
    WorldFaults(const WorldFaults&) = delete;
    WorldFaults& operator=(const WorldFaults&) = delete;

    /// A fault's numbers by name, as fault_parameters() gives them.
    using Values = std::map<std::string, double, std::less<>>;
    void set(WorldEdit edit, const Values& values);
    /// The bus power.
    void power(bool on);
    /// What the converter puts on the bus when nothing is wrong, in V.
    void set_voltages(double mark, double space);

  private:
    /// A fault that comes after so many octets and may go again.
    struct Event {
        std::uint64_t octets_left = 0;
        core::Duration length{}; ///< 0: for good
        bool armed = false;
        bool active = false;
        std::uint64_t number = 0; ///< makes what an earlier setting has queued stale
    };
    enum Which : std::uint8_t { short_event, cut_event, brown_out_event, interruption_event };
    static constexpr std::size_t event_count = 4;

    void disturb(sim::Character& character, bool from_master) override;
    void run(core::Instant now, std::uint32_t kind, std::uint64_t token) override;
    void garble(sim::Character& character, bool from_master);
    [[nodiscard]] bool draw(WorldEdit edit);
    void arm(Which which, const Values& values);
    void begin(Which which);
    void queue(Which which, core::Instant when, bool on);
    void apply();
    [[nodiscard]] bool on(WorldEdit edit) const { return values_.contains(edit); }

    sim::Bus& bus_;
    std::uint64_t seed_;
    std::map<WorldEdit, Values> values_;
    std::map<WorldEdit, sim::Random> random_;
    std::array<Event, event_count> events_{};
    sim::Converter normal_{};
    bool powered_ = true;
};

} // namespace meterbench::models
