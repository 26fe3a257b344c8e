// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/application/table.hpp"
#include "core/application/vife_table.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace meterbench::core::application {

/// What follows the transport header.
enum class Body : std::uint8_t {
    none,    ///< nothing, or what this decoder passes on undecoded
    records, ///< a full frame
    fixed,   ///< the fixed data structure of EN 1434-3
    compact, ///< a compact frame
    format,  ///< a format frame
    alarm,
    application_error,
    command,   ///< records from the master
    selection, ///< a secondary address, maybe with records behind it
    reset,     ///< application reset or select: subcodes, or none
};
inline constexpr std::array<std::string_view, 10> body_names{
    "none",  "records",           "fixed",   "compact",   "format",
    "alarm", "application_error", "command", "selection", "reset"};
[[nodiscard]] constexpr std::string_view name_of(Body body) {
    return body_names[static_cast<std::size_t>(body)];
}

/// Who sends a CI-field.
enum class CiDirection : std::uint8_t { both, to_meter, from_meter };

/// How a wired decoder treats a CI-field.
enum class CiUse : std::uint8_t {
    decoded,   ///< its body is decoded
    bare,      ///< it has no data: set baud rate, synchronise action, transport layer alone
    passed_on, ///< other protocols and layers: header decoded, the rest left alone
    reserved,
};

struct CiRow {
    std::uint8_t first;
    std::uint8_t last;
    HeaderKind header;
    CiDirection direction;
    Body body;
    CiUse use;
    std::string_view name;
};

/// EN 13757-3:2018 clause 5, EN 13757-7:2018 clause 5, one row a range of codes.
inline constexpr auto ci_rows = [] {
    constexpr auto none = HeaderKind::none;
    constexpr auto brief = HeaderKind::short_header;
    constexpr auto full = HeaderKind::long_header;
    using enum CiDirection;
    using enum CiUse;
    const auto unused = [](std::uint8_t first, std::uint8_t last) {
        return CiRow{first, last, HeaderKind::none, both, Body::none, reserved, "reserved"};
    };
    const auto other = [](std::uint8_t code, HeaderKind header, CiDirection direction,
                          std::string_view name) {
        return CiRow{code, code, header, direction, Body::none, passed_on, name};
    };
    return std::array{
        CiRow{0x00, 0x1F, none, both, Body::none, passed_on, "DLMS based application"},
        unused(0x20, 0x4F),
        CiRow{0x50, 0x50, none, to_meter, Body::reset, decoded, "application reset or select"},
        CiRow{0x51, 0x51, none, to_meter, Body::command, decoded, "command"},
        CiRow{0x52, 0x52, none, to_meter, Body::selection, decoded, "selection of device"},
        CiRow{0x53, 0x53, full, to_meter, Body::reset, decoded, "application reset or select"},
        CiRow{0x54, 0x54, none, to_meter, Body::none, bare,
              "request of selected application (until 2013: synchronise action)"},
        CiRow{0x55, 0x55, full, to_meter, Body::none, bare, "request of selected application"},
        unused(0x56, 0x59),
        CiRow{0x5A, 0x5A, brief, to_meter, Body::command, decoded, "command"},
        CiRow{0x5B, 0x5B, full, to_meter, Body::command, decoded, "command"},
        CiRow{0x5C, 0x5C, none, to_meter, Body::none, bare, "synchronise action"},
        unused(0x5D, 0x5E),
        other(0x5F, full, to_meter, "specific usage"),
        other(0x60, full, to_meter, "DLMS/COSEM command"),
        other(0x61, brief, to_meter, "DLMS/COSEM command"),
        unused(0x62, 0x63),
        other(0x64, full, to_meter, "OBIS type descriptors"),
        other(0x65, brief, to_meter, "OBIS type descriptors"),
        CiRow{0x66, 0x66, none, from_meter, Body::reset, decoded,
              "response of selected application"},
        CiRow{0x67, 0x67, brief, from_meter, Body::reset, decoded,
              "response of selected application"},
        CiRow{0x68, 0x68, full, from_meter, Body::reset, decoded,
              "response of selected application"},
        CiRow{0x69, 0x69, none, from_meter, Body::format, decoded, "format frame"},
        CiRow{0x6A, 0x6A, brief, from_meter, Body::format, decoded, "format frame"},
        CiRow{0x6B, 0x6B, full, from_meter, Body::format, decoded, "format frame"},
        CiRow{0x6C, 0x6C, full, to_meter, Body::none, decoded, "clock synchronisation, absolute"},
        CiRow{0x6D, 0x6D, full, to_meter, Body::none, decoded, "clock synchronisation, relative"},
        CiRow{0x6E, 0x6E, brief, from_meter, Body::application_error, decoded, "application error"},
        CiRow{0x6F, 0x6F, full, from_meter, Body::application_error, decoded, "application error"},
        CiRow{0x70, 0x70, none, from_meter, Body::application_error, decoded, "application error"},
        CiRow{0x71, 0x71, none, from_meter, Body::alarm, decoded, "alarm"},
        CiRow{0x72, 0x72, full, from_meter, Body::records, decoded, "response"},
        CiRow{0x73, 0x73, full, from_meter, Body::compact, decoded,
              "compact frame (until 2013: fixed data structure)"},
        CiRow{0x74, 0x74, brief, from_meter, Body::alarm, decoded, "alarm"},
        CiRow{0x75, 0x75, full, from_meter, Body::alarm, decoded, "alarm"},
        unused(0x76, 0x77),
        CiRow{0x78, 0x78, none, from_meter, Body::records, decoded, "response"},
        CiRow{0x79, 0x79, none, from_meter, Body::compact, decoded, "compact frame"},
        CiRow{0x7A, 0x7A, brief, from_meter, Body::records, decoded, "response"},
        CiRow{0x7B, 0x7B, brief, from_meter, Body::compact, decoded, "compact frame"},
        other(0x7C, full, from_meter, "DLMS/COSEM response"),
        other(0x7D, brief, from_meter, "DLMS/COSEM response"),
        other(0x7E, full, from_meter, "OBIS type"),
        other(0x7F, brief, from_meter, "OBIS type"),
        CiRow{0x80, 0x80, full, to_meter, Body::none, bare, "transport layer to device"},
        other(0x81, none, both, "network layer"),
        other(0x82, full, to_meter, "network management to device"),
        other(0x83, none, to_meter, "network management to device"),
        CiRow{0x84, 0x84, full, to_meter, Body::none, bare,
              "transport layer to device, compact frame expected"},
        CiRow{0x85, 0x85, full, to_meter, Body::none, bare,
              "transport layer to device, format frame expected"},
        other(0x86, none, both, "extended link layer V"),
        other(0x87, full, from_meter, "network management from device"),
        other(0x88, brief, from_meter, "network management from device"),
        other(0x89, none, from_meter, "network management from device"),
        CiRow{0x8A, 0x8A, brief, from_meter, Body::none, bare, "transport layer from device"},
        CiRow{0x8B, 0x8B, full, from_meter, Body::none, bare, "transport layer from device"},
        other(0x8C, none, both, "extended link layer I"),
        other(0x8D, none, both, "extended link layer II"),
        other(0x8E, none, both, "extended link layer III"),
        other(0x8F, none, both, "extended link layer IV"),
        other(0x90, none, both, "authentication and fragmentation layer"),
        unused(0x91, 0x9D),
        other(0x9E, brief, both, "specific usage"),
        other(0x9F, full, both, "specific usage"),
        CiRow{0xA0, 0xB7, none, both, Body::none, passed_on, "manufacturer specific"},
        CiRow{0xB8, 0xB8, none, to_meter, Body::none, bare, "set baud rate 300"},
        CiRow{0xB9, 0xB9, none, to_meter, Body::none, bare, "set baud rate 600"},
        CiRow{0xBA, 0xBA, none, to_meter, Body::none, bare, "set baud rate 1200"},
        CiRow{0xBB, 0xBB, none, to_meter, Body::none, bare, "set baud rate 2400"},
        CiRow{0xBC, 0xBC, none, to_meter, Body::none, bare, "set baud rate 4800"},
        CiRow{0xBD, 0xBD, none, to_meter, Body::none, bare, "set baud rate 9600"},
        CiRow{0xBE, 0xBE, none, to_meter, Body::none, bare, "set baud rate 19200"},
        CiRow{0xBF, 0xBF, none, to_meter, Body::none, bare, "set baud rate 38400"},
        other(0xC0, full, to_meter, "image transfer"),
        other(0xC1, brief, from_meter, "image transfer"),
        other(0xC2, full, from_meter, "image transfer"),
        other(0xC3, full, to_meter, "security information transfer"),
        other(0xC4, brief, from_meter, "security information transfer"),
        other(0xC5, full, from_meter, "security information transfer"),
        unused(0xC6, 0xFF),
    };
}();
static_assert(covers<0xFF>(ci_rows), "the CI-field table has a gap or a double");

/// What a CI-field says of its telegram; decoding copies a row of a table.
struct CiMeaning {
    std::uint8_t ci = 0;
    Body body = Body::none;
    Direction direction = Direction::from_meter;
    HeaderKind header = HeaderKind::none;
};

/// What decoding needs of a row, one entry a code.
struct CiEntry {
    CiMeaning meaning{};
    CiUse use = CiUse::reserved;
    std::uint8_t row = 0;
};
inline constexpr auto ci_entries =
    expand<CiEntry, 256>(ci_rows, [](const CiRow& row, std::uint8_t index, std::uint8_t ci) {
        const Direction direction =
            row.direction == CiDirection::to_meter ? Direction::from_master : Direction::from_meter;
        return CiEntry{{ci, row.body, direction, row.header}, row.use, index};
    });

[[nodiscard]] constexpr const CiRow& ci_row(std::uint8_t ci) {
    return ci_rows[ci_entries[ci].row];
}
[[nodiscard]] constexpr std::string_view ci_name(std::uint8_t ci) {
    return ci_row(ci).name;
}

} // namespace meterbench::core::application
