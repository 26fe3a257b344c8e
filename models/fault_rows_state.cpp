// SPDX-License-Identifier: Apache-2.0
// Conditions inside a meter: no faults, but what others have to see of them.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Seam = rig::Seam;

constexpr std::array alarm_parameters{rig::FaultParameter{"code", "type D", 0, 255, 4}};

constexpr std::array rows{
    FaultRow{{"state.alarm", Seam::application, "",
              "an alarm stands: class 1 data, ACD, status 11b", alarm_parameters},
             ConditionEdit::alarm},
    FaultRow{{"state.busy", Seam::application, "", "the status says application busy"},
             ConditionEdit::busy},
    FaultRow{{"state.permanent-error", Seam::application, "", "the status says permanent error"},
             ConditionEdit::permanent_error},
    FaultRow{{"state.power-low", Seam::application, "", "the status says power low"},
             ConditionEdit::power_low},
    FaultRow{{"state.temporary-error", Seam::application, "", "the status says temporary error"},
             ConditionEdit::temporary_error},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> state_fault_rows() {
    return rows;
}

} // namespace meterbench::models
