// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace meterbench::core::application {

/// The base units of the VIF tables. A VIF's power of ten, and prefixes such as the k of kvarh, are
/// in its exponent. Time spans keep the unit they are sent in.
enum class Unit : std::uint8_t {
    none, ///< a number, a text, a date
    watt_hour,
    var_hour,
    volt_ampere_hour,
    joule,
    calorie,
    cubic_metre,
    cubic_foot,
    gallon, ///< US gallon; obsolete since 2004
    kilogram,
    second,
    minute,
    hour,
    day,
    month,
    year,
    watt,
    var,
    volt_ampere,
    joule_per_hour,
    cubic_metre_per_hour,
    cubic_metre_per_minute,
    cubic_metre_per_second,
    gallon_per_minute,
    gallon_per_hour,
    kilogram_per_hour,
    celsius,
    fahrenheit, ///< obsolete since 2004
    kelvin,
    bar,
    volt,
    ampere,
    hertz,
    percent,
    degree,
    decibel_milliwatt,
    baud,
    bit_time,
    currency, ///< local currency units
    per_4096, ///< heat cost allocator factors: multiples of 2^-12
};

/// The names, ASCII, in the order of the enumeration.
inline constexpr std::array<std::string_view, 40> unit_names{
    "",     "Wh",     "varh", "VAh",     "J",     "cal",  "m3",   "ft3",       "gal",      "kg",
    "s",    "min",    "h",    "d",       "month", "year", "W",    "var",       "VA",       "J/h",
    "m3/h", "m3/min", "m3/s", "gal/min", "gal/h", "kg/h", "degC", "degF",      "K",        "bar",
    "V",    "A",      "Hz",   "%",       "deg",   "dBm",  "Bd",   "bit times", "currency", "1/4096",
};
static_assert(unit_names.size() == static_cast<std::size_t>(Unit::per_4096) + 1);

[[nodiscard]] constexpr std::string_view name_of(Unit unit) {
    return unit_names[static_cast<std::size_t>(unit)];
}
/// The unit of this name; none when there is no such name. The empty name is Unit::none.
[[nodiscard]] std::optional<Unit> unit_of(std::string_view name);

} // namespace meterbench::core::application
