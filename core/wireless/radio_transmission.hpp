// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <span>

namespace meterbench::core::wireless {

/// What a protocol object wants on the air. The bytes, from the L-field on, stay valid and the same
/// until sent() or aborted(), one of which follows.
struct RadioTransmission {
    std::span<const std::uint8_t> bytes;
    Instant not_before{}; ///< of the first preamble chip
    Instant not_after{};
};

} // namespace meterbench::core::wireless
