// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// How a security mode is put together of which no public text or vector says it (modes 3, 8, 9 and
/// 10). A receiver uses none of these unless it is named: they decode what was built the same way
/// and prove nothing about a meter's conformance.
struct Composition {
    std::string_view name;
    std::uint8_t mode;
    std::array<Part, 3> nonce;
    bool derived_key;       ///< Kenc or Lenc of the message counter; else the device's own key
    bool header_associated; ///< the transport layer from its CI-field to the encrypted bytes
    std::uint8_t tag_size;  ///< bytes at the end of the telegram; 0 none
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
    std::size_t at = 0;
    const auto number = [&nonce, &at](std::uint32_t value, std::size_t size) {
        for (std::size_t i = 0; i < size && at < nonce.size(); ++i) {
            nonce[at++] = static_cast<std::uint8_t>(value >> 8U * i);
        }
    };
    const auto bytes = [&nonce, &at](std::span<const std::uint8_t> from) {
        for (std::size_t i = 0; i < from.size() && at < nonce.size(); ++i) {
            nonce[at++] = from[i];
        }
    };
    for (const Part part : composition.nonce) {
        switch (part) {
        case Part::address: bytes(source.address); break;
        case Part::identification: bytes(std::span{source.address}.subspan(2, 4)); break;
        case Part::manufacturer: bytes(std::span{source.address}.first(2)); break;
        case Part::message_counter: number(source.message_counter, 4); break;
        case Part::access_number: number(source.access_number, 1); break;
        case Part::date: number(source.date, 2); break;
        case Part::none:
        case Part::zeros: break;
        }
    }
}

/// What a receiver or sender is told about protection.
struct ProtectionOptions {
    /// For modes without a public composition: the ones chosen, one a mode. Off: none.
    std::array<const Composition*, 4> compositions{};
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
