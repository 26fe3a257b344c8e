// SPDX-License-Identifier: Apache-2.0
#include "harness/model/link_alphabet.hpp"

#include "core/link/address.hpp"
#include "core/link/control_field.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace meterbench::harness::model {

namespace {

namespace link = core::link;
using rig::Capability;
using S = Stimulus;

constexpr std::array rows{
    StimulusRow{S::nke_own, "nke-own", "SND_NKE to its address", {}},
    StimulusRow{S::nke_test, "nke-test", "SND_NKE to FEh", {}},
    StimulusRow{S::nke_selected, "nke-selected", "SND_NKE to FDh", {}},
    StimulusRow{S::nke_broadcast, "nke-broadcast", "SND_NKE to FFh", {}},
    StimulusRow{S::request_own_0, "request-own-0", "REQ_UD2, FCB 0, to its address", {}},
    StimulusRow{S::request_own_1, "request-own-1", "REQ_UD2, FCB 1, to its address", {}},
    StimulusRow{S::request_own_unnumbered, "request-own", "REQ_UD2, FCV 0, to its address", {}},
    StimulusRow{S::request_test_0, "request-test-0", "REQ_UD2, FCB 0, to FEh", {}},
    StimulusRow{S::request_test_1, "request-test-1", "REQ_UD2, FCB 1, to FEh", {}},
    StimulusRow{S::request_selected_0, "request-selected-0", "REQ_UD2, FCB 0, to FDh", {}},
    StimulusRow{S::request_selected_1, "request-selected-1", "REQ_UD2, FCB 1, to FDh", {}},
    StimulusRow{S::request_selected_unnumbered, "request-selected", "REQ_UD2, FCV 0, to FDh", {}},
    StimulusRow{S::request_broadcast, "request-broadcast", "REQ_UD2 to FFh", {}},
    StimulusRow{S::class1_own, "class1-own", "REQ_UD1 to its address", {}},
    StimulusRow{S::class1_selected, "class1-selected", "REQ_UD1 to FDh", {}},
    StimulusRow{S::class1_broadcast, "class1-broadcast", "REQ_UD1 to FFh", {}},
    StimulusRow{S::data_own_0, "data-own-0", "application reset, FCB 0, to its address", {}},
    StimulusRow{S::data_own_1, "data-own-1", "application reset, FCB 1, to its address", {}},
    StimulusRow{S::data_selected_0, "data-selected-0", "application reset, FCB 0, to FDh", {}},
    StimulusRow{S::data_selected_1, "data-selected-1", "application reset, FCB 1, to FDh", {}},
    StimulusRow{S::data_broadcast, "data-broadcast", "application reset to FFh", {}},
    StimulusRow{S::select_0, "select-0", "selection of this meter, FCB 0", {}},
    StimulusRow{S::select_1, "select-1", "selection of this meter, FCB 1", {}},
    StimulusRow{S::select_other, "select-other", "selection of another meter", {}},
    StimulusRow{S::select_obsolete, "select-obsolete", "selection with CI 56h", {}},
    StimulusRow{S::foreign_nke, "foreign-nke", "SND_NKE to another address", {}},
    StimulusRow{S::foreign_request, "foreign-request", "REQ_UD2 to another address", {}},
    StimulusRow{S::foreign_data, "foreign-data", "application reset to another address", {}},
    StimulusRow{S::answer_telegram, "answer-telegram", "RSP_UD of another meter", {}},
    StimulusRow{S::answer_single, "answer-single", "E5h of another meter", {}},
    StimulusRow{S::link_status, "link-status", "REQ_SKE (49h) to its address", {}},
    StimulusRow{S::misfit_request, "misfit-request", "REQ_UD2 in a control frame", {}},
    StimulusRow{S::misfit_data, "misfit-data", "SND_UD in a short frame", {}},
    StimulusRow{S::bad_start, "bad-start", "SND_NKE that begins with 11h", {}},
    StimulusRow{S::bad_short_checksum, "bad-short-checksum", "SND_NKE with a wrong checksum", {}},
    StimulusRow{S::bad_short_stop, "bad-short-stop", "SND_NKE that ends with 17h", {}},
    StimulusRow{S::bad_short_truncated, "bad-short-truncated", "SND_NKE without its last byte", {}},
    StimulusRow{
        S::bad_long_checksum, "bad-long-checksum", "application reset with a wrong checksum", {}},
    StimulusRow{S::bad_long_stop, "bad-long-stop", "application reset that ends with 17h", {}},
    StimulusRow{
        S::bad_long_lengths, "bad-long-lengths", "application reset whose L fields differ", {}},
    StimulusRow{S::bad_long_second_start,
                "bad-long-second-start",
                "application reset whose second start is 67h",
                {}},
    StimulusRow{S::bad_long_truncated,
                "bad-long-truncated",
                "application reset without its last two bytes",
                {}},
    StimulusRow{S::bad_length_small, "bad-length-small", "long frame with L = 2", {}},
    StimulusRow{S::bad_parity, "bad-parity", "SND_NKE with one odd parity",
                Capability::octet_errors},
    StimulusRow{S::bad_stop_bit, "bad-stop-bit", "SND_NKE with one low stop bit",
                Capability::octet_errors},
    StimulusRow{S::bad_gap, "bad-gap", "SND_NKE with a pause of 40 bit times", Capability::gaps},
};
static_assert(rows.size() == stimulus_count);
static_assert(std::ranges::is_sorted(rows, {}, &StimulusRow::stimulus));

constexpr std::uint8_t ci_application_reset = 0x50;
constexpr std::uint8_t ci_selection = 0x52;
constexpr std::uint8_t ci_selection_obsolete = 0x56;
/// More than the 33 bit times after which a receiver begins anew (MB2-LL-015).
constexpr core::BitTime long_pause{40};

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(const link::FrameBuffer& frame) {
    return {frame.bytes().begin(), frame.bytes().end()};
}
Bytes short_frame(link::ControlField control, std::uint8_t address) {
    return bytes_of(link::encode_short(control, address));
}
Bytes long_frame(link::ControlField control, std::uint8_t address, const Bytes& user_data) {
    const auto frame = link::encode_long(control, address, user_data);
    return frame ? bytes_of(*frame) : Bytes{};
}
Bytes application_reset(bool fcb, std::uint8_t address) {
    return long_frame(link::snd_ud(fcb), address, {ci_application_reset});
}
Bytes selection(bool fcb, std::uint8_t ci, const std::array<std::uint8_t, 8>& mask) {
    Bytes user_data{ci};
    user_data.insert(user_data.end(), mask.begin(), mask.end());
    return long_frame(link::snd_ud(fcb), link::address::selected, user_data);
}
/// The same secondary address with another last digit, still BCD.
std::array<std::uint8_t, 8> other_than(std::array<std::uint8_t, 8> mask) {
    const unsigned digit = mask[0] & 0x0FU;
    mask[0] = static_cast<std::uint8_t>((mask[0] & 0xF0U) | (digit == 0 ? 1U : digit - 1U));
    return mask;
}
Bytes with(Bytes bytes, std::size_t index, std::uint8_t value) {
    bytes[index] = value;
    return bytes;
}
Bytes without_last(Bytes bytes, std::size_t count) {
    bytes.resize(bytes.size() - count);
    return bytes;
}

constexpr link::ControlField request_unnumbered{0x4B};
constexpr link::ControlField request_status{0x49};

} // namespace

const StimulusRow& row_of(Stimulus stimulus) {
    return rows[static_cast<std::size_t>(stimulus)];
}

std::optional<Stimulus> stimulus_of(std::string_view name) {
    const auto found = std::ranges::find(rows, name, &StimulusRow::name);
    return found == rows.end() ? std::nullopt : std::optional{found->stimulus};
}

std::string_view name_of(Family family) {
    constexpr std::array<std::string_view, families.size()> names{
        "own",       "selection",  "data",   "data-selected", "ignored", "ignored-selected",
        "malformed", "characters", "pauses", "crossed"};
    return names[static_cast<std::size_t>(family)];
}

std::optional<Family> family_of(std::string_view name) {
    for (const Family family : families) {
        if (name_of(family) == name) {
            return family;
        }
    }
    return std::nullopt;
}

std::vector<Stimulus> whole_alphabet() {
    std::vector<Stimulus> all;
    for (const StimulusRow& row : rows) {
        all.push_back(row.stimulus);
    }
    return all;
}

std::vector<Stimulus> alphabet_of(Family family) {
    switch (family) {
    case Family::own:
        return {S::nke_own,           S::nke_test,       S::nke_broadcast,
                S::request_own_0,     S::request_own_1,  S::request_own_unnumbered,
                S::request_test_0,    S::request_test_1, S::request_broadcast,
                S::request_selected_1};
    case Family::selection:
        return {S::nke_own,
                S::nke_selected,
                S::nke_broadcast,
                S::request_own_0,
                S::request_own_1,
                S::request_selected_0,
                S::request_selected_1,
                S::request_selected_unnumbered,
                S::select_0,
                S::select_1,
                S::select_other,
                S::select_obsolete};
    case Family::data:
        return {S::nke_own,    S::request_own_0,  S::request_own_1,     S::data_own_0,
                S::data_own_1, S::data_broadcast, S::request_selected_1};
    case Family::data_selected:
        return {S::request_selected_0, S::request_selected_1, S::data_selected_0,
                S::data_selected_1,    S::data_broadcast,     S::select_1};
    case Family::ignored:
        return {
            S::request_own_0,    S::request_own_1,     S::class1_own,      S::class1_selected,
            S::class1_broadcast, S::request_broadcast, S::nke_selected,    S::request_selected_1,
            S::data_selected_1,  S::select_other,      S::select_obsolete, S::foreign_nke,
            S::foreign_request,  S::foreign_data,      S::answer_telegram, S::answer_single,
            S::link_status,      S::misfit_request,    S::misfit_data};
    case Family::ignored_selected:
        return {S::select_1,        S::request_selected_0, S::request_selected_1, S::class1_own,
                S::class1_selected, S::class1_broadcast,   S::request_broadcast,  S::foreign_nke,
                S::foreign_request, S::foreign_data,       S::answer_telegram,    S::answer_single,
                S::link_status,     S::misfit_request,     S::misfit_data};
    case Family::malformed:
        return {S::request_own_0,         S::request_own_1,      S::bad_start,
                S::bad_short_checksum,    S::bad_short_stop,     S::bad_short_truncated,
                S::bad_long_checksum,     S::bad_long_stop,      S::bad_long_lengths,
                S::bad_long_second_start, S::bad_long_truncated, S::bad_length_small};
    case Family::characters:
        return {S::request_own_0, S::request_own_1, S::bad_parity, S::bad_stop_bit};
    case Family::pauses: return {S::request_own_0, S::request_own_1, S::bad_gap};
    case Family::crossed:
        return {S::nke_own,
                S::nke_selected,
                S::nke_broadcast,
                S::request_own_0,
                S::request_own_1,
                S::request_own_unnumbered,
                S::request_selected_0,
                S::request_selected_1,
                S::request_selected_unnumbered,
                S::data_own_0,
                S::data_own_1,
                S::data_selected_1,
                S::select_0,
                S::select_other,
                S::select_obsolete};
    }
    return {};
}

WireStimulus on_wire(Stimulus stimulus, const Addressee& to) {
    using Kind = core::CharacterException::Kind;
    const std::uint8_t own = to.address;
    const std::uint8_t fd = link::address::selected;
    const std::uint8_t fe = link::address::test;
    const std::uint8_t ff = link::address::broadcast;
    switch (stimulus) {
    case S::nke_own: return {short_frame(link::snd_nke, own), {}};
    case S::nke_test: return {short_frame(link::snd_nke, fe), {}};
    case S::nke_selected: return {short_frame(link::snd_nke, fd), {}};
    case S::nke_broadcast: return {short_frame(link::snd_nke, ff), {}};
    case S::request_own_0: return {short_frame(link::req_ud2(false), own), {}};
    case S::request_own_1: return {short_frame(link::req_ud2(true), own), {}};
    case S::request_own_unnumbered: return {short_frame(request_unnumbered, own), {}};
    case S::request_test_0: return {short_frame(link::req_ud2(false), fe), {}};
    case S::request_test_1: return {short_frame(link::req_ud2(true), fe), {}};
    case S::request_selected_0: return {short_frame(link::req_ud2(false), fd), {}};
    case S::request_selected_1: return {short_frame(link::req_ud2(true), fd), {}};
    case S::request_selected_unnumbered: return {short_frame(request_unnumbered, fd), {}};
    case S::request_broadcast: return {short_frame(link::req_ud2(true), ff), {}};
    case S::class1_own: return {short_frame(link::req_ud1(true), own), {}};
    case S::class1_selected: return {short_frame(link::req_ud1(true), fd), {}};
    case S::class1_broadcast: return {short_frame(link::req_ud1(true), ff), {}};
    case S::data_own_0: return {application_reset(false, own), {}};
    case S::data_own_1: return {application_reset(true, own), {}};
    case S::data_selected_0: return {application_reset(false, fd), {}};
    case S::data_selected_1: return {application_reset(true, fd), {}};
    case S::data_broadcast: return {application_reset(false, ff), {}};
    case S::select_0: return {selection(false, ci_selection, to.secondary), {}};
    case S::select_1: return {selection(true, ci_selection, to.secondary), {}};
    case S::select_other: return {selection(true, ci_selection, other_than(to.secondary)), {}};
    case S::select_obsolete: {
        auto most_significant_first = to.secondary;
        std::ranges::reverse(most_significant_first);
        return {selection(true, ci_selection_obsolete, most_significant_first), {}};
    }
    case S::foreign_nke: return {short_frame(link::snd_nke, to.unused), {}};
    case S::foreign_request: return {short_frame(link::req_ud2(true), to.unused), {}};
    case S::foreign_data: return {application_reset(true, to.unused), {}};
    case S::answer_telegram: return {long_frame(link::rsp_ud, own, {0x70, 0x08}), {}};
    case S::answer_single: return {bytes_of(link::encode_single()), {}};
    case S::link_status: return {short_frame(request_status, own), {}};
    case S::misfit_request:
        return {long_frame(link::req_ud2(true), own, {ci_application_reset}), {}};
    case S::misfit_data: return {short_frame(link::snd_ud(false), own), {}};
    case S::bad_start: return {with(short_frame(link::snd_nke, own), 0, 0x11), {}};
    case S::bad_short_checksum: {
        Bytes bytes = short_frame(link::snd_nke, own);
        bytes[3] ^= 0x01U;
        return {std::move(bytes), {}};
    }
    case S::bad_short_stop: return {with(short_frame(link::snd_nke, own), 4, 0x17), {}};
    case S::bad_short_truncated: return {without_last(short_frame(link::snd_nke, own), 1), {}};
    case S::bad_long_checksum: {
        Bytes bytes = application_reset(true, own);
        bytes[7] ^= 0x01U;
        return {std::move(bytes), {}};
    }
    case S::bad_long_stop: return {with(application_reset(true, own), 8, 0x17), {}};
    case S::bad_long_lengths: return {with(application_reset(true, own), 2, 0x04), {}};
    case S::bad_long_second_start: return {with(application_reset(true, own), 3, 0x67), {}};
    case S::bad_long_truncated: return {without_last(application_reset(true, own), 2), {}};
    case S::bad_length_small: {
        const std::uint8_t c = link::snd_ud(true).value;
        return {{0x68, 0x02, 0x02, 0x68, c, own, static_cast<std::uint8_t>(c + own), 0x16}, {}};
    }
    case S::bad_parity:
        return {short_frame(link::snd_nke, own), {{.index = 2, .kind = Kind::parity}}};
    case S::bad_stop_bit:
        return {short_frame(link::snd_nke, own), {{.index = 2, .kind = Kind::framing}}};
    case S::bad_gap:
        return {short_frame(link::snd_nke, own), {{.index = 2, .gap_before = long_pause}}};
    }
    return {};
}

std::string text_of(OutputSet outputs) {
    std::string text;
    const auto add = [&text](std::string_view part) {
        text += text.empty() ? "" : " or ";
        text += part;
    };
    if ((outputs & silence) != 0) {
        add("silence");
    }
    if ((outputs & acknowledge) != 0) {
        add("E5h");
    }
    if ((outputs & any_telegram) == any_telegram) {
        add("any telegram");
    } else {
        for (std::size_t i = 1; i <= max_telegrams; ++i) {
            if ((outputs & telegram(i)) != 0) {
                add(fmt::format("telegram {}", i));
            }
        }
        if ((outputs & other_telegram) != 0) {
            add("another telegram");
        }
    }
    if ((outputs & anything_else) != 0) {
        add("no valid answer");
    }
    return text;
}

} // namespace meterbench::harness::model
