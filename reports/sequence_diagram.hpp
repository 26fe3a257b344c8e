// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/result.hpp"

#include <cstddef>
#include <string>

namespace meterbench::reports {

/// At most so many steps are drawn, so that a page with a very long case still opens.
inline constexpr std::size_t max_drawn_steps = 600;

/// What happened in a case, from top to bottom, as SVG to be put into a page: two lifelines, a band
/// for each frame from its first start bit to its last stop bit, the time since the case's first
/// step at the left, the time between a request and its answer as a bracket at the right, waits
/// dashed, expectations ticked or crossed, the framework's own steps shaded. It is not to scale:
/// the ruler says the times. Each frame links to the element `frame-N` of the page, N counting the
/// case's frames from 1. Empty for a case without steps.
[[nodiscard]] std::string sequence_diagram(const formats::CaseResult& result);

} // namespace meterbench::reports
