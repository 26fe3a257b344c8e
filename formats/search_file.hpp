// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/search.hpp"
#include "formats/json_reader.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace meterbench::formats {

/// The state of a search by secondary address, schema `meterbench.search/1` (docs/files.md): what
/// is needed to go on with it. The telegrams that proved the finds are not kept.
[[nodiscard]] std::string write_search_file(const core::master::SearchState& state);

/// Fails with one line that names the key.
[[nodiscard]] FileResult<core::master::SearchState> parse_search_file(std::string_view text,
                                                                      std::string_view file);
[[nodiscard]] FileResult<core::master::SearchState>
load_search_file(const std::filesystem::path& path);

/// Writes it so that the file is the old one or the new one, never half of either. Empty on
/// success, else why not.
[[nodiscard]] std::string save_search_file(const std::filesystem::path& path,
                                           const core::master::SearchState& state);

} // namespace meterbench::formats
