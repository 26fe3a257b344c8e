// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/unit.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace meterbench::core::application {

/// Who sent the records: it decides what VIFEs 00h to 0Fh mean and which DIFs are allowed.
enum class Direction : std::uint8_t { from_meter, from_master };

/// What a VIFE does to the value of its record.
enum class Effect : std::uint8_t {
    none,         ///< it only says more about the value
    reserved,     ///< a code without a meaning
    action,       ///< master to meter: an object action; meter to master: see record_error
    record_error, ///< meter to master: why there is no value
    power_of_ten, ///< the value counts in 10^number
    offset,       ///< 10^number of the VIF's unit is added
    date,         ///< the value is a date, its type by the length of the data
    duration,     ///< the value is a duration in the entry's unit
    count,        ///< the value is a number of events
    as_unsigned,  ///< the data are of type C
    as_bits,      ///< the data are of type D
    profile,      ///< the data are a compact profile
    manufacturer, ///< the following VIFEs and the data are the manufacturer's
    extension,    ///< the next VIFE is of the FCh table
};

/// Whether the value is something else than the VIF says: its scale and corrections so far are
/// void.
[[nodiscard]] constexpr bool replaces_value(Effect effect) {
    return effect == Effect::date || effect == Effect::duration || effect == Effect::count;
}

/// One combinable VIFE.
struct VifeEntry {
    std::string_view name;
    Effect effect = Effect::none;
    std::int8_t number = 0; ///< of power_of_ten and offset
    Unit unit = Unit::none; ///< of duration
};

namespace detail {
inline constexpr VifeEntry reserved_vife{"reserved", Effect::reserved};
constexpr VifeEntry date_vife(std::string_view name) {
    return {name, Effect::date};
}
constexpr VifeEntry time_vife(std::string_view name, Unit unit) {
    return {name, Effect::duration, 0, unit};
}
} // namespace detail

/// EN 13757-3:2018 table 15, the VIFEs after a true VIF, one entry a code. 00h to 0Fh and 15h to
/// 1Ch stand in the tables of actions and record errors.
inline constexpr auto combinable_vifes = [] {
    using namespace detail;
    constexpr auto s = Unit::second;
    constexpr auto min = Unit::minute;
    constexpr auto h = Unit::hour;
    constexpr auto d = Unit::day;
    constexpr VifeEntry act{"action or record error", Effect::action};
    constexpr VifeEntry err{"record error", Effect::record_error};
    return std::array<VifeEntry, 128>{{
        // 00
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        act,
        // 10
        reserved_vife,
        reserved_vife,
        {"average"},
        {"inverse compact profile", Effect::profile},
        {"relative deviation"},
        err,
        err,
        err,
        err,
        err,
        err,
        err,
        err,
        {"standard conform data content"},
        {"compact profile with register numbers", Effect::profile},
        {"compact profile", Effect::profile},
        // 20
        {"per second"},
        {"per minute"},
        {"per hour"},
        {"per day"},
        {"per week"},
        {"per month"},
        {"per year"},
        {"per revolution"},
        {"increment per input pulse on channel 0"},
        {"increment per input pulse on channel 1"},
        {"increment per output pulse on channel 0"},
        {"increment per output pulse on channel 1"},
        {"per litre"},
        {"per m3"},
        {"per kg"},
        {"per K"},
        // 30
        {"per kWh"},
        {"per GJ"},
        {"per kW"},
        {"per (K*l)"},
        {"per V"},
        {"per A"},
        {"multiplied by s"},
        {"multiplied by s/V"},
        {"multiplied by s/A"},
        date_vife("start date of"),
        {"uncorrected unit"},
        {"accumulation of positive contributions"},
        {"accumulation of negative contributions"},
        {"non-metric units"},
        {"value at base conditions"},
        {"OBIS declaration"},
        // 40
        {"lower limit"},
        {"number of exceeds of lower limit", Effect::count},
        date_vife("begin of first lower limit exceed"),
        date_vife("end of first lower limit exceed"),
        reserved_vife,
        reserved_vife,
        date_vife("begin of last lower limit exceed"),
        date_vife("end of last lower limit exceed"),
        {"upper limit"},
        {"number of exceeds of upper limit", Effect::count},
        date_vife("begin of first upper limit exceed"),
        date_vife("end of first upper limit exceed"),
        reserved_vife,
        reserved_vife,
        date_vife("begin of last upper limit exceed"),
        date_vife("end of last upper limit exceed"),
        // 50
        time_vife("duration of first lower limit exceed (s)", s),
        time_vife("duration of first lower limit exceed (min)", min),
        time_vife("duration of first lower limit exceed (h)", h),
        time_vife("duration of first lower limit exceed (d)", d),
        time_vife("duration of last lower limit exceed (s)", s),
        time_vife("duration of last lower limit exceed (min)", min),
        time_vife("duration of last lower limit exceed (h)", h),
        time_vife("duration of last lower limit exceed (d)", d),
        time_vife("duration of first upper limit exceed (s)", s),
        time_vife("duration of first upper limit exceed (min)", min),
        time_vife("duration of first upper limit exceed (h)", h),
        time_vife("duration of first upper limit exceed (d)", d),
        time_vife("duration of last upper limit exceed (s)", s),
        time_vife("duration of last upper limit exceed (min)", min),
        time_vife("duration of last upper limit exceed (h)", h),
        time_vife("duration of last upper limit exceed (d)", d),
        // 60
        time_vife("duration of first (s)", s),
        time_vife("duration of first (min)", min),
        time_vife("duration of first (h)", h),
        time_vife("duration of first (d)", d),
        time_vife("duration of last (s)", s),
        time_vife("duration of last (min)", min),
        time_vife("duration of last (h)", h),
        time_vife("duration of last (d)", d),
        {"value during lower limit exceed"},
        {"leakage"},
        date_vife("begin of first"),
        date_vife("end of first"),
        {"value during upper limit exceed"},
        {"overflow"},
        date_vife("begin of last"),
        date_vife("end of last"),
        // 70
        {"multiplied by 10^-6", Effect::power_of_ten, -6},
        {"multiplied by 10^-5", Effect::power_of_ten, -5},
        {"multiplied by 10^-4", Effect::power_of_ten, -4},
        {"multiplied by 10^-3", Effect::power_of_ten, -3},
        {"multiplied by 10^-2", Effect::power_of_ten, -2},
        {"multiplied by 10^-1", Effect::power_of_ten, -1},
        {"multiplied by 10^0", Effect::power_of_ten, 0},
        {"multiplied by 10^1", Effect::power_of_ten, 1},
        {"offset of 10^-3", Effect::offset, -3},
        {"offset of 10^-2", Effect::offset, -2},
        {"offset of 10^-1", Effect::offset, -1},
        {"offset of 10^0", Effect::offset, 0},
        {"extension", Effect::extension},
        {"multiplied by 10^3", Effect::power_of_ten, 3},
        {"future value"},
        {"manufacturer specific", Effect::manufacturer},
    }};
}();

/// EN 13757-3:2018 table 16, the VIFE after FCh. What is not here is reserved.
inline constexpr std::array<VifeEntry, 0x16> extension_vifes{{
    detail::reserved_vife,
    {"at phase L1"},
    {"at phase L2"},
    {"at phase L3"},
    {"at neutral N"},
    {"between L1 and L2"},
    {"between L2 and L3"},
    {"between L3 and L1"},
    {"at quadrant Q1"},
    {"at quadrant Q2"},
    {"at quadrant Q3"},
    {"at quadrant Q4"},
    {"delta between import and export"},
    detail::reserved_vife,
    detail::reserved_vife,
    detail::reserved_vife,
    {"accumulation of absolute value"},
    {"unsigned", Effect::as_unsigned},
    {"bits", Effect::as_bits},
    detail::reserved_vife,
    {"from communication partner to meter"},
    {"from meter to communication partner"},
}};

/// EN 13757-3:2018 table 17: object actions, VIFE 00h to 0Fh from the master.
inline constexpr std::array<std::string_view, 16> action_names{"write",
                                                               "add value",
                                                               "subtract value",
                                                               "set bits",
                                                               "and bits",
                                                               "toggle bits",
                                                               "clear bits",
                                                               "clear",
                                                               "add entry",
                                                               "delete entry",
                                                               "delayed action",
                                                               "freeze data",
                                                               "add to readout list",
                                                               "delete from readout list",
                                                               "",
                                                               ""};

/// EN 13757-3:2018 table 18: record errors, VIFE 00h to 1Fh from the meter. Empty where reserved,
/// and where table 15 gives the code another meaning (10h to 14h, 1Dh to 1Fh).
inline constexpr std::array<std::string_view, 32> record_error_names{
    "no error",
    "too many DIFEs",
    "storage number not implemented",
    "subunit not implemented",
    "tariff not implemented",
    "function not implemented",
    "data class not implemented",
    "data size not implemented",
    "",
    "",
    "",
    "too many VIFEs",
    "illegal VIF group",
    "illegal VIF exponent",
    "VIF/DIF mismatch",
    "action not implemented",
    "",
    "",
    "",
    "",
    "",
    "no data available",
    "data overflow",
    "data underflow",
    "data error",
    "",
    "",
    "",
    "premature end of record",
    "",
    "",
    ""};

/// One VIFE of a record, with the table it stands in.
struct Qualifier {
    enum class Table : std::uint8_t {
        combinable,
        extension,    ///< after FCh
        action,       ///< from the master
        error,        ///< from the meter
        manufacturer, ///< after a VIF or VIFE FFh
    };
    Table table = Table::combinable;
    std::uint8_t code = 0; ///< without the extension bit

    friend constexpr bool operator==(const Qualifier&, const Qualifier&) = default;
};

/// The VIFE's row: its effect, and its name unless the name is by table (actions, errors).
[[nodiscard]] constexpr VifeEntry entry_of(Qualifier qualifier) {
    switch (qualifier.table) {
    case Qualifier::Table::combinable: return combinable_vifes[qualifier.code & 0x7FU];
    case Qualifier::Table::extension:
        return qualifier.code < extension_vifes.size() ? extension_vifes[qualifier.code]
                                                       : detail::reserved_vife;
    case Qualifier::Table::action: return {action_names[qualifier.code & 0x0FU], Effect::action};
    case Qualifier::Table::error:
        return {record_error_names[qualifier.code & 0x1FU], Effect::record_error};
    default: return {"manufacturer", Effect::none};
    }
}

/// The name of a VIFE; empty for a reserved code and for a manufacturer's one.
[[nodiscard]] constexpr std::string_view name_of(Qualifier qualifier) {
    const VifeEntry entry = entry_of(qualifier);
    const bool nameless =
        entry.effect == Effect::reserved || qualifier.table == Qualifier::Table::manufacturer;
    return nameless ? std::string_view{} : entry.name;
}

/// The VIFE of this name. Reserved and manufacturer's codes are read as write_qualifier_name writes
/// them: "reserved 10h", "reserved FCh 00h", "manufacturer 2Ch".
[[nodiscard]] std::optional<Qualifier> qualifier_of(std::string_view name);

/// Longest name of a VIFE.
inline constexpr std::size_t max_qualifier_name = 48;

/// A name for every VIFE, into `storage` where it has to be made up.
[[nodiscard]] std::string_view qualifier_name(Qualifier qualifier,
                                              std::array<char, max_qualifier_name>& storage);

namespace detail {
/// The table of the code as the direction has it.
[[nodiscard]] constexpr Qualifier::Table table_of(std::uint8_t code, Direction direction) {
    const Effect effect = combinable_vifes[code].effect;
    if (effect == Effect::action) {
        return direction == Direction::from_master ? Qualifier::Table::action
                                                   : Qualifier::Table::error;
    }
    if (effect == Effect::record_error && direction == Direction::from_meter) {
        return Qualifier::Table::error;
    }
    return Qualifier::Table::combinable;
}

template <class Table> consteval bool names_are_unique(const Table& table) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        for (std::size_t j = i + 1; j < table.size(); ++j) {
            const Effect effect = table[i].effect;
            if (effect != Effect::reserved && effect != Effect::action &&
                effect != Effect::record_error && table[i].name == table[j].name) {
                return false;
            }
        }
    }
    return true;
}
} // namespace detail
static_assert(combinable_vifes[0x7F].effect == Effect::manufacturer, "table 15 has a gap");
static_assert(combinable_vifes[0x40].name == "lower limit", "table 15 is shifted");
static_assert(combinable_vifes[0x6D].name == "overflow", "table 15 is shifted");
static_assert(extension_vifes[0x15].name == "from meter to communication partner");
static_assert(detail::names_are_unique(combinable_vifes), "two VIFEs have one name");
static_assert(detail::names_are_unique(extension_vifes), "two VIFEs have one name");

} // namespace meterbench::core::application
