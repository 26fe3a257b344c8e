// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/security/aes.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace meterbench::core::security {

/// AES-CMAC (NIST SP 800-38B, RFC 4493) of bytes that come in pieces.
class Cmac {
  public:
    /// `aes` keeps its key until the end.
    explicit Cmac(const Aes& aes) : aes_{aes} {}
    void add(std::span<const std::uint8_t> bytes);
    [[nodiscard]] Block finish();

  private:
    const Aes& aes_;
    Block chain_{};
    Block last_{}; ///< what is not yet known to be another block than the last
    std::size_t filled_ = 0;
};

/// The CMAC of the pieces, one behind the other.
[[nodiscard]] Block cmac(const Aes& aes,
                         std::initializer_list<std::span<const std::uint8_t>> pieces);

/// AES-CCM (NIST SP 800-38C, RFC 3610) with a nonce of 7 to 13 bytes and a tag of 4 to 16, even.
/// `associated` is authenticated but not encrypted, at most 65279 bytes.
struct CcmInput {
    std::span<const std::uint8_t> nonce;
    std::span<const std::uint8_t> associated;
    std::span<const std::uint8_t> text;
};
/// Encrypts into `out` (the size of the text) and writes the tag.
void seal_ccm(const Aes& aes, const CcmInput& plain, std::span<std::uint8_t> out,
              std::span<std::uint8_t> tag);
/// Decrypts into `out`; whether the tag is right. If it is not, `out` is all zeros.
[[nodiscard]] bool open_ccm(const Aes& aes, const CcmInput& cipher, std::span<std::uint8_t> out,
                            std::span<const std::uint8_t> tag);

/// AES-GCM (NIST SP 800-38D) with a nonce of 12 bytes and a tag of 4 to 16.
struct GcmInput {
    std::span<const std::uint8_t, 12> nonce;
    std::span<const std::uint8_t> associated;
    std::span<const std::uint8_t> text;
};
void seal_gcm(const Aes& aes, const GcmInput& plain, std::span<std::uint8_t> out,
              std::span<std::uint8_t> tag);
[[nodiscard]] bool open_gcm(const Aes& aes, const GcmInput& cipher, std::span<std::uint8_t> out,
                            std::span<const std::uint8_t> tag);

/// GMAC (NIST SP 800-38D) of the pieces, one behind the other: the tag of no text.
[[nodiscard]] Block gmac(const Aes& aes, std::span<const std::uint8_t, 12> nonce,
                         std::initializer_list<std::span<const std::uint8_t>> pieces);

} // namespace meterbench::core::security
