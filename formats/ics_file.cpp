// SPDX-License-Identifier: Apache-2.0
#include "formats/ics_file.hpp"

#include "core/application/device_type.hpp"
#include "formats/bus_file.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace meterbench::formats {
namespace {

struct Flag {
    std::string_view key;
    bool Ics::* member;
};
constexpr std::array flags{
    Flag{"fcb", &Ics::fcb},
    Flag{"repeat_refreshes", &Ics::repeat_refreshes},
    Flag{"secondary", &Ics::secondary},
    Flag{"enhanced_selection", &Ics::enhanced_selection},
    Flag{"address_writable", &Ics::address_writable},
    Flag{"application_reset", &Ics::application_reset},
    Flag{"alarms", &Ics::alarms},
    Flag{"oms", &Ics::oms},
    Flag{"adapter", &Ics::adapter},
    Flag{"unconfigured", &Ics::unconfigured},
    Flag{"auto_baud", &Ics::auto_baud},
    Flag{"application_errors", &Ics::application_errors},
    Flag{"readout_selection", &Ics::readout_selection},
    Flag{"clock_writable", &Ics::clock_writable},
    Flag{"identification_writable", &Ics::identification_writable},
    Flag{"synchronised_action", &Ics::synchronised_action},
};

struct Number {
    std::string_view key;
    int Ics::* member;
    int minimum, maximum;
};
constexpr std::array numbers{
    Number{"status", &Ics::status, 0, 255}, Number{"security_mode", &Ics::security_mode, 0, 31},
    Number{"unit_loads", &Ics::unit_loads, 1, 4}, // EN 13757-2, 4.2.2.2
};

struct Entries {
    std::string_view key;
    std::vector<IcsFields> Ics::* member;
};
constexpr std::array entries{
    Entries{"records", &Ics::records},
    Entries{"writable", &Ics::writable},
    Entries{"write_protected", &Ics::write_protected},
    Entries{"actions", &Ics::actions},
    Entries{"stored", &Ics::stored},
};

/// Fields that are numbers; the rest is text.
constexpr std::array numeric_fields{"storage", "tariff", "subunit", "version"};

/// A master asks for at most so many telegrams of one meter (docs/architecture.md).
constexpr int max_telegrams = 64;

void fill_values(Ics& ics) {
    ics.values.clear();
    ics.values["role"] = std::string{ics.role == Ics::Role::meter ? "meter" : "master"};
    ics.values["baud"] = std::vector<std::int64_t>(ics.baud.begin(), ics.baud.end());
    ics.values["telegrams"] = std::int64_t{ics.telegrams};
    for (const Flag& flag : flags) {
        ics.values[std::string{flag.key}] = ics.*flag.member;
    }
    for (const Number& number : numbers) {
        ics.values[std::string{number.key}] = std::int64_t{ics.*number.member};
    }
    for (const Entries& list : entries) {
        ics.values[std::string{list.key}] = ics.*list.member;
    }
    ics.values["baud_switch"] =
        std::vector<std::int64_t>(ics.baud_switch.begin(), ics.baud_switch.end());
    ics.values["baud_fallback"] = std::int64_t{ics.baud_fallback.count()};
    ics.values["applications"] = ics.applications;
    ics.values["identity"] = ics.identity;
}

/// An entry; the first two of its fields must be there.
IcsFields read_fields(const JsonReader& reader, std::initializer_list<std::string_view> fields) {
    constexpr std::size_t required = 2;
    const JsonObject object = reader.object(fields);
    IcsFields result;
    std::size_t index = 0;
    for (const std::string_view key : fields) {
        const auto value =
            index++ < required ? std::optional{object.required(key)} : object.optional(key);
        if (!value) {
            continue;
        }
        if (std::ranges::find(numeric_fields, key) != numeric_fields.end()) {
            result[std::string{key}] = value->integer(0, std::int64_t{1} << 41);
            continue;
        }
        std::string text = value->text();
        if ((key == "header" || key == "data" || key == "takes") && !parse_hex_text(text)) {
            value->complain("bytes in hexadecimal are due");
        }
        result[std::string{key}] = std::move(text);
    }
    return result;
}

void read_list(const JsonObject& object, std::string_view key, std::vector<IcsFields>& into,
               std::initializer_list<std::string_view> fields) {
    if (const auto list = object.optional(key)) {
        for (const JsonReader& item : list->items()) {
            into.push_back(read_fields(item, fields));
        }
    }
}

std::vector<std::uint32_t> read_rates(const JsonReader& reader) {
    std::vector<std::uint32_t> rates;
    for (const JsonReader& item : reader.items()) {
        rates.push_back(read_baud(item).value);
        if (std::count(rates.begin(), rates.end(), rates.back()) > 1) {
            item.complain(fmt::format("{} is in the list already", rates.back()));
        }
    }
    std::sort(rates.begin(), rates.end());
    return rates;
}

Ics read_ics(const JsonReader& reader) {
    const JsonObject object = reader.document("meterbench.ics/1", {"schema",
                                                                   "role",
                                                                   "baud",
                                                                   "telegrams",
                                                                   "fcb",
                                                                   "repeat_refreshes",
                                                                   "secondary",
                                                                   "enhanced_selection",
                                                                   "address_writable",
                                                                   "application_reset",
                                                                   "alarms",
                                                                   "oms",
                                                                   "adapter",
                                                                   "unconfigured",
                                                                   "auto_baud",
                                                                   "application_errors",
                                                                   "readout_selection",
                                                                   "clock_writable",
                                                                   "identification_writable",
                                                                   "synchronised_action",
                                                                   "baud_switch",
                                                                   "baud_fallback",
                                                                   "applications",
                                                                   "status",
                                                                   "security_mode",
                                                                   "unit_loads",
                                                                   "identity",
                                                                   "records",
                                                                   "writable",
                                                                   "write_protected",
                                                                   "actions",
                                                                   "stored",
                                                                   "about"});
    Ics ics;
    ics.role = object.required("role").one_of({"meter", "master"}) == 0 ? Ics::Role::meter
                                                                        : Ics::Role::master;
    if (const auto baud = object.optional("baud")) {
        ics.baud = read_rates(*baud);
        if (ics.baud.empty()) {
            baud->complain("must not be empty");
        }
    }
    if (const auto rates = object.optional("baud_switch")) {
        ics.baud_switch = read_rates(*rates);
    }
    if (const auto fallback = object.optional("baud_fallback")) {
        ics.baud_fallback = fallback->duration(std::chrono::hours{1});
    }
    if (const auto applications = object.optional("applications")) {
        for (const JsonReader& item : applications->items()) {
            ics.applications.push_back(item.integer(0, 15));
        }
    }
    if (const auto identity = object.optional("identity")) {
        ics.identity = read_fields(*identity, {"id", "manufacturer", "version", "device_type"});
        if (const auto name = ics.identity.find("device_type"); name != ics.identity.end()) {
            const auto type =
                core::application::device_type_of(std::get<std::string>(name->second));
            if (!type) {
                identity->complain("device_type is no name of the device types (docs/tables.md)");
            }
            ics.identity["device_type_code"] = std::int64_t{type.value_or(0)};
        }
    }
    if (const auto telegrams = object.optional("telegrams")) {
        ics.telegrams = static_cast<int>(telegrams->integer(1, max_telegrams));
    }
    for (const Flag& flag : flags) {
        if (const auto value = object.optional(flag.key)) {
            ics.*flag.member = value->boolean();
        }
    }
    for (const Number& number : numbers) {
        if (const auto value = object.optional(number.key)) {
            ics.*number.member = static_cast<int>(value->integer(number.minimum, number.maximum));
        }
    }
    read_list(object, "records", ics.records,
              {"quantity", "value", "header", "unit", "tolerance", "coding", "function", "storage",
               "tariff", "subunit"});
    read_list(object, "writable", ics.writable, {"header", "data"});
    read_list(object, "write_protected", ics.write_protected, {"header", "data"});
    read_list(object, "actions", ics.actions, {"action", "header", "data"});
    read_list(object, "stored", ics.stored, {"header", "takes"});
    fill_values(ics);
    if (const auto about = object.optional("about")) {
        for (const auto& [key, text] : about->members()) {
            if (!ics.values.contains(key)) {
                text.complain("explains a key that there is not");
            }
            (void)text.text();
        }
    }
    return ics;
}

} // namespace

Ics default_ics(Ics::Role role) {
    Ics ics;
    ics.role = role;
    fill_values(ics);
    return ics;
}

FileResult<Ics> parse_ics_file(std::string_view text, std::string_view file) {
    const auto json = parse_json(text, file);
    if (!json) {
        return std::unexpected{json.error()};
    }
    JsonReport report{std::string{file}};
    Ics ics = read_ics({*json, report});
    ics.text = text;
    if (report.failed()) {
        return std::unexpected{report.message()};
    }
    return ics;
}

FileResult<Ics> load_ics_file(const std::filesystem::path& path) {
    const auto text = read_text_file(path);
    if (!text) {
        return std::unexpected{text.error()};
    }
    return parse_ics_file(*text, path.string());
}

} // namespace meterbench::formats
