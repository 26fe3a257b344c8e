// SPDX-License-Identifier: Apache-2.0
// Purpose: the tables say what EN 13757-3:2018 tables 10 to 18 and EN 13757-7 say, above all where
// other decoders are known to be wrong. Gaps and doubles do not compile.
#include "core/application/application_error.hpp"
#include "core/application/ci_field.hpp"
#include "core/application/device_type.hpp"
#include "core/application/manufacturer.hpp"
#include "core/application/vif_table.hpp"
#include "core/application/vife_table.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

using namespace meterbench::core::application;

namespace {

void check(VifTable table, unsigned code, Quantity quantity, Unit unit, int exponent) {
    const VifEntry& entry = vif_entry(table, static_cast<std::uint8_t>(code));
    BOOST_TEST_CONTEXT("code " << code) {
        BOOST_TEST(name_of(entry.quantity) == name_of(quantity));
        BOOST_TEST(name_of(entry.unit) == name_of(unit));
        BOOST_TEST(int{entry.exponent} == exponent);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(primary_vifs_at_the_ends_of_their_ranges) {
    constexpr auto table = VifTable::primary;
    check(table, 0x00, Quantity::energy, Unit::watt_hour, -3);
    check(table, 0x07, Quantity::energy, Unit::watt_hour, 4);
    check(table, 0x0F, Quantity::energy, Unit::joule, 7);
    check(table, 0x13, Quantity::volume, Unit::cubic_metre, -3);
    check(table, 0x18, Quantity::mass, Unit::kilogram, -3); // not 10^-6
    check(table, 0x23, Quantity::on_time, Unit::day, 0);
    check(table, 0x2F, Quantity::power, Unit::watt, 4);
    check(table, 0x30, Quantity::power, Unit::joule_per_hour, 0);
    check(table, 0x47, Quantity::volume_flow, Unit::cubic_metre_per_minute, 0);
    check(table, 0x48, Quantity::volume_flow, Unit::cubic_metre_per_second, -9);
    check(table, 0x6B, Quantity::pressure, Unit::bar, 0);
    check(table, 0x6F, Quantity::unknown, Unit::none, 0);
    check(table, 0x7E, Quantity::any, Unit::none, 0); // not manufacturer specific
}

BOOST_AUTO_TEST_CASE(main_extension_where_old_numbering_differs) {
    constexpr auto table = VifTable::main_extension;
    check(table, 0x03, Quantity::credit, Unit::currency, 0);
    check(table, 0x31, Quantity::duration_of_tariff, Unit::minute, 0);
    check(table, 0x33, Quantity::duration_of_tariff, Unit::day, 0);
    check(table, 0x34, Quantity::period_of_tariff, Unit::second, 0);
    check(table, 0x39, Quantity::period_of_tariff, Unit::year, 0);
    check(table, 0x3A, Quantity::dimensionless, Unit::none, 0);
    check(table, 0x40, Quantity::voltage, Unit::volt, -9);
    check(table, 0x5C, Quantity::current, Unit::ampere, 0);
    check(table, 0x6A, Quantity::duration_since_last_cumulation, Unit::month, 0);
    check(table, 0x6F, Quantity::operating_time_of_battery, Unit::year, 0);
    check(table, 0x74, Quantity::remaining_battery_lifetime, Unit::day, 0);
    check(VifTable::main_second_level, 0x02, Quantity::remaining_battery_lifetime, Unit::month, 0);
}

BOOST_AUTO_TEST_CASE(alternate_extension_prefixes_are_in_the_exponent) {
    constexpr auto table = VifTable::alternate;
    check(table, 0x00, Quantity::energy, Unit::watt_hour, 5);         // 0.1 MWh
    check(table, 0x02, Quantity::reactive_energy, Unit::var_hour, 3); // kvarh
    check(table, 0x09, Quantity::energy, Unit::joule, 9);             // GJ
    check(table, 0x0D, Quantity::energy, Unit::calorie, 6);           // Mcal
    check(table, 0x11, Quantity::volume, Unit::cubic_metre, 3);
    check(table, 0x19, Quantity::mass, Unit::kilogram, 6);              // 10^3 t
    check(table, 0x30, Quantity::power, Unit::joule_per_hour, 8);       // 0.1 GJ/h
    check(table, 0x34, Quantity::apparent_power, Unit::volt_ampere, 0); // 10^-3 kVA
    check(table, 0x69, Quantity::thermal_output_rating_factor, Unit::watt, 0);
    check(table, 0x79, Quantity::cumulative_maximum_of_active_power, Unit::watt, -2);
    BOOST_TEST((vif_row(table, 0x23).standing == Standing::obsolete));
    BOOST_TEST((vif_row(table, 0x27).standing == Standing::reserved));
}

BOOST_AUTO_TEST_CASE(a_meaning_finds_the_code_it_came_from) {
    for (std::size_t table = 0; table < vif_entries.size(); ++table) {
        for (unsigned code = 0; code < 128; ++code) {
            const VifEntry& entry = vif_entries[table][code];
            if (entry.quantity == Quantity::unknown) {
                continue;
            }
            const auto found = find_vif(entry.quantity, entry.unit, entry.exponent);
            BOOST_REQUIRE(found);
            BOOST_TEST(static_cast<std::size_t>(found->table) == table);
            BOOST_TEST(found->code == code);
        }
    }
    BOOST_TEST(!find_vif(Quantity::energy, Unit::kelvin, 0).has_value());
    BOOST_TEST(!find_vif(Quantity::unknown, Unit::none, 0).has_value());
}

BOOST_AUTO_TEST_CASE(combinable_vifes_where_other_decoders_are_one_off) {
    const auto name = [](unsigned code) { return combinable_vifes[code].name; };
    BOOST_TEST(name(0x2C) == "per litre");
    BOOST_TEST(name(0x4E) == "begin of last upper limit exceed");
    BOOST_TEST(name(0x4F) == "end of last upper limit exceed");
    BOOST_TEST(name(0x6A) == "begin of first");
    BOOST_TEST(name(0x6B) == "end of first");
    BOOST_TEST(name(0x6D) == "overflow");
    BOOST_TEST(name(0x6F) == "end of last");
    BOOST_TEST(int{combinable_vifes[0x70].number} == -6);
    BOOST_TEST(int{combinable_vifes[0x77].number} == 1);
    BOOST_TEST(int{combinable_vifes[0x7D].number} == 3);
    BOOST_TEST((combinable_vifes[0x5E].unit == Unit::hour));
}

BOOST_AUTO_TEST_CASE(every_vife_has_one_name_and_the_name_finds_it) {
    std::set<std::string> names;
    using Table = Qualifier::Table;
    std::array<char, max_qualifier_name> storage;
    for (const auto table :
         {Table::combinable, Table::extension, Table::action, Table::error, Table::manufacturer}) {
        const unsigned size = table == Table::action ? 16 : table == Table::error ? 32 : 128;
        for (unsigned code = 0; code < size; ++code) {
            const Qualifier qualifier{table, static_cast<std::uint8_t>(code)};
            const Effect effect = entry_of(qualifier).effect;
            if (table == Table::combinable &&
                (effect == Effect::action || effect == Effect::record_error)) {
                continue; // the direction puts them into the other tables
            }
            const std::string name{qualifier_name(qualifier, storage)};
            BOOST_TEST(names.insert(name).second, name);
            BOOST_TEST((qualifier_of(name) == qualifier), name);
        }
    }
    BOOST_TEST(!qualifier_of("per fortnight").has_value());
    BOOST_TEST(!qualifier_of("").has_value());
}

BOOST_AUTO_TEST_CASE(names_of_quantities_units_and_codings_are_unique) {
    std::set<std::string_view> names{quantity_names.begin(), quantity_names.end()};
    BOOST_TEST(names.size() == quantity_names.size());
    BOOST_TEST((quantity_of("flow temperature") == Quantity::flow_temperature));
    BOOST_TEST((unit_of("m3/h") == Unit::cubic_metre_per_hour));
    BOOST_TEST(!unit_of("furlong").has_value());
}

BOOST_AUTO_TEST_CASE(ci_fields_have_their_header_and_direction) {
    BOOST_TEST((ci_row(0x72).header == HeaderKind::long_header));
    BOOST_TEST((ci_row(0x7A).header == HeaderKind::short_header));
    BOOST_TEST((ci_row(0x78).header == HeaderKind::none));
    BOOST_TEST((ci_row(0x82).header == HeaderKind::long_header)); // one peer has it short
    BOOST_TEST((ci_row(0x51).direction == CiDirection::to_meter));
    BOOST_TEST((ci_row(0x76).use == CiUse::reserved));
    BOOST_TEST(ci_name(0xBD) == "set baud rate 9600");
}

BOOST_AUTO_TEST_CASE(device_types_errors_and_manufacturers) {
    BOOST_TEST(device_type_name(0x07) == "water");
    BOOST_TEST((device_type_of("cold water") == std::uint8_t{0x16}));
    BOOST_TEST(!device_type_of("reserved").has_value());
    BOOST_TEST(application_error_name(0x08) == "application busy");
    BOOST_TEST(application_error_name(0xF0) == "dynamic error");
    BOOST_TEST((manufacturer_code("SVM") == std::uint16_t{0x4ECD}));
    BOOST_TEST(!manufacturer_code("sv1").has_value());
    BOOST_TEST(!manufacturer_letters(0x0000).has_value());
    BOOST_TEST(!manufacturer_letters(0x7FFF).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
