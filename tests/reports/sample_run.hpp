// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

namespace meterbench::tests {

/// A run with a case of every verdict, made by hand: short and long frames, spoilt characters,
/// silence, measurements, remarks, attachments, and texts that try to be markup.
[[nodiscard]] formats::RunResult sample_run();
[[nodiscard]] formats::RunHost sample_host();

} // namespace meterbench::tests
