// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/receiver/key_store.hpp"
#include "formats/json_reader.hpp"

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace meterbench::formats {

/// Keys of devices, schema `meterbench.keys/1` (docs/files.md). Messages name file and key, never
/// what a key is.

/// Adds the keys of the file to `keys`. Fails when the file can be read or written by others than
/// its owner, when it holds more than 8 keys without an id, and as every file reader does.
[[nodiscard]] FileResult<void> load_key_file(core::receiver::KeyStore& keys,
                                             const std::filesystem::path& path);
[[nodiscard]] FileResult<void> parse_key_file(core::receiver::KeyStore& keys, std::string_view text,
                                              std::string_view file);

/// Adds a key as the command line has it: `HEX`, or `ID=HEX` with the eight digits of an
/// identification. The error says what is wrong without saying the key.
[[nodiscard]] std::expected<void, std::string> add_key_text(core::receiver::KeyStore& keys,
                                                            std::string_view text);

} // namespace meterbench::formats
