// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace meterbench::core::link {

/// Primary addresses with a meaning of their own (EN 13757-2, 5.7.5).
namespace address {
inline constexpr std::uint8_t unconfigured = 0;
inline constexpr std::uint8_t last_individual = 250;
inline constexpr std::uint8_t selected = 253;  ///< FDh: the device selected by secondary address
inline constexpr std::uint8_t test = 254;      ///< FEh: every device, answers with its own address
inline constexpr std::uint8_t broadcast = 255; ///< FFh: every device, nobody answers
} // namespace address

/// Whom a frame is for, seen by one device.
enum class AddressClass : std::uint8_t {
    own,       ///< its primary address, or the test address FEh
    selected,  ///< FDh
    broadcast, ///< FFh
    foreign,   ///< another device, or the reserved 251 and 252
};

[[nodiscard]] constexpr AddressClass classify(std::uint8_t frame_address,
                                              std::uint8_t own_address) {
    switch (frame_address) {
    case address::selected: return AddressClass::selected;
    case address::broadcast: return AddressClass::broadcast;
    case address::test: return AddressClass::own;
    default: return frame_address == own_address ? AddressClass::own : AddressClass::foreign;
    }
}

} // namespace meterbench::core::link
