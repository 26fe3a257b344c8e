// SPDX-License-Identifier: Apache-2.0
// Test generation on machines of the textbooks: exhaustive fault injection. Every machine of the
// fault domain is tried, and exactly those that behave otherwise must be found.
#include "harness/model/test_sequences.hpp"
#include "tests/harness/model/textbook.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace meterbench::harness::model;
using namespace meterbench::tests::model;

BOOST_TEST_DONT_PRINT_LOG_VALUE(Method) // NOLINT

namespace {

struct Count {
    std::size_t machines = 0;
    std::size_t others = 0;  ///< that behave otherwise than the standard
    std::size_t missed = 0;  ///< of those
    std::size_t accused = 0; ///< found, and behave as the standard does
};

/// Tries every machine with `states` states. `words` of a length that brute force needs to tell
/// any two machines of that size apart.
Count inject(const Mealy& standard, std::size_t states, const std::vector<Word>& tests) {
    Count count;
    const auto words = all_words(standard.inputs(), standard.states() + states - 1);
    all_machines(states, standard.inputs(), [&](const Mealy& device) {
        ++count.machines;
        const auto fails = [&](const Word& word) { return !passes(standard, device, word); };
        const bool found = std::ranges::any_of(tests, fails);
        const bool other = found || std::ranges::any_of(words, fails);
        count.others += other ? 1U : 0U;
        count.missed += other && !found ? 1U : 0U;
        count.accused += found && std::ranges::none_of(words, fails) ? 1U : 0U;
    });
    return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_test_sequences)

BOOST_DATA_TEST_CASE(all_faults_without_a_further_state_are_found, // NOLINT
                     boost::unit_test::data::make({Method::w, Method::hsi}) *
                         boost::unit_test::data::make({0, 1}),
                     method, which) {
    const Mealy standard = which == 0 ? three_states() : counter();
    const auto tests = test_words(standard, method, 0);
    const Count count = inject(standard, 3, tests);
    BOOST_TEST(count.machines == 46656U); // (3 states * 2 outputs) ^ (3 states * 2 inputs)
    BOOST_TEST(count.others > 40000U);
    BOOST_TEST(count.missed == 0U);
    BOOST_TEST(count.accused == 0U);
}

BOOST_DATA_TEST_CASE(all_faults_with_one_further_state_are_found, // NOLINT
                     boost::unit_test::data::make({Method::w, Method::hsi}), method) {
    const Count count = inject(toggle(), 3, test_words(toggle(), method, 1));
    BOOST_TEST(count.machines == 46656U);
    BOOST_TEST(count.missed == 0U);
    BOOST_TEST(count.accused == 0U);
}

// The check can fail: without the further state some 3-state machines get through, and without the
// words that identify states some 2-state ones do.
BOOST_AUTO_TEST_CASE(weaker_sets_miss_faults) {
    const auto plain = test_words(toggle(), Method::hsi, 0);
    BOOST_TEST(inject(toggle(), 2, plain).missed == 0U);
    BOOST_TEST(inject(toggle(), 3, plain).missed > 0U);
    const Mealy standard = counter();
    std::vector<Word> transitions;
    for (const Word& head : state_cover(standard)) {
        for (Input input = 0; input < standard.inputs(); ++input) {
            transitions.push_back(head);
            transitions.back().push_back(input);
        }
    }
    BOOST_TEST(inject(standard, 3, transitions).missed > 0U);
}

BOOST_AUTO_TEST_CASE(harmonised_identifiers_ask_less_than_the_whole_set) {
    const Mealy standard = three_states();
    const auto w = test_words(standard, Method::w, 1);
    const auto hsi = test_words(standard, Method::hsi, 1);
    BOOST_TEST(count_inputs(hsi) < count_inputs(w));
}

// For each pair of states one word begins a word of both and tells them apart.
BOOST_AUTO_TEST_CASE(identifiers_are_harmonised) {
    for (const Mealy& machine : {three_states(), counter(), toggle()}) {
        const auto sets = harmonised_identifiers(machine, characterising_set(machine));
        for (State a = 0; a < machine.states(); ++a) {
            for (State b = 0; b < a; ++b) {
                bool told_apart = false;
                for (const Word& word : sets[a]) {
                    const auto length = parting(machine, a, b, word);
                    told_apart =
                        told_apart ||
                        (length && std::ranges::any_of(sets[b], [&](const Word& other) {
                             return other.size() >= *length &&
                                    std::equal(other.begin(),
                                               other.begin() + static_cast<std::ptrdiff_t>(*length),
                                               word.begin());
                         }));
                }
                BOOST_TEST(told_apart);
            }
        }
    }
}

// An input that the standard does not define in a state is not tried there.
BOOST_AUTO_TEST_CASE(undefined_inputs_are_not_tried) {
    Mealy partial = three_states();
    partial.set(1, 1, {});
    for (const Word& word : test_words(minimised(partial), Method::hsi, 1)) {
        BOOST_TEST(minimised(partial).run(0, word).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
