// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/model/link_model.hpp"
#include "harness/model/mealy.hpp"

#include <string>
#include <vector>

namespace meterbench::harness::model {

/// A transition of a device that the standard's table does not allow.
struct LinkDifference {
    State state = 0; ///< of the device's machine
    Input input = 0;
    OutputSet is = 0;
    OutputSet allowed = 0;
    std::string requirement; ///< that it breaks
    Word word;               ///< a shortest one that shows it
};

/// Every transition of `device`, over the alphabet of `standard`, whose output the table does not
/// allow; walked breadth first, and no further behind one: where the standard stands then is not
/// known. Sorted by state and input, each once.
[[nodiscard]] std::vector<LinkDifference> differences(const Mealy& device,
                                                      const LinkModel& standard);

/// The machine as text, one transition a line: state | stimulus | output | next state, and behind
/// what differs the output due and the requirement. States count from 1.
[[nodiscard]] std::string machine_text(const Mealy& device, const std::vector<Stimulus>& alphabet,
                                       const std::vector<LinkDifference>& differences);

} // namespace meterbench::harness::model
