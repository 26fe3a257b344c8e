// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/wireless/address.hpp"
#include "core/wireless/control.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::wireless {

/// The communication control field (EN 13757-4, 13.2.7): bits B D S H P A R X from bit 7 down.
struct CommunicationControl {
    std::uint8_t raw = 0;
    static constexpr std::uint8_t bidirectional_bit = 0x80;
    static constexpr std::uint8_t fast_bit = 0x40;
    static constexpr std::uint8_t synchronous_bit = 0x20;
    static constexpr std::uint8_t hop_bit = 0x10;
    static constexpr std::uint8_t priority_bit = 0x08;
    static constexpr std::uint8_t accessible_bit = 0x04;
    static constexpr std::uint8_t repeated_bit = 0x02;
    static constexpr std::uint8_t extended_delay_bit = 0x01;

    [[nodiscard]] constexpr bool bidirectional() const { return (raw & bidirectional_bit) != 0; }
    /// D: the fast response delay.
    [[nodiscard]] constexpr bool fast_response() const { return (raw & fast_bit) != 0; }
    [[nodiscard]] constexpr bool synchronous() const { return (raw & synchronous_bit) != 0; }
    /// H: a repeater has sent it again already.
    [[nodiscard]] constexpr bool hop() const { return (raw & hop_bit) != 0; }
    [[nodiscard]] constexpr bool priority() const { return (raw & priority_bit) != 0; }
    [[nodiscard]] constexpr bool accessible() const { return (raw & accessible_bit) != 0; }
    /// R: not to be repeated.
    [[nodiscard]] constexpr bool repeated_access() const { return (raw & repeated_bit) != 0; }
    /// X, with D the class of the response delay.
    [[nodiscard]] constexpr bool extended_delay() const { return (raw & extended_delay_bit) != 0; }
    [[nodiscard]] constexpr Accessibility accessibility() const {
        return accessibility_of(bidirectional(), accessible());
    }
    friend constexpr bool operator==(CommunicationControl, CommunicationControl) = default;
};

/// The session number (EN 13757-4, 13.2.11): bits 31 to 29 encryption, 28 to 4 minutes, 3 to 0 the
/// session within that minute.
struct SessionNumber {
    std::uint32_t raw = 0;
    static constexpr std::uint8_t clear = 0;
    static constexpr std::uint8_t aes_ctr = 1;

    [[nodiscard]] constexpr std::uint8_t encryption() const {
        return static_cast<std::uint8_t>(raw >> 29U);
    }
    [[nodiscard]] constexpr std::uint32_t minutes() const { return raw >> 4U & 0x1FF'FFFFU; }
    [[nodiscard]] constexpr std::uint8_t session() const { return raw & 0x0FU; }
    friend constexpr bool operator==(SessionNumber, SessionNumber) = default;
};

/// The CI-fields of the extended link layer.
inline constexpr std::uint8_t ci_ell_1 = 0x8C;
inline constexpr std::uint8_t ci_ell_2 = 0x8D; ///< with session number and payload CRC
inline constexpr std::uint8_t ci_ell_3 = 0x8E; ///< with the address of the receiver
inline constexpr std::uint8_t ci_ell_4 = 0x8F; ///< with both
inline constexpr std::uint8_t ci_ell_5 = 0x86; ///< fields by an extended control byte

[[nodiscard]] constexpr bool is_extended_link(std::uint8_t ci) {
    return ci == ci_ell_5 || (ci >= ci_ell_1 && ci <= ci_ell_4);
}

/// Which bit of the extended control byte of ELL V announces which field, in the order they stand
/// behind it. EN 13757-4:2019 was not available: the layout is not in the facts, so whoever has the
/// text says it here. Bit 8: never.
struct EllFiveLayout {
    std::uint8_t receiver_bit = 8;
    std::uint8_t session_bit = 8;
    std::uint8_t run_time_delay_bit = 8;
    std::uint8_t reception_level_bit = 8;
};

/// The extended link layer (EN 13757-4, 13.2). `ci` says which fields there are.
struct ExtendedLink {
    std::uint8_t ci = ci_ell_1;
    CommunicationControl control{};
    std::uint8_t access_number = 0;
    std::uint8_t extended_control = 0; ///< ELL V
    std::optional<LinkAddress> receiver{};
    std::optional<SessionNumber> session{};
    std::optional<std::uint16_t> run_time_delay{}; ///< ELL V
    std::optional<std::uint8_t> reception_level{}; ///< ELL V
    /// As sent; with encryption it is ciphertext and only its decryption means anything.
    std::optional<std::uint16_t> payload_crc{};
    /// Bytes from the CI-field to the payload CRC, that included.
    std::size_t size = 0;

    [[nodiscard]] bool encrypted() const {
        return session && session->encryption() != SessionNumber::clear;
    }
    friend bool operator==(const ExtendedLink&, const ExtendedLink&) = default;
};

inline constexpr std::size_t payload_crc_size = 2;
inline constexpr std::size_t max_extended_link = 21;

/// Reads the layer at the start of `data` (its CI-field first). Fails with ell-truncated,
/// ell-encryption-reserved and, for ELL V without a layout, profile-needed. The offset counts from
/// the CI-field.
[[nodiscard]] Expected<ExtendedLink> decode_extended_link(std::span<const std::uint8_t> data,
                                                          const EllFiveLayout* layout = nullptr);

/// Writes the layer with all fields that are set, in the order of the standard, whether they suit
/// its CI-field or not; returns the bytes written. The payload CRC stands last. Fails with
/// data-too-long.
[[nodiscard]] Expected<std::size_t> encode_extended_link(const ExtendedLink& link,
                                                         std::span<std::uint8_t> into);

/// Sets the bits of the extended control byte (ELL V) that announce the fields that are set, and
/// clears those of the others. False when a field is set that the layout has no bit for.
[[nodiscard]] bool announce_fields(ExtendedLink& link, const EllFiveLayout& layout);

/// The CRC over the plain bytes behind the payload CRC; it is sent LSB first.
[[nodiscard]] std::uint16_t payload_crc(std::span<const std::uint8_t> payload);

/// The first counter block of AES-128-CTR: M, A, the control field without H and R (a repeater
/// changes them), session number, frame number 0, block counter 0 (EN 13757-4, 13.2.12).
[[nodiscard]] std::array<std::uint8_t, 16> session_counter_block(const LinkAddress& address,
                                                                 const ExtendedLink& link);

} // namespace meterbench::core::wireless
