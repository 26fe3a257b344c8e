// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <cstdlib>

namespace meterbench::core::wireless {

/// EN 13757-4, 12.6.2: an interval's clock may be off by 250 ppm (facts B.3, confirmed).
inline constexpr std::int64_t interval_tolerance_ppm = 250;

/// The time from the start of the synchronous telegram with access number n to the start of the
/// next one: tNOM (1 + (|n - 128| - 64) / 2048), EN 13757-4, 12.6.2. Rounded down to a nanosecond.
[[nodiscard]] constexpr Duration synchronous_interval(Duration nominal, std::uint8_t n) {
    const std::int64_t distance = n < 128 ? 128 - n : n - 128;
    const std::int64_t parts = 2048 + distance - 64;
    // In two steps, so that a day in nanoseconds times 2112 stays within 64 bits.
    const std::int64_t count = nominal.count();
    return Duration{count / 2048 * parts + count % 2048 * parts / 2048};
}
static_assert(synchronous_interval(Duration{2048}, 0) == Duration{2112}, "1.03125");
static_assert(synchronous_interval(Duration{2048}, 64) == Duration{2048});
static_assert(synchronous_interval(Duration{2048}, 128) == Duration{1984}, "0.96875");
static_assert(synchronous_interval(Duration{2048}, 192) == Duration{2048});

/// When a meter sends of its own accord, and with which access number (EN 13757-7, 7.5.5.2; OMS
/// Vol. 2, 7.2.2.1). Number and first instant are drawn by the owner: random, tied neither to
/// power-up nor to a clock.
class SynchronousSchedule {
  public:
    /// `first_number` is that of the first synchronous telegram, which is due at `first`.
    constexpr SynchronousSchedule(Duration nominal, std::uint8_t first_number, Instant first)
        : nominal_{nominal}, number_{first_number}, due_{first} {}

    /// Start of the next synchronous telegram (SND-NR, ACC-NR or ACC-DMD with S = 1).
    [[nodiscard]] constexpr Instant due() const { return due_; }
    /// Its access number.
    [[nodiscard]] constexpr std::uint8_t number() const { return number_; }
    /// What a telegram in between (S = 0: an alarm, SND-IR) carries: the number of the last
    /// synchronous one.
    [[nodiscard]] constexpr std::uint8_t number_between() const {
        return static_cast<std::uint8_t>(number_ - 1);
    }
    /// The slot is over, used or not: from its start, not from when it was really sent, so that a
    /// late telegram delays none after it.
    constexpr void advance() {
        due_ += synchronous_interval(nominal_, number_);
        ++number_;
    }

  private:
    Duration nominal_;
    std::uint8_t number_;
    Instant due_;
};

} // namespace meterbench::core::wireless
