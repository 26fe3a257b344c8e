// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/wireless/control.hpp"
#include "core/wireless/mode.hpp"
#include "core/wireless/other_access_table.hpp"
#include "core/wireless/radio_transmission.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::wireless {

/// What the other device wants of the meter.
struct OtherJob {
    std::span<const std::uint8_t> bytes; ///< the frame, valid until the job is over
    std::uint8_t number = 0;             ///< its gateway access number
    bool answer_expected = true;         ///< false: SND-NKE, CNF-IR, ACK to ACC-DMD
    bool fast = false;                   ///< D of the frame (a stationary gateway: never, OMS)
};

/// A telegram of that meter, as far as access needs to know it.
struct HeardFromMeter {
    Accessibility access = Accessibility::none;
    bool fast = false;       ///< D: the other device is to answer fast
    bool answers = false;    ///< RSP-UD, ACK or NACK
    std::uint8_t number = 0; ///< of an answer: whose request it answers
    Instant end{};
};

struct OtherAccessConfig {
    Access access{};
    unsigned tries = 12;         ///< the first one and 11 more (OMS Vol. 2, annex I; single)
    unsigned opportunities = 20; ///< that a job uses or passes over at most (single)
    unsigned tries_at_once = 2;  ///< that take the next opportunity; later ones draw one of two
    Duration patience = std::chrono::hours{12}; ///< the greatest access delay in mode C (single)
    Duration margin = std::chrono::microseconds{500}; ///< clock errors, at the answer's window
    /// Air time of the longest answer, so that it may still end: that of mode F2, the slowest.
    Duration longest_answer = std::chrono::milliseconds{1010};
};

enum class OtherOutcome : std::uint8_t {
    answered,
    sent,   ///< and no answer was expected
    failed, ///< all tries or opportunities used
    late,   ///< no opportunity within the patience
};

/// The access of the other device to one meter. After each verb the owner asks transmit(),
/// outcome() and deadline() again. Where the standard wants chance the owner passes a random
/// number.
class OtherAccess {
  public:
    explicit OtherAccess(const OtherAccessConfig& config,
                         std::span<const OtherAccessRow> table = other_access_table());

    /// Begins a job; a window that the meter's last telegram opened is used at once when there is
    /// still time. False: one is under way.
    [[nodiscard]] bool start(const OtherJob& job, Instant now);
    void cancel(Instant now);
    void receive(const HeardFromMeter& heard);

    [[nodiscard]] std::optional<RadioTransmission> transmit() const { return transmission_; }
    void sent(Instant start, Instant end);
    void aborted(Instant now, std::uint32_t random);
    [[nodiscard]] std::optional<Instant> deadline() const;
    void expire(Instant now, std::uint32_t random);
    /// Once for each job that ended.
    [[nodiscard]] std::optional<OtherOutcome> outcome();
    void restart(Instant now);

    [[nodiscard]] OtherAccessState state() const { return state_; }
    [[nodiscard]] OtherAccessAction last_action() const { return last_action_; }
    [[nodiscard]] unsigned tries() const { return tries_; }

  private:
    void dispatch(OtherAccessEvent event);
    [[nodiscard]] bool holds(OtherAccessGuard guard) const;
    void perform(OtherAccessAction action);
    void end(OtherOutcome outcome);
    [[nodiscard]] const ResponseDelay* reply_delay() const;

    OtherAccessConfig config_;
    std::span<const OtherAccessRow> table_;
    OtherAccessState state_ = OtherAccessState::idle;
    OtherAccessAction last_action_ = OtherAccessAction::ignore_no_job;
    Instant now_{};
    OtherJob job_{};
    std::optional<HeardFromMeter> heard_{}; ///< the last telegram that opened a window
    std::uint32_t random_ = 0;
    unsigned tries_ = 0;         ///< begun
    unsigned opportunities_ = 0; ///< used or passed over
    unsigned pass_ = 0;          ///< to be passed over before this try
    bool on_air_ = false;        ///< the job's frame was on the air at least once
    Instant end_{};              ///< of the own frame
    /// Number of the last request sent: the meter repeats its answer until the session is over, and
    /// each repetition is an opportunity.
    std::optional<std::uint8_t> session_{};
    std::optional<RadioTransmission> transmission_{};
    std::optional<Instant> send_due_{};
    std::optional<Instant> answer_over_{};
    std::optional<Instant> too_late_{};
    std::optional<OtherOutcome> outcome_{};
};

} // namespace meterbench::core::wireless
