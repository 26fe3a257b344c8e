// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"
#include "formats/result.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace meterbench::formats {

/// The requirements of the standards as data, schema `meterbench.catalogue/1` (docs/files.md). An
/// id that was merged into another finds that other one.
class Catalogue {
  public:
    [[nodiscard]] const RequirementInfo* find(std::string_view id) const;
    /// By id, without those that were merged.
    [[nodiscard]] const std::map<std::string, RequirementInfo, std::less<>>& all() const {
        return requirements_;
    }
    /// Adds the requirements of a file; an id that is there already is an error.
    [[nodiscard]] FileResult<void> add(std::string_view text, std::string_view file);

  private:
    std::map<std::string, RequirementInfo, std::less<>> requirements_;
    std::map<std::string, std::string, std::less<>> merged_;
};

/// All `*.json` files of a folder.
[[nodiscard]] FileResult<Catalogue> load_catalogue(const std::filesystem::path& folder);

} // namespace meterbench::formats
