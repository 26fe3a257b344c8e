// SPDX-License-Identifier: Apache-2.0
#include "harness/model/test_sequences.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace meterbench::harness::model {

namespace {

bool is_prefix(const Word& part, const Word& whole) {
    return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

/// Sorted, each once, without those that another one begins with.
void keep_longest(std::vector<Word>& words) {
    std::ranges::sort(words);
    words.erase(std::unique(words.begin(), words.end()), words.end());
    // In sorted order what begins with a word stands right after it.
    std::vector<Word> kept;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i + 1 == words.size() || !is_prefix(words[i], words[i + 1])) {
            kept.push_back(std::move(words[i]));
        }
    }
    words = std::move(kept);
}

Word joined(const Word& head, const Word& tail) {
    Word word = head;
    word.insert(word.end(), tail.begin(), tail.end());
    return word;
}

} // namespace

std::vector<Word> characterising_set(const Mealy& machine) {
    struct Pair {
        State a, b;
        Word word;
    };
    const Distinctions distinctions{machine};
    std::vector<Pair> open;
    for (State a = 0; a < machine.states(); ++a) {
        for (State b = a + 1; b < machine.states(); ++b) {
            if (auto word = distinctions.between(a, b)) {
                open.push_back({a, b, std::move(*word)});
            }
        }
    }
    // Pairs that need long words first: their words often tell the others apart on the way.
    std::ranges::stable_sort(open, std::greater{}, [](const Pair& p) { return p.word.size(); });
    std::vector<Word> set;
    while (!open.empty()) {
        const Word chosen = open.front().word;
        set.push_back(chosen);
        std::erase_if(open, [&](const Pair& p) { return parting(machine, p.a, p.b, chosen); });
    }
    keep_longest(set);
    return set;
}

std::vector<std::vector<Word>> harmonised_identifiers(const Mealy& machine,
                                                      std::span<const Word> set) {
    std::vector<std::vector<Word>> identifiers(machine.states());
    for (State a = 0; a < machine.states(); ++a) {
        for (State b = a + 1; b < machine.states(); ++b) {
            for (const Word& word : set) {
                if (const auto length = parting(machine, a, b, word)) {
                    const Word cut{word.begin(),
                                   word.begin() + static_cast<std::ptrdiff_t>(*length)};
                    identifiers[a].push_back(cut);
                    identifiers[b].push_back(cut);
                    break;
                }
            }
        }
    }
    for (auto& words : identifiers) {
        keep_longest(words);
    }
    return identifiers;
}

namespace {

/// Puts together state cover, transitions, further inputs and identification.
class Builder {
  public:
    Builder(const Mealy& machine, Method method) : machine_{machine} {
        const std::vector<Word> set = characterising_set(machine);
        if (method == Method::hsi) {
            identifiers_ = harmonised_identifiers(machine, set);
        } else {
            identifiers_.assign(machine.states(), set);
        }
    }

    /// Identifies the state after `head`, then goes on with every input, `depth` times.
    void extend(const Word& head, State state, unsigned depth) {
        words_.push_back(head);
        for (const Word& word : identifiers_[state]) {
            words_.push_back(joined(head, defined_part(state, word)));
        }
        for (Input input = 0; depth != 0 && input < machine_.inputs(); ++input) {
            if (const Transition& step = machine_.at(state, input); step.defined()) {
                extend(joined(head, {input}), step.next, depth - 1);
            }
        }
    }
    std::vector<Word> finish() {
        keep_longest(words_);
        return std::move(words_);
    }

  private:
    [[nodiscard]] Word defined_part(State state, const Word& word) const {
        Word part;
        for (const Input input : word) {
            const Transition& step = machine_.at(state, input);
            if (!step.defined()) {
                break;
            }
            part.push_back(input);
            state = step.next;
        }
        return part;
    }

    const Mealy& machine_;
    std::vector<std::vector<Word>> identifiers_;
    std::vector<Word> words_;
};

} // namespace

std::vector<Word> test_words(const Mealy& machine, Method method, unsigned extra_states) {
    Builder builder{machine, method};
    const std::vector<Word> cover = state_cover(machine);
    for (State state = 0; state < machine.states(); ++state) {
        builder.extend(cover[state], state, 1 + extra_states);
    }
    return builder.finish();
}

std::size_t count_inputs(std::span<const Word> words) {
    std::size_t count = 0;
    for (const Word& word : words) {
        count += word.size();
    }
    return count;
}

} // namespace meterbench::harness::model
