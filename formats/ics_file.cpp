// SPDX-License-Identifier: Apache-2.0
#include "formats/ics_file.hpp"

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
};

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
}

std::vector<std::uint32_t> read_rates(const JsonReader& reader) {
    std::vector<std::uint32_t> rates;
    for (const JsonReader& item : reader.items()) {
        rates.push_back(read_baud(item).value);
        if (std::count(rates.begin(), rates.end(), rates.back()) > 1) {
            item.complain(fmt::format("{} is in the list already", rates.back()));
        }
    }
    if (rates.empty()) {
        reader.complain("must not be empty");
    }
    std::sort(rates.begin(), rates.end());
    return rates;
}

Ics read_ics(const JsonReader& reader) {
    const JsonObject object =
        reader.document("meterbench.ics/1", {"schema", "role", "baud", "fcb", "repeat_refreshes",
                                             "telegrams", "secondary", "enhanced_selection",
                                             "address_writable", "application_reset", "alarms"});
    Ics ics;
    ics.role = object.required("role").one_of({"meter", "master"}) == 0 ? Ics::Role::meter
                                                                        : Ics::Role::master;
    if (const auto baud = object.optional("baud")) {
        ics.baud = read_rates(*baud);
    }
    if (const auto telegrams = object.optional("telegrams")) {
        ics.telegrams = static_cast<int>(telegrams->integer(1, max_telegrams));
    }
    for (const Flag& flag : flags) {
        if (const auto value = object.optional(flag.key)) {
            ics.*flag.member = value->boolean();
        }
    }
    fill_values(ics);
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
