// SPDX-License-Identifier: Apache-2.0
// Benign variants: devices at the edge of what is allowed. All must pass.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Action = core::link::SecondaryAction;
using Answer = AnswerEdit::Kind;
using Answers = DelayEdit::Answers;
using BitTime = core::BitTime;
using Command = CommandEdit::Kind;
using Event = core::link::SecondaryEvent;
using Guard = core::link::SecondaryGuard;
using Limit = core::Limit;
using Output = OutputEdit::Kind;
using Seam = rig::Seam;
using Selection = SelectionEdit::Kind;
using State = core::link::SecondaryState;
using namespace std::chrono_literals;

constexpr Limit fastest{BitTime{11}, {}};

constexpr Limit slowest{BitTime{330}, 50ms};

constexpr Limit almost_late{BitTime{329}, 50ms};

constexpr Limit almost_early{BitTime{12}, {}};

constexpr std::array<std::uint8_t, 3> fillers{0x2F, 0x2F, 0x2F};

constexpr std::array<std::uint8_t, 1> filler{0x2F};

constexpr std::array<std::uint8_t, 5> vife_unknown{0x02, 0xDB, 0x14, 0x0A, 0x00};

constexpr std::array<std::uint8_t, 8> vife_extension{0x04, 0x84, 0xFC, 0x10,
                                                     0x01, 0x00, 0x00, 0x00};

constexpr std::array<std::uint8_t, 4> vif_rare{0x01, 0xFD, 0x66, 0x00};

constexpr std::array<std::uint8_t, 5> vif_manufacturer{0x02, 0xFF, 0x2A, 0x34, 0x12};

constexpr std::array<std::uint8_t, 7> vif_plain_text{0x01, 0x7C, 0x03, 0x65, 0x63, 0x69, 0x07};

constexpr std::array<std::uint8_t, 8> text{0x0D, 0xFD, 0x11, 0x04, 0x31, 0x32, 0x33, 0x34};

constexpr std::array<std::uint8_t, 4> text_empty{0x0D, 0xFD, 0x11, 0x00};

constexpr std::array<std::uint8_t, 6> binary_variable{0x0D, 0xFD, 0x3A, 0xE2, 0x34, 0x12};

constexpr std::array<std::uint8_t, 7> real{0x05, 0xAB, 0x3C, 0x00, 0x00, 0x80, 0x3F};

constexpr std::array<std::uint8_t, 7> real_invalid{0x05, 0xAB, 0x3C, 0x00, 0x00, 0xC0, 0x7F};

constexpr std::array<std::uint8_t, 11> int64{0x07, 0x83, 0x3C, 0x01, 0x00, 0x00,
                                             0x00, 0x00, 0x00, 0x00, 0x00};

constexpr std::array<std::uint8_t, 5> integer_invalid{0x02, 0xDB, 0x3C, 0x00, 0x80};

constexpr std::array<std::uint8_t, 5> bcd_negative{0x0A, 0xE7, 0x3C, 0x12, 0xF0};

constexpr std::array<std::uint8_t, 5> date_invalid{0xC2, 0x1F, 0x6C, 0xFF, 0xFF};

constexpr std::array<std::uint8_t, 7> time_invalid{0xC4, 0x1F, 0x6D, 0x80, 0x00, 0x00, 0x00};

constexpr std::array<std::uint8_t, 5> date_every{0xC2, 0x2F, 0x6C, 0xE0, 0xFF};

constexpr std::array<std::uint8_t, 9> time_long{0xC6, 0x1F, 0x6D, 0x0B, 0x0C,
                                                0x8D, 0x59, 0x13, 0x0C};

constexpr std::array<std::uint8_t, 3> record_error{0x00, 0xBB, 0x15};

constexpr std::array<std::uint8_t, 13> ten_difes{0x81, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
                                                 0x90, 0x90, 0x90, 0x10, 0x13, 0x00};

constexpr std::array<std::uint8_t, 13> ten_vifes{0x01, 0x94, 0xBC, 0xBC, 0xBC, 0xBC, 0xBC,
                                                 0xBC, 0xBC, 0xBC, 0xBC, 0x3C, 0x00};

constexpr std::array<std::uint8_t, 8> register_number{0x84, 0x83, 0x00, 0x03,
                                                      0x01, 0x00, 0x00, 0x00};

constexpr std::array nke_deselects{TableEdit{
    Event::nke_own, {}, Action::reset_and_acknowledge, State::selected, State::deselected}};

constexpr std::array request_without_fcv_unanswered{
    TableEdit{Event::request2_own, Guard::fcb_not_valid, Action::ignore_unsupported},
    TableEdit{Event::request2_selected, Guard::fcb_not_valid, Action::ignore_unsupported}};

constexpr std::array rows{
    FaultRow{{"benign.almost-early", Seam::limits, "MB2-LL-016",
              "answers begin 12 bit times after the request"},
             DelayEdit{almost_early}},
    FaultRow{{"benign.almost-late", Seam::limits, "MB2-LL-017",
              "answers begin 329 bit times + 50 ms after the request"},
             DelayEdit{almost_late}},
    FaultRow{{"benign.applications-unknown", Seam::application, "MB3-AP-002",
              "every application select acts as an application reset"},
             CommandEdit{Command::cut, 0x50, 0x50, 0}},
    FaultRow{{"benign.bcd-negative", Seam::application, "MB3-TY-001",
              "a record is a negative BCD number"},
             AnswerEdit{Answer::insert, -1, 0, bcd_negative}},
    FaultRow{{"benign.binary-variable", Seam::application, "MB3-RC-022",
              "a record is a binary number of variable length"},
             AnswerEdit{Answer::insert, -1, 0, binary_variable}},
    FaultRow{
        {"benign.date-every", Seam::application, "MB3-TY-011", "a date says every day and month"},
        AnswerEdit{Answer::insert, -1, 0, date_every}},
    FaultRow{{"benign.date-invalid", Seam::application, "MB3-TY-012", "a date says invalid"},
             AnswerEdit{Answer::insert, -1, 0, date_invalid}},
    FaultRow{{"benign.difes-ten", Seam::application, "MB3-RC-002", "a record has ten DIFEs"},
             AnswerEdit{Answer::insert, -1, 0, ten_difes}},
    FaultRow{{"benign.enhanced-unknown", Seam::application, "MB7-SA-017",
              "it does not know enhanced selection"},
             SelectionEdit{Selection::appended_refused, 0, 0}},
    FaultRow{{"benign.error-in-status", Seam::application, "MB7-TL-012",
              "application errors are told by the status"},
             AnswerEdit{Answer::error_in_records, 0, 0}},
    FaultRow{{"benign.error-without-code", Seam::application, "MB3-AP-022",
              "application errors are reported without a code"},
             AnswerEdit{Answer::error_without_code, 0, 0}},
    FaultRow{{"benign.fastest", Seam::limits, "MB2-LL-016",
              "answers begin 11 bit times after the request, the earliest allowed"},
             DelayEdit{fastest}},
    FaultRow{{"benign.fillers-between", Seam::application, "MB3-RC-010",
              "an idle filler 2Fh stands between records"},
             AnswerEdit{Answer::insert, 1, 0, filler}},
    FaultRow{{"benign.fillers-first", Seam::application, "MB3-RC-010",
              "idle fillers 2Fh come before the records"},
             AnswerEdit{Answer::insert, 0, 0, fillers}},
    FaultRow{{"benign.fillers-last", Seam::application, "MB3-RC-010",
              "idle fillers 2Fh come behind the records"},
             AnswerEdit{Answer::insert, -1, 0, fillers}},
    FaultRow{{"benign.gap-small", Seam::octets_out, "MB2-LL-014",
              "a quarter of a bit time of idle between octets: within sampling tolerance"},
             OutputEdit{Output::gap_all, 0, 2}},
    FaultRow{{"benign.int64", Seam::application, "", "a record has 64 bits"},
             AnswerEdit{Answer::insert, -1, 0, int64}},
    FaultRow{{"benign.integer-invalid", Seam::application, "MB3-TY-003",
              "a record is an integer that says invalid"},
             AnswerEdit{Answer::insert, -1, 0, integer_invalid}},
    FaultRow{{"benign.manufacturer-data", Seam::application, "MB3-RC-011",
              "manufacturer specific data end the last telegram"},
             AnswerEdit{Answer::manufacturer_data, 0, 6}},
    FaultRow{{"benign.nke-deselects", Seam::table, "MB7-SA-008",
              "SND_NKE to its primary address deselects it"},
             nke_deselects},
    FaultRow{
        {"benign.padding-after-more", Seam::application, "MB3-RC-012", "00h bytes follow DIF 1Fh"},
        AnswerEdit{Answer::padding, 0, 5}},
    FaultRow{{"benign.rate-fast", Seam::octets_out, "MB2-PH-035", "answers are sent 0.4 % fast"},
             OutputEdit{Output::rate, 4, 0}},
    FaultRow{{"benign.rate-slow", Seam::octets_out, "MB2-PH-035", "answers are sent 0.4 % slow"},
             OutputEdit{Output::rate, -4, 0}},
    FaultRow{
        {"benign.real", Seam::application, "MB3-TY-006", "a record is a floating point number"},
        AnswerEdit{Answer::insert, -1, 0, real}},
    FaultRow{{"benign.real-invalid", Seam::application, "MB3-TY-006",
              "a record is a floating point number that is none"},
             AnswerEdit{Answer::insert, -1, 0, real_invalid}},
    FaultRow{{"benign.record-error", Seam::application, "MB3-RC-041",
              "a record carries the error: no data available"},
             AnswerEdit{Answer::insert, -1, 0, record_error}},
    FaultRow{{"benign.record-missing", Seam::application, "", "an optional record is missing"},
             AnswerEdit{Answer::drop_record, 4, 0}},
    FaultRow{
        {"benign.records-reversed", Seam::application, "", "the records come in the other order"},
        AnswerEdit{Answer::reverse_records, 0, 0}},
    FaultRow{{"benign.register-number", Seam::application, "MB3-RC-009",
              "a storage number is marked as register number by a last DIFE 00h"},
             AnswerEdit{Answer::insert, -1, 0, register_number}},
    FaultRow{{"benign.request-without-fcv-unanswered", Seam::table, "MB2-LL-034",
              "REQ_UD2 without FCV gets no answer"},
             request_without_fcv_unanswered},
    FaultRow{
        {"benign.selected-address", Seam::octets_out, "MB2-LL-055", "answers at FDh carry FDh"},
        OutputEdit{Output::address, 0, 0xFD}},
    FaultRow{{"benign.slow-acknowledge", Seam::limits, "MB2-LL-017",
              "RSP_UD comes fast, E5h at the latest allowed"},
             DelayEdit{slowest, Answers::acknowledge}},
    FaultRow{{"benign.slow-data", Seam::limits, "MB2-LL-017",
              "E5h comes fast, RSP_UD at the latest allowed"},
             DelayEdit{slowest, Answers::data}},
    FaultRow{{"benign.slowest", Seam::limits, "MB2-LL-017",
              "answers begin 330 bit times + 50 ms after the request, the latest allowed"},
             DelayEdit{slowest}},
    FaultRow{{"benign.status-manufacturer", Seam::application, "MB7-TL-011",
              "the manufacturer bits of the status are set"},
             AnswerEdit{Answer::header_flip, 10, 0xE0}},
    FaultRow{
        {"benign.status-power-low", Seam::application, "MB7-TL-011", "the status says power low"},
        AnswerEdit{Answer::header_flip, 10, 0x04}},
    FaultRow{{"benign.status-temporary-error", Seam::application, "MB7-TL-011",
              "the status says temporary error"},
             AnswerEdit{Answer::header_flip, 10, 0x10}},
    FaultRow{{"benign.text", Seam::application, "MB3-RC-020", "a record is a text"},
             AnswerEdit{Answer::insert, -1, 0, text}},
    FaultRow{{"benign.text-empty", Seam::application, "MB3-RC-020",
              "a record is a text of no characters"},
             AnswerEdit{Answer::insert, -1, 0, text_empty}},
    FaultRow{
        {"benign.time-invalid", Seam::application, "MB3-TY-009", "a date and time says invalid"},
        AnswerEdit{Answer::insert, -1, 0, time_invalid}},
    FaultRow{{"benign.time-long", Seam::application, "MB3-TY-014", "a date and time has 48 bits"},
             AnswerEdit{Answer::insert, -1, 0, time_long}},
    FaultRow{{"benign.vif-manufacturer", Seam::application, "MB3-RC-035",
              "a record has the VIF FFh of the manufacturer"},
             AnswerEdit{Answer::insert, -1, 0, vif_manufacturer}},
    FaultRow{{"benign.vif-plain-text", Seam::application, "MB3-RC-034",
              "a record has a unit in plain text"},
             AnswerEdit{Answer::insert, -1, 0, vif_plain_text}},
    FaultRow{{"benign.vif-rare", Seam::application, "MB3-RC-028",
              "a record has a rare code of the FDh table"},
             AnswerEdit{Answer::insert, -1, 0, vif_rare}},
    FaultRow{{"benign.vife-extension", Seam::application, "MB3-RC-032",
              "a record carries a VIFE of the FCh table"},
             AnswerEdit{Answer::insert, -1, 0, vife_extension}},
    FaultRow{{"benign.vife-unknown", Seam::application, "MB3-RC-031",
              "a record carries a legal VIFE that few know"},
             AnswerEdit{Answer::insert, -1, 0, vife_unknown}},
    FaultRow{{"benign.vifes-ten", Seam::application, "MB3-RC-003", "a record has ten VIFEs"},
             AnswerEdit{Answer::insert, -1, 0, ten_vifes}},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> benign_rows() {
    return rows;
}

} // namespace meterbench::models
