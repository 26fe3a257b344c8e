// SPDX-License-Identifier: Apache-2.0
// Faults of the application: what becomes of commands, and of errors.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Answer = AnswerEdit::Kind;
using Command = CommandEdit::Kind;
using Input = InputEdit::Kind;
using Seam = rig::Seam;

constexpr std::array rows{
    FaultRow{{"application.error-code-wrong", Seam::application, "MB3-AP-023",
              "an unknown CI-field is reported with the reserved code 07h"},
             AnswerEdit{Answer::error_code, 0, 0x07}},
    FaultRow{{"application.error-other-ci", Seam::application, "MB3-AP-022",
              "application errors are reported with CI 76h"},
             AnswerEdit{Answer::error_ci, 0, 0x76}},
    FaultRow{{"application.reset-ignored", Seam::application, "MB3-AP-004",
              "the application reset is acknowledged and has no effect"},
             CommandEdit{Command::swallow, 0x50, 0x50}},
    FaultRow{{"application.reset-unheard", Seam::octets_in, "MB3-AP-001",
              "the application reset gets no answer"},
             InputEdit{Input::command_unheard, 0x50}},
    FaultRow{{"application.reset-unknown", Seam::application, "MB3-AP-001",
              "the application reset is answered with an application error"},
             CommandEdit{Command::as, 0x50, 0x50, 0xA0}},
    FaultRow{{"application.unknown-unreported", Seam::application, "MB7-TL-012",
              "an unknown CI-field is acknowledged and never reported"},
             CommandEdit{Command::swallow, 0xA0, 0xB7}},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> application_fault_rows() {
    return rows;
}

} // namespace meterbench::models
