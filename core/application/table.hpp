// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace meterbench::core::application {

/// Whether rows with `first` and `last`, in rising order, cover every code from 0 to `Last` once.
template <std::size_t Last, class Rows> [[nodiscard]] consteval bool covers(const Rows& rows) {
    std::size_t next = 0;
    for (const auto& row : rows) {
        if (row.first != next || row.last < row.first) {
            return false;
        }
        next = std::size_t{row.last} + 1;
    }
    return next == Last + 1;
}

/// One entry a code, computed from the range rows by `entry(row, code)`.
template <class Entry, std::size_t Count, class Rows, class Function>
[[nodiscard]] consteval std::array<Entry, Count> expand(const Rows& rows, Function entry) {
    std::array<Entry, Count> table{};
    for (std::size_t index = 0; index < rows.size(); ++index) {
        for (std::size_t code = rows[index].first; code <= rows[index].last; ++code) {
            table[code] = entry(rows[index], static_cast<std::uint8_t>(index),
                                static_cast<std::uint8_t>(code));
        }
    }
    return table;
}

} // namespace meterbench::core::application
