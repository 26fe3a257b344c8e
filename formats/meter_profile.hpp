// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "formats/json_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// One record of a simulated meter. Quantity, unit, coding, function and qualifiers are names of
/// the application layer's tables, as `meterbench decode` prints them; whoever builds the meter
/// looks them up. The value sent is `value` (plus growth), in units of 10^exponent `unit`.
struct ProfilePoint {
    std::string quantity;
    std::string unit;
    int exponent = 0; ///< power of ten of the last digit sent, -12 to 12
    std::string coding;
    std::string value;         ///< exact decimal of unit x 10^0 where numeric, else the text
    std::string per_hour;      ///< growth, exact decimal; empty: none
    std::uint64_t storage = 0; ///< below 2^41
    std::uint32_t tariff = 0;  ///< below 2^20
    std::uint32_t subunit = 0; ///< below 2^10
    std::string function = "instantaneous";
    std::vector<std::string> qualifiers; ///< VIFEs in order
    bool writable = false;               ///< commands may change it
    std::optional<std::size_t> freezes;  ///< index of the point whose value it takes when frozen
};

/// What a selectable application answers with.
struct ProfileApplication {
    std::uint8_t number = 0; ///< 1 to 15: the high nibble of the subcode
    std::vector<std::vector<std::size_t>> telegrams;
};

/// A kind of meter made from records, schema `meterbench.meter/1` (docs/files.md).
struct MeterProfile {
    std::string manufacturer; ///< three capital letters
    std::uint8_t version = 0;
    std::string device_type; ///< a name of the device type table
    std::vector<ProfilePoint> points;
    /// One list of indices into points a telegram, in order; never empty.
    std::vector<std::vector<std::size_t>> telegrams;
    std::uint8_t status = 0;        ///< status byte of the data header
    std::uint8_t access_number = 0; ///< of the first answer after power-up
    std::vector<core::Baud> baud;   ///< rates that a command can set; none: it stays at its own
    bool alarms = false;            ///< answers REQ_UD1
    bool address_writable = true;
    bool identification_writable = false;
    bool clock_writable = true;
    std::vector<ProfileApplication> applications;
    std::string text; ///< the file as it was read
};

[[nodiscard]] FileResult<MeterProfile> load_meter_profile(const std::filesystem::path& path);
[[nodiscard]] FileResult<MeterProfile> parse_meter_profile(std::string_view text,
                                                           std::string_view file);

} // namespace meterbench::formats
