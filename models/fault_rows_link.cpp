// SPDX-License-Identifier: Apache-2.0
// Faults of the link layer: its state table.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using core::link::SecondaryAction;
using core::link::SecondaryEvent;
using core::link::SecondaryGuard;
using rig::Seam;

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

constexpr std::array rows{
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
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> link_fault_rows() {
    return rows;
}

} // namespace meterbench::models
