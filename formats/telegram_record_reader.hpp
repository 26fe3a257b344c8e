// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/vife_table.hpp"
#include "formats/json_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// Appends the bytes of one entry of `records`. Complains to `report` under `key`, and returns then
/// false.
[[nodiscard]] bool append_record_bytes(std::vector<std::uint8_t>& out, const JsonValue& record,
                                       core::application::Direction direction, JsonReport& report,
                                       const std::string& key);

/// UTF-8 to ISO 8859-1; none for a character beyond it.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> latin1_of(std::string_view utf8);

} // namespace meterbench::formats
