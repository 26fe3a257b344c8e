// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/table.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace meterbench::core::application {

/// EN 13757-3:2018 clause 10: the code after CI-field 70h, 6Eh or 6Fh.
struct ApplicationErrorRow {
    std::uint8_t first;
    std::uint8_t last;
    std::string_view name;
};

inline constexpr std::array application_error_rows{
    ApplicationErrorRow{0x00, 0x00, "unspecified error"},
    ApplicationErrorRow{0x01, 0x01, "unimplemented CI-field"},
    ApplicationErrorRow{0x02, 0x02, "buffer too long, truncated"},
    ApplicationErrorRow{0x03, 0x03, "too many records"},
    ApplicationErrorRow{0x04, 0x04, "premature end of record"},
    ApplicationErrorRow{0x05, 0x05, "more than 10 DIFEs"},
    ApplicationErrorRow{0x06, 0x06, "more than 10 VIFEs"},
    ApplicationErrorRow{0x07, 0x07, "reserved"},
    ApplicationErrorRow{0x08, 0x08, "application busy"},
    ApplicationErrorRow{0x09, 0x09, "too many readouts"},
    ApplicationErrorRow{0x0A, 0x10, "reserved"},
    ApplicationErrorRow{0x11, 0x11, "no function"},
    ApplicationErrorRow{0x12, 0x12, "data error"},
    ApplicationErrorRow{0x13, 0x13, "routing or relaying error"},
    ApplicationErrorRow{0x14, 0x14, "access violation"},
    ApplicationErrorRow{0x15, 0x15, "parameter error"},
    ApplicationErrorRow{0x16, 0x16, "size error"},
    ApplicationErrorRow{0x17, 0x1F, "reserved"},
    ApplicationErrorRow{0x20, 0x20, "security error"},
    ApplicationErrorRow{0x21, 0x21, "security mechanism not supported"},
    ApplicationErrorRow{0x22, 0x22, "inadequate security method"},
    ApplicationErrorRow{0x23, 0xEF, "reserved"},
    ApplicationErrorRow{0xF0, 0xF0, "dynamic error"},
    ApplicationErrorRow{0xF1, 0xFF, "manufacturer specific"},
};
static_assert(covers<0xFF>(application_error_rows), "a gap or a double");

[[nodiscard]] constexpr std::string_view application_error_name(std::uint8_t code) {
    for (const ApplicationErrorRow& row : application_error_rows) {
        if (code <= row.last) {
            return row.name;
        }
    }
    return {};
}

} // namespace meterbench::core::application
