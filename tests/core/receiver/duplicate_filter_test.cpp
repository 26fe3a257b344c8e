// SPDX-License-Identifier: Apache-2.0
// Purpose: a frame heard twice within the window is a duplicate; the memory is bounded.
#include "core/receiver/duplicate_filter.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core;
using receiver::DuplicateFilter;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(duplicate_filter)

BOOST_AUTO_TEST_CASE(within_the_window) {
    DuplicateFilter filter{2s};
    const Instant start{};
    BOOST_TEST(!filter.heard_before(1, start));
    BOOST_TEST(filter.heard_before(1, start + 1s));
    BOOST_TEST(filter.heard_before(1, start + 2s), "the window counts from the first");
    BOOST_TEST(!filter.heard_before(1, start + 3s), "a meter may say the same again");
    BOOST_TEST(!filter.heard_before(2, start + 3s));
}

BOOST_AUTO_TEST_CASE(the_last_256_are_remembered) {
    DuplicateFilter filter{1h};
    const Instant now{};
    for (std::uint64_t digest = 0; digest < 257; ++digest) {
        BOOST_TEST_REQUIRE(!filter.heard_before(digest, now));
    }
    BOOST_TEST(filter.heard_before(1, now));
    BOOST_TEST(!filter.heard_before(0, now), "it was the oldest");
}

BOOST_AUTO_TEST_SUITE_END()
