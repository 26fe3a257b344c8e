// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"

#include <filesystem>
#include <string_view>

namespace meterbench::formats {

/// What a suite runs on unless the command line says otherwise: `suite.json` in the suite's folder,
/// schema `meterbench.suite/1`. Paths are relative to that folder; here they start with it.
struct SuiteFile {
    std::filesystem::path rig;
    std::filesystem::path ics;
};

[[nodiscard]] FileResult<SuiteFile> load_suite_file(const std::filesystem::path& path);
[[nodiscard]] FileResult<SuiteFile> parse_suite_file(std::string_view text, std::string_view file);

} // namespace meterbench::formats
