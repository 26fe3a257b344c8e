// SPDX-License-Identifier: Apache-2.0
// Purpose: random streams are keyed by seed, device and purpose, and disturb each other never.
#include "sim/random.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(random_streams)

using meterbench::sim::Random;

namespace {
std::vector<std::uint64_t> draw(Random stream, int count = 8) {
    std::vector<std::uint64_t> values;
    for (int i = 0; i < count; ++i) {
        values.push_back(stream.next());
    }
    return values;
}
} // namespace

BOOST_AUTO_TEST_CASE(the_same_key_gives_the_same_stream) {
    BOOST_TEST(draw({1, "meter", "noise"}) == draw({1, "meter", "noise"}));
    Random other{1, "meter", "clock"};
    (void)other.next();
    BOOST_TEST(draw({1, "meter", "noise"}) == draw({1, "meter", "noise"}), "whoever else draws");
}

BOOST_AUTO_TEST_CASE(any_other_key_gives_another_stream) {
    std::set<std::vector<std::uint64_t>> streams;
    std::size_t keys = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        for (const auto& [device, purpose] :
             std::initializer_list<std::pair<const char*, const char*>>{
                 {"", ""}, {"a", ""}, {"", "a"}, {"a", "b"}, {"b", "a"}, {"ab", ""}, {"", "ab"}}) {
            ++keys;
            streams.insert(draw({seed, device, purpose}));
        }
    }
    BOOST_TEST(streams.size() == keys, "where the names are split counts");
}

BOOST_AUTO_TEST_CASE(below_is_in_range_and_reaches_every_value) {
    Random stream{7, "meter", "below"};
    std::array<int, 10> counts{};
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t value = stream.below(10);
        BOOST_REQUIRE(value < 10);
        ++counts[value];
    }
    for (const int count : counts) {
        BOOST_TEST(count > 850);
        BOOST_TEST(count < 1150);
    }
    BOOST_TEST(stream.below(0) == 0U);
    BOOST_TEST(stream.below(1) == 0U);
    BOOST_TEST(stream.below(UINT64_MAX) < UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(unit_is_in_its_interval) {
    Random stream{7, "meter", "unit"};
    double sum = 0;
    for (int i = 0; i < 10'000; ++i) {
        const double value = stream.unit();
        BOOST_REQUIRE(value >= 0.0);
        BOOST_REQUIRE(value < 1.0);
        sum += value;
    }
    BOOST_TEST(sum / 10'000 > 0.48);
    BOOST_TEST(sum / 10'000 < 0.52);
}

BOOST_AUTO_TEST_SUITE_END()
