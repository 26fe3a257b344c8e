// SPDX-License-Identifier: Apache-2.0
// Purpose: the frame count bit on both sides (EN 13757-2, 5.7.8; facts B.5; MB2-LL-034 to -041).
#include "core/link/fcb.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(fcb)

using namespace meterbench::core::link;

BOOST_AUTO_TEST_CASE(without_fcv_the_bit_says_nothing) {
    FcbMemory memory;
    for (const bool bit : {false, true}) {
        BOOST_TEST((memory.relation(false, bit) == FcbRelation::not_valid));
        memory.remember(bit);
        BOOST_TEST((memory.relation(false, bit) == FcbRelation::not_valid));
        BOOST_TEST((memory.relation(false, !bit) == FcbRelation::not_valid));
    }
}

// MB2-LL-035: the first with FCB = 1 is new; with FCB = 0 the sources do not say.
BOOST_AUTO_TEST_CASE(after_a_reset) {
    FcbMemory memory;
    BOOST_TEST((memory.relation(true, true) == FcbRelation::fresh));
    BOOST_TEST((memory.relation(true, false) == FcbRelation::undefined));
    memory.remember(true);
    memory.clear();
    BOOST_TEST((memory.relation(true, true) == FcbRelation::fresh));
    BOOST_TEST((memory.relation(true, false) == FcbRelation::undefined));
}

// MB2-LL-037, -038.
BOOST_AUTO_TEST_CASE(toggled_is_new_and_the_same_is_a_repetition) {
    FcbMemory memory;
    for (const bool bit : {true, false, true}) {
        memory.remember(bit);
        BOOST_TEST((memory.relation(true, bit) == FcbRelation::repeated));
        BOOST_TEST((memory.relation(true, !bit) == FcbRelation::fresh));
        BOOST_TEST((memory.relation(true, bit) == FcbRelation::repeated), "asking changes nothing");
    }
}

// MB2-LL-039, -040.
BOOST_AUTO_TEST_CASE(the_master_begins_with_one_and_toggles_with_each_good_answer) {
    FcbSequence sequence;
    BOOST_TEST(sequence.next());
    BOOST_TEST(sequence.next(), "a retry keeps the bit");
    sequence.answered();
    BOOST_TEST(!sequence.next());
    sequence.answered();
    BOOST_TEST(sequence.next());
    sequence.answered();
    sequence.reset();
    BOOST_TEST(sequence.next());
}

BOOST_AUTO_TEST_SUITE_END()
