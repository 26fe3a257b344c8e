// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace meterbench::core::application {

/// Meters older than the configuration field (EN 13757-7, 7.6) have a signature in its place, and
/// this where they do not use it: no security mode.
inline constexpr std::uint16_t signature_unused = 0xFFFF;

} // namespace meterbench::core::application
