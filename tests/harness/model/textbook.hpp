// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/model/mealy.hpp"

#include <functional>
#include <initializer_list>
#include <vector>

namespace meterbench::tests::model {

using harness::model::Input;
using harness::model::Mealy;
using harness::model::OutputSet;
using harness::model::State;
using harness::model::Word;

struct Edge {
    unsigned output; ///< 0, 1, ...
    State next;
};

/// A machine as books print it: one row a state, one column an input.
inline Mealy machine_of(std::initializer_list<std::initializer_list<Edge>> rows) {
    Mealy machine{rows.begin()->size()};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        (void)machine.add_state();
    }
    State state = 0;
    for (const auto& row : rows) {
        Input input = 0;
        for (const Edge& edge : row) {
            machine.set(state, input++, {OutputSet{1} << edge.output, edge.next});
        }
        ++state;
    }
    return machine;
}

/// Three states, two inputs, two outputs; the pair of states 1 and 2 needs a word of length 2.
inline Mealy three_states() {
    return machine_of({{{0, 1}, {0, 0}}, {{1, 0}, {0, 2}}, {{1, 0}, {1, 2}}});
}
/// Three states that no single input tells apart completely.
inline Mealy counter() {
    return machine_of({{{0, 1}, {0, 0}}, {{0, 2}, {0, 0}}, {{1, 0}, {0, 0}}});
}
/// Two states.
inline Mealy toggle() {
    return machine_of({{{0, 1}, {0, 0}}, {{1, 0}, {0, 1}}});
}

/// Calls `visit` with every machine of `states` states, for two outputs.
inline void all_machines(std::size_t states, std::size_t inputs,
                         const std::function<void(const Mealy&)>& visit) {
    const std::size_t cells = states * inputs;
    const std::size_t choices = states * 2;
    std::vector<std::size_t> digits(cells, 0);
    Mealy machine{inputs};
    for (std::size_t i = 0; i < states; ++i) {
        (void)machine.add_state();
    }
    const auto put = [&](std::size_t cell) {
        machine.set(static_cast<State>(cell / inputs), static_cast<Input>(cell % inputs),
                    {OutputSet{1} << (digits[cell] % 2), static_cast<State>(digits[cell] / 2)});
    };
    for (std::size_t cell = 0; cell < cells; ++cell) {
        put(cell);
    }
    while (true) {
        visit(machine);
        std::size_t cell = 0;
        for (; cell < cells && ++digits[cell] == choices; ++cell) {
            digits[cell] = 0;
            put(cell);
        }
        if (cell == cells) {
            return;
        }
        put(cell);
    }
}

/// All words of one length.
inline std::vector<Word> all_words(std::size_t inputs, std::size_t length) {
    std::vector<Word> words{{}};
    for (std::size_t i = 0; i < length; ++i) {
        std::vector<Word> longer;
        for (const Word& word : words) {
            for (Input input = 0; input < inputs; ++input) {
                longer.push_back(word);
                longer.back().push_back(input);
            }
        }
        words = std::move(longer);
    }
    return words;
}

/// Whether a device gives an allowed output at each input of a word.
inline bool passes(const Mealy& standard, const Mealy& device, const Word& word) {
    State a = 0;
    State b = 0;
    for (const Input input : word) {
        const auto& due = standard.at(a, input);
        const auto& is = device.at(b, input);
        if (!due.defined()) {
            return true;
        }
        if ((due.allowed & is.allowed) == 0) {
            return false;
        }
        a = due.next;
        b = is.next;
    }
    return true;
}

} // namespace meterbench::tests::model
