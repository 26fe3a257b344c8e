// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/device/meter_description.hpp"
#include "core/time.hpp"
#include "formats/json_reader.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// EN 13757-2, 5.2: the transmission rates of a wired bus.
inline constexpr std::array<std::uint32_t, 8> bus_rates{300,  600,  1200,  2400,
                                                        4800, 9600, 19200, 38400};

/// A simulated bus, schema `meterbench.bus/1` (docs/files.md).
struct BusFile {
    core::Baud baud{2400};
    std::string segment;                                ///< type of installation, `A` unless given
    std::vector<core::device::MeterDescription> meters; ///< names are unique
    std::vector<core::device::FaultDescription> faults; ///< of the wire
};

/// Reads the file. A profile that is a path (it holds a slash or ends in `.json`) is taken relative
/// to the file's folder.
[[nodiscard]] FileResult<BusFile> load_bus_file(const std::filesystem::path& path);

/// The same from text; `file` names it in messages and is what relative paths start from.
[[nodiscard]] FileResult<BusFile> parse_bus_file(std::string_view text, std::string_view file);

/// The same from a value inside another document.
[[nodiscard]] BusFile read_bus(const JsonReader& reader);

/// The primary address a described meter answers to: the one given, else that of its telegram.
[[nodiscard]] std::uint8_t address_of(const core::device::MeterDescription& meter);

/// One of bus_rates, else a complaint.
[[nodiscard]] core::Baud read_baud(const JsonReader& reader);

} // namespace meterbench::formats
