// SPDX-License-Identifier: Apache-2.0
// Faults of the transport header.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Answer = AnswerEdit::Kind;
using Seam = rig::Seam;

constexpr std::array rows{
    FaultRow{{"header.access-number-doubled", Seam::application, "MB7-TL-008",
              "the access number counts by two"},
             AnswerEdit{Answer::access_doubled, 0, 0}},
    FaultRow{{"header.access-number-down", Seam::application, "MB7-TL-008",
              "the access number counts down"},
             AnswerEdit{Answer::access_down, 0, 0}},
    FaultRow{{"header.access-number-seven-bits", Seam::application, "MB7-TL-008",
              "the access number goes from 7Fh to 00h"},
             AnswerEdit{Answer::access_seven_bits, 0, 0}},
    FaultRow{{"header.access-number-stuck", Seam::application, "MB7-TL-008",
              "the access number never changes"},
             AnswerEdit{Answer::header_set, 9, 0}},
    FaultRow{{"header.ci-obsolete", Seam::application, "MB7-TL-001",
              "answers have CI 76h, variable data MSB first"},
             AnswerEdit{Answer::header_set, 0, 0x76}},
    FaultRow{
        {"header.ci-reserved", Seam::application, "MB7-TL-019", "answers have the reserved CI 20h"},
        AnswerEdit{Answer::header_set, 0, 0x20}},
    FaultRow{
        {"header.ci-to-meter", Seam::application, "MB7-TL-001", "answers have CI 5Bh, a command"},
        AnswerEdit{Answer::header_set, 0, 0x5B}},
    FaultRow{{"header.configuration-accessibility", Seam::application, "MB7-TL-014",
              "bit 14 (accessibility) of the configuration field is set"},
             AnswerEdit{Answer::header_flip, 12, 0x40}},
    FaultRow{{"header.configuration-bidirectional", Seam::application, "MB7-TL-014",
              "bit 15 (bidirectional) of the configuration field is set"},
             AnswerEdit{Answer::header_flip, 12, 0x80}},
    FaultRow{{"header.configuration-encrypted", Seam::application, "MB7-TL-013",
              "the configuration field says mode 5, and nothing is encrypted"},
             AnswerEdit{Answer::header_set, 12, 0x05}},
    FaultRow{{"header.configuration-hop-count", Seam::application, "MB7-TL-015",
              "bit 0 (hop count) of the configuration field is set"},
             AnswerEdit{Answer::header_flip, 11, 0x01}},
    FaultRow{{"header.configuration-mode-reserved", Seam::application, "MB7-TL-013",
              "the configuration field says the reserved mode 6"},
             AnswerEdit{Answer::header_set, 12, 0x06}},
    FaultRow{{"header.configuration-repeated", Seam::application, "MB7-TL-015",
              "bit 1 (repeated access) of the configuration field is set"},
             AnswerEdit{Answer::header_flip, 11, 0x02}},
    FaultRow{{"header.configuration-synchronous", Seam::application, "MB7-TL-014",
              "bit 13 (synchronous) of the configuration field is set"},
             AnswerEdit{Answer::header_flip, 12, 0x20}},
    FaultRow{{"header.identification-not-bcd", Seam::application, "MB7-TL-006",
              "a digit of the identification number is Ah"},
             AnswerEdit{Answer::header_set, 1, 0x7A}},
    FaultRow{{"header.identification-order", Seam::application, "MB7-TL-006",
              "the identification number is sent MSB first"},
             AnswerEdit{Answer::identification_msb, 0, 0}},
    FaultRow{{"header.identification-other", Seam::application, "MB7-SA-002",
              "answers carry another identification number than the one it is selected by"},
             AnswerEdit{Answer::header_flip, 1, 0x01}},
    FaultRow{{"header.manufacturer-letter", Seam::application, "MB7-TL-007",
              "a letter of the manufacturer code is outside A to Z"},
             AnswerEdit{Answer::header_set, 5, 0x5F}},
    FaultRow{{"header.manufacturer-not-unique", Seam::application, "MB7-TL-007",
              "bit 15 of the manufacturer code is set"},
             AnswerEdit{Answer::header_flip, 6, 0x80}},
    FaultRow{{"header.manufacturer-order", Seam::application, "MB7-TL-004",
              "the manufacturer is sent MSB first"},
             AnswerEdit{Answer::manufacturer_msb, 0, 0}},
    FaultRow{{"header.manufacturer-zero", Seam::application, "MB7-TL-007",
              "the first letter of the manufacturer code is 0"},
             AnswerEdit{Answer::header_set, 6, 0x00}},
    FaultRow{{"header.missing", Seam::application, "MB7-TL-021",
              "answers have no transport header (CI 78h)"},
             AnswerEdit{Answer::header_none, 0, 0}},
    FaultRow{{"header.short", Seam::application, "MB7-TL-021",
              "answers have a short transport header (CI 7Ah)"},
             AnswerEdit{Answer::header_short, 0, 0}},
    FaultRow{{"header.status-alarm-always", Seam::application, "MB7-TL-010",
              "the status says alarm though there is none"},
             AnswerEdit{Answer::header_set, 10, 0x03}},
    FaultRow{{"header.status-busy-always", Seam::application, "MB7-TL-010",
              "the status says application busy though all is served"},
             AnswerEdit{Answer::header_set, 10, 0x01}},
    FaultRow{{"header.status-error-always", Seam::application, "MB7-TL-010",
              "the status says application error though there was none"},
             AnswerEdit{Answer::header_set, 10, 0x02}},
    FaultRow{{"header.type-wildcard", Seam::application, "MB7-TL-004",
              "the device type is FFh, the wildcard of selections"},
             AnswerEdit{Answer::header_set, 8, 0xFF}},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> header_fault_rows() {
    return rows;
}

} // namespace meterbench::models
