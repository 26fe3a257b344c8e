// SPDX-License-Identifier: Apache-2.0
#include "core/application/vife_table.hpp"

#include "core/bytes/hex.hpp"

#include <algorithm>

namespace meterbench::core::application {
namespace {

using Table = Qualifier::Table;

/// Prefixes of names made up from the code, with "XXh" behind them.
struct Prefix {
    Table table;
    std::string_view text;
};
// The longer ones first: "reserved " begins the others too.
constexpr std::array prefixes{
    Prefix{Table::extension, "reserved FCh "}, Prefix{Table::action, "reserved action "},
    Prefix{Table::error, "reserved error "},   Prefix{Table::manufacturer, "manufacturer "},
    Prefix{Table::combinable, "reserved "},
};

std::optional<Qualifier> made_up(std::string_view name) {
    for (const Prefix& prefix : prefixes) {
        if (!name.starts_with(prefix.text) || name.size() != prefix.text.size() + 3 ||
            name.back() != 'h') {
            continue;
        }
        const int high = bytes::hex_digit(name[prefix.text.size()]);
        const int low = bytes::hex_digit(name[prefix.text.size() + 1]);
        if (high >= 0 && high < 8 && low >= 0) {
            return Qualifier{prefix.table, static_cast<std::uint8_t>(high * 16 + low)};
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Qualifier> qualifier_of(std::string_view name) {
    constexpr std::array tables{Table::combinable, Table::extension, Table::action, Table::error};
    constexpr std::array<unsigned, 4> sizes{128, extension_vifes.size(), 16, 32};
    if (name.empty()) {
        return std::nullopt;
    }
    for (std::size_t table = 0; table < tables.size(); ++table) {
        for (unsigned code = 0; code < sizes[table]; ++code) {
            const Qualifier qualifier{tables[table], static_cast<std::uint8_t>(code)};
            const Effect effect = entry_of(qualifier).effect;
            const bool elsewhere =
                table == 0 && (effect == Effect::action || effect == Effect::record_error);
            if (!elsewhere && name_of(qualifier) == name) {
                return qualifier;
            }
        }
    }
    return made_up(name);
}

std::string_view qualifier_name(Qualifier qualifier,
                                std::array<char, max_qualifier_name>& storage) {
    if (const std::string_view name = name_of(qualifier); !name.empty()) {
        return name;
    }
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto prefix = std::ranges::find(prefixes, qualifier.table, &Prefix::table);
    char* at = std::ranges::copy(prefix->text, storage.begin()).out;
    *at++ = digits[qualifier.code >> 4U];
    *at++ = digits[qualifier.code & 0x0FU];
    *at++ = 'h';
    return {storage.data(), at};
}

} // namespace meterbench::core::application
