// SPDX-License-Identifier: Apache-2.0
#include "harness/model/link_sequences.hpp"

#include "harness/model/single_edits.hpp"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace meterbench::harness::model {

namespace {

/// Shortest words that tell single edits of the reference station's table from the standard's which
/// no family tells: they need requests and data at both addresses. Found as `meterbench
/// table-mutants` shows the witness of a survivor.
constexpr std::array<std::string_view, 14> crossed_words{
    "data-own-0 select-0 data-own-0 nke-selected",
    "data-own-0 select-0 data-own-1 request-own-0 data-own-0 request-own-1",
    "data-own-1 select-0 nke-own request-own-0 data-own-1 request-own-1",
    "request-own-0 select-0 data-own-1 request-own-1 request-own-0",
    "select-0 data-own-0 nke-selected data-own-1 request-own-0 data-own-0 request-own-1",
    "select-0 data-selected-1 select-0 request-own-0 data-selected-1 request-selected-1",
    "select-0 nke-own request-own-1 request-own request-own-0",
    "select-0 nke-own request-own-1 select-obsolete request-own-0",
    "select-0 nke-own request-own-1 select-other request-own-0",
    "select-0 request-own nke-selected",
    "select-0 request-own-0 data-own-1 request-own-1",
    "select-0 request-own-0 nke-broadcast request-own-1",
    "select-0 request-own-0 nke-own request-own-1",
    "select-0 request-selected-1 request-selected request-selected-0"};

std::vector<Word> read_crossed_words(const std::vector<Stimulus>& alphabet) {
    std::vector<Word> words;
    for (std::string_view text : crossed_words) {
        words.emplace_back();
        while (!text.empty()) {
            const std::size_t end = std::min(text.find(' '), text.size());
            const auto stimulus = stimulus_of(text.substr(0, end));
            const auto place = std::ranges::find(alphabet, stimulus.value());
            words.back().push_back(static_cast<Input>(place - alphabet.begin()));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }
    return words;
}

/// The inputs that change no state of the machine.
std::vector<Input> idle_inputs(const Mealy& machine) {
    std::vector<Input> idle;
    for (const Input input : each_input(machine.inputs())) {
        bool moves = false;
        for (State state = 0; state < machine.states(); ++state) {
            moves = moves || machine.at(state, input).next != state;
        }
        if (!moves) {
            idle.push_back(input);
        }
    }
    return idle;
}

/// Words over a part of an alphabet as words over the whole, with all idle inputs before each of
/// their inputs and at the end.
std::vector<Word> woven(const std::vector<Word>& words, const std::vector<Input>& moving,
                        const std::vector<Input>& idle) {
    std::vector<Word> result;
    if (idle.empty()) {
        return result;
    }
    for (const Word& word : words) {
        Word longer = idle;
        for (const Input input : word) {
            longer.push_back(moving[input]);
            longer.insert(longer.end(), idle.begin(), idle.end());
        }
        result.push_back(std::move(longer));
    }
    return result;
}

std::vector<Word> translated(const std::vector<Word>& words, const std::vector<Input>& moving) {
    std::vector<Word> result;
    for (const Word& word : words) {
        result.emplace_back();
        for (const Input input : word) {
            result.back().push_back(moving[input]);
        }
    }
    return result;
}

/// Families that know no selection ask at the end whether the device became selected by something.
void close(SequenceSet& set) {
    const auto& alphabet = set.standard.alphabet();
    const auto closing = std::ranges::find(alphabet, Stimulus::request_selected_1);
    if (closing == alphabet.end() || std::ranges::count(alphabet, Stimulus::select_1) != 0) {
        return;
    }
    for (Word& word : set.words) {
        word.push_back(static_cast<Input>(closing - alphabet.begin()));
    }
}

std::string letters_of(OutputSet outputs) {
    std::string text;
    if ((outputs & silence) != 0) {
        text += '-';
    }
    if ((outputs & acknowledge) != 0) {
        text += 'A';
    }
    if (std::popcount(outputs & any_telegram) > 1) {
        return text + '*'; // one of several: which, a case cannot tell
    }
    for (std::size_t i = 1; i <= max_telegrams; ++i) {
        if ((outputs & telegram(i)) != 0) {
            text += static_cast<char>('0' + i);
        }
    }
    return text;
}

} // namespace

std::vector<OutputSet> device_outputs(std::size_t telegrams) {
    std::vector<OutputSet> outputs{silence, acknowledge};
    for (std::size_t i = 1; i <= telegrams; ++i) {
        outputs.push_back(telegram(i));
    }
    outputs.push_back(other_telegram);
    return outputs;
}

SequenceSet link_sequences(Family family, const LinkClaims& claims,
                           const SequenceOptions& options) {
    SequenceSet set{.standard = LinkModel{alphabet_of(family), claims, Reading::standard},
                    .words = {}};
    if (family == Family::crossed) {
        set.words = read_crossed_words(set.standard.alphabet());
        return set;
    }
    const Mealy standard = minimised(set.standard.machine());
    const std::vector<Input> idle = idle_inputs(standard);
    std::vector<Input> moving;
    std::vector<Stimulus> moving_stimuli;
    for (const Input input : each_input(standard.inputs())) {
        if (!std::ranges::binary_search(idle, input)) {
            moving.push_back(input);
            moving_stimuli.push_back(set.standard.alphabet()[input]);
        }
    }
    const LinkModel part{moving_stimuli, claims, Reading::standard};
    const std::vector<Word> words =
        test_words(minimised(part.machine()), options.method, options.extra_states);
    for (const auto& some : {translated(words, moving), woven(words, moving, idle)}) {
        set.words.insert(set.words.end(), some.begin(), some.end());
    }
    if (!options.whole) {
        const LinkModel reference{alphabet_of(family), claims, Reading::reference};
        set.words = thinned(standard, minimised(reference.machine()),
                            device_outputs(claims.telegrams + (claims.more ? 1 : 0)), set.words);
    }
    close(set);
    return set;
}

std::vector<ClaimsRow> claims_of(Family family) {
    if (family == Family::own) {
        return {{"1", {.telegrams = 1}},
                {"2", {.telegrams = 2}},
                {"3", {.telegrams = 3}},
                {"more", {.telegrams = 3, .more = true}}};
    }
    return {
        {"1", {.telegrams = 1}}, {"2", {.telegrams = 2}}, {"more", {.telegrams = 2, .more = true}}};
}

std::vector<SequenceStep> steps_of(const SequenceSet& set, const Word& word) {
    std::vector<SequenceStep> steps;
    State state = 0;
    for (const Input input : word) {
        const Transition& due = set.standard.machine().at(state, input);
        steps.push_back(
            {set.standard.alphabet()[input], due.allowed, set.standard.cited(state, input)});
        state = due.next;
    }
    return steps;
}

std::string lua_module(Family family, const SequenceOptions& options) {
    std::map<std::string, std::size_t> numbers;
    std::string list;
    std::string sequences;
    for (const ClaimsRow& row : claims_of(family)) {
        const SequenceSet set = link_sequences(family, row.claims, options);
        sequences += fmt::format("  [\"{}\"] = {{\n", row.name);
        for (const Word& word : set.words) {
            std::string line;
            for (const SequenceStep& step : steps_of(set, word)) {
                std::string text =
                    fmt::format("{{ \"{}\", \"{}\", \"{}\", \"{}\" }}", row_of(step.stimulus).name,
                                letters_of(step.allowed), step.cited.answer, step.cited.telegram);
                const auto [place, fresh] = numbers.emplace(text, numbers.size() + 1);
                if (fresh) {
                    list += "    " + text + ",\n";
                }
                line += fmt::format("{}{}", line.empty() ? "" : " ", place->second);
            }
            sequences += "    \"" + line + "\",\n";
        }
        sequences += "  },\n";
    }
    return fmt::format("-- SPDX-License-Identifier: Apache-2.0\n"
                       "-- Made by `meterbench model --family {} --format lua`; docs/model.md.\n"
                       "-- luacheck: no max line length\n"
                       "return {{\n  steps = {{\n{}  }},\n{}}}\n",
                       name_of(family), list, sequences);
}

} // namespace meterbench::harness::model
