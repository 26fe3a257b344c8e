// SPDX-License-Identifier: Apache-2.0
#include "apps/key_options.hpp"

#include "core/application/record_encoder.hpp"
#include "core/security/composition.hpp"
#include "formats/key_file.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <optional>

namespace meterbench::apps {

void add_key_options(CLI::App& command, KeyOptions& options) {
    command
        .add_option("--key", options.keys,
                    "A key in hex, with the eight digits of the device it belongs to; at most 8 "
                    "without an ID are tried in turn. Others see it in the list of processes: "
                    "--keys is for keys that matter")
        ->type_name("[ID=]HEX")
        ->allow_extra_args(false);
    command
        .add_option("--keys", options.files,
                    "A file of keys, schema meterbench.keys/1; nobody but its owner may read it")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command
        .add_option("--composition", options.compositions,
                    "How a security mode is put together that no public text describes (modes 3, "
                    "8, 9 and 10, GMAC; docs/application.md); none unless named")
        ->type_name("NAME")
        ->allow_extra_args(false);
    command
        .add_option("--mode-3-date", options.mode_3_date,
                    "The date in the initialisation vector of security mode 3, 2000 to 2099")
        ->type_name("YYYY-MM-DD");
    command.add_flag("--mac-without-key-information", options.mac_without_key_information,
                     "The MAC of the AFL does not cover the key information (EN 13757-7: it does; "
                     "the text of OMS Vol. 2 does not list it)");
}

std::expected<core::receiver::KeyStore, std::string> load_keys(const KeyOptions& options) {
    core::receiver::KeyStore keys;
    for (const std::string& text : options.keys) {
        if (const auto added = formats::add_key_text(keys, text); !added) {
            return std::unexpected{"--key: " + added.error()};
        }
    }
    for (const std::string& file : options.files) {
        if (const auto loaded = formats::load_key_file(keys, file); !loaded) {
            return std::unexpected{loaded.error()};
        }
    }
    return keys;
}

namespace {

/// A date as data type G.
std::optional<std::uint16_t> type_g_of(std::string_view text) {
    constexpr std::size_t size = 10;
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const auto number = [text](std::size_t at, std::size_t count, auto& into) {
        const char* const begin = text.data() + at;
        const auto read = std::from_chars(begin, begin + count, into);
        return read.ec == std::errc{} && read.ptr == begin + count;
    };
    const bool form = text.size() == size && text[4] == '-' && text[7] == '-' &&
                      number(0, 4, year) && number(5, 2, month) && number(8, 2, day);
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    constexpr int first = 2000;
    if (!form || !date.ok() || year < first || year >= first + 100) {
        return std::nullopt;
    }
    core::application::DateTime made;
    made.day = static_cast<std::uint8_t>(day);
    made.month = static_cast<std::uint8_t>(month);
    made.year = static_cast<std::uint16_t>(year);
    return core::application::encode_type_g(made);
}

} // namespace

std::expected<core::security::ProtectionOptions, std::string>
protection_options(const KeyOptions& options) {
    core::security::ProtectionOptions made;
    made.mac_with_key_information = !options.mac_without_key_information;
    if (!options.mode_3_date.empty()) {
        const auto date = type_g_of(options.mode_3_date);
        if (!date) {
            return std::unexpected{fmt::format("--mode-3-date: {} is no date from 2000-01-01 to "
                                               "2099-12-31",
                                               options.mode_3_date)};
        }
        made.date = *date;
    }
    std::size_t count = 0;
    for (const std::string& name : options.compositions) {
        const auto* composition = core::security::find_composition(name);
        if (composition == nullptr) {
            std::string known;
            for (const auto& row : core::security::compositions) {
                known += fmt::format(" {}", row.name);
            }
            return std::unexpected{
                fmt::format("--composition: there is no {}, only:{}", name, known)};
        }
        if (made.find(composition->mode) != nullptr) {
            return std::unexpected{
                fmt::format("--composition: {} is a second one for its mode: name one", name)};
        }
        made.compositions.at(count++) = composition; // there is room for one a mode
    }
    if (made.find(3) != nullptr && options.mode_3_date.empty()) {
        return std::unexpected{
            fmt::format("--composition: {} needs --mode-3-date", made.find(3)->name)};
    }
    return made;
}

} // namespace meterbench::apps
