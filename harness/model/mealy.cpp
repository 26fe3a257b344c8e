// SPDX-License-Identifier: Apache-2.0
#include "harness/model/mealy.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace meterbench::harness::model {

namespace {

constexpr State unknown = std::numeric_limits<State>::max();

/// States in the order of a breadth-first walk from 0, and how each was met.
struct Walk {
    std::vector<State> order;
    std::vector<std::pair<State, Input>> from; ///< by state
    std::vector<bool> met;
};

Walk walk(const Mealy& machine) {
    Walk result{.order = {0}, .from = {}, .met = {}};
    result.from.resize(machine.states());
    result.met.resize(machine.states());
    result.met[0] = true;
    for (std::size_t i = 0; i < result.order.size(); ++i) {
        const State state = result.order[i];
        for (const Input input : each_input(machine.inputs())) {
            const Transition& step = machine.at(state, input);
            if (step.defined() && !result.met[step.next]) {
                result.met[step.next] = true;
                result.from[step.next] = {state, input};
                result.order.push_back(step.next);
            }
        }
    }
    return result;
}

/// Moore's refinement: classes of states with equal behaviour.
std::vector<State> classes_of(const Mealy& machine) {
    std::vector<State> classes(machine.states(), 0);
    std::size_t count = 1;
    while (true) {
        std::map<std::vector<std::uint64_t>, State> signatures;
        std::vector<State> refined(machine.states());
        for (State state = 0; state < machine.states(); ++state) {
            std::vector<std::uint64_t> signature{classes[state]};
            for (const Input input : each_input(machine.inputs())) {
                const Transition& step = machine.at(state, input);
                signature.push_back(step.allowed);
                signature.push_back(step.defined() ? classes[step.next] : unknown);
            }
            const auto fresh = static_cast<State>(signatures.size());
            refined[state] = signatures.emplace(std::move(signature), fresh).first->second;
        }
        classes = std::move(refined);
        if (signatures.size() == count) {
            return classes;
        }
        count = signatures.size();
    }
}

} // namespace

State Mealy::add_state() {
    const auto state = static_cast<State>(states());
    transitions_.resize(transitions_.size() + inputs_);
    return state;
}

std::optional<State> Mealy::run(State from, std::span<const Input> word) const {
    for (const Input input : word) {
        const Transition& step = at(from, input);
        if (!step.defined()) {
            return std::nullopt;
        }
        from = step.next;
    }
    return from;
}

Mealy minimised(const Mealy& machine) {
    const std::vector<State> classes = classes_of(machine);
    std::vector<State> number(machine.states(), unknown); // by class
    std::vector<State> representatives;
    Mealy result{machine.inputs()};
    const auto numbered = [&](State state) {
        State& given = number[classes[state]];
        if (given == unknown) {
            given = result.add_state();
            representatives.push_back(state);
        }
        return given;
    };
    (void)numbered(0);
    for (State state = 0; state < representatives.size(); ++state) {
        for (const Input input : each_input(machine.inputs())) {
            const Transition& step = machine.at(representatives[state], input);
            if (step.defined()) {
                const State next = numbered(step.next);
                result.set(state, input, {step.allowed, next});
            }
        }
    }
    return result;
}

std::vector<Word> state_cover(const Mealy& machine) {
    const Walk walked = walk(machine);
    std::vector<Word> cover(machine.states());
    for (const State state : walked.order) {
        if (state == 0) {
            continue;
        }
        const auto [from, input] = walked.from[state];
        cover[state] = cover[from];
        cover[state].push_back(input);
    }
    return cover;
}

Distinctions::Distinctions(const Mealy& machine)
    : machine_{machine}, marks_(machine.states() * machine.states()) {
    const std::size_t states = machine.states();
    bool more = true;
    for (std::uint32_t length = 1; more; ++length) {
        more = false;
        for (State a = 0; a < states; ++a) {
            for (State b = a + 1; b < states; ++b) {
                if (mark(a, b).length != 0) {
                    continue;
                }
                for (const Input input : each_input(machine.inputs())) {
                    const Transition& x = machine.at(a, input);
                    const Transition& y = machine.at(b, input);
                    if (!x.defined() || !y.defined()) {
                        continue;
                    }
                    const bool apart =
                        length == 1 ? (x.allowed & y.allowed) == 0
                                    : x.next != y.next && mark(x.next, y.next).length == length - 1;
                    if (apart) {
                        marks_[a * states + b] = marks_[b * states + a] = {length, input};
                        more = true;
                        break;
                    }
                }
            }
        }
    }
}

std::optional<Word> Distinctions::between(State a, State b) const {
    if (a == b || mark(a, b).length == 0) {
        return std::nullopt;
    }
    Word word;
    for (std::uint32_t left = mark(a, b).length; left != 0; --left) {
        const Input input = mark(a, b).first;
        word.push_back(input);
        a = machine_.at(a, input).next;
        b = machine_.at(b, input).next;
    }
    return word;
}

std::optional<std::size_t> parting(const Mealy& machine, State a, State b,
                                   std::span<const Input> word) {
    for (std::size_t i = 0; i < word.size(); ++i) {
        const Transition& x = machine.at(a, word[i]);
        const Transition& y = machine.at(b, word[i]);
        if (!x.defined() || !y.defined()) {
            return std::nullopt;
        }
        if ((x.allowed & y.allowed) == 0) {
            return i + 1;
        }
        a = x.next;
        b = y.next;
    }
    return std::nullopt;
}

std::optional<Word> difference(const Mealy& one, const Mealy& other) {
    struct Met {
        std::pair<State, State> states;
        std::size_t parent = 0;
        Input input = 0;
    };
    std::vector<Met> queue{{{0, 0}, 0, 0}};
    std::map<std::pair<State, State>, bool> seen{{{0, 0}, true}};
    const auto word_to = [&queue](std::size_t index, Input last) {
        Word word{last};
        for (; index != 0; index = queue[index].parent) {
            word.push_back(queue[index].input);
        }
        std::ranges::reverse(word);
        return word;
    };
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const auto [a, b] = queue[i].states;
        for (const Input input : each_input(one.inputs())) {
            const Transition& x = one.at(a, input);
            const Transition& y = other.at(b, input);
            if (!x.defined() || !y.defined()) {
                continue;
            }
            if ((x.allowed & y.allowed) == 0) {
                return word_to(i, input);
            }
            if (seen.emplace(std::pair{x.next, y.next}, true).second) {
                queue.push_back({{x.next, y.next}, i, input});
            }
        }
    }
    return std::nullopt;
}

} // namespace meterbench::harness::model
