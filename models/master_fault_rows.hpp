// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/primary_table.hpp"
#include "core/time.hpp"
#include "models/fault_rows.hpp"
#include "rig/fault_registry.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace meterbench::models {

// What is wrong with a master is data, as with a meter (models/fault_rows.hpp): a row names its
// seam, and one edit is what goes through it.

/// Seam limits: what the master's link station keeps to; what is none stays as it is.
struct MasterLimitsEdit {
    std::optional<core::Limit> response_timeout{};
    std::optional<core::Limit> idle{};
    std::optional<std::uint8_t> retries{};
    std::optional<std::uint8_t> search_retries{};
};

/// Seam table: rows of the station's table with this state and event get another action and next
/// state.
struct MasterTableEdit {
    core::link::PrimaryState state{};
    core::link::PrimaryEvent event{};
    core::link::PrimaryAction action{};
    core::link::PrimaryState next{};
};

/// Seam octets in: what the master makes of an answer. The telegram it hands on is the one that
/// was on the wire.
struct MasterInputEdit {
    enum class Kind : std::uint8_t {
        checksum_unchecked,
        stop_unchecked,
        length_unchecked, ///< the two L fields are not compared
        parity_unchecked,
        direction_unchecked,   ///< an answer with PRM = 1 is one
        address_unchecked,     ///< an answer with any A field is one
        short_length_taken,    ///< a long-type frame with L below 3 is taken for E5h
        long_unheard,          ///< answers with an L field above `value` are not heard
        deaf_after_error,      ///< hears nothing for `value` tenths of a second behind a bad answer
        other_address_refused, ///< at FDh only answers with A = FDh
        same_address_refused,  ///< at FDh no answers with A = FDh
        echo_heard,            ///< its own echo is an answer, and a bad one
        collision_unheard,     ///< garbled answers at FDh are silence
        silence_is_collision,  ///< silence to a selection with one digit is a collision
        more_unseen,           ///< DIF 1Fh is not noticed
        more_last_only,        ///< DIF 1Fh is noticed only as the last byte
        acknowledge_alone,     ///< E5h to a selection: a meter, and its address is the mask's
        surplus_unheard,       ///< octets behind a complete answer are passed over
        reset_repeated,        ///< the first answer to each SND_NKE is not heard
    } kind{};
    std::uint8_t value = 0;
};

/// Seam octets out: what the master really sends. `at` counts from the end where it is negative.
struct MasterOutputEdit {
    enum class Kind : std::uint8_t {
        flip,                ///< exclusive or with `value`
        flip_summed,         ///< the same, and the checksum fits again
        length_by,           ///< `value` is added to both L fields
        odd_parity,          ///< of every character
        gap,                 ///< `value` bit times of idle in the middle of each frame
        gap_all,             ///< `value` eighths of a bit time between all characters
        rate,                ///< `at` tenths of a per cent faster
        fcb_set,             ///< FCB is `value`
        fcb_inverted,        ///< FCB is the other
        fcb_toggles,         ///< FCB toggles with each frame sent, retries too
        fcb_shared,          ///< one FCB image for all addresses, and never a reset
        fcv_clear,           ///< FCV and FCB are 0
        to_broadcast,        ///< REQ_UD2 goes to FFh
        selection_ci,        ///< a selection has the CI-field `value`
        selection_short,     ///< a selection lacks its last byte
        selection_msb_first, ///< the identification number MSB first
        data_cut,            ///< of SND_UD with CI 51h: the last byte is missing
        data_ci,             ///< of SND_UD with CI 51h: the CI-field is `value`
        not_sent,            ///< see `which`
    } kind{};
    int at = 0;
    std::uint8_t value = 0;
    /// Which frames: those of no other sort are left alone.
    enum class Which : std::uint8_t {
        every,
        short_ones,
        long_ones,
        resets,                   ///< SND_NKE
        requests,                 ///< REQ_UD1 and REQ_UD2
        requests_selected,        ///< REQ_UD2 to FDh
        deselections,             ///< SND_NKE to FDh
        selections_with_nine,     ///< whose digits before the wild ones end with 9
        selections_beyond_number, ///< with all digits of the number and a manufacturer
        after_new_rate,           ///< at the old rate, when it has sent at another
        at_new_rate,              ///< at any rate but the first
    } which = Which::every;
};

/// Seam application: what the master says of what it did.
enum class MasterReportEdit : std::uint8_t {
    silence_hidden,         ///< a meter that is silent is no fault: status 0, no word
    silence_is_data,        ///< a meter that is silent gives the last telegram heard again
    first_only,             ///< the first telegram alone
    last_only,              ///< the last telegram alone
    garbled_delivered,      ///< after all attempts the last garbled frame is handed on
    conflict_is_found,      ///< several at one address are one meter
    wrong_identification,   ///< another meter's telegram is handed on
    mask_for_address,       ///< what was found is told with a wild manufacturer
    command_failure_hidden, ///< a command that nobody acknowledged is done
};

/// Instead of being a master (null masters).
enum class MasterConductEdit : std::uint8_t {
    exits,   ///< status 0 at once
    canned,  ///< prints a telegram it did not ask for
    silent,  ///< does the job and says nothing
    hangs,   ///< never ends
    noise,   ///< sends random bytes, status 0
    replay,  ///< sends a fixed sequence whatever comes, and prints a fixed telegram
    garbage, ///< prints what is no line
    crashes, ///< ends by a signal
    unknown, ///< status 89: does not have the job
};

struct MasterFaultRow {
    rig::FaultInfo info;
    std::variant<MasterLimitsEdit, MasterTableEdit, MasterInputEdit, MasterOutputEdit,
                 MasterReportEdit, MasterConductEdit>
        edit;
};

/// By name: mutants, benign variants, null masters.
[[nodiscard]] std::span<const MasterFaultRow> master_fault_rows();
[[nodiscard]] std::span<const MasterFaultRow> master_benign_rows();
[[nodiscard]] std::span<const MasterFaultRow> master_null_rows();
/// Of any of the three; nullptr for none.
[[nodiscard]] const MasterFaultRow* find_master_fault(std::string_view name);

} // namespace meterbench::models
