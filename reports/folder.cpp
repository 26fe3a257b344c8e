// SPDX-License-Identifier: Apache-2.0
#include "reports/folder.hpp"

#include <fmt/format.h>
#include <fstream>
#include <system_error>

namespace meterbench::reports {

void Folder::write(std::string_view name, std::string_view content) {
    if (!outcome_) {
        return;
    }
    const std::filesystem::path file = path_ / name;
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    if (error) {
        outcome_ =
            std::unexpected{fmt::format("{}: {}", file.parent_path().string(), error.message())};
        return;
    }
    std::ofstream stream{file, std::ios::binary | std::ios::trunc};
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    stream.close();
    if (!stream) {
        outcome_ = std::unexpected{fmt::format("{}: cannot be written", file.string())};
    }
}

void Folder::write(std::string_view name, std::span<const std::uint8_t> bytes) {
    write(name, std::string{bytes.begin(), bytes.end()});
}

} // namespace meterbench::reports
