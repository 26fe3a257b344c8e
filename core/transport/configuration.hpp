// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/wireless/control.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meterbench::core::transport {

/// The security modes (EN 13757-7, table 19).
enum class SecurityMode : std::uint8_t {
    none = 0,
    des_cbc = 2,         ///< initialisation vector 0
    des_cbc_iv = 3,      ///< initialisation vector of address and date
    aes_cbc = 4,         ///< initialisation vector 0; deprecated
    aes_cbc_iv = 5,      ///< initialisation vector of address and access number
    aes_cbc_derived = 7, ///< a key a message, initialisation vector 0
    aes_ctr_cmac = 8,
    aes_gcm = 9,
    aes_ccm = 10,
    tls = 13,
    extended = 15, ///< the mode stands in an extension
};
/// As it reads in output: `AES-CBC, IV` ...; `reserved` for the others.
[[nodiscard]] std::string_view name_of(SecurityMode mode);

/// The two bytes of the configuration field and what extends it (EN 13757-7, 7.5.8). Which bits
/// mean what depends on the mode; fields that a mode does not have are 0.
struct Configuration {
    std::uint16_t field = 0;
    std::uint16_t extension = 0; ///< modes 7, 13: one byte; mode 10: two
    std::optional<std::uint8_t> key_version{};
    std::optional<std::uint32_t> message_counter{};
    /// Bytes behind the field that belong to it.
    std::size_t extension_size = 0;

    [[nodiscard]] constexpr SecurityMode mode() const {
        return static_cast<SecurityMode>(field >> 8U & 0x1FU);
    }
    /// Modes 4, 5 and 7: N blocks of 16 bytes; mode 7: 15 is all the rest.
    [[nodiscard]] constexpr std::uint8_t blocks() const {
        return static_cast<std::uint8_t>(field >> 4U & 0x0FU);
    }
    /// Modes 2, 3, 9, 10 and 13: bytes; FFh is all the rest in modes 9, 10 and 13.
    [[nodiscard]] constexpr std::uint8_t encrypted_bytes() const {
        return static_cast<std::uint8_t>(field);
    }
    /// Modes 0 and 5 have the accessibility, synchronous and repeater bits here.
    [[nodiscard]] constexpr bool has_link_bits() const {
        return mode() == SecurityMode::none || mode() == SecurityMode::aes_cbc_iv;
    }
    [[nodiscard]] constexpr wireless::Accessibility accessibility() const {
        return has_link_bits()
                   ? wireless::accessibility_of((field & 0x8000U) != 0, (field & 0x4000U) != 0)
                   : wireless::Accessibility::none;
    }
    [[nodiscard]] constexpr bool synchronous() const {
        return has_link_bits() && (field & 0x2000U) != 0;
    }
    [[nodiscard]] constexpr bool repeated_access() const {
        return has_link_bits() && (field & 2U) != 0;
    }
    [[nodiscard]] constexpr bool hop() const { return has_link_bits() && (field & 1U) != 0; }
    /// Content of the message: 0 standard, 1 additional, 2 static data (installation).
    [[nodiscard]] constexpr std::uint8_t content() const {
        return static_cast<std::uint8_t>(has_link_bits() ? field >> 2U & 3U : field >> 14U & 3U);
    }
    /// Modes 7 and 10: content index.
    [[nodiscard]] constexpr std::uint8_t content_index() const {
        if (mode() == SecurityMode::aes_cbc_derived) {
            return static_cast<std::uint8_t>(field & 7U);
        }
        return static_cast<std::uint8_t>(mode() == SecurityMode::aes_ccm ? extension >> 10U & 0x0FU
                                                                         : 0U);
    }
    /// Modes 7 and 10.
    /// Mode 10: what follows the encrypted bytes; 1 is a tag of 8 bytes.
    [[nodiscard]] constexpr std::uint8_t tag_option() const {
        return static_cast<std::uint8_t>(extension >> 8U & 3U);
    }
    [[nodiscard]] constexpr std::uint8_t key_id() const { return extension & 0x0FU; }
    /// Modes 7 and 10: 1 is the derivation of EN 13757-7, 9.2.
    [[nodiscard]] constexpr std::uint8_t derivation() const {
        return static_cast<std::uint8_t>(extension >> 4U & 3U);
    }
    /// Mode 13: the protocol.
    [[nodiscard]] constexpr std::uint8_t protocol() const { return extension & 0x0FU; }
    friend bool operator==(const Configuration&, const Configuration&) = default;
};

/// Reads what extends a configuration field: `behind` begins with the byte behind the field.
/// Key version before message counter, as OMS Vol. 2 annex D has them; no vector has both. Fails
/// with header-truncated and configuration-reserved (bits that must be 0); offsets count from
/// `behind`.
[[nodiscard]] Expected<Configuration> decode_configuration(std::uint16_t field,
                                                           std::span<const std::uint8_t> behind);

/// Writes the field and its extension, as the mode has them: 2 to 9 bytes. Fails with
/// data-too-long.
[[nodiscard]] Expected<std::size_t> encode_configuration(const Configuration& configuration,
                                                         std::span<std::uint8_t> into);

} // namespace meterbench::core::transport
