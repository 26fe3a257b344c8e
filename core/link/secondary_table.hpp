// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::core::link {

/// The link layer of a meter as a table (EN 13757-2, 5.7; EN 13757-7, 8.4; facts in docs/link.md).
/// Whether it is busy answering is not in here: while it is, it hears nothing.
enum class SecondaryState : std::uint8_t { deselected, selected };

/// What a valid frame is to this meter; own: its primary address or FEh.
enum class SecondaryEvent : std::uint8_t {
    nke_own,
    nke_selected,
    nke_broadcast,
    request2_own,
    request2_selected,
    request2_broadcast,
    request1_own,
    request1_selected,
    request1_broadcast,
    data_own,
    data_selected,
    data_broadcast,
    select_match,    ///< selection at FDh that means this device
    select_mismatch, ///< selection at FDh that does not
    select_obsolete, ///< CI 56h at FDh, the MSB-first selection of old
    foreign,         ///< any valid frame for another address
    answer,          ///< PRM = 0: another meter's answer
    misfit,          ///< a control field that does not go with the frame's format
    unsupported,     ///< a function this device does not have
};
inline constexpr std::size_t secondary_event_count = 19;

enum class SecondaryGuard : std::uint8_t {
    always,
    fcb_not_valid,
    fcb_fresh,
    fcb_repeated,
    fcb_undefined,
};

enum class SecondaryAction : std::uint8_t {
    ignore_foreign,           ///< not for this device
    ignore_answer,            ///< from another meter
    ignore_not_selected,      ///< FDh, and this device is not selected
    ignore_broadcast,         ///< a request to FFh has no answer
    ignore_misfit,            ///< a frame of the wrong format
    ignore_unsupported,       ///< a function it does not have
    reset_and_acknowledge,    ///< clear the address set's FCB, rewind, E5h
    reset,                    ///< clear all FCBs, rewind, no answer
    send_next,                ///< RSP_UD with the next telegram; remember FCB
    send_current,             ///< RSP_UD with the current telegram
    send_class1_next,         ///< answer to REQ_UD1, the last one has arrived; remember FCB
    send_class1_again,        ///< answer to REQ_UD1, as before
    execute_and_acknowledge,  ///< hand to the application, E5h; remember FCB
    acknowledge,              ///< E5h for a repeated SND_UD: not executed twice
    execute,                  ///< hand to the application, no answer
    select_and_acknowledge,   ///< clear the FCB of FDh, rewind, E5h
    deselect,                 ///< no answer
    deselect_and_acknowledge, ///< E5h for the last time at FDh
};

struct SecondaryRow {
    SecondaryState state;
    SecondaryEvent event;
    SecondaryGuard guard;
    SecondaryAction action;
    SecondaryState next;
};

/// The rows for one state and event stand together; the first whose guard holds counts.
[[nodiscard]] std::span<const SecondaryRow> secondary_table();

[[nodiscard]] std::string_view name_of(SecondaryState state);
[[nodiscard]] std::string_view name_of(SecondaryEvent event);
[[nodiscard]] std::string_view name_of(SecondaryGuard guard);
[[nodiscard]] std::string_view name_of(SecondaryAction action);
/// The table as text, one row a line.
[[nodiscard]] std::string print(std::span<const SecondaryRow> table);

} // namespace meterbench::core::link
