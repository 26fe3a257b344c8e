// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/wireless/duty_cycle.hpp"
#include "core/wireless/polite_access_table.hpp"
#include "core/wireless/radio_units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::wireless {

/// The limits of polite spectrum access. All from memory of two editions of EN 300 220 (facts E.2):
/// data of an edition and a country, no limits that a verdict rests on.
struct PoliteLimits {
    Duration assessment = std::chrono::microseconds{160}; ///< V3.x; V2.4.1: 5 ms
    Duration dead_time = std::chrono::milliseconds{5};    ///< from its end to the first chip
    Duration shortest_deferral = std::chrono::milliseconds{5};
    unsigned most_deferral_steps = 16; ///< a deferral is 1 to so many times the shortest one
    unsigned attempts = 10;
    Duration off_time = std::chrono::milliseconds{100}; ///< between two on one channel
    Duration longest_alone = std::chrono::seconds{1};
    Duration longest_dialogue = std::chrono::seconds{4}; ///< with its answers
    std::int32_t air_time_ppm = 27'777; ///< just below 100 s in an hour and 200 kHz
    Dbm threshold{-790};                ///< 200 kHz receiver, up to 100 mW
};

/// What became of a wish to send.
enum class PoliteOutcome : std::uint8_t { clear, busy, no_air_time };

/// Listen before talk with backoff on one channel. The owner measures power while assessing() and
/// calls busy() as soon as it is above the threshold.
class PoliteAccess {
  public:
    PoliteAccess(const PoliteLimits& limits, DutyCycle& air_time,
                 std::span<const PoliteAccessRow> table = polite_access_table());

    /// Wants to send for `on_air`; `answer`: within a session, which needs no assessment. False:
    /// another wish is pending.
    [[nodiscard]] bool want(Duration on_air, bool answer, Instant now);
    void busy(Instant now, std::uint32_t random);
    void sent(Instant start, Instant end);
    void cancel(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const { return timer_; }
    void expire(Instant now);

    [[nodiscard]] bool assessing() const { return state_ == PoliteAccessState::assessing; }
    /// May be sent now, the first chip no later than the deadline.
    [[nodiscard]] bool clear() const { return state_ == PoliteAccessState::clear; }
    /// Once: clear to send, or refused.
    [[nodiscard]] std::optional<PoliteOutcome> outcome();
    [[nodiscard]] PoliteAccessState state() const { return state_; }
    [[nodiscard]] PoliteAccessAction last_action() const { return last_action_; }

  private:
    void dispatch(PoliteAccessEvent event);
    [[nodiscard]] bool holds(PoliteAccessGuard guard) const;
    void perform(PoliteAccessAction action);

    PoliteLimits limits_;
    DutyCycle* air_time_;
    std::span<const PoliteAccessRow> table_;
    PoliteAccessState state_ = PoliteAccessState::idle;
    PoliteAccessAction last_action_ = PoliteAccessAction::ignore_idle;
    Instant now_{};
    Duration on_air_{};
    bool answer_ = false;
    unsigned attempts_ = 0;
    std::uint32_t random_ = 0;
    std::optional<Instant> dialogue_{}; ///< begin of the first transmission of a dialogue
    std::optional<Instant> last_end_{};
    std::optional<Instant> timer_{};
    std::optional<PoliteOutcome> outcome_{};
};

} // namespace meterbench::core::wireless
