// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/fixed.hpp"
#include "core/application/record.hpp"
#include "formats/telegram_sink.hpp"

#include <span>
#include <string_view>

namespace meterbench::formats {

/// One entry of `records`. Keys that say nothing are left out: `invalid`, `error`, `length` (bytes
/// of a variable-length number), `exponent` (the VIF's power of ten, 0 when absent), `vif_unit`
/// (where VIFEs made a date, a duration or a count of it), `plain_text`, `register_number`, and of
/// dates `dst`, `leap_year`, `weekday`, `week`, `deviation`.
void append_record(Sink& out, const core::application::Record& record);

/// The same with `series` for a compact profile: {storage, time, value} of each of its elements,
/// whose base is looked for among `records`, and with `name` first unless it is empty.
void append_record(Sink& out, const core::application::Record& record,
                   std::span<const std::uint8_t> records, std::string_view name);

/// A counter of the fixed structure, with the same keys as far as it has them.
void append_fixed_counter(Sink& out, const core::application::FixedCounter& counter);

} // namespace meterbench::formats
