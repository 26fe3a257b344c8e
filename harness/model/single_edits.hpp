// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/model/mealy.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace meterbench::harness::model {

/// A machine with one transition edited.
struct SingleEdit {
    State state = 0;
    Input input = 0;
    Transition instead;
};

/// Every edit of one output or one next state of a machine with one output everywhere. `outputs`:
/// the outputs a device can give.
[[nodiscard]] std::vector<SingleEdit> single_edits(const Mealy& machine,
                                                   std::span<const OutputSet> outputs);

/// Whether a device that is `machine` with `edit` gives an output in `word` that `standard` does
/// not allow.
[[nodiscard]] bool finds(const Mealy& standard, const Mealy& machine, const SingleEdit& edit,
                         std::span<const Input> word);

/// The fewest of `words` that a greedy choice needs to find every single edit of `machine` that
/// all of them find; in their order.
[[nodiscard]] std::vector<Word> thinned(const Mealy& standard, const Mealy& machine,
                                        std::span<const OutputSet> outputs,
                                        const std::vector<Word>& words);

} // namespace meterbench::harness::model
