// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace meterbench::core::link {

/// The function of a control field, for the direction its PRM bit tells (EN 13757-2, 5.7; IEC
/// 60870-5-2).
enum class Function : std::uint8_t {
    snd_nke, ///< master: reset the link (40h)
    snd_ud,  ///< master: send user data (43h, 53h, 63h, 73h)
    req_ud1, ///< master: request class 1 data, alarms (4Ah, 5Ah, 7Ah)
    req_ud2, ///< master: request class 2 data (4Bh, 5Bh, 7Bh)
    req_ske, ///< master: request the link's status (49h); wired meters need not know it
    rsp_ud,  ///< meter: data (08h, 18h, 28h, 38h)
    ack,     ///< meter: positive acknowledge as a frame (00h); wired M-Bus sends E5h instead
    nack,    ///< meter: negative acknowledge as a frame (01h)
    rsp_ske, ///< meter: status of the link (0Bh)
    other,   ///< none of these
};

[[nodiscard]] std::string_view name_of(Function function);

/// The C field. Bit 7 is 0; bit 6 PRM: 1 from the master; bit 5 FCB or ACD; bit 4 FCV or DFC;
/// bits 3 to 0 the function code.
struct ControlField {
    std::uint8_t value = 0;

    [[nodiscard]] constexpr bool from_master() const { return (value & 0x40U) != 0; }
    [[nodiscard]] constexpr bool fcb() const { return (value & 0x20U) != 0; }
    [[nodiscard]] constexpr bool fcv() const { return (value & 0x10U) != 0; }
    /// Class 1 data (an alarm) is waiting.
    [[nodiscard]] constexpr bool acd() const { return (value & 0x20U) != 0; }
    /// The meter cannot take further user data.
    [[nodiscard]] constexpr bool dfc() const { return (value & 0x10U) != 0; }

    [[nodiscard]] constexpr Function function() const {
        if ((value & 0x80U) != 0) {
            return Function::other; // MB2-LL-023
        }
        if (from_master()) {
            switch (value & 0x0FU) {
            case 0x0: return (value & 0x30U) == 0 ? Function::snd_nke : Function::other;
            case 0x3: return Function::snd_ud;
            case 0x9: return Function::req_ske;
            case 0xA: return Function::req_ud1;
            case 0xB: return Function::req_ud2;
            default: return Function::other;
            }
        }
        switch (value & 0x0FU) {
        case 0x0: return Function::ack;
        case 0x1: return Function::nack;
        case 0x8: return Function::rsp_ud;
        case 0xB: return Function::rsp_ske;
        default: return Function::other;
        }
    }

    friend constexpr bool operator==(ControlField, ControlField) = default;
};

inline constexpr ControlField snd_nke{0x40};
inline constexpr ControlField rsp_ud{0x08};

[[nodiscard]] constexpr ControlField snd_ud(bool fcb) {
    return {static_cast<std::uint8_t>(fcb ? 0x73 : 0x53)};
}
[[nodiscard]] constexpr ControlField req_ud2(bool fcb) {
    return {static_cast<std::uint8_t>(fcb ? 0x7B : 0x5B)};
}
[[nodiscard]] constexpr ControlField req_ud1(bool fcb) {
    return {static_cast<std::uint8_t>(fcb ? 0x7A : 0x5A)};
}
[[nodiscard]] constexpr ControlField response(bool acd, bool dfc) {
    return {static_cast<std::uint8_t>(0x08U | (acd ? 0x20U : 0U) | (dfc ? 0x10U : 0U))};
}

} // namespace meterbench::core::link
