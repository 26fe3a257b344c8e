// SPDX-License-Identifier: Apache-2.0
// Purpose: fragments of a message (EN 13757-7, 6.2; facts C.2) are put together in order, whatever
// is lost, doubled, swapped or never ends, in bounded memory.
#include "core/receiver/fragments.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

using namespace meterbench::core;
using namespace meterbench::core::receiver;
using transport::Afl;

namespace {

using Bytes = std::vector<std::uint8_t>;

FragmentKey sender(std::uint32_t id, std::uint8_t access_number = 1) {
    return {wireless::LinkAddress::make(0x2C2D, id, 1, 7), access_number};
}

Afl afl_of(unsigned fragment, bool more, std::optional<std::uint16_t> length = {}) {
    Afl afl;
    afl.message_length = length;
    if (fragment == 1) {
        afl.message_control = 0x65;
        afl.message_counter = 7;
    }
    announce_fields(afl);
    const unsigned raw = afl.fragmentation | fragment | (more ? transport::fcl_more_fragments : 0U);
    afl.fragmentation = static_cast<std::uint16_t>(raw);
    return afl;
}

/// The message as text, or the fault.
std::string add(Fragments& fragments, const FragmentKey& key, const Afl& afl,
                std::string_view payload) {
    const Bytes bytes(payload.begin(), payload.end());
    const auto message = fragments.add(key, afl, bytes);
    return message ? std::string(message->bytes.begin(), message->bytes.end())
                   : std::string{name_of(message.error().code)};
}

const std::string incomplete = "fragment-incomplete";

} // namespace

BOOST_AUTO_TEST_SUITE(receiver_fragments)

BOOST_AUTO_TEST_CASE(in_order) {
    Fragments fragments{2, 100};
    BOOST_TEST(add(fragments, sender(1), afl_of(1, true, 9), "abc") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(2, true), "def") == incomplete);
    const Bytes last{'g', 'h', 'i'};
    const auto message = fragments.add(sender(1), afl_of(3, false), last);
    BOOST_REQUIRE(message.has_value());
    BOOST_TEST(std::string(message->bytes.begin(), message->bytes.end()) == "abcdefghi");
    BOOST_TEST(*message->afl.message_counter == 7U, "fields of the first fragment");
    BOOST_TEST(add(fragments, sender(1), afl_of(3, false), "ghi") == "fragment-missing",
               "it was given out once");
}

BOOST_AUTO_TEST_CASE(one_is_lost) {
    Fragments fragments{2, 100};
    BOOST_TEST(add(fragments, sender(1), afl_of(2, false), "def") == "fragment-missing");
    BOOST_TEST(add(fragments, sender(1), afl_of(1, true), "abc") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(3, false), "ghi") == "fragment-missing");
    BOOST_TEST(add(fragments, sender(1), afl_of(2, true), "def") == "fragment-missing",
               "the message was given up");
}

// A repeater says a fragment again: it takes the place of the one before, or changes nothing.
BOOST_AUTO_TEST_CASE(one_is_doubled) {
    Fragments fragments{2, 100};
    BOOST_TEST(add(fragments, sender(1), afl_of(1, true), "xyz") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(1, true), "abc") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(2, true), "???") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(2, true), "def") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(3, false), "ghi") == "abcdefghi");
}

BOOST_AUTO_TEST_CASE(two_are_swapped) {
    Fragments fragments{2, 100};
    BOOST_TEST(add(fragments, sender(1), afl_of(1, true), "abc") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(3, false), "ghi") == "fragment-missing");
    BOOST_TEST(add(fragments, sender(1), afl_of(2, true), "def") == "fragment-missing");
}

// They never end: the number of fragments, the length said before, and the bound hold.
BOOST_AUTO_TEST_CASE(endless) {
    Fragments fragments{1, 16};
    std::string last = add(fragments, sender(1), afl_of(1, true), "abcd");
    unsigned taken = 1;
    for (unsigned i = 2; i < 256 && last == incomplete; ++i, ++taken) {
        last = add(fragments, sender(1), afl_of(i, true), "abcd");
    }
    BOOST_TEST(last == "fragments-too-long");
    BOOST_TEST(taken == 5U);
    BOOST_TEST(add(fragments, sender(1), afl_of(1, true, 6), "abcd") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(2, true), "abcd") == "fragments-too-long");
    // Empty ones go to fragment 255 and no further.
    last = add(fragments, sender(1), afl_of(1, true), "");
    for (unsigned i = 2; i < 256; ++i) {
        last = add(fragments, sender(1), afl_of(i, true), "");
        BOOST_TEST_REQUIRE(last == incomplete);
    }
    BOOST_TEST(add(fragments, sender(1), afl_of(0, true), "") == incomplete, "begins anew");
}

BOOST_AUTO_TEST_CASE(lengths_and_fields_that_contradict) {
    Fragments fragments{2, 100};
    BOOST_TEST(add(fragments, sender(1), afl_of(1, true, 7), "abc") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(2, false), "def") == "message-length-mismatch");
    BOOST_TEST(add(fragments, sender(1), afl_of(1, true, 7), "abc") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(2, false, 6), "def") == "afl-inconsistent");
}

// Messages of several senders, and of one sender under two access numbers, do not mix; whoever
// floods loses the oldest message.
BOOST_AUTO_TEST_CASE(several_at_once) {
    Fragments fragments{2, 100};
    BOOST_TEST(add(fragments, sender(1), afl_of(1, true), "abc") == incomplete);
    BOOST_TEST(add(fragments, sender(1, 2), afl_of(1, true), "ABC") == incomplete);
    BOOST_TEST(add(fragments, sender(1), afl_of(2, false), "def") == "abcdef");
    BOOST_TEST(add(fragments, sender(1, 2), afl_of(2, true), "DEF") == incomplete);
    BOOST_TEST(add(fragments, sender(3), afl_of(1, true), "1") == incomplete);
    BOOST_TEST(add(fragments, sender(4), afl_of(1, true), "2") == incomplete);
    BOOST_TEST(add(fragments, sender(1, 2), afl_of(3, false), "GHI") == "fragment-missing");
    BOOST_TEST(add(fragments, sender(3), afl_of(2, false), "3") == "13");
    Fragments none{0, 100};
    BOOST_TEST(add(none, sender(1), afl_of(1, true), "abc") == "fragments-too-long");
}

// Steps: random fragments of few senders. Expectation: what is given out was sent by one of them in
// this order, never more than the bound.
BOOST_AUTO_TEST_CASE(random_order_mixes_nothing) {
    std::mt19937 random{4};
    Fragments fragments{3, 40};
    for (int i = 0; i < 100000; ++i) {
        const auto id = static_cast<std::uint32_t>(random() % 5);
        const auto fragment = static_cast<unsigned>(random() % 6);
        const Bytes payload(random() % 12, static_cast<std::uint8_t>('a' + id));
        const auto message =
            fragments.add(sender(id), afl_of(fragment, random() % 3 != 0), payload);
        if (message) {
            BOOST_TEST_REQUIRE(message->bytes.size() <= 40U);
            for (const std::uint8_t byte : message->bytes) {
                BOOST_TEST_REQUIRE(byte == 'a' + id);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
