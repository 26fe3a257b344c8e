// SPDX-License-Identifier: Apache-2.0
#include "formats/received_line.hpp"

#include <algorithm>

namespace meterbench::formats {

std::optional<core::wireless::Mode> mode_named(std::string_view name) {
    for (const core::wireless::ModeRow& row : core::wireless::mode_table()) {
        if (name_of(row.mode) == name) {
            return row.mode;
        }
    }
    return std::nullopt;
}

ReceivedLine read_received_line(std::string_view line) {
    constexpr std::ptrdiff_t separators = 7;
    constexpr std::string_view prefix = "0x";
    const std::string_view last = line.substr(line.rfind(';') + 1);
    if (std::ranges::count(line, ';') != separators || !last.starts_with(prefix)) {
        return {line};
    }
    const auto mode = mode_named(line.substr(0, line.find(';')));
    if (!mode) {
        return {line};
    }
    const std::size_t crc = line.find(';') + 1;
    ReceivedLine received{last.substr(prefix.size()), mode, core::wireless::Handover::stripped, {}};
    const std::size_t code = line.find(';', crc) + 1; // wrong chips fail the CRC, too
    if (line.substr(crc).starts_with("0;") || line.substr(code).starts_with("0;")) {
        received.fault = core::FaultCode::block_crc_mismatch;
    }
    return received;
}

} // namespace meterbench::formats
