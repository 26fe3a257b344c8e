// SPDX-License-Identifier: Apache-2.0
// Table mutants: every one that breaks the standard's table is found by the generated sequences,
// and the decision which ones are none stands up against the station itself.
#include "harness/model/station_device.hpp"
#include "harness/model/station_model.hpp"
#include "harness/model/table_mutants.hpp"
#include "tests/support/sampled.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

using namespace meterbench;
using namespace meterbench::harness::model;
using Outcome = TableMutantResult::Outcome;

namespace {

Word random_word(std::mt19937& random, std::size_t inputs, std::size_t length) {
    std::uniform_int_distribution<unsigned> pick{0, static_cast<unsigned>(inputs) - 1};
    Word word(length);
    std::ranges::generate(word, [&] { return static_cast<Input>(pick(random)); });
    return word;
}

using tests::one_in;

std::vector<TableMutant> mutants_to_try() {
    const auto all = table_mutants();
    std::vector<TableMutant> some;
    for (std::size_t i = 0; i < all.size(); i += one_in) {
        some.push_back(all[i]);
    }
    return some;
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_table_mutants)

// Purpose: ring C. Expectation: none survives; of those that are no mutants, brute force with
// random words on the station finds none that the table does not allow.
BOOST_AUTO_TEST_CASE(every_mutant_that_breaks_the_table_is_killed) {
    auto mutants = mutants_to_try();
    // Nor is the meter itself one.
    const auto table = core::link::secondary_table();
    mutants.push_back({.name = "none", .table = {table.begin(), table.end()}});
    const auto results = run_table_mutants(mutants, {}, [](const TableMutantResult&) {});
    const auto count = [&](Outcome outcome) {
        return std::ranges::count(results, outcome, &TableMutantResult::outcome);
    };
    BOOST_TEST_MESSAGE(mutants.size() << " mutants: " << count(Outcome::killed) << " killed, "
                                      << count(Outcome::equal) << " equal, "
                                      << count(Outcome::allowed) << " allowed");
    BOOST_TEST(count(Outcome::survived) == 0);
    BOOST_TEST(count(Outcome::killed) > static_cast<std::ptrdiff_t>(600 / one_in));
    BOOST_TEST((results.back().outcome == Outcome::equal));
    if (tests::one_in != 1) {
        return; // the brute force has nothing that sanitizers have not seen
    }

    const auto alphabet = whole_alphabet();
    const LinkModel standard{alphabet, {.telegrams = 3}, Reading::standard};
    std::mt19937 random{5};
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i].outcome == Outcome::killed) {
            continue;
        }
        StationDevice device{reference_meter(3), 5, mutants[i].table};
        StationDevice reference{reference_meter(3), 5};
        for (int n = 0; n < 20; ++n) {
            (void)device.reset();
            (void)reference.reset();
            State state = 0;
            for (const Input input : random_word(random, alphabet.size(), 30)) {
                const Transition& due = standard.machine().at(state, input);
                const OutputSet output = device.step(alphabet[input]).value();
                const OutputSet wanted = reference.step(alphabet[input]).value();
                if ((output & due.allowed) == 0) {
                    BOOST_FAIL(results[i].name << ": is not allowed after all");
                }
                if (results[i].outcome == Outcome::equal && output != wanted) {
                    BOOST_FAIL(results[i].name << ": is not equal after all");
                }
                state = due.next;
            }
        }
    }
}

// The model that decides is a second writing of the station: with every mutant they agree.
BOOST_AUTO_TEST_CASE(the_station_model_does_what_the_station_does) {
    const auto alphabet = whole_alphabet();
    std::mt19937 random{7};
    for (const TableMutant& mutant : mutants_to_try()) {
        const StationModel model{mutant.table, 3};
        StationDevice device{reference_meter(3), 5, mutant.table};
        for (int n = 0; n < 4; ++n) {
            (void)device.reset();
            StationModel::Packed state = 0;
            for (const Input input : random_word(random, alphabet.size(), 40)) {
                const auto step = model.step(state, alphabet[input]);
                const OutputSet output = device.step(alphabet[input]).value();
                if (output != step.output) {
                    BOOST_FAIL(mutant.name << ": the model says " << text_of(step.output)
                                           << ", the station " << text_of(output));
                }
                state = step.next;
            }
        }
    }
}

// The check can fail: the sequences of one family alone leave survivors, and they are called so.
BOOST_AUTO_TEST_CASE(the_arbiter_finds_survivors) {
    const auto mutants = table_mutants();
    const auto found = std::ranges::find_if(mutants, [](const TableMutant& mutant) {
        return mutant.name == "deselected, REQ_UD2 own, FCB repeated: send next telegram";
    });
    BOOST_REQUIRE((found != mutants.end()));
    const StationModel model{found->table, 3};
    const auto alphabet = alphabet_of(Family::own);
    const LinkModel standard{alphabet, {.telegrams = 3}, Reading::standard};
    const auto word = first_difference(model, standard.machine(), alphabet);
    BOOST_REQUIRE(word.has_value());
    BOOST_TEST(word->size() == 2U); // twice the same request
}

BOOST_AUTO_TEST_SUITE_END()
