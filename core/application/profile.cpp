// SPDX-License-Identifier: Apache-2.0
#include "core/application/profile.hpp"

#include "core/application/value_decoder.hpp"

#include <algorithm>
#include <array>

namespace meterbench::core::application {
namespace {

constexpr std::uint8_t inverse_profile = 0x13;

/// Days since 0000-03-01 of the proleptic Gregorian calendar.
std::int64_t days_of(const DateTime& date) {
    const std::int64_t shifted = date.month > 2 ? date.month - 3 : date.month + 9;
    const std::int64_t year = date.month > 2 ? date.year : date.year - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * shifted + 2) / 5 + date.day - 1;
}

void set_days(DateTime& date, std::int64_t days) {
    const std::int64_t era = days / 146097;
    const std::int64_t in_era = days - era * 146097;
    const std::int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    const std::int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    const std::int64_t shifted = (5 * in_year + 2) / 153;
    date.day = static_cast<std::uint8_t>(in_year - (153 * shifted + 2) / 5 + 1);
    date.month = static_cast<std::uint8_t>(shifted < 10 ? shifted + 3 : shifted - 9);
    date.year = static_cast<std::uint16_t>(era * 400 + year + (date.month <= 2 ? 1 : 0));
}

bool is_time_stamp(const Record& record) {
    return (record.quantity == Quantity::date_and_time || record.quantity == Quantity::date) &&
           (record.value.type == ValueType::date || record.value.type == ValueType::datetime) &&
           record.value.invalid == Invalid::none;
}

/// The same VIF and VIFEs but for the one that makes it a profile.
bool has_same_meaning(const Record& record, const Record& profile) {
    if (record.profile != 0 || record.quantity != profile.quantity ||
        record.vif_unit != profile.vif_unit || record.vif_exponent != profile.vif_exponent) {
        return false;
    }
    std::array<Qualifier, max_vifes> wanted{};
    std::size_t count = 0;
    for (const Qualifier qualifier : profile.qualifiers()) {
        if (entry_of(qualifier).effect != Effect::profile) {
            wanted[count++] = qualifier;
        }
    }
    std::size_t at = 0;
    for (const Qualifier qualifier : record.qualifiers()) {
        if (at == count || !(wanted[at] == qualifier)) {
            return false;
        }
        ++at;
    }
    return at == count;
}

} // namespace

DateTime plus_seconds(const DateTime& date, std::int64_t seconds) {
    constexpr std::int64_t day = 86400;
    const std::int64_t total =
        seconds + std::int64_t{date.hour} * 3600 + std::int64_t{date.minute} * 60 + date.second;
    const std::int64_t days = total >= 0 ? total / day : -((-total + day - 1) / day);
    const std::int64_t rest = total - days * day;
    DateTime result = date;
    set_days(result, std::max<std::int64_t>(days_of(date) + days, 0));
    result.hour = static_cast<std::uint8_t>(rest / 3600);
    result.minute = static_cast<std::uint8_t>(rest / 60 % 60);
    result.second = static_cast<std::uint8_t>(rest % 60);
    result.weekday = 0;
    result.week = 0;
    return result;
}

DateTime plus_months(const DateTime& date, std::int64_t months) {
    const std::int64_t total = std::max<std::int64_t>(date.year * 12 + date.month - 1 + months, 0);
    DateTime result = date;
    result.year = static_cast<std::uint16_t>(total / 12);
    result.month = static_cast<std::uint8_t>(total % 12 + 1);
    result.day = static_cast<std::uint8_t>(
        std::min<unsigned>(date.day, days_in_month(result.year, result.month)));
    result.weekday = 0;
    result.week = 0;
    return result;
}

ProfileBase find_profile_base(std::span<const std::uint8_t> records, const Record& profile) {
    ProfileBase base;
    RecordReader reader{records};
    Record record;
    while (reader.next(record) == RecordReader::Step::record) {
        if (record.storage != profile.storage) {
            continue;
        }
        if (!base.time && record.vife_size == 0 && is_time_stamp(record)) {
            base.time = record.value.date;
            base.seconds = record.coding == Coding::int48;
        } else if (!base.value && record.tariff == profile.tariff &&
                   record.subunit == profile.subunit && record.value.type == ValueType::decimal &&
                   record.value.invalid == Invalid::none && has_same_meaning(record, profile)) {
            base.value = record.value.decimal();
        }
    }
    return base;
}

ProfileReader::ProfileReader(const Record& profile, const ProfileBase& base)
    : base_{base}, storage_{profile.storage}, exponent_{profile.value.exponent},
      inverse_{profile.profile == inverse_profile} {
    const auto content = profile.content();
    if (profile.profile == 0 || content.size() < 2 || profile.value.type != ValueType::bytes) {
        return;
    }
    const std::uint8_t control = content[0];
    field_ = control & 0x0FU;
    mode_ = static_cast<Mode>(control >> 6U);
    read_spacing((control >> 4U) & 0x03U, content[1]);
    const bool number =
        field_ != 0x0D && field_ != 0x0F && field_ != 0x05 && data_field_sizes[field_] != 0;
    const bool reserved = content[1] == 251 || content[1] == 252 || content[1] == 255;
    if (number && !reserved) {
        elements_ = content.subspan(2);
    }
}

void ProfileReader::read_spacing(std::uint8_t unit, std::uint8_t count) {
    constexpr std::array<std::int64_t, 4> seconds{1, 60, 3600, 86400};
    constexpr std::array<std::int64_t, 4> months_of_254{0, 6, 3, 1};
    if (count >= 1 && count <= 250) {
        spacing_ = Spacing::seconds;
        step_ = seconds[unit] * count;
        base_.seconds = base_.seconds || unit == 0;
    } else if (count == 254 && months_of_254[unit] != 0) {
        spacing_ = Spacing::months;
        step_ = months_of_254[unit];
    }
    // 0 is an array without time; half months (253) have no rule for their days here.
}

std::optional<DateTime> ProfileReader::time_of(std::int64_t steps) const {
    if (!base_.time || spacing_ == Spacing::none) {
        return std::nullopt;
    }
    const std::int64_t distance = inverse_ ? -steps * step_ : steps * step_;
    return spacing_ == Spacing::months ? plus_months(*base_.time, distance)
                                       : plus_seconds(*base_.time, distance);
}

bool ProfileReader::next(ProfileElement& element) {
    const std::size_t size = data_field_sizes[field_];
    if (elements_.size() < size || elements_.empty()) {
        return false;
    }
    const std::uint64_t raw = detail::load(elements_.data(), static_cast<unsigned>(size));
    elements_ = elements_.subspan(size);
    Value value;
    const bool is_unsigned = mode_ == Mode::increments || mode_ == Mode::decrements;
    const DataRule rule = is_unsigned ? DataRule::unsigned_number : DataRule::signed_number;
    detail::convert(detail::value_plans[static_cast<std::size_t>(rule)][field_], raw, value);
    value.exponent = exponent_;
    ++index_;
    element.storage = storage_ + index_;
    element.time = time_of(index_);
    element.invalid = value.invalid;
    element.value = value.decimal();
    if (mode_ == Mode::absolute) {
        return true;
    }
    if (value.invalid != Invalid::none || !base_.value) {
        elements_ = {};
        return false;
    }
    // Younger minus older; going back in time the sign turns.
    bytes::Decimal step = value.decimal();
    const bool down = (mode_ == Mode::decrements) != inverse_;
    step.negative = step.negative != down;
    const auto sum = bytes::add(*base_.value, step);
    element.invalid = sum ? Invalid::none : Invalid::overflow;
    base_.value = sum;
    element.value = sum.value_or(bytes::Decimal{});
    return true;
}

} // namespace meterbench::core::application
