// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/wireless/frame_format.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace meterbench::core::wireless {

/// What a radio frame is for: the function of its C-field (EN 13757-4, 12.5.4).
enum class Service : std::uint8_t {
    snd_nke, ///< reset of the link; ends a session
    snd_ud2, ///< user data, and an answer with data wanted
    snd_ud,  ///< user data, an acknowledge wanted
    req_ud1, ///< request of alarms
    req_ud2, ///< request of data
    cnf_ir,  ///< the installation is confirmed
    snd_nr,  ///< data, no answer wanted
    snd_ir,  ///< data, wish for installation
    acc_nr,  ///< no data, an opportunity to access
    acc_dmd, ///< demand to be accessed
    ack,
    nack,
    rsp_ud, ///< data, requested
};

/// A C-field counts as this service when it equals `value` in the bits of `mask`.
struct ServiceRow {
    Service service;
    std::uint8_t value;
    std::uint8_t mask;
    std::optional<Direction> sender; ///< none: both
    std::string_view name;
};

/// The bits of a C-field. Bit 7 is 0.
inline constexpr std::uint8_t c_primary = 0x40;  ///< PRM: from the one who begins
inline constexpr std::uint8_t c_count = 0x20;    ///< PRM 1: FCB, which radio meters ignore
inline constexpr std::uint8_t c_count_on = 0x10; ///< PRM 1: FCV
inline constexpr std::uint8_t c_access = 0x20;   ///< PRM 0: ACD
inline constexpr std::uint8_t c_flow = 0x10;     ///< PRM 0: DFC

/// One row a service; EN 13757-4, 12.5.4 and OMS Vol. 2, 5.2. FCB is free where FCV is 1, ACD and
/// DFC are free. Requests with FCV 0 (4Ah, 4Bh), which some radio stacks send, count as requests.
inline constexpr std::array service_rows{
    ServiceRow{Service::snd_nke, 0x40, 0xFF, Direction::other_to_meter, "SND-NKE"},
    ServiceRow{Service::snd_ud2, 0x43, 0xFF, Direction::other_to_meter, "SND-UD2"},
    ServiceRow{Service::snd_ud, 0x53, 0xDF, Direction::other_to_meter, "SND-UD"},
    ServiceRow{Service::req_ud1, 0x4A, 0xCF, Direction::other_to_meter, "REQ-UD1"},
    ServiceRow{Service::req_ud2, 0x4B, 0xCF, Direction::other_to_meter, "REQ-UD2"},
    ServiceRow{Service::cnf_ir, 0x06, 0xFF, Direction::other_to_meter, "CNF-IR"},
    ServiceRow{Service::snd_nr, 0x44, 0xFF, Direction::meter_to_other, "SND-NR"},
    ServiceRow{Service::snd_ir, 0x46, 0xFF, Direction::meter_to_other, "SND-IR"},
    ServiceRow{Service::acc_nr, 0x47, 0xFF, Direction::meter_to_other, "ACC-NR"},
    ServiceRow{Service::acc_dmd, 0x48, 0xFF, Direction::meter_to_other, "ACC-DMD"},
    ServiceRow{Service::ack, 0x00, 0xCF, std::nullopt, "ACK"},
    ServiceRow{Service::nack, 0x01, 0xCF, Direction::meter_to_other, "NACK"},
    ServiceRow{Service::rsp_ud, 0x08, 0xCF, Direction::meter_to_other, "RSP-UD"},
};

/// The row of a C-field; null where it is none.
[[nodiscard]] constexpr const ServiceRow* service_row(std::uint8_t c) {
    for (const ServiceRow& row : service_rows) {
        if ((c & row.mask) == row.value) {
            return &row;
        }
    }
    return nullptr;
}

/// Who sends a frame with this C-field; an acknowledge, which both send, and unknown ones count as
/// a meter's.
[[nodiscard]] constexpr Direction direction_of(std::uint8_t c) {
    const ServiceRow* row = service_row(c);
    return row != nullptr && row->sender ? *row->sender : Direction::meter_to_other;
}

/// When a meter listens (EN 13757-4, bits B and A).
enum class Accessibility : std::uint8_t {
    none,      ///< no access, or for the time being
    no_window, ///< accessible in general, but not after this telegram
    window,    ///< for a short time after this telegram
    always,
};
[[nodiscard]] constexpr std::string_view name_of(Accessibility accessibility) {
    constexpr std::array<std::string_view, 4> names{"none", "no window", "window", "always"};
    return names[static_cast<std::size_t>(accessibility)];
}
[[nodiscard]] constexpr Accessibility accessibility_of(bool bidirectional, bool accessible) {
    return static_cast<Accessibility>((bidirectional ? 2U : 0U) + (accessible ? 1U : 0U));
}

} // namespace meterbench::core::wireless
