// SPDX-License-Identifier: Apache-2.0
#include "harness/model/learner.hpp"

#include "harness/model/test_sequences.hpp"
#include "harness/random.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace meterbench::harness::model {

namespace {

using Outputs = std::vector<OutputSet>;

/// Thrown to leave the algorithm, caught in learn().
struct Stop {
    NotLearned reason;
};
struct OutOfSteps {};
/// What was believed turned out to be noise: the algorithm begins anew with what is known.
struct Again {};

/// Asks the device, and remembers all it ever said as a tree of words.
class Oracle {
  public:
    Oracle(LinkDevice& device, const std::vector<Stimulus>& alphabet, const LearnOptions& options,
           const std::function<void(const LearnProgress&)>& progress)
        : device_{device}, alphabet_{alphabet}, options_{options}, progress_{progress} {
        nodes_.emplace_back(alphabet.size());
    }

    /// The outputs of a word. Fails by Stop, OutOfSteps or Again.
    Outputs ask(const Word& word) {
        if (auto known = recall(word)) {
            return std::move(*known);
        }
        Outputs outputs = send(word);
        if (const auto place = conflict(word, outputs)) {
            settle(Word{word.begin(), word.begin() + static_cast<std::ptrdiff_t>(*place) + 1});
            return ask(word);
        }
        remember(word, outputs);
        return outputs;
    }
    /// Asks once more, in earnest: what makes a state, or parts two, must not be noise.
    void confirm(const Word& word) {
        if (!confirmed_.insert(word).second) {
            return;
        }
        if (const auto place = conflict(word, send(word))) {
            settle(Word{word.begin(), word.begin() + static_cast<std::ptrdiff_t>(*place) + 1});
        }
    }
    LearnProgress& effort() { return effort_; }

  private:
    struct Edge {
        OutputSet output = 0; ///< 0: not asked yet
        std::uint32_t next = 0;
    };

    std::optional<Outputs> recall(const Word& word) const {
        Outputs outputs;
        std::uint32_t node = 0;
        for (const Input input : word) {
            const Edge& edge = nodes_[node][input];
            if (edge.output == 0) {
                return std::nullopt;
            }
            outputs.push_back(edge.output);
            node = edge.next;
        }
        return outputs;
    }

    Outputs send(const Word& word) {
        if (effort_.steps + word.size() > options_.max_steps) {
            throw OutOfSteps{};
        }
        const auto lost = [this](const core::Fault& fault) {
            return Stop{{.why = NotLearned::Why::lost,
                         .word = {},
                         .outcomes = {},
                         .fault = fault,
                         .effort = effort_}};
        };
        if (const auto done = device_.reset(); !done) {
            throw lost(done.error());
        }
        Outputs outputs;
        for (const Input input : word) {
            const auto output = device_.step(alphabet_[input]);
            if (!output) {
                throw lost(output.error());
            }
            outputs.push_back(*output);
        }
        ++effort_.words;
        effort_.steps += word.size();
        progress_(effort_);
        return outputs;
    }

    /// The first place where outputs differ from what is known.
    std::optional<std::size_t> conflict(const Word& word, const Outputs& outputs) const {
        std::uint32_t node = 0;
        for (std::size_t i = 0; i < word.size(); ++i) {
            const Edge& edge = nodes_[node][word[i]];
            if (edge.output == 0) {
                return std::nullopt;
            }
            if (edge.output != outputs[i]) {
                return i;
            }
            node = edge.next;
        }
        return std::nullopt;
    }

    void remember(const Word& word, const Outputs& outputs) {
        std::uint32_t node = 0;
        for (std::size_t i = 0; i < word.size(); ++i) {
            if (nodes_[node][word[i]].output == 0) {
                const auto fresh = static_cast<std::uint32_t>(nodes_.size());
                nodes_.emplace_back(alphabet_.size());
                nodes_[node][word[i]] = {outputs[i], fresh};
            }
            node = nodes_[node][word[i]].next;
        }
    }

    /// As often as options say; where that does not come out alike, four times as often.
    std::vector<Outputs> repeat(const Word& word) {
        std::vector<Outputs> seen;
        const auto alike = [&seen] { return std::ranges::count(seen, seen.front()); };
        unsigned due = options_.repeats;
        while (seen.size() < due) {
            seen.push_back(send(word));
            if (alike() != static_cast<std::ptrdiff_t>(seen.size())) {
                due = 4 * options_.repeats;
            }
        }
        return seen;
    }

    /// Those that came out as most do, answer by answer, for what follows a disturbed answer need
    /// not be the device's. Empty where one answer is not clear: four in five must be alike.
    static std::vector<Outputs> usual(std::vector<Outputs> seen) {
        for (std::size_t i = 0; !seen.empty() && i < seen.front().size(); ++i) {
            std::map<OutputSet, std::size_t> votes;
            for (const Outputs& outputs : seen) {
                ++votes[outputs[i]];
            }
            const auto most =
                std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; });
            if (5 * most->second < 4 * seen.size()) {
                return {};
            }
            std::erase_if(seen, [&](const Outputs& outputs) { return outputs[i] != most->first; });
        }
        return seen;
    }

    /// A word came out in two ways: asks again until it is clear whether that was noise.
    void settle(const Word& word) {
        const Outputs known = recall(word).value_or(Outputs{});
        const std::vector<Outputs> seen = repeat(word);
        const std::vector<Outputs> agreeing = usual(seen);
        if (agreeing.empty()) {
            NotLearned reason{.why = NotLearned::Why::not_deterministic,
                              .word = word,
                              .outcomes = {},
                              .fault = {},
                              .effort = effort_};
            for (const Outputs& outputs : seen) {
                reason.outcomes.push_back(outputs.back());
            }
            throw Stop{std::move(reason)};
        }
        const Outputs& mostly = agreeing.front();
        effort_.noise += 1 + seen.size() - agreeing.size();
        if (effort_.noise > options_.max_noise + effort_.words / 25) {
            throw Stop{{.why = NotLearned::Why::noisy,
                        .word = word,
                        .outcomes = {},
                        .fault = {},
                        .effort = effort_}};
        }
        if (mostly != known) {
            // What was known is wrong: forgets the word and all that begins with it.
            std::uint32_t node = 0;
            for (std::size_t i = 0; i < word.size(); ++i) {
                Edge& edge = nodes_[node][word[i]];
                if (mostly[i] != known[i]) {
                    edge = {};
                    break;
                }
                node = edge.next;
            }
            remember(word, mostly);
            throw Again{};
        }
    }

    LinkDevice& device_;
    const std::vector<Stimulus>& alphabet_;
    const LearnOptions& options_;
    const std::function<void(const LearnProgress&)>& progress_;
    LearnProgress effort_;
    std::vector<std::vector<Edge>> nodes_;
    std::set<Word> confirmed_;
};

/// The observation table: access words as rows, suffixes as columns.
class Table {
  public:
    Table(Oracle& oracle, std::size_t inputs) : oracle_{oracle}, inputs_{inputs} {
        for (const Input input : each_input(inputs)) {
            suffixes_.push_back({input});
        }
    }

    /// The machine of what is known: every successor of an access word has a row of its own.
    Mealy hypothesis() {
        std::map<Outputs, State> states;
        for (State state = 0; state < access_.size(); ++state) {
            states.emplace(row(access_[state]), state);
        }
        Mealy machine{inputs_};
        (void)machine.add_state();
        for (State state = 0; state < access_.size(); ++state) {
            for (const Input input : each_input(inputs_)) {
                Word word = access_[state];
                word.push_back(input);
                const auto [place, fresh] =
                    states.emplace(row(word), static_cast<State>(access_.size()));
                if (fresh) {
                    confirm_row(word);
                    access_.push_back(word);
                    oracle_.effort().states = access_.size();
                }
                while (machine.states() < access_.size()) {
                    (void)machine.add_state();
                }
                machine.set(state, input, {oracle_.ask(word).back(), place->second});
            }
        }
        return machine;
    }

    /// Learns from a word that the machine gets wrong: finds a suffix that parts two states that
    /// were one, by binary search.
    void refine(const Mealy& machine, const Word& wrong) {
        // With the first `i` inputs replaced by the access word of the state they lead to.
        const auto outcome = [&](std::size_t i) {
            const auto state = machine.run(0, std::span{wrong}.first(i));
            Word word = access_[state.value_or(0)];
            word.insert(word.end(), wrong.begin() + static_cast<std::ptrdiff_t>(i), wrong.end());
            (void)oracle_.ask(word);
            oracle_.confirm(word);
            return oracle_.ask(word).back();
        };
        const OutputSet is = outcome(0);
        std::size_t low = 0;
        std::size_t high = wrong.size() - 1; // of the machine's own answer, which is another
        while (high - low > 1) {
            const std::size_t middle = low + (high - low) / 2;
            (outcome(middle) == is ? low : high) = middle;
        }
        suffixes_.emplace_back(wrong.begin() + static_cast<std::ptrdiff_t>(high), wrong.end());
    }

  private:
    Outputs row(const Word& access) {
        Outputs result;
        for (const Word& suffix : suffixes_) {
            Word word = access;
            word.insert(word.end(), suffix.begin(), suffix.end());
            const Outputs outputs = oracle_.ask(word);
            result.insert(result.end(), outputs.end() - static_cast<std::ptrdiff_t>(suffix.size()),
                          outputs.end());
        }
        return result;
    }

    void confirm_row(const Word& access) {
        for (const Word& suffix : suffixes_) {
            Word word = access;
            word.insert(word.end(), suffix.begin(), suffix.end());
            oracle_.confirm(word);
        }
    }

    Oracle& oracle_;
    std::size_t inputs_;
    std::vector<Word> access_{{}};
    std::vector<Word> suffixes_;
};

/// Up to and with the first input whose output the machine gets wrong.
std::optional<Word> wrong_part(const Mealy& machine, const Word& word, const Outputs& outputs) {
    State state = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const Transition& step = machine.at(state, word[i]);
        if (step.allowed != outputs[i]) {
            return Word{word.begin(), word.begin() + static_cast<std::ptrdiff_t>(i) + 1};
        }
        state = step.next;
    }
    return std::nullopt;
}

/// Words for a search, short ones first; the random ones are the same every time.
std::vector<Word> search_words(const Mealy& machine, const LearnOptions& options) {
    std::vector<Word> words;
    for (unsigned extra = 0; extra <= options.extra_states; ++extra) {
        for (Word& word : test_words(machine, Method::hsi, extra)) {
            words.push_back(std::move(word));
        }
    }
    Random random{machine.states(), "learner"};
    for (unsigned i = 0; i < options.random_words; ++i) {
        Word word(2 * machine.states() + 8);
        for (Input& input : word) {
            input = static_cast<Input>(
                random.between(0, static_cast<std::int64_t>(machine.inputs()) - 1));
        }
        words.push_back(std::move(word));
    }
    return words;
}

/// A word that the machine gets wrong.
std::optional<Word> search(Oracle& oracle, const Mealy& machine, const LearnOptions& options) {
    oracle.effort().searching = true;
    for (const Word& word : search_words(machine, options)) {
        if (auto wrong = wrong_part(machine, word, oracle.ask(word))) {
            oracle.effort().searching = false;
            oracle.confirm(*wrong);
            return wrong;
        }
    }
    oracle.effort().searching = false;
    return std::nullopt;
}

/// Refines until the search finds nothing, or the steps are used up.
Learned refine_to_the_end(Oracle& oracle, std::size_t inputs, const LearnOptions& options,
                          std::optional<Mealy>& best) {
    Table table{oracle, inputs};
    while (true) {
        const Mealy machine = table.hypothesis();
        best = machine;
        const auto wrong = search(oracle, machine, options);
        if (!wrong) {
            return {.machine = minimised(machine), .effort = oracle.effort(), .complete = true};
        }
        table.refine(machine, *wrong);
    }
}

} // namespace

std::variant<Learned, NotLearned> learn(LinkDevice& device, const std::vector<Stimulus>& alphabet,
                                        const LearnOptions& options,
                                        const std::function<void(const LearnProgress&)>& progress) {
    Oracle oracle{device, alphabet, options, progress};
    std::optional<Mealy> best;
    while (true) {
        try {
            return refine_to_the_end(oracle, alphabet.size(), options, best);
        } catch (const Again&) {
            best.reset();
        } catch (Stop& stop) {
            return std::move(stop.reason);
        } catch (const OutOfSteps&) {
            Mealy machine{alphabet.size()};
            (void)machine.add_state();
            return Learned{.machine = best ? minimised(*best) : machine,
                           .effort = oracle.effort(),
                           .complete = false};
        }
    }
}

} // namespace meterbench::harness::model
