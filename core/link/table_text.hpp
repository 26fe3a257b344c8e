// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::core::link {

template <class Names, class Enum>
[[nodiscard]] constexpr std::string_view pick_name(const Names& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

/// A state table as text: state | event | guard | action | next, one row a line.
template <class Row> [[nodiscard]] std::string table_text(std::span<const Row> table) {
    std::string text;
    for (const Row& row : table) {
        text += name_of(row.state);
        text += " | ";
        text += name_of(row.event);
        text += " | ";
        text += name_of(row.guard);
        text += " | ";
        text += name_of(row.action);
        text += " | ";
        text += name_of(row.next);
        text += '\n';
    }
    return text;
}

} // namespace meterbench::core::link
