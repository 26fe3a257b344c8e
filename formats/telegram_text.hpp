// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/receiver/receiver.hpp"
#include "core/wireless/mode.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace meterbench::formats {

/// Appends a wired frame as text for people: one line for the frame, one for the device, one a
/// record, one for a fault; each ends with a newline.
void write_telegram_text(std::string& out, std::size_t line_number,
                         std::span<const std::uint8_t> bytes,
                         core::receiver::Decryption* decryption = nullptr);

/// The same for a radio frame that a receiver has taken apart, of this mode if that is known.
/// Returns whether there is no fault.
bool write_telegram_text(std::string& out, std::size_t line_number,
                         const core::receiver::Reception& reception,
                         std::optional<core::wireless::Mode> mode = std::nullopt);

} // namespace meterbench::formats
