// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::application {

/// Whether a selection means this device (EN 13757-7, 8.4; CEN/TR 17167). `mask` is what follows
/// CI 52h: identification (4 bytes, LSB first, each digit Fh a wildcard), manufacturer (2),
/// version and device type, each byte FFh a wildcard of its own (MB7-SA-004 to MB7-SA-006).
/// A device with a fabrication number knows enhanced selection: DIF 0Ch, VIF 78h and four more
/// bytes, digits Fh wild; one without ignores a selection with anything appended (MB7-SA-015 to
/// -017).
[[nodiscard]] bool selection_matches(std::span<const std::uint8_t> mask, const DeviceId& device,
                                     std::optional<std::uint32_t> fabrication_number);

} // namespace meterbench::core::application
