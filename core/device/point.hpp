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
    application::RecordSpec spec{};                 ///< value or date: at `since`
    std::vector<std::uint8_t> content;              ///< what spec.content shows
    std::vector<application::Qualifier> qualifiers; ///< what spec.qualifiers shows
    std::optional<bytes::Decimal> per_hour;         ///< growth of a decimal value, in its unit
    bool writable = false;                          ///< obeys the object actions of a command
    std::optional<std::size_t> freezes; ///< the point whose value it takes when told to freeze
    Instant since{};                    ///< when `spec` had the value it shows

    /// Writes the record with its value at `now`. Fails as application::encode_record does.
    [[nodiscard]] Expected<std::size_t> encode(Instant now, std::span<std::uint8_t> into) const;
    /// The record with its value at `now`; its spans show into this point. Fails with
    /// value-out-of-range.
    [[nodiscard]] Expected<application::RecordSpec> at(Instant now) const;
    /// It is the meter's clock: a current date and time that says nothing else.
    [[nodiscard]] bool is_clock() const;
    /// The value from `now` on; it grows from there.
    void set(const bytes::Decimal& value, Instant now);
    void set(const application::DateTime& date, Instant now);
};

/// How many steps a counter has before it rolls over to 0, upwards and downwards; 0: it never does.
struct Capacity {
    std::uint64_t up = 0;
    std::uint64_t down = 0;
};

/// `base` plus `per_hour` for `time`, rounded down to a multiple of 10^`exponent` and rolled over
/// at `capacity` such steps. None when a number on the way does not fit into 128 bits.
[[nodiscard]] std::optional<bytes::Decimal> grown(const bytes::Decimal& base,
                                                  const bytes::Decimal& per_hour, Duration time,
                                                  int exponent, Capacity capacity);

/// The date and time `time` later; a date that is none stays.
[[nodiscard]] application::DateTime advanced(const application::DateTime& from, Duration time);

} // namespace meterbench::core::device
