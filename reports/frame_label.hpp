// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace meterbench::reports {

/// What a frame is, in a few words: `SND_NKE to 5`, `REQ_UD2 FCB=1 to 5`, `E5 acknowledge`,
/// `RSP_UD from 5, CI 72`, `REQ_UD2 FCB=1 to 5, wrong checksum`; for what is no frame, why:
/// `no frame: unknown-start at byte 0`.
[[nodiscard]] std::string frame_label(std::span<const std::uint8_t> bytes);

/// `parity`, `parity, framing`: the errors of one byte; empty for none.
[[nodiscard]] std::string error_names(std::uint8_t errors);

/// The errors of a step's byte; 0 where it has none.
[[nodiscard]] std::uint8_t errors_at(const formats::Step& step, std::size_t index);

/// `parity error in byte 3`, `errors in 4 bytes: parity, collision`; empty where there are none.
/// Bytes count from 0, like every offset of a report.
[[nodiscard]] std::string error_summary(const formats::Step& step);

} // namespace meterbench::reports
