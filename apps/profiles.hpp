// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/data_path.hpp"
#include "models/meter_factory.hpp"

#include <expected>
#include <filesystem>
#include <string>

namespace meterbench::apps {

/// The file of a profile that is given by path, or by name in scenarios/profiles.
[[nodiscard]] std::expected<std::filesystem::path, std::string>
profile_path(const formats::DataPath& data, const std::string& name);

/// Reads such profiles. Each is read once, by this loader and its
/// copies.
[[nodiscard]] models::ProfileLoader profile_loader(formats::DataPath data);

} // namespace meterbench::apps
