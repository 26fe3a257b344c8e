// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/telegram_json.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace meterbench::formats {

/// One line of `meterbench.telegram/1` for a radio frame; see write_telegram_json.
bool write_wireless_json(std::string& out, std::size_t line_number,
                         std::span<const std::uint8_t> bytes, const TelegramContext& context);

} // namespace meterbench::formats
