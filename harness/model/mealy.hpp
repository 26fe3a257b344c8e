// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ranges>
#include <span>
#include <vector>

namespace meterbench::harness::model {

/// Outputs as a set, one bit each: a device gives one, a standard may allow several.
using OutputSet = std::uint32_t;
using Input = std::uint16_t; ///< index into an alphabet
using State = std::uint32_t;
/// All inputs of an alphabet of this size, below 2^16.
inline auto each_input(std::size_t size) {
    return std::views::iota(Input{0}, static_cast<Input>(size));
}
using Word = std::vector<Input>;

struct Transition {
    OutputSet allowed = 0; ///< empty: the input is not defined here
    State next = 0;
    [[nodiscard]] bool defined() const { return allowed != 0; }
    friend bool operator==(const Transition&, const Transition&) = default;
};

/// A finite Mealy machine whose next state is a function of state and input; state 0 is the first.
/// Of a device each transition has one output; of a standard it has those that are allowed, and an
/// input that the standard does not define in a state is not defined.
class Mealy {
  public:
    explicit Mealy(std::size_t inputs) : inputs_{inputs} {}

    State add_state();
    void set(State state, Input input, const Transition& transition) {
        transitions_[state * inputs_ + input] = transition;
    }
    [[nodiscard]] const Transition& at(State state, Input input) const {
        return transitions_[state * inputs_ + input];
    }
    [[nodiscard]] std::size_t states() const { return transitions_.size() / inputs_; }
    [[nodiscard]] std::size_t inputs() const { return inputs_; }
    /// Where a word leads; none where some input of it is not defined.
    [[nodiscard]] std::optional<State> run(State from, std::span<const Input> word) const;
    friend bool operator==(const Mealy&, const Mealy&) = default;

  private:
    std::size_t inputs_;
    std::vector<Transition> transitions_;
};

/// The machine without unreachable states and with states that nothing tells apart made one (the
/// same inputs defined, the same sets of outputs, ever after); numbered in the order in which a
/// breadth-first walk meets them, so that equal machines come out equal.
[[nodiscard]] Mealy minimised(const Mealy& machine);

/// For each state the shortest word that leads to it from state 0; of equally long ones the first
/// in the order of inputs. Every state is reachable.
[[nodiscard]] std::vector<Word> state_cover(const Mealy& machine);

/// Shortest words that tell pairs of states apart: both define all of it, and at its last input
/// their outputs have none in common.
class Distinctions {
  public:
    explicit Distinctions(const Mealy& machine);
    /// None: no word does, or the pair is one state.
    [[nodiscard]] std::optional<Word> between(State a, State b) const;

  private:
    struct Mark {
        std::uint32_t length = 0; ///< 0: not told apart
        Input first = 0;
    };
    [[nodiscard]] const Mark& mark(State a, State b) const {
        return marks_[static_cast<std::size_t>(a) * machine_.states() + b];
    }
    const Mealy& machine_;
    std::vector<Mark> marks_;
};

/// Where `word` tells a pair apart: the number of inputs up to the first without a common output.
/// None: nowhere, or one of them leaves it undefined before.
[[nodiscard]] std::optional<std::size_t> parting(const Mealy& machine, State a, State b,
                                                 std::span<const Input> word);

/// The shortest word after which the outputs of two machines over one alphabet have none in
/// common; only inputs that both define are tried. None: there is none.
[[nodiscard]] std::optional<Word> difference(const Mealy& one, const Mealy& other);

} // namespace meterbench::harness::model
