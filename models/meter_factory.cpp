// SPDX-License-Identifier: Apache-2.0
#include "models/meter_factory.hpp"

#include "core/application/device_type.hpp"
#include "core/application/manufacturer.hpp"
#include "core/application/quantity.hpp"
#include "core/application/unit.hpp"
#include "core/bytes/decimal.hpp"
#include "core/device/captured_application.hpp"
#include "core/link/frame.hpp"

#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace meterbench::models {

namespace {

namespace application = core::application;
using application::ValueType;
using core::device::Point;
using core::device::RecordMeter;
using Made = std::expected<std::unique_ptr<core::link::MeterApplication>, std::string>;

constexpr std::string_view own_identification = "id";

/// `2026-01-31` or `2026-01-31T12:30` or `2026-01-31T12:30:15`.
std::optional<application::DateTime> read_date(std::string_view text) {
    const auto number = [text](std::size_t at, std::size_t size) -> int {
        int value = -1;
        if (at + size <= text.size()) {
            const char* const first = text.data() + at;
            const auto [end, error] = std::from_chars(first, first + size, value);
            if (error != std::errc{} || end != first + size) {
                return -1;
            }
        }
        return value;
    };
    const bool date = text.size() >= 10 && text[4] == '-' && text[7] == '-';
    const bool minutes = text.size() >= 16 && text[10] == 'T' && text[13] == ':';
    const bool seconds = text.size() == 19 && text[16] == ':';
    if (!date || (text.size() != 10 && !(minutes && (text.size() == 16 || seconds)))) {
        return std::nullopt;
    }
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    const int hour = minutes ? number(11, 2) : 0;
    const int minute = minutes ? number(14, 2) : 0;
    const int second = seconds ? number(17, 2) : 0;
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 ||
        day > static_cast<int>(application::days_in_month(static_cast<unsigned>(year),
                                                          static_cast<unsigned>(month))) ||
        hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return std::nullopt;
    }
    application::DateTime result;
    result.year = static_cast<std::uint16_t>(year);
    result.month = static_cast<std::uint8_t>(month);
    result.day = static_cast<std::uint8_t>(day);
    result.hour = static_cast<std::uint8_t>(hour);
    result.minute = static_cast<std::uint8_t>(minute);
    result.second = static_cast<std::uint8_t>(second);
    return result;
}

ValueType type_of(application::Quantity quantity, application::Coding coding) {
    using application::Coding;
    using application::Quantity;
    if (coding == Coding::text) {
        return ValueType::text;
    }
    if (coding == Coding::none || coding == Coding::selection) {
        return ValueType::none;
    }
    switch (quantity) {
    case Quantity::date: return ValueType::date;
    case Quantity::date_and_time:
        return coding == Coding::int24 ? ValueType::time : ValueType::datetime;
    case Quantity::error_flags:
    case Quantity::digital_output:
    case Quantity::digital_input: return ValueType::bits;
    default: return ValueType::decimal;
    }
}

/// Reads the value of a point into its record; an error says what is wrong with it.
std::optional<std::string> read_value(const formats::ProfilePoint& from, const std::string& id,
                                      Point& point) {
    const std::string& text = from.value == own_identification ? id : from.value;
    switch (point.spec.type) {
    case ValueType::text: point.content.assign(text.begin(), text.end()); return std::nullopt;
    case ValueType::date:
    case ValueType::datetime:
        if (const auto date = read_date(text)) {
            point.spec.date = *date;
            return std::nullopt;
        }
        return fmt::format("value: \"{}\" is not a date as 2026-01-31 or 2026-01-31T12:30", text);
    case ValueType::decimal:
    case ValueType::bits:
        if (const auto value = core::bytes::parse_decimal(text)) {
            point.spec.value = *value;
            return std::nullopt;
        }
        return fmt::format("value: \"{}\" is not a decimal number", text);
    default: return "coding: no value can be given in it";
    }
}

std::optional<std::string> read_names(const formats::ProfilePoint& from, Point& point) {
    const auto quantity = application::quantity_of(from.quantity);
    const auto unit = application::unit_of(from.unit);
    const auto coding = application::coding_of(from.coding);
    const auto function = application::function_of(from.function);
    if (!quantity) {
        return fmt::format("quantity: no quantity is named \"{}\"", from.quantity);
    }
    if (!unit) {
        return fmt::format("unit: no unit is named \"{}\"", from.unit);
    }
    if (!coding || *coding == application::Coding::real32) {
        return fmt::format("coding: a point cannot be coded as \"{}\"", from.coding);
    }
    if (!function) {
        return fmt::format("function: no function is named \"{}\"", from.function);
    }
    for (const std::string& name : from.qualifiers) {
        const auto qualifier = application::qualifier_of(name);
        if (!qualifier) {
            return fmt::format("qualifiers: no VIFE is named \"{}\"", name);
        }
        point.qualifiers.push_back(*qualifier);
    }
    point.spec.quantity = *quantity;
    point.spec.unit = *unit;
    point.spec.coding = *coding;
    point.spec.function = *function;
    point.spec.type = type_of(*quantity, *coding);
    return std::nullopt;
}

std::expected<Point, std::string> make_point(const formats::ProfilePoint& from,
                                             const std::string& id) {
    Point point;
    if (auto wrong = read_names(from, point)) {
        return std::unexpected{std::move(*wrong)};
    }
    point.spec.exponent = static_cast<std::int8_t>(from.exponent);
    point.spec.storage = from.storage;
    point.spec.tariff = from.tariff;
    point.spec.subunit = static_cast<std::uint16_t>(from.subunit);
    point.writable = from.writable;
    point.freezes = from.freezes;
    if (auto wrong = read_value(from, id, point)) {
        return std::unexpected{std::move(*wrong)};
    }
    if (!from.per_hour.empty()) {
        point.per_hour = core::bytes::parse_decimal(from.per_hour);
        if (!point.per_hour) {
            return std::unexpected{
                fmt::format("per_hour: \"{}\" is not a decimal number", from.per_hour)};
        }
    }
    std::array<std::uint8_t, core::link::max_data> scratch{};
    if (const auto size = point.encode(core::Instant{}, scratch); !size) {
        return std::unexpected{std::string{core::meaning_of(size.error().code)}};
    }
    return point;
}

/// Eight decimal digits as they stand in hex: 12345678 is 0x12345678.
std::uint32_t bcd_digits(const std::string& digits) {
    std::uint32_t value = 0;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

/// A meter with one knows enhanced selection (MB7-SA-015).
bool is_fabrication_number(const Point& point) {
    return point.spec.quantity == application::Quantity::fabrication_number &&
           point.spec.coding == application::Coding::bcd8;
}

Made make_captured(const core::device::MeterDescription& meter) {
    std::vector<core::device::CapturedTelegram> telegrams;
    for (const std::vector<std::uint8_t>& bytes : meter.telegrams) {
        const auto frame = core::link::decode_frame(bytes);
        if (!frame || !frame->has_ci()) {
            return std::unexpected{
                fmt::format("meter {}: a telegram is no long link frame", meter.name)};
        }
        telegrams.push_back({frame->control, {frame->user_data.begin(), frame->user_data.end()}});
    }
    return std::make_unique<core::device::CapturedApplication>(std::move(telegrams));
}

} // namespace

std::expected<RecordMeter, std::string> make_record_meter(const formats::MeterProfile& profile,
                                                          const std::string& id) {
    RecordMeter meter;
    const auto manufacturer = application::manufacturer_code(profile.manufacturer);
    const auto device_type = application::device_type_of(profile.device_type);
    if (!manufacturer) {
        return std::unexpected{
            fmt::format("manufacturer: \"{}\" is not three capital letters", profile.manufacturer)};
    }
    if (!device_type) {
        return std::unexpected{
            fmt::format("device_type: no device type is named \"{}\"", profile.device_type)};
    }
    meter.device = {bcd_digits(id), *manufacturer, profile.version, *device_type};
    meter.status = {profile.status};
    meter.access_number = profile.access_number;
    meter.telegrams = profile.telegrams;
    meter.rates = profile.baud;
    meter.alarms = profile.alarms;
    meter.address_writable = profile.address_writable;
    meter.identification_writable = profile.identification_writable;
    meter.clock_writable = profile.clock_writable;
    for (const formats::ProfileApplication& application : profile.applications) {
        meter.applications.push_back({application.number, application.telegrams});
    }
    for (std::size_t i = 0; i < profile.points.size(); ++i) {
        auto point = make_point(profile.points[i], id);
        if (!point) {
            return std::unexpected{fmt::format("points[{}].{}", i, point.error())};
        }
        if (is_fabrication_number(*point)) {
            meter.fabrication_number = bcd_digits(
                profile.points[i].value == own_identification ? id : profile.points[i].value);
        }
        meter.points.push_back(std::move(*point));
    }
    return meter;
}

Made make_application(const core::device::MeterDescription& meter, const ProfileLoader& profiles) {
    if (!meter.telegrams.empty()) {
        return make_captured(meter);
    }
    const auto profile = profiles(meter.profile);
    if (!profile) {
        return std::unexpected{fmt::format("meter {}: {}", meter.name, profile.error())};
    }
    auto made = make_record_meter(*profile, meter.id);
    if (!made) {
        return std::unexpected{
            fmt::format("meter {}: profile {}: {}", meter.name, meter.profile, made.error())};
    }
    auto result = std::make_unique<core::device::RecordApplication>(std::move(*made));
    if (const auto sound = result->check(); !sound) {
        return std::unexpected{fmt::format("meter {}: profile {}: telegrams[{}]: {}", meter.name,
                                           meter.profile, sound.error().offset,
                                           core::meaning_of(sound.error().code))};
    }
    return result;
}

} // namespace meterbench::models
