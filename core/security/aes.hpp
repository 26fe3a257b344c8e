// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/security/key.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace meterbench::core::security {

/// AES-128 under one key, and the modes that radio telegrams use. The schedules for both directions
/// are made when first needed and kept until another key is set; nothing is allocated after the
/// construction. `in` and `out` may be the same memory, but must not overlap otherwise; `out` has
/// at least the size of `in`.
class Aes {
  public:
    Aes();
    ~Aes();
    Aes(Aes&&) noexcept;
    Aes& operator=(Aes&&) noexcept;

    void set_key(std::span<const std::uint8_t, block_size> key);

    void encrypt(const Block& in, Block& out) const;
    void decrypt(const Block& in, Block& out) const;

    /// Cipher block chaining (NIST SP 800-38A); whole blocks only, what is left over is not
    /// touched.
    void encrypt_cbc(const Block& iv, std::span<const std::uint8_t> in,
                     std::span<std::uint8_t> out) const;
    void decrypt_cbc(const Block& iv, std::span<const std::uint8_t> in,
                     std::span<std::uint8_t> out) const;
    /// Counter mode (NIST SP 800-38A), both ways; the whole block counts up, last byte first.
    void apply_ctr(const Block& first, std::span<const std::uint8_t> in,
                   std::span<std::uint8_t> out) const;

  private:
    struct Schedules;
    std::unique_ptr<Schedules> schedules_;
};

/// DES in cipher block chaining (modes 2 and 3 of old meters). Whole blocks only.
void encrypt_des_cbc(std::span<const std::uint8_t, des_block_size> key,
                     std::span<const std::uint8_t, des_block_size> iv,
                     std::span<const std::uint8_t> in, std::span<std::uint8_t> out);
void decrypt_des_cbc(std::span<const std::uint8_t, des_block_size> key,
                     std::span<const std::uint8_t, des_block_size> iv,
                     std::span<const std::uint8_t> in, std::span<std::uint8_t> out);

} // namespace meterbench::core::security
