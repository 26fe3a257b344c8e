// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::core::wireless {

/// How a meter is reached by radio, as a table (EN 13757-4, 12.6.3; OMS Vol. 2, 4.3.3; facts B.1,
/// B.2, B.8 in docs/wireless.md).
enum class MeterAccessState : std::uint8_t {
    asleep,        ///< no session, radio off
    sending,       ///< a telegram of its own accord is on the air
    before_window, ///< sent; the window is not open yet
    listening,     ///< the window is open
    preparing,     ///< a request was heard, the response delay runs
    answering,     ///< the answer, or its repetition, is on the air
    pausing,       ///< in the frequent access cycle, between two repetitions
};
inline constexpr std::size_t meter_access_state_count = 7;

enum class MeterAccessEvent : std::uint8_t {
    telegram_due, ///< the owner has a telegram of the meter's own accord
    sent,         ///< the last chip has left
    window_opens,
    window_over,    ///< nothing, or nothing more, was heard in it
    request,        ///< REQ-UD1, REQ-UD2, SND-UD or SND-UD2 for this meter
    reset,          ///< SND-NKE for this meter
    confirm,        ///< CNF-IR, or ACK to ACC-DMD, for this meter
    foreign,        ///< a good frame for another device
    bad_frame,      ///< a frame with a wrong CRC or code error
    answer_due,     ///< the response delay is over
    repetition_due, ///< the next slot of the frequent access cycle
    cycle_over,     ///< nobody was heard for the time-out of the cycle
};
inline constexpr std::size_t meter_access_event_count = 12;

enum class MeterAccessGuard : std::uint8_t {
    always,
    window_follows, ///< the telegram sent last says B = 1, A = 0
    always_open,    ///< it says B = A = 1
    in_cycle,       ///< the frequent access cycle runs
    number_known,   ///< the request carries the gateway access number of the last one
    no_credit,      ///< no credit left for this request
    no_answer,      ///< the owner has given no answer
};

enum class MeterAccessAction : std::uint8_t {
    ignore_not_sending,
    ignore_no_window,
    ignore_not_listening,
    ignore_foreign,
    ignore_bad_frame,
    ignore_no_answer_due,
    ignore_no_cycle,
    ignore_answer_pending,
    postpone,         ///< the telegram or repetition waits for the end of what goes on
    send,             ///< the telegram goes on the air
    await_window,     ///< the window opens after the response delay of the other device
    listen,           ///< radio on
    sleep,            ///< radio off
    execute,          ///< a new request: to the application; the cycle begins anew
    answer_again,     ///< a repeated request: not executed again; the cycle begins anew
    refuse_no_credit, ///< a valid frame all the same: restarts the time-out of a cycle that runs
    note_confirm,     ///< to the application; likewise
    transmit_answer,
    drop_answer,   ///< there is none
    repeat_answer, ///< the last answer, unchanged
    end_session,   ///< SND-NKE: cycle over, number and answer forgotten
    end_cycle,     ///< time-out: the same
};

struct MeterAccessRow {
    MeterAccessState state;
    MeterAccessEvent event;
    MeterAccessGuard guard;
    MeterAccessAction action;
    MeterAccessState next;
};

/// The rows for one state and event stand together; the first whose guard holds counts.
[[nodiscard]] std::span<const MeterAccessRow> meter_access_table();

[[nodiscard]] std::string_view name_of(MeterAccessState state);
[[nodiscard]] std::string_view name_of(MeterAccessEvent event);
[[nodiscard]] std::string_view name_of(MeterAccessGuard guard);
[[nodiscard]] std::string_view name_of(MeterAccessAction action);
[[nodiscard]] std::string print(std::span<const MeterAccessRow> table);

} // namespace meterbench::core::wireless
