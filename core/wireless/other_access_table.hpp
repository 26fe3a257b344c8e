// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::core::wireless {

/// How the other device (a gateway) reaches one meter, as a table (EN 13757-4, 12.6.3; OMS Vol. 2,
/// 5.2.6 and annex I; facts B.1, B.8 in docs/wireless.md). One job at a time: a request, its answer
/// and its retries, or the end of a session.
enum class OtherAccessState : std::uint8_t {
    idle,
    waiting,  ///< for a telegram of the meter that opens a window
    delaying, ///< it came; the response delay runs
    sending,
    awaiting, ///< the answer
};
inline constexpr std::size_t other_access_state_count = 5;

enum class OtherAccessEvent : std::uint8_t {
    start,         ///< the owner has a job
    opportunity,   ///< a telegram of the meter after which it listens
    closed,        ///< one after which it does not
    other_session, ///< the meter answers somebody else: not to be used
    answer,        ///< RSP-UD, ACK or NACK with the job's gateway access number
    send_due,      ///< the response delay is over
    sent,
    aborted,
    answer_over, ///< the answer's window is over
    too_late,    ///< no opportunity within the time the owner allows
    cancel,      ///< the owner drops the job
};
inline constexpr std::size_t other_access_event_count = 11;

enum class OtherAccessGuard : std::uint8_t {
    always,
    answer_expected,     ///< the job is a request that has been sent, not the end of a session
    passed_over,         ///< the draw chose a later opportunity
    no_opportunity_left, ///< all that a job may use are used
    tries_used,
};

enum class OtherAccessAction : std::uint8_t {
    ignore_no_job,
    ignore_not_sending,
    ignore_no_window,
    ignore_other_session,
    ignore_not_due,
    ignore_taken,
    ignore_deaf,
    ignore_awaiting,
    ignore_unexpected,
    reject_busy,
    begin,     ///< first try
    take,      ///< this opportunity: send after the response delay
    pass_over, ///< leave it to whoever else retries
    send,
    await_answer, ///< open the answer's window
    finish,       ///< sent, and no answer is due
    deliver,      ///< the answer is the job's result
    try_again,    ///< count the try, draw the next opportunity
    give_up,
    drop,
};

struct OtherAccessRow {
    OtherAccessState state;
    OtherAccessEvent event;
    OtherAccessGuard guard;
    OtherAccessAction action;
    OtherAccessState next;
};

/// The rows for one state and event stand together; the first whose guard holds counts.
[[nodiscard]] std::span<const OtherAccessRow> other_access_table();

[[nodiscard]] std::string_view name_of(OtherAccessState state);
[[nodiscard]] std::string_view name_of(OtherAccessEvent event);
[[nodiscard]] std::string_view name_of(OtherAccessGuard guard);
[[nodiscard]] std::string_view name_of(OtherAccessAction action);
[[nodiscard]] std::string print(std::span<const OtherAccessRow> table);

} // namespace meterbench::core::wireless
