// SPDX-License-Identifier: Apache-2.0
#include "core/link/control_field.hpp"

#include <array>
#include <cstddef>

namespace meterbench::core::link {

std::string_view name_of(Function function) {
    static constexpr std::array<std::string_view, 10> names{
        "SND_NKE", "SND_UD", "REQ_UD1", "REQ_UD2", "REQ_SKE",
        "RSP_UD",  "ACK",    "NACK",    "RSP_SKE", "other"};
    return names[static_cast<std::size_t>(function)];
}

} // namespace meterbench::core::link
