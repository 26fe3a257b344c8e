// SPDX-License-Identifier: Apache-2.0
// Faults of the application: what it answers and does.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using rig::Seam;

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
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> application_fault_rows() {
    return rows;
}

} // namespace meterbench::models
