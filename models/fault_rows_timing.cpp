// SPDX-License-Identifier: Apache-2.0
// Faults of time.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using core::BitTime;
using core::Limit;
using rig::Seam;

constexpr Limit too_late{BitTime{341}, std::chrono::milliseconds{51}};

constexpr Limit too_early{BitTime{9}, {}};

constexpr std::array rows{
    FaultRow{{"timing.response-early", Seam::limits, "MB2-LL-016",
              "answers begin 9 bit times after the request"},
             DelayEdit{too_early}},
    FaultRow{{"timing.response-late", Seam::limits, "MB2-LL-017",
              "answers begin 341 bit times + 51 ms after the request"},
             DelayEdit{too_late}},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> timing_fault_rows() {
    return rows;
}

} // namespace meterbench::models
