// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/chip_sender.hpp"

#include "core/bytes/line_code.hpp"

namespace meterbench::core::wireless {

void write_chips(const ModeRow& row, FrameFormat format, std::span<const std::uint8_t> bytes,
                 bytes::ChipWriter& out, const ChipFraming& framing) {
    const unsigned repeats = framing.preamble_repeats.value_or(row.preamble.repeats);
    for (unsigned i = 0; i < repeats; ++i) {
        out.put(row.preamble.unit.chips, row.preamble.unit.length);
    }
    const ChipWord sync = framing.sync.value_or(row.sync(format));
    out.put(sync.chips, sync.length);
    bytes::encode_chips(row.coding, bytes, out);
    const unsigned tail = framing.postamble.value_or(row.postamble.min);
    bool chip = bytes.empty() ? (sync.chips & 1U) != 0
                              : (bytes::chips_of(row.coding, bytes.back()) & 1U) != 0;
    for (unsigned i = 0; i < tail; ++i) {
        chip = !chip;
        out.put(chip ? 1 : 0, 1);
    }
}

} // namespace meterbench::core::wireless
