// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <cstddef>
#include <string>

namespace meterbench::reports {

/// The page of the case at `index` of the run: verdict and why, sequence of frames, every byte with
/// its meaning, remarks, artefacts, the command that replays it.
[[nodiscard]] std::string case_page(const formats::RunResult& run, std::size_t index);

} // namespace meterbench::reports
