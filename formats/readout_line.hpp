// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/readout_line.hpp"
#include "formats/json_reader.hpp"

#include <string>
#include <string_view>

namespace meterbench::formats {

/// One line of schema `meterbench.readout/1` (docs/master-under-test.md): `address` and `telegram`
/// (hex), or `found`, or `fault`, which may have an `address`. Fails with `FILE: ...` on anything
/// else: no JSON, an unknown key, two of the three, bytes that are no hex.
[[nodiscard]] FileResult<core::master::ReadoutLine> parse_readout_line(std::string_view text,
                                                                       std::string_view file);

/// The same back, without a newline.
[[nodiscard]] std::string write_readout_line(const core::master::ReadoutLine& line);

} // namespace meterbench::formats
