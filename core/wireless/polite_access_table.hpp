// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::core::wireless {

/// Polite spectrum access: listen before talk with backoff, as a table (EN 300 220; facts E.2).
enum class PoliteAccessState : std::uint8_t {
    idle,
    assessing, ///< listening on the own channel
    deferring, ///< it was busy, or the off time still runs
    clear,     ///< to be sent within the dead time
};
inline constexpr std::size_t polite_access_state_count = 4;

enum class PoliteAccessEvent : std::uint8_t {
    want,     ///< the owner wants to send
    busy,     ///< power above the threshold
    assessed, ///< quiet for the whole assessment
    deferral_over,
    dead_time_over, ///< not sent in time: what was heard is no longer true
    sent,
    cancel,
};
inline constexpr std::size_t polite_access_event_count = 7;

enum class PoliteAccessGuard : std::uint8_t {
    always,
    answer,      ///< the answer within a session needs no assessment
    no_air_time, ///< too long alone, or more than the hour has left
    off_time,    ///< the last transmission on this channel is too recent
    attempts_used,
};

enum class PoliteAccessAction : std::uint8_t {
    ignore_idle,
    ignore_not_sending,
    ignore_not_assessing,
    ignore_not_deferring,
    ignore_not_clear,
    reject_pending,
    assess,
    permit,
    defer_random,   ///< a random multiple of the shortest deferral
    defer_off_time, ///< to the end of the off time
    refuse_busy,
    refuse_air_time,
    note_sent,
    drop,
};

struct PoliteAccessRow {
    PoliteAccessState state;
    PoliteAccessEvent event;
    PoliteAccessGuard guard;
    PoliteAccessAction action;
    PoliteAccessState next;
};

/// The rows for one state and event stand together; the first whose guard holds counts.
[[nodiscard]] std::span<const PoliteAccessRow> polite_access_table();

[[nodiscard]] std::string_view name_of(PoliteAccessState state);
[[nodiscard]] std::string_view name_of(PoliteAccessEvent event);
[[nodiscard]] std::string_view name_of(PoliteAccessGuard guard);
[[nodiscard]] std::string_view name_of(PoliteAccessAction action);
[[nodiscard]] std::string print(std::span<const PoliteAccessRow> table);

} // namespace meterbench::core::wireless
