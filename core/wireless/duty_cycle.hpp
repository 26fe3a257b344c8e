// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"
#include "core/wireless/radio_units.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace meterbench::core::wireless {

/// A sub-band and what one device may use of it without polite access (EN 300 220-2, ERC/REC 70-03;
/// facts E.1). National deviations exist: other rows, same code.
struct BandRow {
    std::string_view name; ///< letter of EN 300 220-2, where it has one
    Hertz low;
    Hertz high;
    Dbm power; ///< e.r.p.
    std::int32_t duty_cycle_ppm;
    Confidence confidence;
    std::string_view used_by;
};

/// 10000 ppm are 1 %, 36 s in an hour. Band Q: with 25 mW; at 5 mW there is no limit.
inline constexpr std::array band_rows{
    BandRow{"", {169'400'000}, {169'475'000}, {270}, 100'000, Confidence::memory, "N"},
    BandRow{"", {433'050'000}, {434'790'000}, {100}, 100'000, Confidence::memory, "F2"},
    BandRow{"K", {863'000'000}, {865'000'000}, {140}, 1'000, Confidence::confirmed, ""},
    BandRow{"L", {865'000'000}, {868'000'000}, {140}, 10'000, Confidence::confirmed, ""},
    BandRow{"M",
            {868'000'000},
            {868'600'000},
            {140},
            10'000,
            Confidence::confirmed,
            "S, R2, T2 to the meter"},
    BandRow{"", {868'600'000}, {868'700'000}, {100}, 10'000, Confidence::memory, "alarms"},
    BandRow{"N",
            {868'700'000},
            {869'200'000},
            {140},
            1'000,
            Confidence::confirmed,
            "T, C from the meter"},
    BandRow{"", {869'200'000}, {869'250'000}, {100}, 1'000, Confidence::memory, "social alarms"},
    BandRow{"", {869'250'000}, {869'400'000}, {100}, 1'000, Confidence::memory, "alarms"},
    BandRow{"P",
            {869'400'000},
            {869'650'000},
            {270},
            100'000,
            Confidence::confirmed,
            "C2 to the meter"},
    BandRow{"", {869'650'000}, {869'700'000}, {140}, 100'000, Confidence::memory, "alarms"},
    BandRow{"Q", {869'700'000}, {870'000'000}, {140}, 10'000, Confidence::confirmed, ""},
};
/// The band of a carrier; null outside of all.
[[nodiscard]] const BandRow* band_of(Hertz carrier);

/// On-air time of one device in one band over any hour: a window that slides, not the clock's hour
/// (facts E.1; MB4-RF-004, 005). Exact as long as the storage holds all bursts of an hour; beyond
/// that the two oldest are counted as one that ends with the younger, which errs on the safe side.
class DutyCycle {
  public:
    struct Burst {
        Instant end{};
        Duration on_air{};
    };
    static constexpr Duration window = std::chrono::hours{1};

    /// `storage` holds at least 2 bursts and outlives this.
    DutyCycle(std::int32_t limit_ppm, std::span<Burst> storage);

    /// A transmission, after all earlier ones.
    void sent(Instant start, Instant end);
    /// On-air time within (end - 1 h, end]; a burst that began before counts with its part.
    [[nodiscard]] Duration used(Instant end) const;
    [[nodiscard]] Duration limit() const { return limit_; }
    /// Whether a burst of this length may begin then: at its end, where the sum is greatest, it is
    /// within the limit.
    [[nodiscard]] bool allows(Instant start, Duration on_air) const;
    /// The first instant from `from` on at which it may; none when it is longer than the limit.
    [[nodiscard]] std::optional<Instant> earliest(Instant from, Duration on_air) const;
    [[nodiscard]] bool exact() const { return exact_; }

  private:
    [[nodiscard]] const Burst& burst(std::size_t index) const {
        return storage_[(first_ + index) % storage_.size()];
    }

    std::span<Burst> storage_;
    Duration limit_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
    bool exact_ = true;
};

} // namespace meterbench::core::wireless
