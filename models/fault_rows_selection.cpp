// SPDX-License-Identifier: Apache-2.0
// Faults of secondary addressing.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using core::link::SecondaryAction;
using core::link::SecondaryEvent;
using core::link::SecondaryState;
using rig::Seam;

constexpr std::array unselected_answers{TableEdit{
    SecondaryEvent::request2_selected, {}, SecondaryAction::send_next, SecondaryState::deselected}};

constexpr std::array mismatch_stays_selected{
    TableEdit{SecondaryEvent::select_mismatch, {}, SecondaryAction::select_and_acknowledge, {}}};

constexpr std::array match_unanswered{
    TableEdit{SecondaryEvent::select_match, {}, SecondaryAction::deselect, {}}};

constexpr std::array nke_keeps_selection{TableEdit{
    SecondaryEvent::nke_selected, {}, SecondaryAction::acknowledge, SecondaryState::selected}};

constexpr std::array rows{
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
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> selection_fault_rows() {
    return rows;
}

} // namespace meterbench::models
