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

constexpr Capacity binary(unsigned bits) {
    return {1ULL << bits, 1ULL << bits};
}
/// A minus takes the place of the most significant digit (type A).
constexpr Capacity decimal(std::uint64_t numbers) {
    return {numbers, numbers / 10};
}

Capacity capacity_of(Coding coding) {
    switch (coding) {
    case Coding::int8: return binary(7);
    case Coding::int16: return binary(15);
    case Coding::int24: return binary(23);
    case Coding::int32: return binary(31);
    case Coding::int48: return binary(47);
    case Coding::bcd2: return decimal(100);
    case Coding::bcd4: return decimal(10'000);
    case Coding::bcd6: return decimal(1'000'000);
    case Coding::bcd8: return decimal(100'000'000);
    case Coding::bcd12: return decimal(1'000'000'000'000);
    default: return {};
    }
}

/// Calendar week of ISO 8601: the week belongs to the year its Thursday is in.
std::uint8_t iso_week(std::chrono::sys_days day) {
    using namespace std::chrono;
    const sys_days thursday = day + (Thursday - Monday) - (weekday{day} - Monday);
    const sys_days new_year{year_month_day{thursday}.year() / January / 1};
    return static_cast<std::uint8_t>((thursday - new_year) / weeks{1} + 1);
}

} // namespace

application::DateTime advanced(const application::DateTime& from, Duration time) {
    using namespace std::chrono;
    const year_month_day day{year{from.year}, month{from.month}, std::chrono::day{from.day}};
    if (!day.ok()) {
        return from;
    }
    const auto moment = sys_days{day} + hours{from.hour} + minutes{from.minute} +
                        seconds{from.second} + floor<seconds>(time);
    const auto midnight = floor<days>(moment);
    const year_month_day date{midnight};
    const hh_mm_ss clock{moment - midnight};
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

std::optional<bytes::Decimal> grown(const bytes::Decimal& base, const bytes::Decimal& per_hour,
                                    Duration time, int exponent, Capacity capacity) {
    // In units of 10^finest and nanoseconds, so that only the sum is rounded.
    const int finest = std::min({int{base.exponent}, int{per_hour.exponent}, exponent});
    const auto start =
        product(scaled(signed_magnitude(base), base.exponent - finest), nanoseconds_per_hour);
    const auto growth = scaled(product(signed_magnitude(per_hour), static_cast<Wide>(time.count())),
                               per_hour.exponent - finest);
    const auto step = scaled(nanoseconds_per_hour, exponent - finest);
    Wide sum = 0;
    if (!start || !growth || !step || __builtin_add_overflow(*start, *growth, &sum)) {
        return std::nullopt;
    }
    Wide steps = floor_quotient(sum, *step);
    if (const std::uint64_t limit = steps < 0 ? capacity.down : capacity.up; limit != 0) {
        steps %= static_cast<Wide>(limit);
    }
    const Wide magnitude = steps < 0 ? -steps : steps;
    if (magnitude > static_cast<Wide>(UINT64_MAX)) {
        return std::nullopt;
    }
    return bytes::Decimal{steps < 0, static_cast<std::uint64_t>(magnitude),
                          static_cast<std::int8_t>(exponent)};
}

bool Point::is_clock() const {
    return spec.type == application::ValueType::datetime && spec.storage == 0 &&
           spec.function == application::Function::instantaneous && qualifiers.empty();
}

Expected<application::RecordSpec> Point::at(Instant now) const {
    application::RecordSpec record = spec;
    record.content = content;
    record.qualifiers = qualifiers;
    if (per_hour && record.type == application::ValueType::decimal) {
        const auto value =
            grown(spec.value, *per_hour, now - since, spec.exponent, capacity_of(spec.coding));
        if (!value) {
            return failure(FaultCode::value_out_of_range);
        }
        record.value = *value;
    }
    if (is_clock()) {
        record.date = advanced(spec.date, now - since);
    }
    return record;
}

Expected<std::size_t> Point::encode(Instant now, std::span<std::uint8_t> into) const {
    const auto record = at(now);
    if (!record) {
        return std::unexpected{record.error()};
    }
    return application::encode_record(*record, into);
}

void Point::set(const bytes::Decimal& value, Instant now) {
    spec.value = value;
    since = now;
}

void Point::set(const application::DateTime& date, Instant now) {
    spec.date = date;
    since = now;
}

} // namespace meterbench::core::device
