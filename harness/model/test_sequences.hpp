// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/model/mealy.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace meterbench::harness::model {

/// How the state that a transition leads to is checked.
enum class Method : std::uint8_t {
    w,   ///< every word of one characterising set, after every transition (Chow 1978)
    hsi, ///< of those, the words that identify the state that is due (Petrenko, Yevtushenko 1991)
};

/// Words that tell each pair of states apart which any word does; no word is a prefix of another.
[[nodiscard]] std::vector<Word> characterising_set(const Mealy& machine);

/// For each state the words that tell it from each other state, cut where they do. Harmonised: a
/// pair of states is told apart by one word that begins a word of both.
[[nodiscard]] std::vector<std::vector<Word>> harmonised_identifiers(const Mealy& machine,
                                                                    std::span<const Word> set);

/// Test words for a minimised machine, each to be run from its first state. If every input is
/// defined everywhere and all states can be told apart, they find every difference of a device
/// with at most `states + extra_states` states that can be reset reliably. Where the standard
/// allows several outputs, states that it does not tell apart are not told apart either.
/// No word is a prefix of another; sorted.
[[nodiscard]] std::vector<Word> test_words(const Mealy& machine, Method method,
                                           unsigned extra_states);

/// Words and inputs of a set, each word preceded by a reset that is not counted.
[[nodiscard]] std::size_t count_inputs(std::span<const Word> words);

} // namespace meterbench::harness::model
