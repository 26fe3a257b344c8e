// SPDX-License-Identifier: Apache-2.0
// Faults of the world: the wire, the supply, a clock.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Seam = rig::Seam;

constexpr std::array noise_parameters{
    rig::FaultParameter{"rate", "probability a character", 0, 1, 0.001}};

constexpr std::array rows{
    FaultRow{
        {"line.noise", Seam::channel, "", "one flipped bit in some characters", noise_parameters},
        NoiseEdit{}},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> world_fault_rows() {
    return rows;
}

} // namespace meterbench::models
