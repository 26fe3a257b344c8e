// SPDX-License-Identifier: Apache-2.0
// Purpose: a meter's energy account (OMS Vol. 2, 4.3.4; facts B.8; MB4-ACC-037, 038, 046).
#include "core/wireless/credits.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(wireless_credits)

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using namespace std::chrono_literals;

namespace {
Instant at(Duration time) {
    return Instant{time};
}
} // namespace

// 40 polls (request 1, answer 5) are 240 credits; a charged meter serves them, then may stop.
BOOST_AUTO_TEST_CASE(forty_polls_then_no_more_until_the_period_is_over) {
    Credits credits{at(0s)};
    for (int poll = 0; poll < 40; ++poll) {
        const Instant now = at(std::chrono::minutes{2 * poll});
        BOOST_TEST(!credits.exhausted(now));
        credits.spend(CreditUse::receive_request, now);
        credits.spend(CreditUse::send_data, now);
    }
    BOOST_TEST(credits.exhausted(at(79min)));
    BOOST_TEST(credits.balance(at(79min)) == 3760U);
    BOOST_TEST(credits.exhausted(at(12h - 1ns)));
    BOOST_TEST(credits.available(at(12h)) == 6U, "the first poll is 12 h ago");
}

BOOST_AUTO_TEST_CASE(ten_credits_every_two_hours_up_to_the_capacity) {
    Credits credits{at(0s), {.start = 0}};
    BOOST_TEST(credits.exhausted(at(0s)));
    BOOST_TEST(credits.balance(at(2h - 1ns)) == 0U);
    BOOST_TEST(credits.balance(at(2h)) == 10U);
    credits.spend(CreditUse::receive_data, at(3h)); // does not lose the hour that has begun
    BOOST_TEST(credits.balance(at(4h)) == 18U);
    BOOST_TEST(credits.balance(at(24h * 365 * 100)) == 4000U);
}

BOOST_AUTO_TEST_CASE(costs) {
    BOOST_TEST(cost_of(CreditUse::receive_data) == 2U);
    BOOST_TEST(cost_of(CreditUse::receive_request) == 1U);
    BOOST_TEST(cost_of(CreditUse::send_data) == 5U);
    BOOST_TEST(cost_of(CreditUse::send_acknowledge) == 1U);
    BOOST_TEST(cost_of(CreditUse::send_of_own_accord) == 0U);
    Credits poor{at(0s), {.start = 3}};
    poor.spend(CreditUse::send_data, at(0s));
    BOOST_TEST(poor.balance(at(0s)) == 0U, "never below 0");
}

BOOST_AUTO_TEST_SUITE_END()
