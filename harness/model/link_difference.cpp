// SPDX-License-Identifier: Apache-2.0
#include "harness/model/link_difference.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

namespace meterbench::harness::model {

std::vector<LinkDifference> differences(const Mealy& device, const LinkModel& standard) {
    struct Met {
        std::pair<State, State> states; ///< of the device, of the standard
        Word word;
    };
    std::vector<Met> queue{{{0, 0}, {}}};
    std::set<std::pair<State, State>> seen{{0, 0}};
    std::map<std::pair<State, Input>, LinkDifference> found;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const auto [is_state, due_state] = queue[i].states;
        for (const Input input : each_input(device.inputs())) {
            const Transition& is = device.at(is_state, input);
            const Transition& due = standard.machine().at(due_state, input);
            Word word = queue[i].word;
            word.push_back(input);
            if ((is.allowed & due.allowed) == 0) {
                const Cited& cited = standard.cited(due_state, input);
                const bool wrong_telegram =
                    (is.allowed & any_telegram) != 0 && !cited.telegram.empty();
                found.emplace(
                    std::pair{is_state, input},
                    LinkDifference{is_state, input, is.allowed, due.allowed,
                                   std::string{wrong_telegram ? cited.telegram : cited.answer},
                                   std::move(word)});
            } else if (seen.emplace(is.next, due.next).second) {
                queue.push_back({{is.next, due.next}, std::move(word)});
            }
        }
    }
    std::vector<LinkDifference> result;
    for (auto& [place, difference] : found) {
        result.push_back(std::move(difference));
    }
    return result;
}

std::string machine_text(const Mealy& device, const std::vector<Stimulus>& alphabet,
                         const std::vector<LinkDifference>& differences) {
    std::string text;
    for (State state = 0; state < device.states(); ++state) {
        for (const Input input : each_input(device.inputs())) {
            const Transition& step = device.at(state, input);
            text += fmt::format("{} | {} | {} | {}", state + 1, row_of(alphabet[input]).text,
                                text_of(step.allowed), step.next + 1);
            const auto found = std::ranges::find_if(differences, [&](const LinkDifference& d) {
                return d.state == state && d.input == input;
            });
            if (found != differences.end()) {
                text += fmt::format(" | due: {} ({})", text_of(found->allowed), found->requirement);
            }
            text += '\n';
        }
    }
    return text;
}

} // namespace meterbench::harness::model
