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

/// Rows of the station's table with this event (and guard) get another action, and where given
/// another next state.
struct TableEdit {
    core::link::SecondaryEvent event{};
    std::optional<core::link::SecondaryGuard> guard;
    core::link::SecondaryAction action{};
    std::optional<core::link::SecondaryState> state; ///< only rows of this state
};

/// Another response delay.
struct DelayEdit {
    core::Limit delay{};
};

/// What a receiver does not check, or does not hear.
enum class InputEdit : std::uint8_t {
    checksum_unchecked,
    stop_unchecked,
    length_unchecked,
    second_start_unchecked,
    character_unchecked, ///< parity and framing errors
    test_address_unheard,
};

/// What is wrong with an answer. `at` counts from the end of the frame where it is negative.
struct OutputEdit {
    enum class Kind : std::uint8_t {
        flip,        ///< exclusive or with `value`
        flip_summed, ///< the same, and the checksum fits again
        set_single,  ///< the single character E5h becomes `value`
        odd_parity,
        low_stop_bit,
        gap,       ///< `value` bit times of idle before the character
        drop_last, ///< `value` characters are missing at the end
        append,    ///< one more octet of `value`
    } kind{};
    int at = 0;
    std::uint8_t value = 0;
};

/// What is wrong with the application.
enum class ApplicationEdit : std::uint8_t {
    access_number_stuck,
    manufacturer_lower_case,
    configuration_not_zero,
    wildcards_unknown,
    other_identification,
};

/// One flipped bit with this probability a character; the parameter is `rate`.
struct NoiseEdit {};

struct FaultRow {
    rig::FaultInfo info;
    std::variant<std::span<const TableEdit>, DelayEdit, InputEdit, OutputEdit, ApplicationEdit,
                 NoiseEdit>
        edit;
};

/// The rows by subject, a file each; a new row goes into one of these, in order.
[[nodiscard]] std::span<const FaultRow> application_fault_rows();
[[nodiscard]] std::span<const FaultRow> link_fault_rows();
[[nodiscard]] std::span<const FaultRow> octets_fault_rows();
[[nodiscard]] std::span<const FaultRow> selection_fault_rows();
[[nodiscard]] std::span<const FaultRow> timing_fault_rows();
[[nodiscard]] std::span<const FaultRow> world_fault_rows();

/// For a static_assert below each array of rows.
template <class Rows> [[nodiscard]] constexpr bool sorted_by_name(const Rows& rows) {
    return std::ranges::is_sorted(rows, std::ranges::less{},
                                  [](const FaultRow& row) { return row.info.name; });
}

/// Every fault there is, by name.
[[nodiscard]] std::span<const FaultRow> fault_rows();
[[nodiscard]] const FaultRow* find_fault(std::string_view name);

} // namespace meterbench::models
