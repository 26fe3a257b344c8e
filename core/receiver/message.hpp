// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/telegram.hpp"
#include "core/transport/afl.hpp"
#include "core/transport/configuration.hpp"
#include "core/wireless/address.hpp"
#include "core/wireless/frame_format.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::receiver {

/// Which key served: its place among those tried, and whether it was the device's own.
struct KeyUse {
    bool named = false;
    std::uint8_t tried = 1; ///< from 1
    friend constexpr bool operator==(const KeyUse&, const KeyUse&) = default;
};

/// What is known about the protection of a telegram.
struct SecurityReport {
    std::optional<transport::Configuration> configuration{}; ///< with a transport header
    std::optional<KeyUse> key{};
    std::optional<std::uint32_t> message_counter{};
    bool authenticated = false; ///< the AFL announces an authentication code
    bool check_bytes = false;   ///< 2Fh 2Fh stood where they must
    bool mac = false;           ///< the authentication code of the AFL was verified
    bool payload_crc = false;   ///< of the extended link layer
    bool tag = false;           ///< of the security mode
    /// It says that it is encrypted, but was in clear (a stored telegram that somebody decrypted).
    bool found_clear = false;
    /// Counters are guarded, but there was no room for another sender: this one was not compared.
    bool unguarded = false;
    std::uint16_t encrypted = 0; ///< bytes that were decrypted, or wait for a key
    std::uint16_t tag_bytes = 0; ///< behind them, at the end
    /// With the fault plaintext-implausible: what decryption gave.
    std::span<const std::uint8_t> decrypted{};

    /// The key is proven right, not only by two check bytes.
    [[nodiscard]] bool key_proven() const { return mac || tag || payload_crc; }
};

/// What protection depends on besides the bytes of the message.
struct MessageContext {
    wireless::LinkAddress meter{}; ///< of the link layer; a long header's takes its place
    wireless::Direction direction = wireless::Direction::meter_to_other;
    const transport::Afl* afl = nullptr; ///< with the fields of all fragments
};

} // namespace meterbench::core::receiver
