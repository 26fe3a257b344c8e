// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/receiver/key_store.hpp"
#include "core/security/composition.hpp"

#include <expected>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace meterbench::apps {

/// What the command line says about keys.
struct KeyOptions {
    std::vector<std::string> keys;  ///< [ID=]HEX
    std::vector<std::string> files; ///< of schema meterbench.keys/1
    std::vector<std::string> compositions;
    std::string mode_3_date; ///< YYYY-MM-DD
    bool mac_without_key_information = false;
};

/// Adds --key, --keys and what says how security modes are put together. `options` outlives the
/// parsing.
void add_key_options(CLI::App& command, KeyOptions& options);

/// The keys. Fails with one line that says no key.
[[nodiscard]] std::expected<core::receiver::KeyStore, std::string>
load_keys(const KeyOptions& options);

/// The compositions that are chosen, and their date. Fails for a name that there is not, for two of
/// one mode, and for a date that there is not.
[[nodiscard]] std::expected<core::security::ProtectionOptions, std::string>
protection_options(const KeyOptions& options);

} // namespace meterbench::apps
