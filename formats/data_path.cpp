// SPDX-License-Identifier: Apache-2.0
#include "formats/data_path.hpp"

#include <fmt/format.h>
#include <system_error>

namespace meterbench::formats {

DataPath::DataPath(const std::filesystem::path& data_dir) {
    if (!data_dir.empty()) {
        folders_.push_back(data_dir);
    }
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) {
        folders_.push_back(program.parent_path().parent_path() / "share" / "meterbench");
    }
#ifdef METERBENCH_SOURCE_DIR
    folders_.emplace_back(METERBENCH_SOURCE_DIR);
#endif
}

DataPath DataPath::of(std::vector<std::filesystem::path> folders) {
    DataPath result;
    result.folders_ = std::move(folders);
    return result;
}

std::expected<std::filesystem::path, std::string>
DataPath::resolve(const std::filesystem::path& path) const {
    std::error_code error;
    if (std::filesystem::exists(path, error)) {
        return path;
    }
    std::string looked;
    if (path.is_relative() && !path.empty()) {
        for (const std::filesystem::path& folder : folders_) {
            std::filesystem::path candidate = folder / path;
            if (std::filesystem::exists(candidate, error)) {
                return candidate;
            }
            looked += fmt::format("{}{}", looked.empty() ? ", nor below " : ", ", folder.string());
        }
    }
    return std::unexpected{fmt::format("{}: no such file or folder{}", path.string(), looked)};
}

} // namespace meterbench::formats
