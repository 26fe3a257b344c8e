// SPDX-License-Identifier: Apache-2.0
// Machines: minimisation, covers, words that tell states and machines apart; against brute force.
#include "harness/model/mealy.hpp"
#include "tests/harness/model/textbook.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::harness::model;
using namespace meterbench::tests::model;

BOOST_AUTO_TEST_SUITE(model_mealy)

// A machine and the same with a state doubled come out as one and the same.
BOOST_AUTO_TEST_CASE(equal_machines_minimise_to_the_same) {
    const Mealy doubled =
        machine_of({{{0, 3}, {0, 0}}, {{1, 0}, {0, 2}}, {{1, 0}, {1, 2}}, {{1, 0}, {0, 2}}});
    BOOST_TEST(minimised(doubled).states() == 3U);
    BOOST_TEST((minimised(doubled) == minimised(three_states())));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_reached_is_left_out) {
    const Mealy machine = machine_of({{{0, 0}, {0, 0}}, {{1, 0}, {1, 1}}});
    BOOST_TEST(minimised(machine).states() == 1U);
}

BOOST_AUTO_TEST_CASE(the_cover_leads_to_each_state) {
    const Mealy machine = counter();
    const auto cover = state_cover(machine);
    for (State state = 0; state < machine.states(); ++state) {
        BOOST_TEST((machine.run(0, cover[state]) == state));
    }
    BOOST_TEST(cover[2].size() == 2U);
}

// Every pair of all 2-state machines over 2 inputs and 2 outputs, as one machine of 4 states: a
// word tells the first states apart exactly where brute force over all words finds one.
BOOST_AUTO_TEST_CASE(distinctions_agree_with_brute_force) {
    std::size_t checked = 0;
    const auto words = all_words(2, 4);
    all_machines(2, 2, [&](const Mealy& one) {
        all_machines(2, 2, [&](const Mealy& other) {
            if (++checked % 7 != 0) { // enough of them
                return;
            }
            bool apart = false;
            for (const Word& word : words) {
                apart = apart || !passes(one, other, word);
            }
            const auto found = difference(one, other);
            if (apart != found.has_value()) {
                BOOST_FAIL("difference() is wrong about a pair of machines");
            }
            if (found && passes(one, other, *found)) {
                BOOST_FAIL("the word of difference() tells nothing apart");
            }
            Mealy both{2};
            for (int i = 0; i < 4; ++i) {
                (void)both.add_state();
            }
            for (State s = 0; s < 2; ++s) {
                for (Input x = 0; x < 2; ++x) {
                    const auto& a = one.at(s, x);
                    const auto& b = other.at(s, x);
                    both.set(s, x, a);
                    both.set(s + 2, x, {b.allowed, b.next + 2});
                }
            }
            const auto word = Distinctions{both}.between(0, 2);
            if (word.has_value() != apart) {
                BOOST_FAIL("Distinctions is wrong about a pair of states");
            }
            if (word && (word->size() != found->size() || !parting(both, 0, 2, *word))) {
                BOOST_FAIL("the word between two states is not the shortest, or tells nothing");
            }
        });
    });
    BOOST_TEST(checked == 65536U);
}

// What a standard leaves open tells nothing apart: outputs {0, 1} and {1} have one in common.
BOOST_AUTO_TEST_CASE(overlapping_outputs_do_not_tell_apart) {
    Mealy open{1};
    (void)open.add_state();
    open.set(0, 0, {0b11, 0});
    Mealy device{1};
    (void)device.add_state();
    device.set(0, 0, {0b10, 0});
    BOOST_TEST(!difference(open, device));
    device.set(0, 0, {0b100, 0});
    BOOST_TEST(difference(open, device).has_value());
    device.set(0, 0, {});
    BOOST_TEST(!difference(open, device));
}

BOOST_AUTO_TEST_SUITE_END()
