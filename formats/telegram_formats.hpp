// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/compact.hpp"
#include "formats/json_reader.hpp"

#include <string>
#include <string_view>

namespace meterbench::formats {

/// The formats of compact frames as a file, schema `meterbench.formats/1`: what one run learned,
/// the next one knows. Signatures are not stored: they follow from the formats.
[[nodiscard]] std::string write_formats(const core::application::FormatCache& cache);

/// Teaches `cache` what the file holds, oldest first. Fails with one line that names file and key.
[[nodiscard]] FileResult<void> read_formats(core::application::FormatCache& cache,
                                            std::string_view text, std::string_view file);

} // namespace meterbench::formats
