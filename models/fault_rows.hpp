// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/secondary_table.hpp"
#include "core/time.hpp"
#include "rig/fault_registry.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace meterbench::models {

// What a fault changes is data, one kind of edit for each thing a seam lets through.

/// Seam table: rows of the station's table with this event (and guard) get another action, and
/// where given another next state.
struct TableEdit {
    core::link::SecondaryEvent event{};
    std::optional<core::link::SecondaryGuard> guard;
    core::link::SecondaryAction action{};
    std::optional<core::link::SecondaryState> state{}; ///< only rows of this state
    std::optional<core::link::SecondaryState> next{};  ///< else as the action has it
};

/// Seam limits: another delay of answers.
struct DelayEdit {
    enum class Answers : std::uint8_t { every, acknowledge, data };
    core::Limit delay{};
    Answers answers = Answers::every;
};

/// Seam octets in: what a receiver does not check, or does not hear.
struct InputEdit {
    enum class Kind : std::uint8_t {
        checksum_unchecked,
        stop_unchecked,
        length_unchecked,
        second_start_unchecked,
        parity_unchecked,
        framing_unchecked,
        gap_unnoticed,          ///< what is missing of a frame is waited for without end
        address_bit_ignored,    ///< `value`: bits of the A field that are not compared
        address_unheard,        ///< frames to the address `value`
        control_unheard,        ///< frames with the control field `value`
        command_unheard,        ///< frames with the CI-field `value`
        long_unheard,           ///< frames with an L field above `value`
        deaf_after_error,       ///< hears nothing for `value` bit times behind a bad frame
        deaf_after_stray_octet, ///< the same behind an octet that starts no frame
    } kind{};
    std::uint8_t value = 0;
    enum class Frames : std::uint8_t { every, short_ones, long_ones } frames = Frames::every;
};

/// Seam octets out: what is wrong with an answer. `at` counts from the end of the frame where it
/// is negative. What says "single" is about the acknowledge E5h, all else about frames.
struct OutputEdit {
    enum class Kind : std::uint8_t {
        flip,                      ///< exclusive or with `value`
        flip_summed,               ///< the same, and the checksum fits again
        set,                       ///< becomes `value`
        set_single,                ///< E5h becomes `value`
        append_single,             ///< E5h is followed by `value`
        frame_single,              ///< a short frame with the control field `value` stands for E5h
        odd_parity,                ///< of the character; of E5h too
        odd_parity_all,            ///< of every character
        low_stop_bit,              ///< of the character; of E5h too
        break_before,              ///< all eleven bits space instead of the character
        gap,                       ///< `value` bit times of idle before the character
        gap_all,                   ///< `value` eighths of a bit time between all characters
        two_stop_bits,             ///< in every character
        drop_last,                 ///< `value` characters are missing at the end
        append,                    ///< one more octet of `value`
        prepend,                   ///< an octet of `value` first
        twice,                     ///< the whole answer two times, E5h too
        length_by,                 ///< `at` is added to both L fields
        checksum_by_length,        ///< L is in the sum
        checksum_set,              ///< the checksum is `value`
        answer_to_request_address, ///< A is what the request carried
        address,                   ///< A is `value`, summed; only for answers to FDh
        rate,                      ///< `at` tenths of a per cent faster
    } kind{};
    int at = 0;
    std::uint8_t value = 0;
};

/// Seam application: what is wrong with the user data of an RSP_UD with CI 72h. Records count from
/// 0; one that is not there is left alone.
struct AnswerEdit {
    enum class Kind : std::uint8_t {
        header_flip,        ///< exclusive or with `value` of byte `at`, the CI-field being 0
        header_set,         ///< byte `at` becomes `value`
        identification_msb, ///< identification MSB first
        manufacturer_msb,   ///< manufacturer MSB first
        access_doubled,     ///< counts by two
        access_down,        ///< counts down
        access_seven_bits,  ///< goes from 7Fh to 00h
        header_short,       ///< CI 7Ah and a short header
        header_none,        ///< CI 78h and no header
        insert, ///< `bytes` before record `at`; -1: behind the last record of the last telegram
        append, ///< `bytes` at the very end of the last telegram
        drop_record,
        repeat_record,
        reverse_records,
        set_data,           ///< the record's data begin with `bytes`
        reverse_data,       ///< MSB first
        set_dif,            ///< the record's DIF is `value`
        set_vif,            ///< the record's VIF is `value`
        cut_data,           ///< all behind the record's first data byte is missing
        more_never,         ///< DIF 1Fh is missing where it is due
        more_always,        ///< DIF 1Fh also in the last telegram
        padding,            ///< `value` bytes 00h behind DIF 1Fh
        manufacturer_data,  ///< DIF 0Fh and `value` bytes at the end of the last telegram
        error_ci,           ///< the CI-field of an application error is `value`
        alarm_ci,           ///< the CI-field of an alarm is `value`
        error_code,         ///< the code of an application error is `value`
        error_without_code, ///< CI 70h without its code; no other answer
        error_in_records,   ///< CI 72h and the status instead of CI 70h
    } kind{};
    int at = 0;
    std::uint8_t value = 0;
    std::span<const std::uint8_t> bytes{};
    /// Picks the record instead of `at`: the first with this DIF data field (low four bits) and
    /// VIF.
    struct Pick {
        std::uint8_t data_field = 0;
        std::uint8_t vif = 0;
    };
    std::optional<Pick> pick{};
};

/// Seam application: how a selection is compared.
struct SelectionEdit {
    enum class Kind : std::uint8_t {
        wild_unknown,     ///< digits or bytes from `first` to `last` know no wildcard
        not_compared,     ///< digits or bytes from `first` to `last` are not compared
        appended_ignored, ///< what follows the eight bytes is not looked at
        appended_refused, ///< enhanced selection is never answered
    } kind{};
    /// Digits of the identification number 0 to 7 from the left; 8 and 9 the manufacturer's bytes,
    /// 10 the version, 11 the device type, 12 the fabrication number.
    std::uint8_t first = 0;
    std::uint8_t last = 0;
};

/// Seam application: the sequence of telegrams.
enum class SequenceEdit : std::uint8_t {
    rewind_ignored, ///< a reset does not start it again
    wrap_missing,   ///< behind the last telegram comes the last
    second_skipped, ///< behind the first telegram comes the third
    error_stuck,    ///< an application error is reported until an application reset
    refusal_hidden, ///< refused records are not reported
    restart_kept,   ///< a power fail does not restart the application
    first_only,     ///< there is only the first, though it announces more
};

/// Seam application: what becomes of a command with a CI-field from `first` to `last`.
struct CommandEdit {
    enum class Kind : std::uint8_t {
        swallow, ///< it is not executed
        twice,   ///< it is executed twice
        as,      ///< it is executed as if its CI-field were `value`
        cut,     ///< only the first `value` bytes behind the CI-field are executed
        flip,    ///< its byte `at` is taken exclusive or with `value`
    } kind{};
    std::uint8_t first = 0;
    std::uint8_t last = 0;
    std::uint8_t value = 0;
    std::uint8_t at = 0;
    std::span<const std::uint8_t> follows{}; ///< only where these bytes are behind the CI-field
};

/// Seam application: what a command sets of the link layer.
enum class LinkChangeEdit : std::uint8_t {
    address_ignored,   ///< a new primary address is taken and not used
    address_unchecked, ///< 251 to 255 are taken, too
    rate_ignored,      ///< a new rate is acknowledged and not used
    rate_other,        ///< the rate becomes 600 Bd instead
    rates_unchecked,   ///< it switches to every rate, also one it does not have
};

/// Seam limits: how long a new rate waits for a frame before the old one is back.
struct TrialEdit {
    core::Duration lasts{};
};

/// What a device does of its own accord, or instead of being a meter at all (null devices).
enum class ConductEdit : std::uint8_t {
    silent,              ///< never answers
    unplugged,           ///< is not on the bus
    echo,                ///< returns every byte it hears
    noise,               ///< random bytes for every frame
    yes,                 ///< E5h for everything
    replay,              ///< good answers in a fixed order, whatever is asked
    short_length,        ///< E5h for a long frame with an L field below 3 too
    truncated,           ///< E5h for a frame of its own that ends too early too
    chatter_acknowledge, ///< E5h after 10 s of idle, unasked
    chatter_data,        ///< an RSP_UD after 10 s of idle, unasked
    selection_kept,      ///< power fail does not deselect it
};

/// Seam application: what is the case inside the meter. No fault; what others see of it is to be
/// right. The parameter, where there is one, is its code.
enum class ConditionEdit : std::uint8_t {
    alarm,
    busy,
    power_low,
    permanent_error,
    temporary_error,
};

/// Seams channel and supply: what the wire and the converter do (models/world_faults.hpp carries it
/// out). The numbers are the parameters of the row.
enum class WorldEdit : std::uint8_t {
    noise,
    bursts,
    parity,
    framing,
    lost,
    start_missed,
    bit_stuck,
    receiver_dead,
    receiver_stuck,
    transmitter_dead,
    echo,
    short_circuit,
    cut,
    capacitance,
    threshold,
    collision_unseen,
    brown_out,
    interruption,
    leak,
    limit,
    mark_low,
    step_small,
};

/// Seams channel, supply and clock, of one meter: where it sits in the world. The number is the
/// row's only parameter.
enum class StationEdit : std::uint8_t {
    clock_error,
    clock_drift,
    weak_space,
    mark_unheard,
    step_unheard,
    slow_start,
    unit_loads,
    current_slope,
    current_unsteady,
    start_current,
    surge,
};

struct FaultRow {
    rig::FaultInfo info;
    std::variant<std::span<const TableEdit>, DelayEdit, InputEdit, OutputEdit, AnswerEdit,
                 SelectionEdit, SequenceEdit, CommandEdit, LinkChangeEdit, TrialEdit, ConductEdit,
                 ConditionEdit, WorldEdit, StationEdit>
        edit;
};

/// The rows by subject, a file each; a new row goes into one of these, in order.
[[nodiscard]] std::span<const FaultRow> application_fault_rows();
[[nodiscard]] std::span<const FaultRow> header_fault_rows();
[[nodiscard]] std::span<const FaultRow> link_fault_rows();
[[nodiscard]] std::span<const FaultRow> octets_fault_rows();
[[nodiscard]] std::span<const FaultRow> records_fault_rows();
[[nodiscard]] std::span<const FaultRow> selection_fault_rows();
[[nodiscard]] std::span<const FaultRow> state_fault_rows();
[[nodiscard]] std::span<const FaultRow> timing_fault_rows();
[[nodiscard]] std::span<const FaultRow> world_fault_rows();
/// Devices at the edge of what is allowed, and devices that are none: rows like those of faults.
[[nodiscard]] std::span<const FaultRow> benign_rows();
[[nodiscard]] std::span<const FaultRow> null_rows();

/// For a static_assert below each array of rows.
template <class Rows> [[nodiscard]] constexpr bool sorted_by_name(const Rows& rows) {
    return std::ranges::is_sorted(rows, std::ranges::less{},
                                  [](const FaultRow& row) { return row.info.name; });
}

/// Every fault there is, by name.
[[nodiscard]] std::span<const FaultRow> fault_rows();
/// The fault, benign variant or null device of this name.
[[nodiscard]] const FaultRow* find_fault(std::string_view name);

} // namespace meterbench::models
