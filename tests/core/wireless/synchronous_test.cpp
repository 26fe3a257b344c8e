// SPDX-License-Identifier: Apache-2.0
// Purpose: the instants of synchronous telegrams (EN 13757-4, 12.6.2; MB4-ACC-001 to 004), against
// the factors of facts B.3 and the formula in floating point.
#include "core/wireless/synchronous.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cmath>

BOOST_AUTO_TEST_SUITE(wireless_synchronous)

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(factors_of_the_facts) {
    struct Key {
        std::uint8_t n;
        double factor;
    };
    constexpr Key keys[]{{0, 1.03125},   {1, 1.03076},   {64, 1.0},  {127, 0.96924},
                         {128, 0.96875}, {129, 0.96924}, {192, 1.0}, {255, 1.03076}};
    for (const Key& key : keys) {
        const double factor =
            static_cast<double>(synchronous_interval(1000s, key.n).count()) / 1e12;
        BOOST_TEST(std::abs(factor - key.factor) < 0.000005, +key.n);
    }
}

BOOST_AUTO_TEST_CASE(exact_for_every_number_and_the_longest_interval) {
    for (unsigned n = 0; n < 256; ++n) {
        for (const Duration nominal :
             {Duration{15s}, Duration{900s}, Duration{86400s}, Duration{17'123'456'789}}) {
            const long double exact = static_cast<long double>(nominal.count()) *
                                      (1.0L + (std::abs(static_cast<int>(n) - 128) - 64) / 2048.0L);
            const auto got = synchronous_interval(nominal, static_cast<std::uint8_t>(n)).count();
            BOOST_TEST(std::abs(static_cast<long double>(got) - exact) <= 1.0L);
        }
    }
}

// All 256 intervals together are the nominal one 256 times and 1/2048 of 0 on average: the sum of
// |n - 128| - 64 over all n is 0.
BOOST_AUTO_TEST_CASE(numbers_wrap_and_the_mean_is_the_nominal_interval) {
    SynchronousSchedule schedule{2048s, 200, Instant{5s}};
    BOOST_TEST((schedule.due() == Instant{5s}));
    BOOST_TEST(schedule.number() == 200);
    BOOST_TEST(schedule.number_between() == 199);
    for (unsigned i = 0; i < 256; ++i) {
        const Instant before = schedule.due();
        const std::uint8_t n = schedule.number();
        schedule.advance();
        BOOST_TEST(schedule.number() == static_cast<std::uint8_t>(n + 1));
        BOOST_TEST(schedule.number_between() == n, "a telegram in between has the last one's");
        BOOST_TEST((schedule.due() - before == synchronous_interval(2048s, n)));
    }
    BOOST_TEST(schedule.number() == 200);
    BOOST_TEST((schedule.due() == Instant{5s + 256 * 2048s}));
}

BOOST_AUTO_TEST_SUITE_END()
