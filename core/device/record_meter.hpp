// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/device/point.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace meterbench::core::device {

/// Which points each telegram of an answer carries, by index; one list a telegram.
using TelegramList = std::vector<std::vector<std::size_t>>;

/// An application that the master can select (EN 13757-3, clause 7): the high nibble of the
/// subcode, 1 to 15, and what is answered then.
struct SelectableApplication {
    std::uint8_t number = 0;
    TelegramList telegrams;
};

/// What a meter made from records is.
struct RecordMeter {
    application::DeviceId device{};
    application::Status status{};
    std::uint8_t access_number = 0; ///< of the first answer after power-up
    std::optional<std::uint32_t>
        fabrication_number; ///< as eight hex digits; with one, enhanced selection
    std::vector<Point> points;
    TelegramList telegrams; ///< the standard response
    std::vector<SelectableApplication> applications;
    std::vector<Baud> rates;              ///< that CI B8h to BFh can set
    bool alarms = false;                  ///< answers REQ_UD1
    bool address_writable = true;         ///< 01 7A nn sets the primary address
    bool identification_writable = false; ///< 0C 79 and 07 79; never of an OMS end-device
    bool clock_writable = true;
    /// OMS Vol. 2, 8.2.5: another response than the standard one lasts this long after the last
    /// command (MB3-AP-040).
    Duration response_lasts = std::chrono::seconds{255};
};

} // namespace meterbench::core::device
