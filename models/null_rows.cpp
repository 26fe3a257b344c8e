// SPDX-License-Identifier: Apache-2.0
// Null devices: what is on the bus is no meter. None may pass a case.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Seam = rig::Seam;

constexpr std::array rows{
    FaultRow{{"null.echo", Seam::application, "", "returns every byte it hears"},
             ConductEdit::echo},
    FaultRow{{"null.noise", Seam::application, "", "sends random bytes behind every frame"},
             ConductEdit::noise},
    FaultRow{{"null.replay", Seam::application, "",
              "sends E5h and a good RSP_UD in turn, whatever is asked"},
             ConductEdit::replay},
    FaultRow{{"null.silent", Seam::application, "", "hears all and never answers"},
             ConductEdit::silent},
    FaultRow{{"null.unplugged", Seam::application, "", "is not on the bus"},
             ConductEdit::unplugged},
    FaultRow{{"null.yes", Seam::application, "", "sends E5h behind everything it hears"},
             ConductEdit::yes},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> null_rows() {
    return rows;
}

} // namespace meterbench::models
