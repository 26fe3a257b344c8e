// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "core/bytes/decimal.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::application {

/// Compact profiles (EN 13757-3:2018 annex F): a variable-length record with VIFE 1Fh (forward),
/// 13h (inverse) or 1Eh (with register numbers) that packs values at equal distances in time.

/// What a profile counts from: the record of date and time with the profile's storage number, and
/// the value with its storage, tariff, subunit and VIB.
struct ProfileBase {
    std::optional<DateTime> time{};
    bool seconds = false; ///< the time has seconds
    std::optional<bytes::Decimal> value{};
};

/// Finds the base among the records of the telegram.
[[nodiscard]] ProfileBase find_profile_base(std::span<const std::uint8_t> records,
                                            const Record& profile);

struct ProfileElement {
    std::uint64_t storage = 0;
    std::optional<DateTime> time{}; ///< none without a base time, and for an array
    Invalid invalid = Invalid::none;
    bytes::Decimal value{}; ///< in the record's unit
};

/// The elements one by one, in the order sent. Nothing comes of a profile with reserved spacing.
class ProfileReader {
  public:
    ProfileReader(const Record& profile, const ProfileBase& base);
    /// False after the last one; in the incremental modes an invalid element ends the profile.
    [[nodiscard]] bool next(ProfileElement& element);

  private:
    enum class Mode : std::uint8_t { absolute, increments, decrements, differences };
    enum class Spacing : std::uint8_t { none, seconds, months };
    void read_spacing(std::uint8_t unit, std::uint8_t count);
    [[nodiscard]] std::optional<DateTime> time_of(std::int64_t steps) const;

    std::span<const std::uint8_t> elements_{};
    ProfileBase base_{};
    std::uint64_t storage_ = 0;
    std::int64_t step_ = 0; ///< seconds or months
    std::uint32_t index_ = 0;
    std::int8_t exponent_ = 0;
    std::uint8_t field_ = 0;
    Mode mode_ = Mode::absolute;
    Spacing spacing_ = Spacing::none;
    bool inverse_ = false;
};

/// The instant `seconds` later, in the calendar of the date.
[[nodiscard]] DateTime plus_seconds(const DateTime& date, std::int64_t seconds);
/// The same day `months` later, or the last of the month where it has no such day.
[[nodiscard]] DateTime plus_months(const DateTime& date, std::int64_t months);

} // namespace meterbench::core::application
