// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/ics_file.hpp"
#include "formats/json_reader.hpp"

#include <map>
#include <string>
#include <string_view>

namespace meterbench::formats {

/// The statements that simulated variants of a device come with, where they are not those of the
/// device itself: `variants.json` beside a suite, schema `meterbench.variants/1`,
/// {"statements": {VARIANT: {KEY of meterbench.ics/1: VALUE, ...}}}.
///
/// `base`: the device's own statement; a variant's is the same with these keys replaced. Fails with
/// one line that names `file`, the variant and the key.
[[nodiscard]] FileResult<std::map<std::string, Ics>>
parse_variants(std::string_view text, std::string_view file, const Ics& base);

} // namespace meterbench::formats
