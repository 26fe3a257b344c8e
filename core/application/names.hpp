// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace meterbench::core::application::detail {

/// The enumerator whose name stands at its place in the array of names.
template <class Enum, std::size_t Count>
[[nodiscard]] constexpr std::optional<Enum>
find_name(const std::array<std::string_view, Count>& names, std::string_view name) {
    for (std::size_t i = 0; i < Count; ++i) {
        if (names[i] == name) {
            return static_cast<Enum>(i);
        }
    }
    return std::nullopt;
}

} // namespace meterbench::core::application::detail
