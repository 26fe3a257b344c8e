// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/receiver/key_store.hpp"
#include "core/receiver/message.hpp"
#include "core/security/aes.hpp"
#include "core/security/composition.hpp"
#include "core/wireless/extended_link.hpp"
#include "core/wireless/frame.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::core::receiver {

/// Opens what telegrams have sealed: sessions of the extended link layer, authentication of the
/// AFL, the security modes of the transport layer. Key schedules and buffers are made once;
/// decoding allocates nothing. A wrong key never yields records.
class Decryption {
  public:
    /// `keys` outlives this; it may grow meanwhile.
    explicit Decryption(const KeyStore& keys, const security::ProtectionOptions& options = {});

    /// The payload of a session, from behind the payload CRC on. Valid until the next call. In a
    /// report: key, payload_crc, found_clear. Fails with no-key, wrong-key, key-length-mismatch,
    /// and payload-crc-mismatch when it is in clear.
    [[nodiscard]] Expected<std::span<const std::uint8_t>>
    open_session(const wireless::ExtendedLink& link, const wireless::LinkAddress& address,
                 std::span<const std::uint8_t> payload, SecurityReport& report);

    /// Authenticates and decrypts a telegram that application::decode_telegram has taken apart.
    /// `message` is what it decoded, from its CI-field on, at most 16384 bytes. Afterwards the
    /// content of the telegram is plain (valid until the next call), or its fault says why not:
    /// no-key, wrong-key, key-length-mismatch, check-bytes-absent, plaintext-implausible,
    /// mac-mismatch, mac-missing, counter-missing, encrypted-length-mismatch,
    /// header-truncated, configuration-reserved, security-mode-unsupported, profile-needed,
    /// tls-handed-on. Then its content is empty and `encrypted` holds what there is.
    void open(application::Telegram& telegram, std::span<const std::uint8_t> message,
              const MessageContext& context, SecurityReport& report);

  private:
    struct Sealed;

    [[nodiscard]] const security::Aes& schedule(const security::Key& key);
    [[nodiscard]] KeyCandidates candidates(const Sealed& sealed) const;
    [[nodiscard]] Expected<void> measure(Sealed& sealed) const;
    [[nodiscard]] Expected<void> authenticate(const Sealed& sealed, KeyCandidates& keys,
                                              SecurityReport& report);
    [[nodiscard]] Expected<void> decrypt(const Sealed& sealed, const KeyCandidates& keys,
                                         SecurityReport& report);
    [[nodiscard]] Expected<void> decrypt_with(const security::Key& key, const Sealed& sealed,
                                              SecurityReport& report);
    [[nodiscard]] Expected<void> decrypt_chained(const security::Key& key, const Sealed& sealed);
    [[nodiscard]] Expected<void> decrypt_composed(const security::Key& key, const Sealed& sealed,
                                                  SecurityReport& report);
    [[nodiscard]] Expected<void> check(const Sealed& sealed, SecurityReport& report) const;

    const KeyStore& keys_;
    security::ProtectionOptions options_;
    std::array<security::Aes, 16> schedules_; ///< by a hash of the key
    security::Aes message_schedule_;          ///< of keys that serve one message
    std::array<std::uint8_t, wireless::max_frame> session_{};
    std::vector<std::uint8_t> plain_;
    std::vector<std::uint8_t> doubtful_; ///< what a key gave that is not sure to be right
};

} // namespace meterbench::core::receiver
