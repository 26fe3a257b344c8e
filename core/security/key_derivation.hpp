// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/security/aes.hpp"

#include <cstdint>
#include <span>

namespace meterbench::core::security {

/// What a derived key is for: the constant DC of the derivation (EN 13757-7, 9.2).
enum class DerivedKey : std::uint8_t {
    meter_encryption = 0x00,     ///< Kenc
    meter_authentication = 0x01, ///< Kmac
    other_encryption = 0x10,     ///< Lenc
    other_authentication = 0x11, ///< Lmac
};

/// A message's own key: CMAC under the master key of DC, counter LSB first, the meter's
/// identification as it is sent, seven bytes 07h. It is the meter's identification in both
/// directions: that of the long header, else that of the link layer.
[[nodiscard]] Block derive_key(const Aes& master, DerivedKey use, std::uint32_t counter,
                               std::span<const std::uint8_t, 4> id);

} // namespace meterbench::core::security
