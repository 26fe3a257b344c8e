// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <cstddef>
#include <string>

namespace meterbench::reports {

/// At most so many frames of a case get a table; the trace holds them all.
inline constexpr std::size_t max_frame_tables = 200;

/// Each frame of a case with its bytes and what they mean, as markup; the elements are `frame-N`,
/// N counting the case's frames from 1. Empty for a case without frames.
[[nodiscard]] std::string frame_tables(const formats::CaseResult& result);

} // namespace meterbench::reports
