// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/control_field.hpp"
#include "core/receiver/message.hpp"

namespace meterbench::formats {

/// What the protection of a wired telegram depends on besides its bytes: derived keys differ by
/// direction (EN 13757-7, 9.2).
[[nodiscard]] inline core::receiver::MessageContext
wired_context(core::link::ControlField control) {
    using core::wireless::Direction;
    return {.direction =
                control.from_master() ? Direction::other_to_meter : Direction::meter_to_other};
}

} // namespace meterbench::formats
