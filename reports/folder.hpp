// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace meterbench::reports {

/// Writes files below one folder, which is made if it is not there; after the first that cannot be
/// written it does nothing more.
class Folder {
  public:
    explicit Folder(std::filesystem::path path) : path_{std::move(path)} {}

    void write(std::string_view name, std::string_view content);
    void write(std::string_view name, std::span<const std::uint8_t> bytes);
    /// One line that names the path that could not be written.
    [[nodiscard]] const std::expected<void, std::string>& outcome() const { return outcome_; }

  private:
    std::filesystem::path path_;
    std::expected<void, std::string> outcome_;
};

} // namespace meterbench::reports
