// SPDX-License-Identifier: Apache-2.0
#include "core/device/point.hpp"

#include <algorithm>
#include <chrono>

namespace meterbench::core::device {

namespace {

using application::Coding;
__extension__ using Wide = __int128;

constexpr Wide nanoseconds_per_hour = 3'600'000'000'000;

/// a * b; none when it does not fit.
std::optional<Wide> product(std::optional<Wide> a, Wide b) {
    Wide result = 0;
    return a && !__builtin_mul_overflow(*a, b, &result) ? std::optional{result} : std::nullopt;
}

/// value * 10^power; none when it does not fit.
std::optional<Wide> scaled(std::optional<Wide> value, int power) {
    for (; value && *value != 0 && power > 0; --power) {
        value = product(value, 10);
    }
    return value;
}

/// The largest whole number not above value / divisor.
Wide floor_quotient(Wide value, Wide divisor) {
    return value / divisor - (value % divisor < 0 ? 1 : 0);
}

Wide signed_magnitude(const bytes::Decimal& decimal) {
    const auto magnitude = static_cast<Wide>(decimal.magnitude);
    return decimal.negative ? -magnitude : magnitude;
}

/// The number of values a counter of this coding has; 0 where it does not roll over.
std::uint64_t capacity_of(Coding coding) {
    switch (coding) {
    case Coding::int8: return 1ULL << 7U;
    case Coding::int16: return 1ULL << 15U;
    case Coding::int24: return 1ULL << 23U;
    case Coding::int32: return 1ULL << 31U;
    case Coding::int48: return 1ULL << 47U;
    case Coding::bcd2: return 100;
    case Coding::bcd4: return 10'000;
    case Coding::bcd6: return 1'000'000;
    case Coding::bcd8: return 100'000'000;
    case Coding::bcd12: return 1'000'000'000'000;
    default: return 0;
    }
}

/// Calendar week of ISO 8601: the week belongs to the year its Thursday is in.
std::uint8_t iso_week(std::chrono::sys_days day) {
    using namespace std::chrono;
    const sys_days thursday = day + (Thursday - Monday) - (weekday{day} - Monday);
    const sys_days new_year{year_month_day{thursday}.year() / January / 1};
    return static_cast<std::uint8_t>((thursday - new_year) / weeks{1} + 1);
}

application::DateTime advanced(const application::DateTime& from, Instant now) {
    using namespace std::chrono;
    const year_month_day day{year{from.year}, month{from.month}, std::chrono::day{from.day}};
    if (!day.ok()) {
        return from;
    }
    const auto time = sys_days{day} + hours{from.hour} + minutes{from.minute} +
                      seconds{from.second} + floor<seconds>(now.time_since_epoch());
    const auto midnight = floor<days>(time);
    const year_month_day date{midnight};
    const hh_mm_ss clock{time - midnight};
    application::DateTime result = from;
    result.year = static_cast<std::uint16_t>(static_cast<int>(date.year()));
    result.month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month()));
    result.day = static_cast<std::uint8_t>(static_cast<unsigned>(date.day()));
    result.hour = static_cast<std::uint8_t>(clock.hours().count());
    result.minute = static_cast<std::uint8_t>(clock.minutes().count());
    result.second = static_cast<std::uint8_t>(clock.seconds().count());
    if (from.weekday != 0) { // 0: not given
        result.weekday = static_cast<std::uint8_t>(weekday{midnight}.iso_encoding());
    }
    if (from.week != 0) {
        result.week = iso_week(midnight);
    }
    if (date.year() != day.year()) {
        result.leap_year = date.year().is_leap();
    }
    return result;
}

} // namespace

std::optional<bytes::Decimal> grown(const bytes::Decimal& base, const bytes::Decimal& per_hour,
                                    Instant now, int exponent, std::uint64_t capacity) {
    // In units of 10^finest and nanoseconds, so that only the sum is rounded.
    const int finest = std::min({int{base.exponent}, int{per_hour.exponent}, exponent});
    const auto start =
        product(scaled(signed_magnitude(base), base.exponent - finest), nanoseconds_per_hour);
    const auto growth = scaled(
        product(signed_magnitude(per_hour), static_cast<Wide>(now.time_since_epoch().count())),
        per_hour.exponent - finest);
    const auto step = scaled(nanoseconds_per_hour, exponent - finest);
    Wide sum = 0;
    if (!start || !growth || !step || __builtin_add_overflow(*start, *growth, &sum)) {
        return std::nullopt;
    }
    Wide steps = floor_quotient(sum, *step);
    if (capacity != 0) {
        steps %= static_cast<Wide>(capacity);
    }
    const Wide magnitude = steps < 0 ? -steps : steps;
    if (magnitude > static_cast<Wide>(UINT64_MAX)) {
        return std::nullopt;
    }
    return bytes::Decimal{steps < 0, static_cast<std::uint64_t>(magnitude),
                          static_cast<std::int8_t>(exponent)};
}

Expected<std::size_t> Point::encode(Instant now, std::span<std::uint8_t> into) const {
    application::RecordSpec record = spec;
    record.content = content;
    record.qualifiers = qualifiers;
    if (per_hour && record.type == application::ValueType::decimal) {
        const auto value =
            grown(spec.value, *per_hour, now, spec.exponent, capacity_of(spec.coding));
        if (!value) {
            return failure(FaultCode::value_out_of_range);
        }
        record.value = *value;
    }
    if (record.type == application::ValueType::datetime) {
        record.date = advanced(spec.date, now);
    }
    return application::encode_record(record, into);
}

} // namespace meterbench::core::device
