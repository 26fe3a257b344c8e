// SPDX-License-Identifier: Apache-2.0
#include "apps/key_options.hpp"

#include "core/security/composition.hpp"
#include "formats/key_file.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

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

std::expected<core::security::ProtectionOptions, std::string>
protection_options(const KeyOptions& options) {
    core::security::ProtectionOptions made;
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
    return made;
}

} // namespace meterbench::apps
