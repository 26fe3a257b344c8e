// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "formats/telegram_sink.hpp"

#include <optional>
#include <string_view>

namespace meterbench::formats {

/// `invalid`, `not-specified`, `overflow`, `every-second` to `every-year`; empty for none.
[[nodiscard]] std::string_view name_of(core::application::Invalid invalid);
/// The reason of this name; none when there is no such name.
[[nodiscard]] std::optional<core::application::Invalid> invalid_of(std::string_view name);

/// A decimal with every digit: magnitude * 10^exponent.
void append_decimal(Sink& out, const core::bytes::Decimal& decimal);

/// The shortest decimal that names this IEEE number (given by its bits), times 10^exponent, without
/// an exponent part.
void append_real(Sink& out, std::uint32_t bits, int exponent);

/// ISO 8601: `2014-03-13`, `2014-03-13T11:11` (with `seconds` `...T11:11:09`), `11:11:09`.
void append_date(Sink& out, const core::application::DateTime& date,
                 core::application::ValueType type, bool seconds);

/// Whether the record has a value that can be said: it is there and valid.
[[nodiscard]] bool has_value(const core::application::Record& record);

/// The value as text: numbers exact, dates ISO 8601, text in UTF-8, bytes as hex. For JSON,
/// characters of a text are escaped. Only where has_value().
void append_value(Sink& out, const core::application::Record& record, bool for_json);

/// The unit: the VIF's, or the text of a plain-text VIF.
void append_unit(Sink& out, const core::application::Record& record, bool for_json);

} // namespace meterbench::formats
