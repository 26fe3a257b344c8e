// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <string>

namespace meterbench::reports {

/// The waveform of a case, where it was recorded, as rows of inline SVG: voltage and current at the
/// master's terminals, with the octets of the record above what was sent and below what was heard.
/// Time runs at three pixels a bit; long idle times are cut out, and their length is written. What
/// is beyond a page's patience is left to the waveform file. Empty without a waveform.
[[nodiscard]] std::string waveform(const formats::CaseResult& result);

} // namespace meterbench::reports
