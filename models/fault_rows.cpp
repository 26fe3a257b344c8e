// SPDX-License-Identifier: Apache-2.0
#include "models/fault_rows.hpp"

#include <algorithm>
#include <array>

namespace meterbench::models {

namespace {

using core::BitTime;
using core::Limit;
using core::link::SecondaryAction;
using core::link::SecondaryEvent;
using core::link::SecondaryGuard;
using core::link::SecondaryState;
using rig::Seam;
using Output = OutputEdit::Kind;

constexpr std::array fcb_ignored{
    TableEdit{
        SecondaryEvent::request2_own, SecondaryGuard::fcb_repeated, SecondaryAction::send_next, {}},
    TableEdit{SecondaryEvent::request2_selected,
              SecondaryGuard::fcb_repeated,
              SecondaryAction::send_next,
              {}},
};
constexpr std::array fcb_stuck{
    TableEdit{
        SecondaryEvent::request2_own, SecondaryGuard::fcb_fresh, SecondaryAction::send_current, {}},
    TableEdit{SecondaryEvent::request2_selected,
              SecondaryGuard::fcb_fresh,
              SecondaryAction::send_current,
              {}},
};
constexpr std::array nke_without_reset{
    TableEdit{SecondaryEvent::nke_own, {}, SecondaryAction::acknowledge, {}}};
constexpr std::array nke_unanswered{
    TableEdit{SecondaryEvent::nke_own, {}, SecondaryAction::ignore_unsupported, {}}};
constexpr std::array request_unanswered{
    TableEdit{SecondaryEvent::request2_own, {}, SecondaryAction::ignore_unsupported, {}}};
constexpr std::array request_acknowledged{
    TableEdit{SecondaryEvent::request2_own, {}, SecondaryAction::acknowledge, {}}};
constexpr std::array data_unanswered{
    TableEdit{SecondaryEvent::data_own, {}, SecondaryAction::execute, {}}};
constexpr std::array foreign_answered{
    TableEdit{SecondaryEvent::foreign, {}, SecondaryAction::acknowledge, {}}};
constexpr std::array broadcast_answered{
    TableEdit{SecondaryEvent::nke_broadcast, {}, SecondaryAction::acknowledge, {}},
    TableEdit{SecondaryEvent::request2_broadcast, {}, SecondaryAction::send_next, {}}};
constexpr std::array answer_answered{
    TableEdit{SecondaryEvent::answer, {}, SecondaryAction::acknowledge, {}}};
constexpr std::array misfit_answered{
    TableEdit{SecondaryEvent::misfit, {}, SecondaryAction::acknowledge, {}}};
constexpr std::array unsupported_answered{
    TableEdit{SecondaryEvent::unsupported, {}, SecondaryAction::acknowledge, {}}};
constexpr std::array unselected_answers{TableEdit{
    SecondaryEvent::request2_selected, {}, SecondaryAction::send_next, SecondaryState::deselected}};
constexpr std::array mismatch_stays_selected{
    TableEdit{SecondaryEvent::select_mismatch, {}, SecondaryAction::select_and_acknowledge, {}}};
constexpr std::array match_unanswered{
    TableEdit{SecondaryEvent::select_match, {}, SecondaryAction::deselect, {}}};
constexpr std::array nke_keeps_selection{TableEdit{
    SecondaryEvent::nke_selected, {}, SecondaryAction::acknowledge, SecondaryState::selected}};

constexpr std::array noise_parameters{
    rig::FaultParameter{"rate", "probability a character", 0, 1, 0.001}};

constexpr Limit too_late{BitTime{341}, std::chrono::milliseconds{51}};
constexpr Limit too_early{BitTime{9}, {}};

constexpr std::array rows{
    FaultRow{{"application.access-number-stuck", Seam::application, "MB7-TL-008",
              "the access number never changes"},
             ApplicationEdit::access_number_stuck},
    FaultRow{{"application.configuration-not-zero", Seam::application, "MB7-TL-014",
              "bit 15 (bidirectional) of the configuration field is set"},
             ApplicationEdit::configuration_not_zero},
    FaultRow{{"application.manufacturer-lower-case", Seam::application, "MB7-TL-007",
              "a letter of the manufacturer code is outside A to Z"},
             ApplicationEdit::manufacturer_lower_case},
    FaultRow{{"application.other-identification", Seam::application, "MB7-SA-002",
              "answers carry another identification number than the one it is selected by"},
             ApplicationEdit::other_identification},
    FaultRow{{"application.wildcards-unknown", Seam::application, "MB7-SA-004",
              "a selection with a wildcard matches nobody"},
             ApplicationEdit::wildcards_unknown},
    FaultRow{
        {"byte.ack-wrong", Seam::octets_out, "MB2-LL-001", "the acknowledge is A2h instead of E5h"},
        OutputEdit{Output::set_single, 0, 0xA2}},
    FaultRow{{"byte.address-wrong", Seam::octets_out, "MB2-LL-054",
              "answers carry another primary address"},
             OutputEdit{Output::flip_summed, 5, 0x01}},
    FaultRow{{"byte.characters-unchecked", Seam::octets_in, "MB2-LL-011",
              "frames with parity or framing errors are answered"},
             InputEdit::character_unchecked},
    FaultRow{{"byte.checksum", Seam::octets_out, "MB2-LL-006", "answers have a wrong checksum"},
             OutputEdit{Output::flip, -2, 0x01}},
    FaultRow{{"byte.checksum-unchecked", Seam::octets_in, "MB2-LL-007",
              "frames with a wrong checksum are answered"},
             InputEdit::checksum_unchecked},
    FaultRow{{"byte.control-direction", Seam::octets_out, "MB2-LL-024",
              "bit 6 of the control field is set in answers"},
             OutputEdit{Output::flip_summed, 4, 0x40}},
    FaultRow{{"byte.control-reserved", Seam::octets_out, "MB2-LL-023",
              "bit 7 of the control field is set in answers"},
             OutputEdit{Output::flip_summed, 4, 0x80}},
    FaultRow{{"byte.framing", Seam::octets_out, "MB2-PH-036",
              "one character of each answer has a low stop bit"},
             OutputEdit{Output::low_stop_bit, 0, 0}},
    FaultRow{
        {"byte.gap", Seam::octets_out, "MB2-LL-014", "12 bit times of idle inside each answer"},
        OutputEdit{Output::gap, 3, 12}},
    FaultRow{{"byte.length-unchecked", Seam::octets_in, "MB2-LL-009",
              "frames whose L fields differ are answered"},
             InputEdit::length_unchecked},
    FaultRow{
        {"byte.length-wrong", Seam::octets_out, "MB2-LL-003", "the L fields of answers differ"},
        OutputEdit{Output::flip, 2, 0x01}},
    FaultRow{{"byte.parity", Seam::octets_out, "MB2-PH-036",
              "one character of each answer has odd parity"},
             OutputEdit{Output::odd_parity, 0, 0}},
    FaultRow{{"byte.second-start-unchecked", Seam::octets_in, "MB2-LL-010",
              "frames whose second start is not 68h are answered"},
             InputEdit::second_start_unchecked},
    FaultRow{{"byte.stop-unchecked", Seam::octets_in, "MB2-LL-008",
              "frames whose stop is not 16h are answered"},
             InputEdit::stop_unchecked},
    FaultRow{{"byte.stop-wrong", Seam::octets_out, "MB2-LL-003", "answers end with 17h"},
             OutputEdit{Output::flip, -1, 0x01}},
    FaultRow{{"byte.surplus", Seam::octets_out, "MB2-LL-004", "answers have one octet too many"},
             OutputEdit{Output::append, 0, 0x00}},
    FaultRow{{"byte.truncated", Seam::octets_out, "MB2-LL-004", "answers lack their last octet"},
             OutputEdit{Output::drop_last, 0, 1}},
    FaultRow{
        {"line.noise", Seam::channel, "", "one flipped bit in some characters", noise_parameters},
        NoiseEdit{}},
    FaultRow{{"link.answer-answered", Seam::table, "MB2-LL-025",
              "the answer of another meter is acknowledged"},
             answer_answered},
    FaultRow{{"link.broadcast-answered", Seam::table, "MB2-LL-053", "a frame to FFh is answered"},
             broadcast_answered},
    FaultRow{{"link.data-unanswered", Seam::table, "MB2-LL-027",
              "SND_UD is executed and not acknowledged"},
             data_unanswered},
    FaultRow{{"link.fcb-ignored", Seam::table, "MB2-LL-038", "the same FCB gets the next telegram"},
             fcb_ignored},
    FaultRow{{"link.fcb-stuck", Seam::table, "MB2-LL-037", "a toggled FCB gets the same telegram"},
             fcb_stuck},
    FaultRow{{"link.foreign-answered", Seam::table, "MB2-LL-056",
              "frames for other addresses are acknowledged"},
             foreign_answered},
    FaultRow{{"link.misfit-answered", Seam::table, "MB2-LL-076",
              "a control field in the wrong frame format is acknowledged"},
             misfit_answered},
    FaultRow{{"link.nke-unanswered", Seam::table, "MB2-LL-026", "SND_NKE gets no answer"},
             nke_unanswered},
    FaultRow{{"link.nke-without-reset", Seam::table, "MB2-LL-035",
              "SND_NKE is acknowledged and resets nothing"},
             nke_without_reset},
    FaultRow{
        {"link.request-acknowledged", Seam::table, "MB2-LL-028", "REQ_UD2 is answered with E5h"},
        request_acknowledged},
    FaultRow{{"link.request-unanswered", Seam::table, "MB2-LL-028", "REQ_UD2 gets no answer"},
             request_unanswered},
    FaultRow{
        {"link.test-address-unheard", Seam::octets_in, "MB2-LL-052", "frames to FEh get no answer"},
        InputEdit::test_address_unheard},
    FaultRow{{"link.unsupported-answered", Seam::table, "MB2-LL-033",
              "unknown functions are acknowledged"},
             unsupported_answered},
    FaultRow{{"selection.match-unanswered", Seam::table, "MB7-SA-002",
              "its own secondary address gets no answer"},
             match_unanswered},
    FaultRow{{"selection.mismatch-selects", Seam::table, "MB7-SA-003",
              "another device's secondary address selects it"},
             mismatch_stays_selected},
    FaultRow{
        {"selection.nke-keeps", Seam::table, "MB7-SA-007", "SND_NKE to FDh leaves it selected"},
        nke_keeps_selection},
    FaultRow{
        {"selection.not-needed", Seam::table, "MB2-LL-051", "FDh is answered without a selection"},
        unselected_answers},
    FaultRow{{"timing.response-early", Seam::limits, "MB2-LL-016",
              "answers begin 9 bit times after the request"},
             DelayEdit{too_early}},
    FaultRow{{"timing.response-late", Seam::limits, "MB2-LL-017",
              "answers begin 341 bit times + 51 ms after the request"},
             DelayEdit{too_late}},
};
static_assert(std::ranges::is_sorted(rows, {}, [](const FaultRow& row) { return row.info.name; }));

} // namespace

std::span<const FaultRow> fault_rows() {
    return rows;
}

const FaultRow* find_fault(std::string_view name) {
    const auto found =
        std::ranges::lower_bound(rows, name, {}, [](const FaultRow& row) { return row.info.name; });
    return found != rows.end() && found->info.name == name ? &*found : nullptr;
}

} // namespace meterbench::models
