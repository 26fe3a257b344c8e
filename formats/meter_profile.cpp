// SPDX-License-Identifier: Apache-2.0
#include "formats/meter_profile.hpp"

#include "formats/bus_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace meterbench::formats {
namespace {

// EN 13757-3, 6.3: a DIF and ten DIFEs hold 41 bits of storage number, 20 of tariff, 10 of subunit.
constexpr std::int64_t max_storage = (std::int64_t{1} << 41) - 1;
constexpr std::int64_t max_tariff = (std::int64_t{1} << 20) - 1;
constexpr std::int64_t max_subunit = (std::int64_t{1} << 10) - 1;

bool is_decimal(std::string_view text) {
    if (text.starts_with('-')) {
        text.remove_prefix(1);
    }
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view whole = text.substr(0, point);
    const std::string_view rest = text.substr(std::min(point + 1, text.size()));
    return !whole.empty() && (point == text.size() || !rest.empty()) &&
           std::all_of(whole.begin(), whole.end(), digit) &&
           std::all_of(rest.begin(), rest.end(), digit);
}

std::string read_decimal(const JsonReader& reader) {
    std::string text = reader.text();
    if (!is_decimal(text)) {
        reader.complain(fmt::format("\"{}\" is not a decimal number", text));
    }
    return text;
}

void read_place(const JsonObject& object, ProfilePoint& point) {
    if (const auto storage = object.optional("storage")) {
        point.storage = static_cast<std::uint64_t>(storage->integer(0, max_storage));
    }
    if (const auto tariff = object.optional("tariff")) {
        point.tariff = static_cast<std::uint32_t>(tariff->integer(0, max_tariff));
    }
    if (const auto subunit = object.optional("subunit")) {
        point.subunit = static_cast<std::uint32_t>(subunit->integer(0, max_subunit));
    }
    if (const auto function = object.optional("function")) {
        point.function = function->text();
    }
    if (const auto qualifiers = object.optional("qualifiers")) {
        for (const JsonReader& item : qualifiers->items()) {
            point.qualifiers.push_back(item.text());
        }
    }
}

bool read_flag(const JsonObject& object, std::string_view key, bool standard) {
    const auto value = object.optional(key);
    return value ? value->boolean() : standard;
}

ProfilePoint read_point(const JsonReader& reader, std::size_t points) {
    const JsonObject object =
        reader.object({"quantity", "unit", "exponent", "coding", "value", "per_hour", "storage",
                       "tariff", "subunit", "function", "qualifiers", "writable", "freezes"});
    ProfilePoint point;
    point.quantity = object.required("quantity").text();
    if (const auto unit = object.optional("unit")) {
        point.unit = unit->text();
    }
    if (const auto exponent = object.optional("exponent")) {
        point.exponent = static_cast<int>(exponent->integer(-12, 12));
    }
    point.coding = object.required("coding").text();
    point.value = object.required("value").text();
    if (const auto per_hour = object.optional("per_hour")) {
        point.per_hour = read_decimal(*per_hour);
        (void)read_decimal(object.required("value"));
    }
    point.writable = read_flag(object, "writable", false);
    if (const auto freezes = object.optional("freezes")) {
        point.freezes =
            static_cast<std::size_t>(freezes->integer(0, static_cast<std::int64_t>(points) - 1));
    }
    read_place(object, point);
    return point;
}

std::vector<std::size_t> read_telegram(const JsonReader& reader, std::size_t points) {
    std::vector<std::size_t> indices;
    for (const JsonReader& item : reader.items()) {
        if (points == 0) {
            item.complain("there are no points");
            break;
        }
        indices.push_back(
            static_cast<std::size_t>(item.integer(0, static_cast<std::int64_t>(points) - 1)));
    }
    return indices;
}

std::vector<std::vector<std::size_t>> read_telegram_list(const JsonReader& list,
                                                         std::size_t points) {
    std::vector<std::vector<std::size_t>> telegrams;
    for (const JsonReader& item : list.items()) {
        telegrams.push_back(read_telegram(item, points));
    }
    if (telegrams.empty()) {
        list.complain("must not be empty");
    }
    return telegrams;
}

std::vector<std::vector<std::size_t>> read_telegrams(const JsonObject& object, std::size_t points) {
    if (const auto list = object.optional("telegrams")) {
        return read_telegram_list(*list, points);
    }
    std::vector<std::vector<std::size_t>> telegrams(1, std::vector<std::size_t>(points));
    std::iota(telegrams.front().begin(), telegrams.front().end(), std::size_t{0});
    return telegrams;
}

std::vector<ProfileApplication> read_applications(const JsonObject& object, std::size_t points) {
    std::vector<ProfileApplication> applications;
    const auto list = object.optional("applications");
    if (!list) {
        return applications;
    }
    for (const JsonReader& item : list->items()) {
        const JsonObject entry = item.object({"application", "telegrams"});
        const JsonReader number = entry.required("application");
        ProfileApplication application;
        application.number = static_cast<std::uint8_t>(number.integer(1, 15));
        application.telegrams = read_telegram_list(entry.required("telegrams"), points);
        if (std::ranges::find(applications, application.number, &ProfileApplication::number) !=
            applications.end()) {
            number.complain(fmt::format("{} is there twice", application.number));
        }
        applications.push_back(std::move(application));
    }
    return applications;
}

std::string read_manufacturer(const JsonReader& reader) {
    std::string text = reader.text();
    const bool capitals =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (text.size() != 3 || !capitals) {
        reader.complain(fmt::format("\"{}\" is not three capital letters", text));
    }
    return text;
}

MeterProfile read_profile(const JsonReader& reader) {
    const JsonObject object =
        reader.document("meterbench.meter/1",
                        {"schema", "manufacturer", "version", "device_type", "points", "telegrams",
                         "status", "access_number", "baud", "alarms", "address_writable",
                         "identification_writable", "clock_writable", "applications"});
    MeterProfile profile;
    profile.manufacturer = read_manufacturer(object.required("manufacturer"));
    profile.version = static_cast<std::uint8_t>(object.required("version").integer(0, 255));
    profile.device_type = object.required("device_type").text();
    const std::vector<JsonReader> points = object.required("points").items();
    for (const JsonReader& item : points) {
        profile.points.push_back(read_point(item, points.size()));
    }
    profile.telegrams = read_telegrams(object, profile.points.size());
    if (const auto status = object.optional("status")) {
        profile.status = static_cast<std::uint8_t>(status->integer(0, 255));
    }
    if (const auto number = object.optional("access_number")) {
        profile.access_number = static_cast<std::uint8_t>(number->integer(0, 255));
    }
    if (const auto rates = object.optional("baud")) {
        for (const JsonReader& rate : rates->items()) {
            profile.baud.push_back(read_baud(rate));
        }
    }
    profile.alarms = read_flag(object, "alarms", false);
    profile.address_writable = read_flag(object, "address_writable", true);
    profile.identification_writable = read_flag(object, "identification_writable", false);
    profile.clock_writable = read_flag(object, "clock_writable", true);
    profile.applications = read_applications(object, profile.points.size());
    return profile;
}

} // namespace

FileResult<MeterProfile> parse_meter_profile(std::string_view text, std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        return std::unexpected{json.error()};
    }
    JsonReport report{std::string{file}};
    MeterProfile profile = read_profile({*json, report});
    profile.text = text;
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return profile;
}

FileResult<MeterProfile> load_meter_profile(const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) {
        return std::unexpected{text.error()};
    }
    return parse_meter_profile(*text, path.string());
}

} // namespace meterbench::formats
