// SPDX-License-Identifier: Apache-2.0
// Faults of secondary addressing.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Action = core::link::SecondaryAction;
using Event = core::link::SecondaryEvent;
using Guard = core::link::SecondaryGuard;
using Seam = rig::Seam;
using Selection = SelectionEdit::Kind;
using State = core::link::SecondaryState;

constexpr std::array match_unanswered{TableEdit{Event::select_match, {}, Action::deselect}};

constexpr std::array match_acknowledged_only{
    TableEdit{Event::select_match, {}, Action::acknowledge}};

constexpr std::array match_selects_silently{
    TableEdit{Event::select_match, {}, Action::ignore_foreign, State::deselected, State::selected}};

constexpr std::array mismatch_selects{
    TableEdit{Event::select_mismatch, {}, Action::select_and_acknowledge}};

constexpr std::array mismatch_keeps{
    TableEdit{Event::select_mismatch, {}, Action::ignore_foreign, State::selected}};

constexpr std::array mismatch_acknowledged{
    TableEdit{Event::select_mismatch, {}, Action::acknowledge, State::selected, State::deselected},
    TableEdit{Event::select_mismatch, {}, Action::acknowledge, State::deselected}};

constexpr std::array nke_keeps{
    TableEdit{Event::nke_selected, {}, Action::acknowledge, State::selected}};

constexpr std::array broadcast_nke_keeps{
    TableEdit{Event::nke_broadcast, {}, Action::reset, State::selected, State::selected}};

constexpr std::array not_needed{
    TableEdit{Event::request2_selected, {}, Action::send_next, State::deselected}};

constexpr std::array not_needed_for_data{
    TableEdit{Event::data_selected, {}, Action::execute_and_acknowledge, State::deselected}};

constexpr std::array not_needed_for_nke{
    TableEdit{Event::nke_selected, {}, Action::acknowledge, State::deselected}};

constexpr std::array without_reset{
    TableEdit{Event::select_match, {}, Action::acknowledge, {}, State::selected}};

constexpr std::array obsolete_selects{
    TableEdit{Event::select_obsolete, {}, Action::select_and_acknowledge}};

constexpr std::array obsolete_keeps{
    TableEdit{Event::select_obsolete, {}, Action::ignore_unsupported, State::selected}};

constexpr std::array request_unanswered{
    TableEdit{Event::request2_selected, {}, Action::ignore_not_selected, State::selected}};

constexpr std::array data_unanswered{
    TableEdit{Event::data_selected, {}, Action::ignore_not_selected, State::selected}};

constexpr std::array data_not_executed{
    TableEdit{Event::data_selected, {}, Action::acknowledge, State::selected}};

constexpr std::array fcb_stuck{
    TableEdit{Event::request2_selected, Guard::fcb_fresh, Action::send_current, State::selected}};

constexpr std::array fcb_ignored{
    TableEdit{Event::request2_selected, Guard::fcb_repeated, Action::send_next, State::selected}};

constexpr std::array request_deselects{
    TableEdit{Event::request2_selected, {}, Action::send_next, State::selected, State::deselected}};

constexpr std::array primary_unanswered{
    TableEdit{Event::request2_own, {}, Action::ignore_foreign, State::selected},
    TableEdit{Event::nke_own, {}, Action::ignore_foreign, State::selected},
    TableEdit{Event::data_own, {}, Action::ignore_foreign, State::selected}};

constexpr std::array primary_deselects{
    TableEdit{Event::request2_own, {}, Action::send_next, State::selected, State::deselected}};

constexpr std::array rows{
    FaultRow{{"selection.broadcast-nke-keeps", Seam::table, "MB7-SA-008",
              "SND_NKE to FFh leaves it selected"},
             broadcast_nke_keeps},
    FaultRow{{"selection.data-not-executed", Seam::table, "MB7-SA-012",
              "SND_UD to FDh is acknowledged and not executed"},
             data_not_executed},
    FaultRow{
        {"selection.data-unanswered", Seam::table, "MB7-SA-012", "SND_UD to FDh gets no answer"},
        data_unanswered},
    FaultRow{{"selection.enhanced-refused", Seam::application, "MB7-SA-015",
              "an enhanced selection matches nobody"},
             SelectionEdit{Selection::appended_refused, 0, 0}},
    FaultRow{{"selection.fabrication-uncompared", Seam::application, "MB7-SA-016",
              "every fabrication number matches"},
             SelectionEdit{Selection::not_compared, 12, 12}},
    FaultRow{{"selection.fcb-ignored", Seam::table, "MB7-SA-012",
              "the same FCB at FDh gets the next telegram"},
             fcb_ignored},
    FaultRow{{"selection.fcb-stuck", Seam::table, "MB7-SA-012",
              "a toggled FCB at FDh gets the same telegram"},
             fcb_stuck},
    FaultRow{{"selection.first-digit-uncompared", Seam::application, "MB7-SA-003",
              "the first digit is not compared"},
             SelectionEdit{Selection::not_compared, 0, 0}},
    FaultRow{{"selection.identification-uncompared", Seam::application, "MB7-SA-003",
              "every identification number matches"},
             SelectionEdit{Selection::not_compared, 0, 7}},
    FaultRow{{"selection.last-digit-uncompared", Seam::application, "MB7-SA-003",
              "the last digit is not compared"},
             SelectionEdit{Selection::not_compared, 7, 7}},
    FaultRow{{"selection.manufacturer-uncompared", Seam::application, "MB7-SA-003",
              "every manufacturer matches"},
             SelectionEdit{Selection::not_compared, 8, 9}},
    FaultRow{{"selection.match-acknowledged-only", Seam::table, "MB7-SA-002",
              "its own secondary address is acknowledged and does not select it"},
             match_acknowledged_only},
    FaultRow{{"selection.match-selects-silently", Seam::table, "MB7-SA-002",
              "its own secondary address selects it without an answer"},
             match_selects_silently},
    FaultRow{{"selection.match-unanswered", Seam::table, "MB7-SA-002",
              "its own secondary address gets no answer"},
             match_unanswered},
    FaultRow{{"selection.mismatch-acknowledged", Seam::table, "MB7-SA-003",
              "another device's secondary address is acknowledged"},
             mismatch_acknowledged},
    FaultRow{{"selection.mismatch-keeps", Seam::table, "MB7-SA-003",
              "another device's secondary address leaves it selected"},
             mismatch_keeps},
    FaultRow{{"selection.mismatch-selects", Seam::table, "MB7-SA-003",
              "another device's secondary address selects it"},
             mismatch_selects},
    FaultRow{
        {"selection.nke-keeps", Seam::table, "MB7-SA-007", "SND_NKE to FDh leaves it selected"},
        nke_keeps},
    FaultRow{
        {"selection.not-needed", Seam::table, "MB2-LL-051", "FDh is answered without a selection"},
        not_needed},
    FaultRow{{"selection.not-needed-for-data", Seam::table, "MB2-LL-051",
              "SND_UD to FDh is acknowledged without a selection"},
             not_needed_for_data},
    FaultRow{{"selection.not-needed-for-nke", Seam::table, "MB2-LL-051",
              "SND_NKE to FDh is acknowledged without a selection"},
             not_needed_for_nke},
    FaultRow{{"selection.obsolete-keeps", Seam::table, "MB7-SA-011",
              "the selection with CI 56h leaves it selected"},
             obsolete_keeps},
    FaultRow{{"selection.obsolete-selects", Seam::table, "MB7-SA-011",
              "the selection with CI 56h selects it"},
             obsolete_selects},
    FaultRow{{"selection.primary-deselects", Seam::table, "MB7-SA-013",
              "a request to its primary address deselects it"},
             primary_deselects},
    FaultRow{{"selection.primary-unanswered", Seam::table, "MB7-SA-013",
              "while selected it does not answer its primary address"},
             primary_unanswered},
    FaultRow{{"selection.request-deselects", Seam::table, "MB7-SA-018",
              "the first REQ_UD2 to FDh deselects it"},
             request_deselects},
    FaultRow{{"selection.request-unanswered", Seam::table, "MB7-SA-012",
              "REQ_UD2 to FDh gets no answer"},
             request_unanswered},
    FaultRow{{"selection.survives-power-fail", Seam::supply, "MB7-SA-018",
              "it is still selected after a power fail"},
             ConductEdit::selection_kept},
    FaultRow{
        {"selection.type-uncompared", Seam::application, "MB7-SA-003", "every device type matches"},
        SelectionEdit{Selection::not_compared, 11, 11}},
    FaultRow{
        {"selection.version-uncompared", Seam::application, "MB7-SA-003", "every version matches"},
        SelectionEdit{Selection::not_compared, 10, 10}},
    FaultRow{{"selection.wildcard-first-digit", Seam::application, "MB7-SA-004",
              "a wildcard for the first digit matches nobody"},
             SelectionEdit{Selection::wild_unknown, 0, 0}},
    FaultRow{{"selection.wildcard-last-digit", Seam::application, "MB7-SA-004",
              "a wildcard for the last digit matches nobody"},
             SelectionEdit{Selection::wild_unknown, 7, 7}},
    FaultRow{{"selection.wildcard-low-digits", Seam::application, "MB7-SA-004",
              "wildcards for the second digits of the bytes match nobody"},
             SelectionEdit{Selection::wild_unknown, 5, 5}},
    FaultRow{{"selection.wildcard-manufacturer", Seam::application, "MB7-SA-005",
              "a wildcard for the manufacturer matches nobody"},
             SelectionEdit{Selection::wild_unknown, 8, 9}},
    FaultRow{{"selection.wildcard-manufacturer-byte", Seam::application, "MB7-SA-006",
              "a wildcard for the second manufacturer byte matches nobody"},
             SelectionEdit{Selection::wild_unknown, 9, 9}},
    FaultRow{{"selection.wildcard-type", Seam::application, "MB7-SA-005",
              "a wildcard for the device type matches nobody"},
             SelectionEdit{Selection::wild_unknown, 11, 11}},
    FaultRow{{"selection.wildcard-version", Seam::application, "MB7-SA-005",
              "a wildcard for the version matches nobody"},
             SelectionEdit{Selection::wild_unknown, 10, 10}},
    FaultRow{{"selection.wildcards-unknown", Seam::application, "MB7-SA-004",
              "a selection with a wildcard digit in the identification number matches nobody"},
             SelectionEdit{Selection::wild_unknown, 0, 7}},
    FaultRow{{"selection.without-reset", Seam::table, "MB7-SA-009",
              "a selection does not clear the FCB and the sequence"},
             without_reset},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> selection_fault_rows() {
    return rows;
}

} // namespace meterbench::models
