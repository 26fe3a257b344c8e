// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/model/link_model.hpp"
#include "harness/model/test_sequences.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::harness::model {

/// What a family of sequences is made for.
struct SequenceOptions {
    Method method = Method::hsi;
    unsigned extra_states = 0;
    /// Keep every word of the method; else the fewest that find every single edit of the table that
    /// all of them find.
    bool whole = false;
};

/// Sequences of one family, each to be run from the first state.
struct SequenceSet {
    LinkModel standard;
    std::vector<Word> words; ///< over standard.alphabet()
};

/// Stimuli that never change the state (malformed frames, frames for others) are sent one after the
/// other before each stimulus that does, and not each in a word of its own.
[[nodiscard]] SequenceSet link_sequences(Family family, const LinkClaims& claims,
                                         const SequenceOptions& options);

/// What a device may claim, as sequences are made for: "1", "2", "3" telegrams of a read-out, or
/// "more".
struct ClaimsRow {
    std::string_view name;
    LinkClaims claims;
};
/// Only the family `own` counts to three; the others to two, and beyond that any telegram will do.
[[nodiscard]] std::vector<ClaimsRow> claims_of(Family family);

/// A step as it is written down: what to send, the outputs allowed, the requirements that nothing,
/// or a wrong telegram, breaks.
struct SequenceStep {
    Stimulus stimulus;
    OutputSet allowed = 0;
    Cited cited;
};
[[nodiscard]] std::vector<SequenceStep> steps_of(const SequenceSet& set, const Word& word);

/// The sequences of a family for all claims as a Lua module: `steps`, a list of { stimulus,
/// outputs, requirement, requirement on the telegram }, and for each claim a list of sequences,
/// each a string of numbers of steps. Outputs are letters: `-` silence, `A` E5h, a digit that
/// telegram, `*` any telegram.
[[nodiscard]] std::string lua_module(Family family, const SequenceOptions& options);

/// The outputs that a device with so many telegrams can give.
[[nodiscard]] std::vector<OutputSet> device_outputs(std::size_t telegrams);

} // namespace meterbench::harness::model
