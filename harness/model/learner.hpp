// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/model/link_device.hpp"
#include "harness/model/mealy.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace meterbench::harness::model {

struct LearnOptions {
    std::size_t max_steps = 200'000; ///< stimuli sent, resets not counted
    unsigned extra_states = 1;       ///< of the device, beyond those found, that a search covers
    unsigned random_words = 100;     ///< that a search tries at the end, for what is hidden deeper
    /// Of a word that came out differently, to tell why; four times as many where they differ, of
    /// which, answer by answer, four in five must be alike.
    unsigned repeats = 5;
    std::size_t max_noise = 10; ///< disturbed words, beside one in 25, until the line is noisy
};

struct LearnProgress {
    std::size_t words = 0;
    std::size_t steps = 0;
    std::size_t states = 0; ///< found so far
    std::size_t noise = 0;  ///< words that did not come out as they usually do
    bool searching = false; ///< for a word that the machine found so far gets wrong
};

/// What a device turned out to be.
struct Learned {
    Mealy machine; ///< minimised; over the alphabet that was given
    LearnProgress effort;
    /// The search ended with its words, not with the steps that were allowed. Then the machine is
    /// the device, if that has at most `extra_states` states more.
    bool complete = false;
};

/// Why there is no machine.
struct NotLearned {
    enum class Why : std::uint8_t {
        not_deterministic, ///< one word has more than one outcome, again and again
        noisy,             ///< too many words came out differently once
        lost,              ///< the port is gone
    } why = Why::lost;
    Word word;                       ///< not deterministic: the word, up to where outcomes part
    std::vector<OutputSet> outcomes; ///< of its last input, in the order seen
    core::Fault fault{};             ///< lost
    LearnProgress effort;
};

/// Learns the Mealy machine of a device by asking: the L* algorithm (Angluin 1987) for Mealy
/// machines, counterexamples by binary search (Rivest, Schapire 1993), and a search for them by
/// harmonised state identifiers with extra states, and random words. What was asked once is not
/// asked again. `progress` is called after every word that was sent.
[[nodiscard]] std::variant<Learned, NotLearned>
learn(LinkDevice& device, const std::vector<Stimulus>& alphabet, const LearnOptions& options,
      const std::function<void(const LearnProgress&)>& progress);

} // namespace meterbench::harness::model
