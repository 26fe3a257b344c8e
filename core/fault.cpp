// SPDX-License-Identifier: Apache-2.0
#include "core/fault.hpp"

namespace meterbench::core {

std::string_view name_of(Layer layer) {
    static constexpr std::array<std::string_view, 7> names{
        "line", "link", "transport", "security", "application", "procedure", "bench"};
    return names[static_cast<std::size_t>(layer)];
}

std::string_view name_of(Culprit culprit) {
    static constexpr std::array<std::string_view, 4> names{"caller", "peer", "line", "bench"};
    return names[static_cast<std::size_t>(culprit)];
}

} // namespace meterbench::core
