// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meterbench::core::transport {

inline constexpr std::uint8_t ci_afl = 0x90;
/// OMS Vol. 2: a message is at most 16 kB; this also bounds what fragments are put together to.
inline constexpr std::size_t max_message = 16384;
inline constexpr std::size_t max_mac = 16;
inline constexpr std::size_t max_afl = 2 + 2 + 1 + 2 + 4 + max_mac + 2;

/// The fragmentation control field's bits (EN 13757-7, 6.3.2).
inline constexpr std::uint16_t fcl_more_fragments = 0x4000;
inline constexpr std::uint16_t fcl_message_control = 0x2000;
inline constexpr std::uint16_t fcl_message_length = 0x1000;
inline constexpr std::uint16_t fcl_message_counter = 0x0800;
inline constexpr std::uint16_t fcl_mac = 0x0400;
inline constexpr std::uint16_t fcl_key_information = 0x0200;

/// Bits of the message control field.
inline constexpr std::uint8_t mcl_message_length = 0x40;
inline constexpr std::uint8_t mcl_message_counter = 0x20;
inline constexpr std::uint8_t mcl_key_information = 0x10;

/// The kinds of authentication of a message control field, and the bytes of their code
/// (EN 13757-7, 6.3.3).
struct MacType {
    std::uint8_t code;
    std::uint8_t size;
    bool galois;
    std::string_view name;
};
inline constexpr std::array mac_types{
    MacType{3, 2, false, "AES-CMAC-2"},   MacType{4, 4, false, "AES-CMAC-4"},
    MacType{5, 8, false, "AES-CMAC-8"},   MacType{6, 12, false, "AES-CMAC-12"},
    MacType{7, 16, false, "AES-CMAC-16"}, MacType{8, 12, true, "AES-GMAC-12"},
    MacType{9, 16, true, "AES-GMAC-16"},
};
/// Null for no authentication (0) and reserved types.
[[nodiscard]] constexpr const MacType* mac_type(std::uint8_t message_control) {
    for (const MacType& type : mac_types) {
        if (type.code == (message_control & 0x0FU)) {
            return &type;
        }
    }
    return nullptr;
}

/// An authentication code, as many bytes as its type has.
struct Mac {
    std::array<std::uint8_t, max_mac> storage{};
    std::uint8_t size = 0;
    [[nodiscard]] std::span<const std::uint8_t> bytes() const {
        return std::span{storage}.first(size);
    }
    friend bool operator==(const Mac&, const Mac&) = default;
};

/// Key information (EN 13757-7, 6.3.4): bits 15 to 8 key version, 5 and 4 the key derivation, 3 to
/// 0 the key's number. That it goes LSB first is a single source's word.
struct KeyInformation {
    std::uint16_t raw = 0;
    [[nodiscard]] constexpr std::uint8_t version() const {
        return static_cast<std::uint8_t>(raw >> 8U);
    }
    [[nodiscard]] constexpr std::uint8_t derivation() const {
        return static_cast<std::uint8_t>(raw >> 4U & 3U);
    }
    [[nodiscard]] constexpr std::uint8_t key_id() const { return raw & 0x0FU; }
    friend constexpr bool operator==(KeyInformation, KeyInformation) = default;
};

/// The authentication and fragmentation layer of one frame (EN 13757-7, clause 6). The
/// fragmentation control says which of the other fields there are.
struct Afl {
    std::uint16_t fragmentation = 0;
    std::optional<std::uint8_t> message_control{};
    std::optional<KeyInformation> key_information{};
    std::optional<std::uint32_t> message_counter{};
    std::optional<Mac> mac{};
    std::optional<std::uint16_t> message_length{};
    /// Bytes from the CI-field to the last of the layer.
    std::size_t size = 0;

    [[nodiscard]] bool more_fragments() const { return (fragmentation & fcl_more_fragments) != 0; }
    /// 0: the message is not fragmented; fragments count from 1.
    [[nodiscard]] std::uint8_t fragment() const { return static_cast<std::uint8_t>(fragmentation); }
    [[nodiscard]] bool fragmented() const { return more_fragments() || fragment() > 1; }
    friend bool operator==(const Afl&, const Afl&) = default;
};

/// Reads the layer at the start of `data` (CI 90h first). The type of a MAC comes from the message
/// control field; in a last fragment without one all the rest of the layer but a message length is
/// the MAC. Fails with afl-truncated and afl-length-mismatch; with mac-type-unsupported when a MAC
/// of a reserved type is announced. The offset counts from the CI-field.
[[nodiscard]] Expected<Afl> decode_afl(std::span<const std::uint8_t> data);

/// Writes the layer with its length; the fields that are set, whether `fragmentation` announces
/// them or not. Returns the bytes written. Fails with data-too-long.
[[nodiscard]] Expected<std::size_t> encode_afl(const Afl& afl, std::span<std::uint8_t> into,
                                               std::optional<std::uint8_t> length = {});

/// Sets the bits of `fragmentation` and `message_control` that announce the fields that are set.
void announce_fields(Afl& afl);

/// Where the message authentication starts: MCL, KI, MCR, ML, as far as they are there, before the
/// bytes of the message (from the CI-field behind the AFL to its end).
struct MacPrefix {
    std::array<std::uint8_t, 9> storage{};
    std::size_t size = 0;
    [[nodiscard]] std::span<const std::uint8_t> bytes() const {
        return std::span{storage}.first(size);
    }
};
/// EN 13757-7 counts the key information in, the text of OMS Vol. 2 does not list it; no vector has
/// one. `with_key_information` says which (true: EN).
[[nodiscard]] MacPrefix mac_prefix(const Afl& afl, bool with_key_information = true);

} // namespace meterbench::core::transport
