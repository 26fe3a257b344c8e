// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::formats {

/// Finds scenarios, the catalogue, profiles and decoders from any working directory, before and
/// after installation.
class DataPath {
  public:
    /// Folders to look in, in order: `data_dir` (the option --data; empty: none), then
    /// `share/meterbench` beside the folder of the running program, then the source tree of the
    /// build.
    explicit DataPath(const std::filesystem::path& data_dir = {});
    /// Exactly these folders.
    [[nodiscard]] static DataPath of(std::vector<std::filesystem::path> folders);

    /// A path that exists is used as it is; else the first of the folders that holds it. Fails with
    /// one line that says where it was looked for.
    [[nodiscard]] std::expected<std::filesystem::path, std::string>
    resolve(const std::filesystem::path& path) const;

    [[nodiscard]] const std::vector<std::filesystem::path>& folders() const { return folders_; }

  private:
    std::vector<std::filesystem::path> folders_;
};

} // namespace meterbench::formats
