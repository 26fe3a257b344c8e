// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/wireless/control.hpp"
#include "core/wireless/credits.hpp"
#include "core/wireless/meter_access_table.hpp"
#include "core/wireless/mode.hpp"
#include "core/wireless/radio_transmission.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::wireless {

/// A telegram of a meter, ready for the air, and what its link bits promise.
struct MeterTelegram {
    std::span<const std::uint8_t> bytes; ///< valid until it is sent; an answer: also until the
                                         ///< session is over or another answer is given
    Accessibility access = Accessibility::none;
    bool fast = false; ///< D: the other device is to answer fast
    CreditUse cost = CreditUse::send_of_own_accord;
};

/// A frame that a meter hears, as far as access needs to know it.
struct HeardByMeter {
    MeterAccessEvent event{}; ///< request, reset, confirm, foreign or bad_frame
    std::uint8_t number = 0;  ///< gateway access number
    bool fast = false;        ///< D of its link layer: the meter is to answer fast
    bool data = false;        ///< SND-UD or SND-UD2, which cost more than a request
    Instant end{};            ///< of its last chip
};

struct MeterAccessConfig {
    /// On which other devices send to the meter (find_mode with other_to_meter); outlives the
    /// MeterAccess. None, or one without windows or for meters alone: the meter only sends.
    const ModeRow* row = nullptr;
    unsigned cycle_multiple = 0; ///< N of the repetitions; 0: the first that the mode has
    bool cycle_from_end = false; ///< N x 1000 ms from the end of a telegram, not from its start;
                                 ///< which of the two is meant is not confirmed
    Duration cycle_timeout = std::chrono::milliseconds{27500}; ///< 25 s to 30 s (single)
    /// The window is open so much longer on either side: both clocks' errors.
    Duration margin = std::chrono::microseconds{500};
    /// And so much longer to hear preamble and sync of a frame that begins last; unset:
    /// detection_time(*row).
    std::optional<Duration> detection{};
};

/// What the owner has to do or to know.
struct MeterAccessNotice {
    enum class Kind : std::uint8_t {
        execute,      ///< a new request: carry it out and give the answer
        repeated,     ///< the last request again: nothing to carry out
        confirmed,    ///< CNF-IR or ACK
        refused,      ///< no credit
        unanswered,   ///< the response delay ran out without an answer
        session_over, ///< answers may be forgotten; telegrams postponed may be offered again
    };
    Kind kind{};
    std::uint8_t number = 0;
};

/// The access of one meter: when it listens, answers, repeats. It is driven like any protocol
/// object; after each verb the owner asks transmit(), listens(), notice() and deadline() again.
/// The owner decodes frames, keeps keys and content, and has the radio.
class MeterAccess {
  public:
    explicit MeterAccess(const MeterAccessConfig& config, Credits* credits = nullptr,
                         std::span<const MeterAccessRow> table = meter_access_table());

    /// A telegram of the meter's own accord. False: it is postponed, to be offered again.
    [[nodiscard]] bool offer(const MeterTelegram& telegram, Instant now);
    /// The answer to the request of the last notice; it is also what the cycle repeats.
    void answer(const MeterTelegram& telegram) { answer_ = telegram; }
    /// A sync word was found: the window stays open until the frame has ended, and the margin
    /// longer, so that what falls due at that instant does not close it before receive().
    void sync_found(Instant frame_end);
    void receive(const HeardByMeter& heard);

    [[nodiscard]] std::optional<RadioTransmission> transmit() const { return transmission_; }
    void sent(Instant start, Instant end);
    /// Not sent: as if it had been, without a window.
    void aborted(Instant now);

    [[nodiscard]] bool listens() const { return state_ == MeterAccessState::listening; }
    [[nodiscard]] std::optional<Instant> deadline() const;
    void expire(Instant now);
    [[nodiscard]] std::optional<MeterAccessNotice> notice();
    /// Power is back: no session, no number, no answer.
    void restart(Instant now);

    [[nodiscard]] MeterAccessState state() const { return state_; }
    [[nodiscard]] bool in_cycle() const { return cycle_end_.has_value(); }
    /// The action of the row that counted last.
    [[nodiscard]] MeterAccessAction last_action() const { return last_action_; }

  private:
    void dispatch(MeterAccessEvent event);
    [[nodiscard]] bool holds(MeterAccessGuard guard) const;
    void perform(MeterAccessAction action);
    void begin_cycle();
    void restart_timeout();
    void leave_session();
    void put(MeterAccessNotice::Kind kind);
    void transmit_now(const MeterTelegram& telegram, Instant not_before, Instant not_after);
    [[nodiscard]] const ResponseDelay* window_of(const MeterTelegram& telegram) const;

    MeterAccessConfig config_;
    Access windows_{};
    Duration detection_{};
    Credits* credits_;
    std::span<const MeterAccessRow> table_;
    MeterAccessState state_ = MeterAccessState::asleep;
    MeterAccessAction last_action_ = MeterAccessAction::ignore_not_sending;
    Instant now_{};
    HeardByMeter heard_{};
    MeterTelegram own_{}; ///< of its own accord, as offered
    std::optional<MeterTelegram> answer_{};
    MeterTelegram current_{}; ///< on the air, or the last that was
    Instant start_{};
    Instant end_{}; ///< of the last telegram
    std::optional<RadioTransmission> transmission_{};
    std::optional<Instant> window_opens_{};
    std::optional<Instant> window_over_{};
    std::optional<Instant> answer_due_{};
    std::optional<Instant> repetition_{};
    std::optional<Instant> cycle_end_{};
    std::optional<std::uint8_t> number_{}; ///< of the last request
    std::array<MeterAccessNotice, 8> notices_{};
    std::size_t notice_first_ = 0;
    std::size_t notice_count_ = 0;
};

} // namespace meterbench::core::wireless
