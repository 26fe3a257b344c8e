// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame.hpp"
#include "core/octet.hpp"
#include "harness/model/mealy.hpp"
#include "rig/capabilities.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::harness::model {

/// What a meter's link layer can be told, valid and malformed: the alphabet of the model.
enum class Stimulus : Input {
    nke_own,
    nke_test,
    nke_selected,
    nke_broadcast,
    request_own_0,
    request_own_1,
    request_own_unnumbered,
    request_test_0,
    request_test_1,
    request_selected_0,
    request_selected_1,
    request_selected_unnumbered,
    request_broadcast,
    class1_own,
    class1_selected,
    class1_broadcast,
    data_own_0,
    data_own_1,
    data_selected_0,
    data_selected_1,
    data_broadcast,
    select_0,
    select_1,
    select_other,
    select_obsolete,
    foreign_nke,
    foreign_request,
    foreign_data,
    answer_telegram,
    answer_single,
    link_status,
    misfit_request,
    misfit_data,
    bad_start,
    bad_short_checksum,
    bad_short_stop,
    bad_short_truncated,
    bad_long_checksum,
    bad_long_stop,
    bad_long_lengths,
    bad_long_second_start,
    bad_long_truncated,
    bad_length_small,
    bad_parity,
    bad_stop_bit,
    bad_gap,
};
inline constexpr std::size_t stimulus_count = 46;

/// Parts of the alphabet; each is a family of generated sequences.
enum class Family : std::uint8_t {
    own,              ///< requests to its primary address and FEh, and to FFh
    selection,        ///< selection, and requests to FDh
    data,             ///< SND_UD to its address: an application reset, which all meters know
    data_selected,    ///< SND_UD to FDh
    ignored,          ///< valid frames that are none of its business
    ignored_selected, ///< the same while it is selected
    malformed,        ///< frames with a wrong byte in them
    characters,       ///< frames with a wrong parity or stop bit
    pauses,           ///< frames with a pause in them
    crossed,          ///< requests and data at both addresses, mixed
};
inline constexpr std::array families{
    Family::own,     Family::selection,        Family::data,      Family::data_selected,
    Family::ignored, Family::ignored_selected, Family::malformed, Family::characters,
    Family::pauses,  Family::crossed};
[[nodiscard]] std::string_view name_of(Family family);
[[nodiscard]] std::optional<Family> family_of(std::string_view name);
/// The stimuli of a family. Each has those that lead the model through its states, too.
[[nodiscard]] std::vector<Stimulus> alphabet_of(Family family);
[[nodiscard]] std::vector<Stimulus> whole_alphabet();

struct StimulusRow {
    Stimulus stimulus;
    std::string_view name;                ///< lower case, as --alphabet and reports write it
    std::string_view text;                ///< what is sent, in the words of docs/link.md
    std::optional<rig::Capability> needs; ///< of the rig, beside `line`
};
[[nodiscard]] const StimulusRow& row_of(Stimulus stimulus);
[[nodiscard]] std::optional<Stimulus> stimulus_of(std::string_view name);

/// To whom stimuli are addressed.
struct Addressee {
    std::uint8_t address = 0;                ///< its primary address
    std::uint8_t unused = 250;               ///< an address nobody has
    std::array<std::uint8_t, 8> secondary{}; ///< as a selection carries it
};

/// A stimulus as it goes on the wire.
struct WireStimulus {
    std::vector<std::uint8_t> bytes;
    std::vector<core::CharacterException> exceptions;
};
[[nodiscard]] WireStimulus on_wire(Stimulus stimulus, const Addressee& to);

/// What is seen of a meter: at most this many telegrams of a read-out are told apart.
inline constexpr std::size_t max_telegrams = 8;
inline constexpr OutputSet silence = 1U << 0U;
inline constexpr OutputSet acknowledge = 1U << 1U;     ///< E5h
inline constexpr OutputSet other_telegram = 1U << 10U; ///< a valid RSP_UD, not of the read-out
inline constexpr OutputSet anything_else = 1U << 11U;  ///< no valid answer
/// RSP_UD with the telegram `number` of the read-out, from 1.
[[nodiscard]] constexpr OutputSet telegram(std::size_t number) {
    return OutputSet{1} << (1 + number);
}
/// Any valid RSP_UD.
inline constexpr OutputSet any_telegram =
    (telegram(max_telegrams + 1) - telegram(1)) | other_telegram;
static_assert(telegram(max_telegrams) < other_telegram);

/// "silence", "E5h", "telegram 2", joined by " or ".
[[nodiscard]] std::string text_of(OutputSet outputs);

} // namespace meterbench::harness::model
