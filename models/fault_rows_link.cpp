// SPDX-License-Identifier: Apache-2.0
// Faults of the link layer: its state table, and what the device does unasked.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Action = core::link::SecondaryAction;
using Event = core::link::SecondaryEvent;
using Guard = core::link::SecondaryGuard;
using Input = InputEdit::Kind;
using Output = OutputEdit::Kind;
using Seam = rig::Seam;

constexpr std::array answer_answered{TableEdit{Event::answer, {}, Action::acknowledge}};

constexpr std::array broadcast_data_answered{
    TableEdit{Event::data_broadcast, {}, Action::execute_and_acknowledge}};

constexpr std::array broadcast_data_ignored{
    TableEdit{Event::data_broadcast, {}, Action::ignore_broadcast}};

constexpr std::array broadcast_nke_answered{
    TableEdit{Event::nke_broadcast, {}, Action::acknowledge}};

constexpr std::array broadcast_nke_ignored{
    TableEdit{Event::nke_broadcast, {}, Action::ignore_broadcast}};

constexpr std::array broadcast_request_answered{
    TableEdit{Event::request2_broadcast, {}, Action::send_next}};

constexpr std::array broadcast_answered{
    TableEdit{Event::nke_broadcast, {}, Action::acknowledge},
    TableEdit{Event::request2_broadcast, {}, Action::send_next}};

constexpr std::array data_answered_with_data{TableEdit{Event::data_own, {}, Action::send_current}};

constexpr std::array data_unanswered{TableEdit{Event::data_own, {}, Action::execute}};

constexpr std::array data_repeated_executed{
    TableEdit{Event::data_own, Guard::fcb_repeated, Action::execute_and_acknowledge},
    TableEdit{Event::data_selected, Guard::fcb_repeated, Action::execute_and_acknowledge}};

constexpr std::array data_repeated_unanswered{
    TableEdit{Event::data_own, Guard::fcb_repeated, Action::ignore_unsupported}};

constexpr std::array fcb_ignored{
    TableEdit{Event::request2_own, Guard::fcb_repeated, Action::send_next},
    TableEdit{Event::request2_selected, Guard::fcb_repeated, Action::send_next}};

constexpr std::array fcb_repeated_unanswered{
    TableEdit{Event::request2_own, Guard::fcb_repeated, Action::ignore_unsupported}};

constexpr std::array fcb_stuck{
    TableEdit{Event::request2_own, Guard::fcb_fresh, Action::send_current},
    TableEdit{Event::request2_selected, Guard::fcb_fresh, Action::send_current}};

constexpr std::array fcb_without_fcv{
    TableEdit{Event::request2_own, Guard::fcb_not_valid, Action::send_next},
    TableEdit{Event::request2_selected, Guard::fcb_not_valid, Action::send_next}};

constexpr std::array foreign_answered{TableEdit{Event::foreign, {}, Action::acknowledge}};

constexpr std::array foreign_answered_with_data{
    TableEdit{Event::foreign, {}, Action::send_current}};

constexpr std::array misfit_answered{TableEdit{Event::misfit, {}, Action::acknowledge}};

constexpr std::array misfit_answered_with_data{TableEdit{Event::misfit, {}, Action::send_current}};

constexpr std::array nke_answered_with_data{TableEdit{Event::nke_own, {}, Action::send_current}};

constexpr std::array nke_unanswered{TableEdit{Event::nke_own, {}, Action::ignore_unsupported}};

constexpr std::array nke_without_answer{TableEdit{Event::nke_own, {}, Action::reset}};

constexpr std::array nke_without_reset{TableEdit{Event::nke_own, {}, Action::acknowledge}};

constexpr std::array request_acknowledged{TableEdit{Event::request2_own, {}, Action::acknowledge}};

constexpr std::array request_unanswered{
    TableEdit{Event::request2_own, {}, Action::ignore_unsupported}};

constexpr std::array unsupported_answered{TableEdit{Event::unsupported, {}, Action::acknowledge}};

constexpr std::array unsupported_answered_with_data{
    TableEdit{Event::unsupported, {}, Action::send_current}};

constexpr std::array rows{
    FaultRow{{"link.address-bit-0-ignored", Seam::octets_in, "MB2-LL-056",
              "frames for the address that differs in bit 0 are answered"},
             InputEdit{Input::address_bit_ignored, 0x01}},
    FaultRow{{"link.address-bit-6-ignored", Seam::octets_in, "MB2-LL-056",
              "frames for the address that differs in bit 6 are answered"},
             InputEdit{Input::address_bit_ignored, 0x40}},
    FaultRow{{"link.answer-answered", Seam::table, "MB2-LL-025",
              "the answer of another meter is acknowledged"},
             answer_answered},
    FaultRow{
        {"link.answers-twice", Seam::octets_out, "MB2-LL-022", "every answer is sent two times"},
        OutputEdit{Output::twice, 0, 0}},
    FaultRow{{"link.broadcast-answered", Seam::table, "MB2-LL-053", "a frame to FFh is answered"},
             broadcast_answered},
    FaultRow{{"link.broadcast-data-answered", Seam::table, "MB2-LL-053",
              "SND_UD to FFh is acknowledged"},
             broadcast_data_answered},
    FaultRow{
        {"link.broadcast-data-ignored", Seam::table, "MB2-LL-053", "SND_UD to FFh is not executed"},
        broadcast_data_ignored},
    FaultRow{{"link.broadcast-nke-answered", Seam::table, "MB2-LL-053",
              "SND_NKE to FFh is acknowledged"},
             broadcast_nke_answered},
    FaultRow{
        {"link.broadcast-nke-ignored", Seam::table, "MB2-LL-053", "SND_NKE to FFh resets nothing"},
        broadcast_nke_ignored},
    FaultRow{{"link.broadcast-request-answered", Seam::table, "MB2-LL-053",
              "REQ_UD2 to FFh is answered"},
             broadcast_request_answered},
    FaultRow{{"link.chatter-acknowledge", Seam::application, "MB2-LL-022",
              "E5h after 10 s of idle, unasked"},
             ConductEdit::chatter_acknowledge},
    FaultRow{{"link.chatter-data", Seam::application, "MB2-LL-022",
              "RSP_UD after 10 s of idle, unasked"},
             ConductEdit::chatter_data},
    FaultRow{{"link.data-answered-with-data", Seam::table, "MB2-LL-027",
              "SND_UD is answered with RSP_UD"},
             data_answered_with_data},
    FaultRow{{"link.data-fcb-0-unheard", Seam::octets_in, "MB2-LL-027",
              "SND_UD with FCB = 0 (53h) gets no answer"},
             InputEdit{Input::control_unheard, 0x53}},
    FaultRow{{"link.data-fcb-1-unheard", Seam::octets_in, "MB2-LL-027",
              "SND_UD with FCB = 1 (73h) gets no answer"},
             InputEdit{Input::control_unheard, 0x73}},
    FaultRow{{"link.data-repeated-executed", Seam::table, "MB2-LL-043",
              "a repeated SND_UD is executed again"},
             data_repeated_executed},
    FaultRow{{"link.data-repeated-unanswered", Seam::table, "MB2-LL-043",
              "a repeated SND_UD gets no answer"},
             data_repeated_unanswered},
    FaultRow{{"link.data-unanswered", Seam::table, "MB2-LL-027",
              "SND_UD is executed and not acknowledged"},
             data_unanswered},
    FaultRow{{"link.fcb-ignored", Seam::table, "MB2-LL-038", "the same FCB gets the next telegram"},
             fcb_ignored},
    FaultRow{
        {"link.fcb-repeated-unanswered", Seam::table, "MB2-LL-038", "the same FCB gets no answer"},
        fcb_repeated_unanswered},
    FaultRow{{"link.fcb-stuck", Seam::table, "MB2-LL-037", "a toggled FCB gets the same telegram"},
             fcb_stuck},
    FaultRow{
        {"link.fcb-without-fcv", Seam::table, "MB2-LL-034", "with FCV = 0 the next telegram comes"},
        fcb_without_fcv},
    FaultRow{{"link.foreign-answered", Seam::table, "MB2-LL-056",
              "frames for other addresses are acknowledged"},
             foreign_answered},
    FaultRow{{"link.foreign-answered-with-data", Seam::table, "MB2-LL-056",
              "frames for other addresses are answered with RSP_UD"},
             foreign_answered_with_data},
    FaultRow{{"link.misfit-answered", Seam::table, "MB2-LL-076",
              "a control field in the wrong frame format is acknowledged"},
             misfit_answered},
    FaultRow{{"link.misfit-answered-with-data", Seam::table, "MB2-LL-076",
              "a control field in the wrong frame format is answered with RSP_UD"},
             misfit_answered_with_data},
    FaultRow{{"link.nke-answered-with-data", Seam::table, "MB2-LL-026",
              "SND_NKE is answered with RSP_UD"},
             nke_answered_with_data},
    FaultRow{{"link.nke-unanswered", Seam::table, "MB2-LL-026", "SND_NKE gets no answer"},
             nke_unanswered},
    FaultRow{
        {"link.nke-without-answer", Seam::table, "MB2-LL-026", "SND_NKE resets and gets no answer"},
        nke_without_answer},
    FaultRow{{"link.nke-without-reset", Seam::table, "MB2-LL-035",
              "SND_NKE is acknowledged and resets nothing"},
             nke_without_reset},
    FaultRow{{"link.nke-without-rewind", Seam::application, "MB2-LL-036",
              "SND_NKE does not start the telegrams again"},
             SequenceEdit::rewind_ignored},
    FaultRow{
        {"link.request-acknowledged", Seam::table, "MB2-LL-028", "REQ_UD2 is answered with E5h"},
        request_acknowledged},
    FaultRow{{"link.request-fcb-0-unheard", Seam::octets_in, "MB2-LL-028",
              "REQ_UD2 with FCB = 0 (5Bh) gets no answer"},
             InputEdit{Input::control_unheard, 0x5B}},
    FaultRow{{"link.request-fcb-1-unheard", Seam::octets_in, "MB2-LL-028",
              "REQ_UD2 with FCB = 1 (7Bh) gets no answer"},
             InputEdit{Input::control_unheard, 0x7B}},
    FaultRow{{"link.request-unanswered", Seam::table, "MB2-LL-028", "REQ_UD2 gets no answer"},
             request_unanswered},
    FaultRow{{"link.telegram-skipped", Seam::application, "MB2-LL-037",
              "the third telegram follows the first"},
             SequenceEdit::second_skipped},
    FaultRow{{"link.telegrams-end", Seam::application, "MB2-LL-037",
              "behind the last telegram comes the last again, not the first"},
             SequenceEdit::wrap_missing},
    FaultRow{{"link.telegrams-stop", Seam::application, "MB2-LL-037",
              "only the first telegram comes, though it announces more"},
             SequenceEdit::first_only},
    FaultRow{
        {"link.test-address-echoed", Seam::octets_out, "MB2-LL-054", "answers to FEh carry FEh"},
        OutputEdit{Output::answer_to_request_address, 0, 0}},
    FaultRow{
        {"link.test-address-unheard", Seam::octets_in, "MB2-LL-052", "frames to FEh get no answer"},
        InputEdit{Input::address_unheard, 0xFE}},
    FaultRow{{"link.unsupported-answered", Seam::table, "MB2-LL-033",
              "unknown functions are acknowledged"},
             unsupported_answered},
    FaultRow{{"link.unsupported-answered-with-data", Seam::table, "MB2-LL-033",
              "unknown functions are answered with RSP_UD"},
             unsupported_answered_with_data},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> link_fault_rows() {
    return rows;
}

} // namespace meterbench::models
