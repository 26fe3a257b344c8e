// SPDX-License-Identifier: Apache-2.0
#include "harness/suite.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace meterbench::harness {

namespace fs = std::filesystem;

namespace {

constexpr const char* suite_name = "suite.json";

fs::path suite_of(const fs::path& file) {
    fs::path own = fs::absolute(file).lexically_normal().parent_path();
    fs::path folder = own;
    for (; folder.has_relative_path(); folder = folder.parent_path()) {
        if (fs::exists(folder / suite_name)) {
            return folder;
        }
    }
    return own;
}

bool below_lib(const fs::path& file, const fs::path& root) {
    const fs::path inside = file.lexically_relative(root).parent_path();
    return std::ranges::any_of(inside, [](const fs::path& part) { return part == "lib"; });
}

/// A folder's case files; directory iteration reports what it cannot enter.
std::expected<std::vector<fs::path>, std::string> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    fs::recursive_directory_iterator entries{folder, error};
    while (!error && entries != fs::recursive_directory_iterator{}) {
        const fs::path& path = entries->path();
        if (path.extension() == ".lua" && entries->is_regular_file() && !below_lib(path, folder)) {
            files.push_back(path);
        }
        entries.increment(error);
    }
    if (error) {
        return std::unexpected{fmt::format("{}: {}", folder.string(), error.message())};
    }
    std::ranges::sort(files);
    return files;
}

} // namespace

std::expected<std::vector<CaseSource>, std::string>
find_case_files(const std::vector<fs::path>& paths) {
    std::vector<CaseSource> sources;
    std::set<fs::path> seen;
    for (const fs::path& path : paths) {
        std::vector<fs::path> files;
        if (fs::is_directory(path)) {
            auto found = files_below(path);
            if (!found) {
                return std::unexpected{found.error()};
            }
            files = std::move(*found);
        } else if (fs::exists(path)) {
            files.push_back(path);
        } else {
            return std::unexpected{
                fmt::format("{}: there is no such file or folder", path.string())};
        }
        if (files.empty()) {
            return std::unexpected{fmt::format("{}: no case file (*.lua) here", path.string())};
        }
        for (const fs::path& file : files) {
            if (seen.insert(fs::weakly_canonical(file)).second) {
                sources.push_back({file, file.lexically_normal().string(), suite_of(file)});
            }
        }
    }
    return sources;
}

std::expected<std::optional<fs::path>, std::string>
common_suite(const std::vector<CaseSource>& sources) {
    std::optional<fs::path> common;
    for (const CaseSource& source : sources) {
        const fs::path suite = source.suite / suite_name;
        if (!fs::exists(suite)) {
            continue;
        }
        if (common && *common != suite) {
            return std::unexpected{
                fmt::format("the cases belong to more than one suite ({} and {}): run them one by "
                            "one, or say --rig and --ics",
                            common->string(), suite.string())};
        }
        common = suite;
    }
    return common;
}

} // namespace meterbench::harness
