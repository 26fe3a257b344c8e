// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/wireless/frame.hpp"
#include "core/wireless/mode.hpp"

#include <optional>
#include <string_view>

namespace meterbench::formats {

/// A line of a file of telegrams: their hex, and what the receiver says besides.
struct ReceivedLine {
    std::string_view hex;
    std::optional<core::wireless::Mode> mode{};
    core::wireless::Handover handover = core::wireless::Handover::unknown;
    /// What the receiver, which does the checks itself, found wrong.
    std::optional<core::FaultCode> fault{};
};

/// Takes a line apart: hex alone, or what rtl_wmbus prints, `MODE;CRC_OK;3OUTOF6_OK;time;RSSI;RSSI;
/// ID;0xHEX`, whose frames have no CRCs and the L-field of format A; CRC_OK and 3OUTOF6_OK are 1
/// or 0. A line that is neither is hex
/// as a whole, for its reader to refuse. Views into `line`.
[[nodiscard]] ReceivedLine read_received_line(std::string_view line);

/// The mode of that name (S1, S1-m, ... F2); none where there is no such name.
[[nodiscard]] std::optional<core::wireless::Mode> mode_named(std::string_view name);

} // namespace meterbench::formats
