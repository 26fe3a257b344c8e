// SPDX-License-Identifier: Apache-2.0
// Purpose: docs/tables.md prints the tables that decode and encode use; it is generated and must
// not lag behind. METERBENCH_UPDATE=1 writes it anew.
#include "core/application/application_error.hpp"
#include "core/application/ci_field.hpp"
#include "core/application/device_type.hpp"
#include "core/application/fixed.hpp"
#include "core/application/vif_table.hpp"
#include "core/application/vife_table.hpp"
#include "paths.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace meterbench::core::application;

namespace {

std::string codes(unsigned first, unsigned last) {
    return first == last ? fmt::format("{:02X}", first) : fmt::format("{:02X}-{:02X}", first, last);
}

std::string_view rule_name(DataRule rule) {
    constexpr std::array<std::string_view, data_rule_count> names{
        "B", "C", "D", "G", "J, F, I, M", "G, J, F, I, M", "K", "bytes"};
    return names[static_cast<std::size_t>(rule)];
}

std::string scale(const VifRow& row) {
    switch (row.scale) {
    case Scale::seconds_up: return "s, min, h, d by bits 1-0";
    case Scale::hours_up: return "h, d, month, year by bits 1-0";
    default: break;
    }
    std::string text;
    if (row.scale == Scale::powers_of_ten && row.first != row.last) {
        text = fmt::format("10^{} to 10^{} ", static_cast<int>(row.exponent),
                           row.exponent + row.last - row.first);
    } else if (row.exponent != 0) {
        text = fmt::format("10^{} ", static_cast<int>(row.exponent));
    }
    return text + std::string{name_of(row.unit)};
}

template <class Rows> void vif_page(std::string& out, std::string_view title, const Rows& rows) {
    fmt::format_to(std::back_inserter(out),
                   "\n## {}\n\n| code | quantity | unit | binary data |\n|---|---|---|---|\n",
                   title);
    for (const VifRow& row : rows) {
        if (row.standing == Standing::reserved) {
            fmt::format_to(std::back_inserter(out), "| {} | reserved | | |\n",
                           codes(row.first, row.last));
            continue;
        }
        fmt::format_to(std::back_inserter(out), "| {} | {}{} | {} | {} |\n",
                       codes(row.first, row.last), name_of(row.quantity),
                       row.standing == Standing::obsolete ? " (until 2004)" : "", scale(row),
                       rule_name(row.rule));
    }
}

void qualifier_page(std::string& out, std::string_view title, Qualifier::Table table,
                    unsigned count) {
    fmt::format_to(std::back_inserter(out), "\n## {}\n\n| code | name |\n|---|---|\n", title);
    for (unsigned code = 0; code < count; ++code) {
        const std::string_view name = name_of({table, static_cast<std::uint8_t>(code)});
        if (!name.empty()) {
            fmt::format_to(std::back_inserter(out), "| {:02X} | {} |\n", code, name);
        }
    }
}

template <class Rows> void name_page(std::string& out, std::string_view title, const Rows& rows) {
    fmt::format_to(std::back_inserter(out), "\n## {}\n\n| code | name |\n|---|---|\n", title);
    for (const auto& row : rows) {
        fmt::format_to(std::back_inserter(out), "| {} | {} |\n", codes(row.first, row.last),
                       row.name);
    }
}

void ci_page(std::string& out) {
    constexpr std::array<std::string_view, 3> headers{"none", "short", "long"};
    constexpr std::array<std::string_view, 3> directions{"both", "to the meter", "from the meter"};
    out += "\n## CI-fields\n\n| code | name | header | direction | body |\n|---|---|---|---|---|\n";
    for (const CiRow& row : ci_rows) {
        fmt::format_to(std::back_inserter(out), "| {} | {} | {} | {} | {} |\n",
                       codes(row.first, row.last), row.name,
                       headers[static_cast<std::size_t>(row.header)],
                       directions[static_cast<std::size_t>(row.direction)], name_of(row.body));
    }
}

void fixed_page(std::string& out) {
    out += "\n## Units of the fixed data structure\n\n| code | quantity | unit |\n|---|---|---|\n";
    for (std::uint8_t code = 0; code <= 0x3F; ++code) {
        const FixedUnit unit = fixed_unit(code);
        const std::string power =
            unit.exponent == 0 ? "" : fmt::format("10^{} ", static_cast<int>(unit.exponent));
        fmt::format_to(std::back_inserter(out), "| {:02X} | {} | {}{} |\n", code,
                       name_of(unit.quantity), power, name_of(unit.unit));
    }
}

std::string page() {
    std::string out =
        "# Tables\n\nWhat the decoder and the encoder know, printed from the tables they "
        "use. Codes are\nhexadecimal, without extension bit. Clauses: EN 13757-3:2018 "
        "and EN 13757-7:2018.\n";
    vif_page(out, "Primary VIFs (tables 10 and 11)", primary_vif_rows);
    vif_page(out, "Main extension, FDh (table 12)", main_extension_rows);
    vif_page(out, "Second level of the main extension, FDh FDh (table 13)", main_second_level_rows);
    vif_page(out, "Alternate extension, FBh (table 14)", alternate_extension_rows);
    qualifier_page(out, "Combinable VIFEs (table 15)", Qualifier::Table::combinable, 128);
    qualifier_page(out, "Combinable VIFEs after FCh (table 16)", Qualifier::Table::extension, 128);
    qualifier_page(out, "Object actions, from the master (table 17)", Qualifier::Table::action, 16);
    qualifier_page(out, "Record errors, from the meter (table 18)", Qualifier::Table::error, 32);
    ci_page(out);
    name_page(out, "Device types", device_type_rows);
    name_page(out, "Application errors", application_error_rows);
    fixed_page(out);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(telegram_tables)

BOOST_AUTO_TEST_CASE(the_page_prints_the_tables) {
    const std::string path = std::string{METERBENCH_SOURCE_DIR} + "/docs/tables.md";
    const std::string made = page();
    if (std::getenv("METERBENCH_UPDATE") != nullptr) {
        std::ofstream{path} << made;
    }
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    BOOST_TEST((text.str() == made), path << " is not what the tables say; run with "
                                             "METERBENCH_UPDATE=1 to write it");
}

BOOST_AUTO_TEST_SUITE_END()
