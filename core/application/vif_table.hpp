// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/quantity.hpp"
#include "core/application/table.hpp"
#include "core/application/unit.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace meterbench::core::application {

/// Of DIF, DIFE, VIF and VIFE: another one follows.
inline constexpr std::uint8_t extension_bit = 0x80;
/// VIFs that lead elsewhere (EN 13757-3:2018 table 10): a plain text, and the tables of the code
/// that follows. The bare code of a reserved extension (EFh) is 6Fh.
inline constexpr std::uint8_t vif_plain_text = 0x7C;
inline constexpr std::uint8_t vif_main_extension = 0xFD;
inline constexpr std::uint8_t vif_alternate_extension = 0xFB;
inline constexpr std::uint8_t vif_reserved_extension = 0x6F;

/// How the codes of a row differ from one another.
enum class Scale : std::uint8_t {
    fixed,         ///< all the same
    powers_of_ten, ///< the first has the row's exponent, each next one more
    seconds_up,    ///< the low two bits: s, min, h, d
    hours_up,      ///< the low two bits: h, d, month, year
};

/// What a binary data field of this VIF holds (EN 13757-3:2018 tables 10 and 12, annex A).
enum class DataRule : std::uint8_t {
    signed_number,   ///< type B
    unsigned_number, ///< type C
    bit_field,       ///< type D
    date,            ///< type G, in two bytes only
    date_time,       ///< type J, F, I or M by length
    any_date,        ///< type G, J, F, I or M by length
    daylight_saving, ///< type K
    raw,             ///< containers and type L: bytes in natural order
};
inline constexpr std::size_t data_rule_count = 8;

/// How far a code is part of the standard.
enum class Standing : std::uint8_t {
    current,
    obsolete, ///< defined until 2004, reserved since
    reserved,
};

/// A range of VIF codes with one meaning.
struct VifRow {
    std::uint8_t first;
    std::uint8_t last;
    Quantity quantity;
    Unit unit = Unit::none;
    std::int8_t exponent = 0; ///< of the first code, relative to the unit
    Scale scale = Scale::fixed;
    DataRule rule = DataRule::signed_number;
    Standing standing = Standing::current;
};

/// One VIF code, ready for use.
struct VifEntry {
    Quantity quantity = Quantity::unknown;
    Unit unit = Unit::none;
    std::int8_t exponent = 0;
    DataRule rule = DataRule::signed_number;

    friend constexpr bool operator==(const VifEntry&, const VifEntry&) = default;
};

/// Which table a VIF code belongs to.
enum class VifTable : std::uint8_t { primary, main_extension, main_second_level, alternate };

namespace detail {

using enum Quantity;
using enum Scale;

constexpr VifRow reserved_row(std::uint8_t first, std::uint8_t last) {
    return {
        first, last, unknown, Unit::none, 0, fixed, DataRule::signed_number, Standing::reserved};
}
constexpr VifRow plain(std::uint8_t code, Quantity quantity, Unit unit = Unit::none,
                       DataRule rule = DataRule::unsigned_number) {
    return {code, code, quantity, unit, 0, fixed, rule, Standing::current};
}
constexpr VifRow span_of_time(std::uint8_t first, std::uint8_t last, Quantity quantity,
                              Scale scale = seconds_up, DataRule rule = DataRule::unsigned_number) {
    return {first, last, quantity, Unit::second, 0, scale, rule, Standing::current};
}
constexpr VifRow old(std::uint8_t first, std::uint8_t last, Quantity quantity, Unit unit,
                     std::int8_t exponent = 0) {
    return {first,
            last,
            quantity,
            unit,
            exponent,
            powers_of_ten,
            DataRule::signed_number,
            Standing::obsolete};
}

} // namespace detail

/// EN 13757-3:2018 tables 10 and 11, code without the extension bit.
inline constexpr auto primary_vif_rows = [] {
    using namespace detail;
    return std::array{
        VifRow{0x00, 0x07, energy, Unit::watt_hour, -3, powers_of_ten},
        VifRow{0x08, 0x0F, energy, Unit::joule, 0, powers_of_ten},
        VifRow{0x10, 0x17, volume, Unit::cubic_metre, -6, powers_of_ten},
        VifRow{0x18, 0x1F, mass, Unit::kilogram, -3, powers_of_ten},
        span_of_time(0x20, 0x23, on_time, seconds_up, DataRule::signed_number),
        span_of_time(0x24, 0x27, operating_time, seconds_up, DataRule::signed_number),
        VifRow{0x28, 0x2F, power, Unit::watt, -3, powers_of_ten},
        VifRow{0x30, 0x37, power, Unit::joule_per_hour, 0, powers_of_ten},
        VifRow{0x38, 0x3F, volume_flow, Unit::cubic_metre_per_hour, -6, powers_of_ten},
        VifRow{0x40, 0x47, volume_flow, Unit::cubic_metre_per_minute, -7, powers_of_ten},
        VifRow{0x48, 0x4F, volume_flow, Unit::cubic_metre_per_second, -9, powers_of_ten},
        VifRow{0x50, 0x57, mass_flow, Unit::kilogram_per_hour, -3, powers_of_ten},
        VifRow{0x58, 0x5B, flow_temperature, Unit::celsius, -3, powers_of_ten},
        VifRow{0x5C, 0x5F, return_temperature, Unit::celsius, -3, powers_of_ten},
        VifRow{0x60, 0x63, temperature_difference, Unit::kelvin, -3, powers_of_ten},
        VifRow{0x64, 0x67, external_temperature, Unit::celsius, -3, powers_of_ten},
        VifRow{0x68, 0x6B, pressure, Unit::bar, -3, powers_of_ten},
        plain(0x6C, date, Unit::none, DataRule::date),
        plain(0x6D, date_and_time, Unit::none, DataRule::date_time),
        plain(0x6E, heat_cost_allocator_units, Unit::none, DataRule::signed_number),
        reserved_row(0x6F, 0x6F), // EFh: third extension table, all of it reserved
        span_of_time(0x70, 0x73, averaging_duration, seconds_up, DataRule::signed_number),
        span_of_time(0x74, 0x77, actuality_duration, seconds_up, DataRule::signed_number),
        plain(0x78, fabrication_number),
        plain(0x79, identification),
        plain(0x7A, address),
        reserved_row(0x7B, 0x7B), // FBh: alternate extension table
        plain(0x7C, plain_text, Unit::none, DataRule::signed_number),
        reserved_row(0x7D, 0x7D), // FDh: main extension table
        plain(0x7E, any, Unit::none, DataRule::signed_number),
        plain(0x7F, manufacturer_specific, Unit::none, DataRule::signed_number),
    };
}();

/// EN 13757-3:2018 table 12: the code after FDh.
inline constexpr auto main_extension_rows = [] {
    using namespace detail;
    return std::array{
        VifRow{0x00, 0x03, credit, Unit::currency, -3, powers_of_ten},
        VifRow{0x04, 0x07, debit, Unit::currency, -3, powers_of_ten},
        plain(0x08, message_identification),
        plain(0x09, device_type),
        plain(0x0A, manufacturer),
        plain(0x0B, parameter_set_identification),
        plain(0x0C, model_version),
        plain(0x0D, hardware_version),
        plain(0x0E, metrology_firmware_version),
        plain(0x0F, other_software_version),
        plain(0x10, customer_location),
        plain(0x11, customer),
        plain(0x12, access_code_user),
        plain(0x13, access_code_operator),
        plain(0x14, access_code_system_operator),
        plain(0x15, access_code_developer),
        plain(0x16, password),
        plain(0x17, error_flags, Unit::none, DataRule::bit_field),
        plain(0x18, error_mask),
        plain(0x19, security_key),
        plain(0x1A, digital_output, Unit::none, DataRule::bit_field),
        plain(0x1B, digital_input, Unit::none, DataRule::bit_field),
        plain(0x1C, baud_rate, Unit::baud),
        plain(0x1D, response_delay_time, Unit::bit_time),
        plain(0x1E, retry),
        plain(0x1F, remote_control, Unit::none, DataRule::bit_field),
        plain(0x20, first_storage_number),
        plain(0x21, last_storage_number),
        plain(0x22, size_of_storage_block),
        plain(0x23, tariff_and_subunit_descriptor),
        span_of_time(0x24, 0x27, storage_interval),
        plain(0x28, storage_interval, Unit::month),
        plain(0x29, storage_interval, Unit::year),
        plain(0x2A, operator_specific_data),
        plain(0x2B, time_point_second, Unit::second),
        span_of_time(0x2C, 0x2F, duration_since_last_readout),
        plain(0x30, start_of_tariff, Unit::none, DataRule::any_date),
        span_of_time(0x31, 0x33, duration_of_tariff),
        span_of_time(0x34, 0x37, period_of_tariff),
        plain(0x38, period_of_tariff, Unit::month),
        plain(0x39, period_of_tariff, Unit::year),
        plain(0x3A, dimensionless, Unit::none, DataRule::signed_number),
        plain(0x3B, wireless_container, Unit::none, DataRule::raw),
        span_of_time(0x3C, 0x3F, nominal_transmission_period),
        VifRow{0x40, 0x4F, voltage, Unit::volt, -9, powers_of_ten},
        VifRow{0x50, 0x5F, current, Unit::ampere, -12, powers_of_ten},
        plain(0x60, reset_counter),
        plain(0x61, cumulation_counter),
        plain(0x62, control_signal),
        plain(0x63, day_of_week),
        plain(0x64, week_number),
        plain(0x65, time_point_of_day_change, Unit::none, DataRule::any_date),
        plain(0x66, state_of_parameter_activation),
        plain(0x67, special_supplier_information),
        span_of_time(0x68, 0x6B, duration_since_last_cumulation, hours_up),
        span_of_time(0x6C, 0x6F, operating_time_of_battery, hours_up),
        plain(0x70, date_and_time_of_battery_change, Unit::none, DataRule::any_date),
        plain(0x71, rf_level, Unit::decibel_milliwatt, DataRule::signed_number),
        plain(0x72, daylight_saving, Unit::none, DataRule::daylight_saving),
        plain(0x73, listening_window, Unit::none, DataRule::raw),
        plain(0x74, remaining_battery_lifetime, Unit::day),
        plain(0x75, stop_counter),
        plain(0x76, manufacturer_container, Unit::none, DataRule::raw),
        reserved_row(0x77, 0x7C),
        reserved_row(0x7D, 0x7D), // FDh: second level
        reserved_row(0x7E, 0x7F),
    };
}();

/// EN 13757-3:2018 table 13: the code after FDh FDh.
inline constexpr auto main_second_level_rows = [] {
    using namespace detail;
    return std::array{
        plain(0x00, selected_application),
        reserved_row(0x01, 0x01),
        plain(0x02, remaining_battery_lifetime, Unit::month),
        plain(0x03, remaining_battery_lifetime, Unit::year),
        reserved_row(0x04, 0x7F),
    };
}();

/// EN 13757-3:2018 table 14: the code after FBh. MWh, GJ, kvarh, t and so on are in the exponent.
inline constexpr auto alternate_extension_rows = [] {
    using namespace detail;
    return std::array{
        VifRow{0x00, 0x01, energy, Unit::watt_hour, 5, powers_of_ten},
        VifRow{0x02, 0x03, reactive_energy, Unit::var_hour, 3, powers_of_ten},
        VifRow{0x04, 0x05, apparent_energy, Unit::volt_ampere_hour, 3, powers_of_ten},
        reserved_row(0x06, 0x07),
        VifRow{0x08, 0x09, energy, Unit::joule, 8, powers_of_ten},
        reserved_row(0x0A, 0x0B),
        VifRow{0x0C, 0x0F, energy, Unit::calorie, 5, powers_of_ten},
        VifRow{0x10, 0x11, volume, Unit::cubic_metre, 2, powers_of_ten},
        reserved_row(0x12, 0x13),
        VifRow{0x14, 0x17, reactive_power, Unit::var, 0, powers_of_ten},
        VifRow{0x18, 0x19, mass, Unit::kilogram, 5, powers_of_ten},
        VifRow{0x1A, 0x1B, relative_humidity, Unit::percent, -1, powers_of_ten},
        reserved_row(0x1C, 0x1F),
        VifRow{0x20, 0x20, volume, Unit::cubic_foot},
        VifRow{0x21, 0x21, volume, Unit::cubic_foot, -1},
        old(0x22, 0x23, volume, Unit::gallon, -1),
        old(0x24, 0x24, volume_flow, Unit::gallon_per_minute, -3),
        old(0x25, 0x25, volume_flow, Unit::gallon_per_minute),
        old(0x26, 0x26, volume_flow, Unit::gallon_per_hour),
        reserved_row(0x27, 0x27),
        VifRow{0x28, 0x29, power, Unit::watt, 5, powers_of_ten},
        VifRow{0x2A, 0x2A, phase_voltage_to_voltage, Unit::degree, -1},
        VifRow{0x2B, 0x2B, phase_voltage_to_current, Unit::degree, -1},
        VifRow{0x2C, 0x2F, frequency, Unit::hertz, -3, powers_of_ten},
        VifRow{0x30, 0x31, power, Unit::joule_per_hour, 8, powers_of_ten},
        reserved_row(0x32, 0x33),
        VifRow{0x34, 0x37, apparent_power, Unit::volt_ampere, 0, powers_of_ten},
        reserved_row(0x38, 0x57),
        old(0x58, 0x5B, flow_temperature, Unit::fahrenheit, -3),
        old(0x5C, 0x5F, return_temperature, Unit::fahrenheit, -3),
        old(0x60, 0x63, temperature_difference, Unit::fahrenheit, -3),
        old(0x64, 0x67, external_temperature, Unit::fahrenheit, -3),
        plain(0x68, rating_factor, Unit::per_4096),
        plain(0x69, thermal_output_rating_factor, Unit::watt),
        plain(0x6A, overall_thermal_coupling_factor, Unit::per_4096),
        plain(0x6B, room_side_thermal_coupling_factor, Unit::per_4096),
        plain(0x6C, heater_side_thermal_coupling_factor, Unit::per_4096),
        plain(0x6D, low_temperature_rating_factor, Unit::per_4096),
        plain(0x6E, display_output_scaling_factor, Unit::per_4096),
        reserved_row(0x6F, 0x6F),
        old(0x70, 0x73, temperature_limit, Unit::fahrenheit, -3),
        VifRow{0x74, 0x77, temperature_limit, Unit::celsius, -3, powers_of_ten},
        VifRow{0x78, 0x7F, cumulative_maximum_of_active_power, Unit::watt, -3, powers_of_ten},
    };
}();

static_assert(covers<0x7F>(primary_vif_rows), "table 10 has a gap or a double");
static_assert(covers<0x7F>(main_extension_rows), "table 12 has a gap or a double");
static_assert(covers<0x7F>(main_second_level_rows), "table 13 has a gap or a double");
static_assert(covers<0x7F>(alternate_extension_rows), "table 14 has a gap or a double");

namespace detail {

[[nodiscard]] constexpr Unit unit_at(const VifRow& row, std::uint8_t code) {
    constexpr std::array up{Unit::second, Unit::minute, Unit::hour,
                            Unit::day,    Unit::month,  Unit::year};
    const std::size_t low = code & 3U;
    switch (row.scale) {
    case Scale::seconds_up: return up[low];
    case Scale::hours_up: return up[low + 2];
    default: return row.unit;
    }
}

[[nodiscard]] constexpr VifEntry vif_entry(const VifRow& row, std::uint8_t, std::uint8_t code) {
    const int step = row.scale == Scale::powers_of_ten ? code - row.first : 0;
    return {row.quantity, unit_at(row, code), static_cast<std::int8_t>(row.exponent + step),
            row.rule};
}

} // namespace detail

using VifEntries = std::array<VifEntry, 128>;

/// The four tables, one entry a code, by VifTable.
inline constexpr std::array<VifEntries, 4> vif_entries{
    expand<VifEntry, 128>(primary_vif_rows, detail::vif_entry),
    expand<VifEntry, 128>(main_extension_rows, detail::vif_entry),
    expand<VifEntry, 128>(main_second_level_rows, detail::vif_entry),
    expand<VifEntry, 128>(alternate_extension_rows, detail::vif_entry),
};

[[nodiscard]] constexpr const VifEntry& vif_entry(VifTable table, std::uint8_t code) {
    return vif_entries[static_cast<std::size_t>(table)][code & 0x7FU];
}

/// The row that a code belongs to, for its standing.
[[nodiscard]] constexpr const VifRow& vif_row(VifTable table, std::uint8_t code) {
    const auto in = [code](const auto& rows) -> const VifRow& {
        return *std::ranges::find_if(
            rows, [code](const VifRow& row) { return (code & 0x7FU) <= row.last; });
    };
    switch (table) {
    case VifTable::main_extension: return in(main_extension_rows);
    case VifTable::main_second_level: return in(main_second_level_rows);
    case VifTable::alternate: return in(alternate_extension_rows);
    default: return in(primary_vif_rows);
    }
}

/// Where a quantity in a unit with an exponent stands in the tables.
struct VifCode {
    VifTable table;
    std::uint8_t code; ///< without the extension bit
    friend constexpr bool operator==(const VifCode&, const VifCode&) = default;
};

/// The code that says this quantity in this unit and exponent; none when no table has it.
[[nodiscard]] constexpr std::optional<VifCode> find_vif(Quantity quantity, Unit unit,
                                                        int exponent) {
    for (std::size_t table = 0; table < vif_entries.size(); ++table) {
        for (std::size_t code = 0; code < 128; ++code) {
            const VifEntry& entry = vif_entries[table][code];
            if (entry.quantity == quantity && entry.unit == unit && entry.exponent == exponent &&
                quantity != Quantity::unknown) {
                return VifCode{static_cast<VifTable>(table), static_cast<std::uint8_t>(code)};
            }
        }
    }
    return std::nullopt;
}

namespace detail {
/// Decode and encode use the same rows: a meaning must stand in the tables only once.
consteval bool vif_entries_are_unique() {
    std::array<std::uint32_t, 512> meanings{};
    std::size_t count = 0;
    for (const VifEntries& table : vif_entries) {
        for (const VifEntry& entry : table) {
            if (entry.quantity != Quantity::unknown) {
                meanings[count++] = static_cast<std::uint32_t>(entry.quantity) << 16U |
                                    static_cast<std::uint32_t>(entry.unit) << 8U |
                                    static_cast<std::uint8_t>(entry.exponent);
            }
        }
    }
    std::sort(meanings.begin(), meanings.begin() + count);
    return std::adjacent_find(meanings.begin(), meanings.begin() + count) ==
           meanings.begin() + count;
}
} // namespace detail
static_assert(detail::vif_entries_are_unique(), "two VIF codes have the same meaning");

} // namespace meterbench::core::application
