// SPDX-License-Identifier: Apache-2.0
// Faults of time: before and behind the reply window.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using Answers = DelayEdit::Answers;
using BitTime = core::BitTime;
using Limit = core::Limit;
using Seam = rig::Seam;
using namespace std::chrono_literals;

constexpr Limit too_early{BitTime{9}, {}};

constexpr Limit one_early{BitTime{10}, {}};

constexpr Limit at_once{BitTime{0}, {}};

constexpr Limit too_late{BitTime{341}, 51ms};

constexpr Limit one_late{BitTime{331}, 50ms};

constexpr Limit very_late{BitTime{0}, 1100ms};

constexpr std::array rows{
    FaultRow{{"timing.ack-early", Seam::limits, "MB2-LL-016",
              "acknowledges begin 10 bit times after the request"},
             DelayEdit{one_early, Answers::acknowledge}},
    FaultRow{{"timing.ack-late", Seam::limits, "MB2-LL-017",
              "acknowledges begin 331 bit times + 50 ms after the request"},
             DelayEdit{one_late, Answers::acknowledge}},
    FaultRow{{"timing.data-early", Seam::limits, "MB2-LL-016",
              "RSP_UDs begin 10 bit times after the request"},
             DelayEdit{one_early, Answers::data}},
    FaultRow{{"timing.data-late", Seam::limits, "MB2-LL-017",
              "RSP_UDs begin 331 bit times + 50 ms after the request"},
             DelayEdit{one_late, Answers::data}},
    FaultRow{{"timing.response-at-once", Seam::limits, "MB2-LL-016",
              "answers begin with the end of the request"},
             DelayEdit{at_once}},
    FaultRow{{"timing.response-early", Seam::limits, "MB2-LL-016",
              "answers begin 9 bit times after the request"},
             DelayEdit{too_early}},
    FaultRow{{"timing.response-early-by-one", Seam::limits, "MB2-LL-016",
              "answers begin 10 bit times after the request"},
             DelayEdit{one_early}},
    FaultRow{{"timing.response-late", Seam::limits, "MB2-LL-017",
              "answers begin 341 bit times + 51 ms after the request"},
             DelayEdit{too_late}},
    FaultRow{{"timing.response-late-by-one", Seam::limits, "MB2-LL-017",
              "answers begin 331 bit times + 50 ms after the request"},
             DelayEdit{one_late}},
    FaultRow{{"timing.response-very-late", Seam::limits, "MB2-LL-017",
              "answers begin 1.1 s after the request"},
             DelayEdit{very_late}},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> timing_fault_rows() {
    return rows;
}

} // namespace meterbench::models
