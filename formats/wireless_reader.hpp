// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"
#include "formats/telegram_reader.hpp"

namespace meterbench::formats {

/// Whether a wireless line is of one fragment with its bytes, which stand for themselves: the
/// message that it belongs to need not be there.
[[nodiscard]] bool is_fragment(const JsonValue& line);

/// The frames of a wireless line; complaints go to the report.
[[nodiscard]] Frames read_wireless_json(const JsonValue& line, JsonReport& report,
                                        const EncodingContext& encoding);

} // namespace meterbench::formats
