// SPDX-License-Identifier: Apache-2.0
#include "harness/model/single_edits.hpp"

#include <algorithm>
#include <utility>

namespace meterbench::harness::model {

std::vector<SingleEdit> single_edits(const Mealy& machine, std::span<const OutputSet> outputs) {
    std::vector<SingleEdit> edits;
    for (State state = 0; state < machine.states(); ++state) {
        for (const Input input : each_input(machine.inputs())) {
            const Transition& is = machine.at(state, input);
            for (const OutputSet output : outputs) {
                if (output != is.allowed) {
                    edits.push_back({state, input, {output, is.next}});
                }
            }
            for (State next = 0; next < machine.states(); ++next) {
                if (next != is.next) {
                    edits.push_back({state, input, {is.allowed, next}});
                }
            }
        }
    }
    return edits;
}

bool finds(const Mealy& standard, const Mealy& machine, const SingleEdit& edit,
           std::span<const Input> word) {
    State due = 0;
    State is = 0;
    for (const Input input : word) {
        const Transition& wanted = standard.at(due, input);
        const bool edited = is == edit.state && input == edit.input;
        const Transition& done = edited ? edit.instead : machine.at(is, input);
        if ((wanted.allowed & done.allowed) == 0) {
            return true;
        }
        due = wanted.next;
        is = done.next;
    }
    return false;
}

std::vector<Word> thinned(const Mealy& standard, const Mealy& machine,
                          std::span<const OutputSet> outputs, const std::vector<Word>& words) {
    // For each word the edits that it finds; each edit of a word is one of a transition that the
    // unedited machine takes in it.
    const std::vector<SingleEdit> edits = single_edits(machine, outputs);
    std::vector<std::vector<std::uint32_t>> found(words.size());
    std::vector<std::size_t> begin(machine.states() * machine.inputs() + 1, edits.size());
    for (std::size_t e = edits.size(); e-- > 0;) {
        begin[edits[e].state * machine.inputs() + edits[e].input] = e;
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::vector<std::size_t> taken;
        State state = 0;
        for (const Input input : words[i]) {
            taken.push_back(state * machine.inputs() + input);
            state = machine.at(state, input).next;
        }
        std::ranges::sort(taken);
        taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
        for (const std::size_t transition : taken) {
            for (std::size_t e = begin[transition]; e < begin[transition + 1]; ++e) {
                if (finds(standard, machine, edits[e], words[i])) {
                    found[i].push_back(static_cast<std::uint32_t>(e));
                }
            }
        }
    }
    std::vector<bool> covered(edits.size(), false);
    std::vector<std::size_t> chosen;
    // A word costs its inputs and two more to reset the device.
    const auto gain = [&](std::size_t i) {
        const auto fresh = std::ranges::count_if(found[i], [&](auto e) { return !covered[e]; });
        return static_cast<double>(fresh) / static_cast<double>(words[i].size() + 2);
    };
    // Gains only fall, so that the best of last time is a bound (lazy greedy choice).
    std::vector<std::pair<double, std::size_t>> heap;
    for (std::size_t i = 0; i < words.size(); ++i) {
        heap.emplace_back(gain(i), words.size() - i);
    }
    std::ranges::make_heap(heap);
    while (!heap.empty()) {
        std::ranges::pop_heap(heap);
        const std::size_t i = words.size() - heap.back().second;
        heap.pop_back();
        const double now = gain(i);
        if (now == 0) {
            continue;
        }
        if (!heap.empty() && now < heap.front().first) {
            heap.emplace_back(now, words.size() - i);
            std::ranges::push_heap(heap);
            continue;
        }
        chosen.push_back(i);
        for (const std::uint32_t e : found[i]) {
            covered[e] = true;
        }
    }
    std::ranges::sort(chosen);
    std::vector<Word> kept;
    for (const std::size_t i : chosen) {
        kept.push_back(words[i]);
    }
    return kept;
}

} // namespace meterbench::harness::model
