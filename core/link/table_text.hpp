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

/// Whether each state has, for each event, rows of which the last one always holds and no other
/// does: something happens, and no row is out of reach. For a static_assert beside the table.
template <class Row>
[[nodiscard]] consteval bool is_complete(std::span<const Row> table, std::size_t states,
                                         std::size_t events) {
    using State = decltype(Row::state);
    using Event = decltype(Row::event);
    using Guard = decltype(Row::guard);
    for (std::size_t pair = 0; pair < states * events; ++pair) {
        const Row* last = nullptr;
        for (const Row& row : table) {
            if (row.state != static_cast<State>(pair / events) ||
                row.event != static_cast<Event>(pair % events)) {
                continue;
            }
            if (last != nullptr && last->guard == Guard::always) {
                return false;
            }
            last = &row;
        }
        if (last == nullptr || last->guard != Guard::always) {
            return false;
        }
    }
    return true;
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
