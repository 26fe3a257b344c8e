// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record_encoder.hpp"
#include "core/bytes/decimal.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace meterbench::core::device {

/// A data point of a meter: a record whose value evolves with time. Counters roll over as the
/// digits of a register do; a date and time runs on as a clock does.
struct Point {
    application::RecordSpec spec{};                 ///< value or date: at instant 0
    std::vector<std::uint8_t> content;              ///< what spec.content shows
    std::vector<application::Qualifier> qualifiers; ///< what spec.qualifiers shows
    std::optional<bytes::Decimal> per_hour;         ///< growth of a decimal value, in its unit
    /// Writes the record with its value at `now`. Fails as application::encode_record does.
    [[nodiscard]] Expected<std::size_t> encode(Instant now, std::span<std::uint8_t> into) const;
};

/// `base` plus `per_hour` for the time since instant 0, rounded down to a multiple of 10^`exponent`
/// and rolled over at `capacity` such steps in either direction (0: never). None when a number on
/// the way does not fit into 128 bits.
[[nodiscard]] std::optional<bytes::Decimal> grown(const bytes::Decimal& base,
                                                  const bytes::Decimal& per_hour, Instant now,
                                                  int exponent, std::uint64_t capacity);

} // namespace meterbench::core::device
