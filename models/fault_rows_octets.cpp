// SPDX-License-Identifier: Apache-2.0
// Faults of single octets and frames, on their way out and in.
#include "models/fault_rows.hpp"

#include <array>

namespace meterbench::models {

namespace {

using rig::Seam;
using Output = OutputEdit::Kind;

constexpr std::array rows{
    FaultRow{
        {"byte.ack-wrong", Seam::octets_out, "MB2-LL-001", "the acknowledge is A2h instead of E5h"},
        OutputEdit{Output::set_single, 0, 0xA2}},
    FaultRow{{"byte.address-wrong", Seam::octets_out, "MB2-LL-054",
              "answers carry another primary address"},
             OutputEdit{Output::flip_summed, 5, 0x01}},
    FaultRow{{"byte.characters-unchecked", Seam::octets_in, "MB2-LL-011",
              "frames with parity or framing errors are answered"},
             InputEdit::character_unchecked},
    FaultRow{{"byte.checksum", Seam::octets_out, "MB2-LL-006", "answers have a wrong checksum"},
             OutputEdit{Output::flip, -2, 0x01}},
    FaultRow{{"byte.checksum-unchecked", Seam::octets_in, "MB2-LL-007",
              "frames with a wrong checksum are answered"},
             InputEdit::checksum_unchecked},
    FaultRow{{"byte.control-direction", Seam::octets_out, "MB2-LL-024",
              "bit 6 of the control field is set in answers"},
             OutputEdit{Output::flip_summed, 4, 0x40}},
    FaultRow{{"byte.control-reserved", Seam::octets_out, "MB2-LL-023",
              "bit 7 of the control field is set in answers"},
             OutputEdit{Output::flip_summed, 4, 0x80}},
    FaultRow{{"byte.framing", Seam::octets_out, "MB2-PH-036",
              "one character of each answer has a low stop bit"},
             OutputEdit{Output::low_stop_bit, 0, 0}},
    FaultRow{
        {"byte.gap", Seam::octets_out, "MB2-LL-014", "12 bit times of idle inside each answer"},
        OutputEdit{Output::gap, 3, 12}},
    FaultRow{{"byte.length-unchecked", Seam::octets_in, "MB2-LL-009",
              "frames whose L fields differ are answered"},
             InputEdit::length_unchecked},
    FaultRow{
        {"byte.length-wrong", Seam::octets_out, "MB2-LL-003", "the L fields of answers differ"},
        OutputEdit{Output::flip, 2, 0x01}},
    FaultRow{{"byte.parity", Seam::octets_out, "MB2-PH-036",
              "one character of each answer has odd parity"},
             OutputEdit{Output::odd_parity, 0, 0}},
    FaultRow{{"byte.second-start-unchecked", Seam::octets_in, "MB2-LL-010",
              "frames whose second start is not 68h are answered"},
             InputEdit::second_start_unchecked},
    FaultRow{{"byte.stop-unchecked", Seam::octets_in, "MB2-LL-008",
              "frames whose stop is not 16h are answered"},
             InputEdit::stop_unchecked},
    FaultRow{{"byte.stop-wrong", Seam::octets_out, "MB2-LL-003", "answers end with 17h"},
             OutputEdit{Output::flip, -1, 0x01}},
    FaultRow{{"byte.surplus", Seam::octets_out, "MB2-LL-004", "answers have one octet too many"},
             OutputEdit{Output::append, 0, 0x00}},
    FaultRow{{"byte.truncated", Seam::octets_out, "MB2-LL-004", "answers lack their last octet"},
             OutputEdit{Output::drop_last, 0, 1}},
};
static_assert(sorted_by_name(rows));

} // namespace

std::span<const FaultRow> octets_fault_rows() {
    return rows;
}

} // namespace meterbench::models
