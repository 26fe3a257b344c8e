// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/table.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace meterbench::core::application {

/// EN 13757-7:2018 table 13 (the "medium" of older texts).
struct DeviceTypeRow {
    std::uint8_t first;
    std::uint8_t last;
    std::string_view name;
};

inline constexpr std::array device_type_rows{
    DeviceTypeRow{0x00, 0x00, "other"},
    DeviceTypeRow{0x01, 0x01, "oil"},
    DeviceTypeRow{0x02, 0x02, "electricity"},
    DeviceTypeRow{0x03, 0x03, "gas"},
    DeviceTypeRow{0x04, 0x04, "heat"},
    DeviceTypeRow{0x05, 0x05, "steam"},
    DeviceTypeRow{0x06, 0x06, "warm water"},
    DeviceTypeRow{0x07, 0x07, "water"},
    DeviceTypeRow{0x08, 0x08, "heat cost allocator"},
    DeviceTypeRow{0x09, 0x09, "compressed air"},
    DeviceTypeRow{0x0A, 0x0A, "cooling (outlet)"},
    DeviceTypeRow{0x0B, 0x0B, "cooling (inlet)"},
    DeviceTypeRow{0x0C, 0x0C, "heat (inlet)"},
    DeviceTypeRow{0x0D, 0x0D, "heat/cooling"},
    DeviceTypeRow{0x0E, 0x0E, "bus/system component"},
    DeviceTypeRow{0x0F, 0x0F, "unknown"},
    DeviceTypeRow{0x10, 0x10, "irrigation water"},
    DeviceTypeRow{0x11, 0x11, "water data logger"},
    DeviceTypeRow{0x12, 0x12, "gas data logger"},
    DeviceTypeRow{0x13, 0x13, "gas converter"},
    DeviceTypeRow{0x14, 0x14, "calorific value"},
    DeviceTypeRow{0x15, 0x15, "hot water"},
    DeviceTypeRow{0x16, 0x16, "cold water"},
    DeviceTypeRow{0x17, 0x17, "dual register water"},
    DeviceTypeRow{0x18, 0x18, "pressure"},
    DeviceTypeRow{0x19, 0x19, "A/D converter"},
    DeviceTypeRow{0x1A, 0x1A, "smoke detector"},
    DeviceTypeRow{0x1B, 0x1B, "room sensor"},
    DeviceTypeRow{0x1C, 0x1C, "gas detector"},
    DeviceTypeRow{0x1D, 0x1F, "reserved sensor"},
    DeviceTypeRow{0x20, 0x20, "breaker"},
    DeviceTypeRow{0x21, 0x21, "valve"},
    DeviceTypeRow{0x22, 0x24, "reserved switching device"},
    DeviceTypeRow{0x25, 0x25, "customer unit"},
    DeviceTypeRow{0x26, 0x27, "reserved customer unit"},
    DeviceTypeRow{0x28, 0x28, "waste water"},
    DeviceTypeRow{0x29, 0x29, "garbage"},
    DeviceTypeRow{0x2A, 0x2A, "reserved carbon dioxide"},
    DeviceTypeRow{0x2B, 0x2F, "reserved environmental device"},
    DeviceTypeRow{0x30, 0x30, "service tool"},
    DeviceTypeRow{0x31, 0x31, "communication controller"},
    DeviceTypeRow{0x32, 0x32, "unidirectional repeater"},
    DeviceTypeRow{0x33, 0x33, "bidirectional repeater"},
    DeviceTypeRow{0x34, 0x35, "reserved system device"},
    DeviceTypeRow{0x36, 0x36, "radio converter (system side)"},
    DeviceTypeRow{0x37, 0x37, "radio converter (meter side)"},
    DeviceTypeRow{0x38, 0x38, "bus converter (meter side)"},
    DeviceTypeRow{0x39, 0x3F, "reserved system device"},
    DeviceTypeRow{0x40, 0xFE, "reserved"},
    DeviceTypeRow{0xFF, 0xFF, "wildcard"},
};
static_assert(covers<0xFF>(device_type_rows), "the device type table has a gap or a double");

inline constexpr auto device_type_index = expand<std::uint8_t, 256>(
    device_type_rows, [](const DeviceTypeRow&, std::uint8_t index, std::uint8_t) { return index; });

[[nodiscard]] constexpr std::string_view device_type_name(std::uint8_t device_type) {
    return device_type_rows[device_type_index[device_type]].name;
}

/// The device type of this name; none for reserved ranges and unknown names.
[[nodiscard]] constexpr std::optional<std::uint8_t> device_type_of(std::string_view name) {
    for (const DeviceTypeRow& row : device_type_rows) {
        if (row.first == row.last && row.name == name) {
            return row.first;
        }
    }
    return std::nullopt;
}

} // namespace meterbench::core::application
