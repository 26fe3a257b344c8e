// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/fields.hpp"
#include "core/security/key.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace meterbench::core::security {

/// What an initialisation vector, nonce or counter block is made of.
enum class Part : std::uint8_t {
    none,
    address,         ///< M-field and A-field of the meter, 8 bytes in the order of the link layer
    identification,  ///< 4 bytes as sent
    manufacturer,    ///< 2 bytes as sent
    message_counter, ///< 4 bytes, LSB first
    access_number,   ///< 1 byte
    date,            ///< 2 bytes, type G; the caller says it
    zeros,           ///< to the end
};

/// Stands for a mode in a composition for GMAC, the authentication types 8 and 9 of the AFL.
inline constexpr std::uint8_t afl_gmac = 0xFF;

/// How a security mode is put together of which no public text or vector says it (modes 3, 8, 9 and
/// 10, GMAC of the AFL). A receiver uses none of these unless it is named: they decode what was
/// built the same way and prove nothing about a meter's conformance.
struct Composition {
    std::string_view name;
    std::uint8_t mode; ///< or afl_gmac
    std::array<Part, 3> nonce;
    bool derived_key;       ///< Kenc or Lenc (GMAC: Kmac or Lmac) of the message counter; else the
                            ///< device's own key
    bool header_associated; ///< the transport layer from its CI-field to the encrypted bytes
    /// Bytes at the end of the telegram; 0 none. Mode 8: a CMAC under the same key over what is
    /// associated and the encrypted bytes. GMAC: its size is that of its type.
    std::uint8_t tag_size;
};

inline constexpr std::array compositions{
    Composition{"mode-3-identification-manufacturer-date",
                3,
                {Part::identification, Part::manufacturer, Part::date},
                false,
                false,
                0},
    Composition{"mode-8-address-counter",
                8,
                {Part::address, Part::message_counter, Part::zeros},
                false,
                false,
                0},
    Composition{"mode-8-address-counter-cmac",
                8,
                {Part::address, Part::message_counter, Part::zeros},
                false,
                true,
                4},
    Composition{"mode-9-address-counter",
                9,
                {Part::address, Part::message_counter, Part::none},
                false,
                true,
                12},
    Composition{"mode-10-address-counter",
                10,
                {Part::address, Part::message_counter, Part::zeros},
                true,
                true,
                8},
    Composition{"gmac-address-counter",
                afl_gmac,
                {Part::address, Part::message_counter, Part::none},
                true,
                true,
                0},
};

/// Null where there is none of this name.
[[nodiscard]] constexpr const Composition* find_composition(std::string_view name) {
    for (const Composition& composition : compositions) {
        if (composition.name == name) {
            return &composition;
        }
    }
    return nullptr;
}

/// What the parts of a nonce are taken from.
struct NonceSource {
    std::array<std::uint8_t, 8> address; ///< M-field and A-field
    std::uint32_t message_counter;
    std::uint8_t access_number;
    std::uint16_t date;
};

/// Writes the parts one behind the other; zeros to the end.
constexpr void fill_nonce(const Composition& composition, const NonceSource& source, Block& nonce) {
    nonce.fill(0);
    bytes::FieldWriter fields{nonce};
    const std::span address{source.address};
    for (const Part part : composition.nonce) {
        switch (part) {
        case Part::address: fields.bytes(address); break;
        case Part::identification: fields.bytes(address.subspan(2, 4)); break;
        case Part::manufacturer: fields.bytes(address.first(2)); break;
        case Part::message_counter: fields.number(source.message_counter, 4); break;
        case Part::access_number: fields.number(source.access_number, 1); break;
        case Part::date: fields.number(source.date, 2); break;
        case Part::none:
        case Part::zeros: break;
        }
    }
}

/// What a receiver or sender is told about protection.
struct ProtectionOptions {
    /// For modes without a public composition: the ones chosen, one a mode. Off: none.
    std::array<const Composition*, 5> compositions{};
    /// Mode 3: the date its composition takes, type G.
    std::uint16_t date = 0;
    /// Whether the MAC covers the key information of the AFL; EN 13757-7: yes.
    bool mac_with_key_information = true;

    /// The composition of this mode; null without.
    [[nodiscard]] const Composition* find(std::uint8_t mode) const {
        for (const Composition* chosen : compositions) {
            if (chosen != nullptr && chosen->mode == mode) {
                return chosen;
            }
        }
        return nullptr;
    }
};

} // namespace meterbench::core::security
