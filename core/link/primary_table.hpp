// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::core::link {

/// The link layer of a master as a table (EN 13757-2, 5.7): one request, its answer, its retries.
enum class PrimaryState : std::uint8_t {
    idle,     ///< no request under way
    sending,  ///< the request is on the line, or waits for the line to be idle
    awaiting, ///< the reply window is open, or an answer is coming in
    settling, ///< a good answer is here; nothing may follow it
    pausing,  ///< after a bad answer, until the line is idle
};
inline constexpr std::size_t primary_state_count = 5;

enum class PrimaryEvent : std::uint8_t {
    start,       ///< a new request
    sent,        ///< its last stop bit has left
    aborted,     ///< it was broken off
    good_answer, ///< a valid frame that answers it
    bad_answer,  ///< octets that are no frame, or a frame that does not answer it
    surplus,     ///< octets after the answer
    octet,       ///< any octet otherwise
    window_over, ///< nothing was heard
    quiet,       ///< the line was idle for 33 bit times
    babble,      ///< the line was busy for longer than any frame
};
inline constexpr std::size_t primary_event_count = 10;

enum class PrimaryGuard : std::uint8_t {
    always,
    answer_expected,
    no_answer_expected,
    attempts_left,
    attempts_used,
};

enum class PrimaryAction : std::uint8_t {
    ignore,
    reject,          ///< a caller's error: a request is under way
    send,            ///< put the request on the line when it is idle
    open_window,     ///< wait for the answer
    keep_answer,     ///< note the answer
    note_fault,      ///< note what was wrong
    deliver,         ///< hand up the answer
    deliver_nothing, ///< hand up that a request without answer was sent
    send_again,      ///< the same frame once more, with the same FCB
    give_up,         ///< hand up the last fault
};

struct PrimaryRow {
    PrimaryState state;
    PrimaryEvent event;
    PrimaryGuard guard;
    PrimaryAction action;
    PrimaryState next;
};

[[nodiscard]] std::span<const PrimaryRow> primary_table();

[[nodiscard]] std::string_view name_of(PrimaryState state);
[[nodiscard]] std::string_view name_of(PrimaryEvent event);
[[nodiscard]] std::string_view name_of(PrimaryGuard guard);
[[nodiscard]] std::string_view name_of(PrimaryAction action);
/// The table as text, one row a line.
[[nodiscard]] std::string print(std::span<const PrimaryRow> table);

} // namespace meterbench::core::link
