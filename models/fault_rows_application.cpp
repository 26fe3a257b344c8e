// SPDX-License-Identifier: Apache-2.0
// Faults of the application: what becomes of commands, and of errors.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Action = core::link::SecondaryAction;
using Answer = AnswerEdit::Kind;
using Command = CommandEdit::Kind;
using Event = core::link::SecondaryEvent;
using Guard = core::link::SecondaryGuard;
using Input = InputEdit::Kind;
using Output = OutputEdit::Kind;
using Seam = rig::Seam;

constexpr std::array<std::uint8_t, 2> address_write{0x01, 0x7A};

constexpr std::array<std::uint8_t, 3> flags_write{0x01, 0xFD, 0x17};

constexpr std::array<std::uint8_t, 1> selection{0x08};

constexpr std::array<std::uint8_t, 3> wildcard_selection{0xC8, 0x3F, 0x7E};

constexpr std::array<std::uint8_t, 1> global_readout{0x7F};

constexpr std::array<std::uint8_t, 1> subcode_f{0xF0};

constexpr std::array<std::uint8_t, 1> subcode_1{0x10};

constexpr std::array alarm_unanswered{
    TableEdit{Event::request1_own, {}, Action::ignore_unsupported}};

constexpr std::array alarm_answered_with_data{
    TableEdit{Event::request1_own, {}, Action::send_current}};

constexpr std::array alarm_cleared_unseen{
    TableEdit{Event::request1_own, Guard::fcb_repeated, Action::send_class1_next}};

constexpr std::array alarm_never_cleared{
    TableEdit{Event::request1_own, Guard::always, Action::send_class1_again}};

constexpr std::array rows{
    FaultRow{{"alarm.access-demand-always", Seam::octets_out, "MB2-LL-031",
              "ACD is set though there is no class 1 data"},
             OutputEdit{Output::flip_summed, 4, 0x20}},
    FaultRow{{"alarm.answered-with-data", Seam::table, "MB2-LL-029",
              "REQ_UD1 is answered with class 2 data"},
             alarm_answered_with_data},
    FaultRow{
        {"alarm.ci-other", Seam::application, "MB3-AP-019", "an alarm is reported with CI 70h"},
        AnswerEdit{Answer::alarm_ci, 0, 0x70}},
    FaultRow{{"alarm.cleared-unseen", Seam::table, "MB3-AP-021",
              "an alarm is gone after one answer, also for the same FCB"},
             alarm_cleared_unseen},
    FaultRow{
        {"alarm.never-cleared", Seam::table, "MB3-AP-021", "an alarm stays after a toggled FCB"},
        alarm_never_cleared},
    FaultRow{{"alarm.unanswered", Seam::table, "MB2-LL-029",
              "REQ_UD1 gets no answer though alarms are supported"},
             alarm_unanswered},
    FaultRow{{"application.address-not-used", Seam::application, "MB3-AP-010",
              "a new primary address is taken and not used"},
             LinkChangeEdit::address_ignored},
    FaultRow{{"application.address-other", Seam::application, "MB3-AP-010",
              "the primary address becomes another one than written"},
             CommandEdit{Command::flip, 0x51, 0x51, 0x01, 3, address_write}},
    FaultRow{{"application.address-unchecked", Seam::application, "MB3-AP-011",
              "a primary address above 250 is taken"},
             LinkChangeEdit::address_unchecked},
    FaultRow{{"application.clock-ignored", Seam::application, "MB3-AP-018",
              "a clock synchronisation is acknowledged and has no effect"},
             CommandEdit{Command::swallow, 0x6C, 0x6D}},
    FaultRow{{"application.error-code-wrong", Seam::application, "MB3-AP-023",
              "an unknown CI-field is reported with the reserved code 07h"},
             AnswerEdit{Answer::error_code, 0, 0x07}},
    FaultRow{{"application.error-other-ci", Seam::application, "MB3-AP-022",
              "application errors are reported with CI 76h"},
             AnswerEdit{Answer::error_ci, 0, 0x76}},
    FaultRow{{"application.error-stuck", Seam::application, "MB3-AP-025",
              "an application error is reported until the application reset"},
             SequenceEdit::error_stuck},
    FaultRow{{"application.freeze-ignored", Seam::application, "MB3-AP-017",
              "the synchronise action has no effect"},
             CommandEdit{Command::swallow, 0x5C, 0x5C}},
    FaultRow{{"application.freeze-unknown", Seam::application, "MB3-AP-017",
              "the synchronise action is an unknown CI-field"},
             CommandEdit{Command::as, 0x5C, 0x5C, 0xA0}},
    FaultRow{{"application.global-readout-ignored", Seam::application, "MB3-AP-008",
              "the global readout request has no effect"},
             CommandEdit{Command::swallow, 0x51, 0x51, 0, 0, global_readout}},
    FaultRow{{"application.refusal-hidden", Seam::application, "MB3-AP-016",
              "records that are refused are not reported"},
             SequenceEdit::refusal_hidden},
    FaultRow{{"application.reset-ignored", Seam::application, "MB3-AP-004",
              "the application reset is acknowledged and has no effect"},
             CommandEdit{Command::swallow, 0x50, 0x50}},
    FaultRow{{"application.reset-unheard", Seam::octets_in, "MB3-AP-001",
              "the application reset gets no answer"},
             InputEdit{Input::command_unheard, 0x50}},
    FaultRow{{"application.reset-unknown", Seam::application, "MB3-AP-001",
              "the application reset is answered with an application error"},
             CommandEdit{Command::as, 0x50, 0x50, 0xA0}},
    FaultRow{{"application.select-error", Seam::application, "MB3-AP-002",
              "an application select is an application error"},
             CommandEdit{Command::as, 0x50, 0x50, 0xA0, 0, subcode_1}},
    FaultRow{{"application.selection-ignored", Seam::application, "MB3-AP-006",
              "a selection for readout is acknowledged and has no effect"},
             CommandEdit{Command::swallow, 0x51, 0x51, 0, 0, selection}},
    FaultRow{{"application.subcode-error", Seam::application, "MB3-AP-003",
              "a subcode it does not have is an application error"},
             CommandEdit{Command::as, 0x50, 0x50, 0xA0, 0, subcode_f}},
    FaultRow{{"application.survives-power-fail", Seam::application, "MB3-AP-040",
              "the selected response is still there after a power fail"},
             SequenceEdit::restart_kept},
    FaultRow{{"application.unknown-unreported", Seam::application, "MB7-TL-012",
              "an unknown CI-field is acknowledged and never reported"},
             CommandEdit{Command::swallow, 0xA0, 0xB7}},
    FaultRow{{"application.wildcard-selection-ignored", Seam::application, "MB3-AP-007",
              "a selection with wildcards has no effect"},
             CommandEdit{Command::swallow, 0x51, 0x51, 0, 0, wildcard_selection}},
    FaultRow{{"application.write-ignored", Seam::application, "MB3-AP-014",
              "a write to the error flags is acknowledged and has no effect"},
             CommandEdit{Command::swallow, 0x51, 0x51, 0, 0, flags_write}},
    FaultRow{{"application.write-other-value", Seam::application, "MB3-AP-014",
              "another value than the one written is there afterwards"},
             CommandEdit{Command::flip, 0x51, 0x51, 0x02, 4, flags_write}},
    FaultRow{{"baud.2400-unheard", Seam::octets_in, "MB2-LL-058",
              "the command for 2400 Bd gets no answer"},
             InputEdit{Input::command_unheard, 0xBB}},
    FaultRow{{"baud.300-unheard", Seam::octets_in, "MB2-PH-031",
              "the command for 300 Bd gets no answer"},
             InputEdit{Input::command_unheard, 0xB8}},
    FaultRow{{"baud.fall-back-at-once", Seam::limits, "MB2-LL-058",
              "the old rate is back 20 ms after the acknowledge"},
             TrialEdit{std::chrono::milliseconds{20}}},
    FaultRow{{"baud.no-fall-back", Seam::limits, "MB2-LL-061",
              "a rate that nobody uses stays for a day"},
             TrialEdit{std::chrono::hours{24}}},
    FaultRow{{"baud.not-switched", Seam::application, "MB2-LL-058",
              "a new rate is acknowledged and not used"},
             LinkChangeEdit::rate_ignored},
    FaultRow{{"baud.other-rate", Seam::application, "MB2-LL-058",
              "the rate becomes 600 Bd instead of the one set"},
             LinkChangeEdit::rate_other},
    FaultRow{{"baud.unsupported-switched", Seam::application, "MB2-LL-063",
              "it switches to a rate that it does not support"},
             LinkChangeEdit::rates_unchecked},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> application_fault_rows() {
    return rows;
}

} // namespace meterbench::models
