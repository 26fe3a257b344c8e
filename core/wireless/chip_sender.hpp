// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/chips.hpp"
#include "core/wireless/mode.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::wireless {

/// What of the frame around the bytes is not as the mode has it. All empty: as the standard asks,
/// with the shortest preamble and postamble.
struct ChipFraming {
    std::optional<std::uint16_t> preamble_repeats{}; ///< of the preamble's unit
    std::optional<ChipWord> sync{};
    std::optional<std::uint8_t> postamble{}; ///< chips
};

/// Appends a whole frame to `out`: preamble, sync word for the format, the bytes in the mode's line
/// code, postamble (alternating, beginning with the inverse of the last chip). `bytes` is the frame
/// from the L-field to the last CRC; it is sent as it is. chips_on_air() says how many chips that
/// are; out.complete() afterwards says whether they fitted.
void write_chips(const ModeRow& row, FrameFormat format, std::span<const std::uint8_t> bytes,
                 bytes::ChipWriter& out, const ChipFraming& framing = {});

} // namespace meterbench::core::wireless
