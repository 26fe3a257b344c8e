// SPDX-License-Identifier: Apache-2.0
// Faults of records and their values.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Answer = AnswerEdit::Kind;
using Seam = rig::Seam;

constexpr std::array<std::uint8_t, 14> eleven_difes{0x81, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91,
                                                    0x91, 0x91, 0x91, 0x91, 0x01, 0x13, 0x00};

constexpr std::array<std::uint8_t, 14> eleven_vifes{0x01, 0x93, 0xBC, 0xBC, 0xBC, 0xBC, 0xBC,
                                                    0xBC, 0xBC, 0xBC, 0xBC, 0xBC, 0x3C, 0x00};

constexpr std::array<std::uint8_t, 1> dif_3f{0x3F};

constexpr std::array<std::uint8_t, 1> dif_4f{0x4F};

constexpr std::array<std::uint8_t, 1> dif_5f{0x5F};

constexpr std::array<std::uint8_t, 1> dif_6f{0x6F};

constexpr std::array<std::uint8_t, 1> global_readout{0x7F};

constexpr std::array<std::uint8_t, 2> selection_record{0x08, 0x13};

constexpr std::array<std::uint8_t, 4> lvar_reserved{0x0D, 0x78, 0xFF, 0x00};

constexpr std::array<std::uint8_t, 5> text_too_long{0x0D, 0xFD, 0x0E, 0x30, 0x41};

constexpr std::array<std::uint8_t, 4> last_cut{0x04, 0x13, 0x01, 0x02};

constexpr std::array<std::uint8_t, 1> vif_missing{0x04};

constexpr std::array<std::uint8_t, 3> vif_any{0x01, 0x7E, 0x00};

constexpr std::array<std::uint8_t, 4> vif_third_table{0x01, 0xEF, 0x00, 0x00};

constexpr std::array<std::uint8_t, 2> extension_missing{0x01, 0xFD};

constexpr std::array<std::uint8_t, 6> same_energy{0x0C, 0x06, 0x00, 0x50, 0x03, 0x00};

constexpr std::array<std::uint8_t, 1> bcd_letter{0x7A};

constexpr std::array<std::uint8_t, 1> bcd_sign_inside{0xF8};

constexpr std::array<std::uint8_t, 1> minute_60{0x3C};

constexpr std::array<std::uint8_t, 2> hour_24{0x1E, 0x18};

constexpr std::array<std::uint8_t, 4> month_13{0x1E, 0x0C, 0x5F, 0x3D};

constexpr std::array<std::uint8_t, 2> date_month_13{0x3F, 0x3D};

constexpr std::array<std::uint8_t, 2> date_31_april{0x3F, 0x34};

constexpr std::array<std::uint8_t, 6> date_long{0x44, 0x6C, 0x3F, 0x3C, 0x00, 0x00};

constexpr std::array<std::uint8_t, 4> lvar_bcd_reserved{0x0D, 0x13, 0xCA, 0x00};

constexpr std::array<std::uint8_t, 3> error_code_reserved{0x00, 0x93, 0x0A};

constexpr std::array rows{
    FaultRow{
        {"records.bcd-letter", Seam::application, "MB3-TY-001", "a digit of a BCD number is Ah"},
        AnswerEdit{Answer::set_data, 0, 0, bcd_letter, AnswerEdit::Pick{0xC, 0x78}}},
    FaultRow{{"records.bcd-sign-inside", Seam::application, "MB3-TY-001",
              "a digit of a BCD number that is not the first is Fh"},
             AnswerEdit{Answer::set_data, 0, 0, bcd_sign_inside, AnswerEdit::Pick{0xC, 0x78}}},
    FaultRow{{"records.date-day-31-april", Seam::application, "MB3-TY-012", "a date is 31 April"},
             AnswerEdit{Answer::set_data, 0, 0, date_31_april, AnswerEdit::Pick{0x2, 0x6C}}},
    FaultRow{{"records.date-month-13", Seam::application, "MB3-TY-012", "a date has month 13"},
             AnswerEdit{Answer::set_data, 0, 0, date_month_13, AnswerEdit::Pick{0x2, 0x6C}}},
    FaultRow{{"records.date-order", Seam::application, "MB3-RC-018", "the date is sent MSB first"},
             AnswerEdit{AnswerEdit::Kind::reverse_data, 0, 0, {}, AnswerEdit::Pick{0x2, 0x6C}}},
    FaultRow{{"records.date-too-long", Seam::application, "MB3-TY-018", "a date has 32 bits"},
             AnswerEdit{Answer::insert, -1, 0, date_long}},
    FaultRow{{"records.dif-global-readout", Seam::application, "MB3-RC-016",
              "DIF 7Fh stands among the records"},
             AnswerEdit{Answer::insert, 0, 0, global_readout}},
    FaultRow{{"records.dif-reserved-3f", Seam::application, "MB3-RC-015",
              "the reserved DIF 3Fh stands among the records"},
             AnswerEdit{Answer::insert, 0, 0, dif_3f}},
    FaultRow{{"records.dif-reserved-4f", Seam::application, "MB3-RC-015",
              "the reserved DIF 4Fh stands among the records"},
             AnswerEdit{Answer::insert, 0, 0, dif_4f}},
    FaultRow{{"records.dif-reserved-5f", Seam::application, "MB3-RC-015",
              "the reserved DIF 5Fh stands among the records"},
             AnswerEdit{Answer::insert, 0, 0, dif_5f}},
    FaultRow{{"records.dif-reserved-6f", Seam::application, "MB3-RC-015",
              "the reserved DIF 6Fh stands among the records"},
             AnswerEdit{Answer::insert, 0, 0, dif_6f}},
    FaultRow{{"records.dif-selection", Seam::application, "MB3-RC-017",
              "a record with DIF 08h stands in the answer"},
             AnswerEdit{Answer::insert, 0, 0, selection_record}},
    FaultRow{{"records.difes-eleven", Seam::application, "MB3-RC-002", "a record has eleven DIFEs"},
             AnswerEdit{Answer::insert, 0, 0, eleven_difes}},
    FaultRow{{"records.energy-order", Seam::application, "MB3-RC-018",
              "the first energy is sent MSB first"},
             AnswerEdit{AnswerEdit::Kind::reverse_data, 0, 0, {}, AnswerEdit::Pick{0x4, 0x06}}},
    FaultRow{{"records.error-code-action", Seam::application, "MB3-RC-040",
              "an answer carries the VIFE 0Ah, which is no record error"},
             AnswerEdit{Answer::insert, -1, 0, error_code_reserved}},
    FaultRow{{"records.extension-missing", Seam::application, "MB3-RC-025",
              "VIF FDh is the last byte, without its code"},
             AnswerEdit{Answer::append, 0, 0, extension_missing}},
    FaultRow{{"records.last-cut", Seam::application, "MB3-RC-001",
              "the data of the last record are cut"},
             AnswerEdit{Answer::append, 0, 0, last_cut}},
    FaultRow{{"records.lvar-bcd-reserved", Seam::application, "MB3-RC-023",
              "a record has the reserved LVAR CAh"},
             AnswerEdit{Answer::append, 0, 0, lvar_bcd_reserved}},
    FaultRow{{"records.lvar-reserved", Seam::application, "MB3-RC-023",
              "a record has the reserved LVAR FFh"},
             AnswerEdit{Answer::insert, -1, 0, lvar_reserved}},
    FaultRow{{"records.more-always", Seam::application, "MB3-RC-012",
              "DIF 1Fh ends the last telegram too"},
             AnswerEdit{Answer::more_always, 0, 0}},
    FaultRow{{"records.more-never", Seam::application, "MB3-RC-012",
              "DIF 1Fh is missing though more telegrams follow"},
             AnswerEdit{Answer::more_never, 0, 0}},
    FaultRow{{"records.repeated", Seam::application, "MB3-AP-041", "one record is there two times"},
             AnswerEdit{Answer::repeat_record, 1, 0}},
    FaultRow{{"records.same-in-other-coding", Seam::application, "MB3-AP-041",
              "the energy is there once more, in other digits"},
             AnswerEdit{Answer::insert, 0, 0, same_energy}},
    FaultRow{{"records.text-too-long", Seam::application, "MB3-RC-019",
              "LVAR counts more bytes than follow"},
             AnswerEdit{Answer::append, 0, 0, text_too_long}},
    FaultRow{
        {"records.time-hour-24", Seam::application, "MB3-TY-008", "a date and time has hour 24"},
        AnswerEdit{Answer::set_data, 0, 0, hour_24, AnswerEdit::Pick{0x4, 0x6D}}},
    FaultRow{{"records.time-minute-60", Seam::application, "MB3-TY-008",
              "a date and time has minute 60"},
             AnswerEdit{Answer::set_data, 0, 0, minute_60, AnswerEdit::Pick{0x4, 0x6D}}},
    FaultRow{
        {"records.time-month-13", Seam::application, "MB3-TY-008", "a date and time has month 13"},
        AnswerEdit{Answer::set_data, 0, 0, month_13, AnswerEdit::Pick{0x4, 0x6D}}},
    FaultRow{{"records.time-order", Seam::application, "MB3-RC-018",
              "the date and time is sent MSB first"},
             AnswerEdit{AnswerEdit::Kind::reverse_data, 0, 0, {}, AnswerEdit::Pick{0x4, 0x6D}}},
    FaultRow{{"records.vif-any", Seam::application, "MB3-RC-036", "a record has VIF 7Eh, any VIF"},
             AnswerEdit{Answer::insert, 0, 0, vif_any}},
    FaultRow{{"records.vif-missing", Seam::application, "MB3-RC-001",
              "a DIF stands at the end, without a VIF"},
             AnswerEdit{Answer::append, 0, 0, vif_missing}},
    FaultRow{{"records.vif-third-table", Seam::application, "MB3-RC-033",
              "a record has the reserved VIF EFh"},
             AnswerEdit{Answer::insert, 0, 0, vif_third_table}},
    FaultRow{{"records.vifes-eleven", Seam::application, "MB3-RC-003", "a record has eleven VIFEs"},
             AnswerEdit{Answer::insert, 0, 0, eleven_vifes}},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> records_fault_rows() {
    return rows;
}

} // namespace meterbench::models
