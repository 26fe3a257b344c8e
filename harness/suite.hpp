// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/case_runner.hpp"

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace meterbench::harness {

/// The case files that paths name: a file itself, and every `*.lua` below a folder except under
/// `lib/`, sorted by path, each once. The suite of a file is the nearest folder above it with a
/// `suite.json`, else the file's own folder. Fails with one line on a path that is not there, or
/// without a case file.
[[nodiscard]] std::expected<std::vector<CaseSource>, std::string>
find_case_files(const std::vector<std::filesystem::path>& paths);

/// The one `suite.json` that all files share; none where there is none. Fails where they differ.
[[nodiscard]] std::expected<std::optional<std::filesystem::path>, std::string>
common_suite(const std::vector<CaseSource>& sources);

} // namespace meterbench::harness
