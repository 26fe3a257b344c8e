// SPDX-License-Identifier: Apache-2.0
// Purpose: listen before talk with backoff (EN 300 220; facts E.2; MB4-RF-006 to 008).
#include "core/wireless/polite_access.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <random>

BOOST_AUTO_TEST_SUITE(wireless_polite_access)

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using namespace std::chrono_literals;
using State = PoliteAccessState;

namespace {

Instant at(Duration time) {
    return Instant{time};
}

struct Rig {
    std::array<DutyCycle::Burst, 64> storage{};
    PoliteLimits limits{};
    DutyCycle air{limits.air_time_ppm, storage};
    PoliteAccess access{limits, air};
};

} // namespace

BOOST_AUTO_TEST_CASE(a_quiet_channel_is_assessed_and_then_clear_for_the_dead_time) {
    Rig rig;
    BOOST_REQUIRE(rig.access.want(50ms, false, at(0s)));
    BOOST_TEST(rig.access.assessing());
    BOOST_TEST(!rig.access.want(50ms, false, at(0s)), "one wish at a time");
    BOOST_TEST((rig.access.deadline() == at(160us)));
    rig.access.expire(at(160us));
    BOOST_TEST(rig.access.clear());
    BOOST_TEST((rig.access.outcome() == PoliteOutcome::clear));
    BOOST_TEST((rig.access.deadline() == at(5160us)));
    rig.access.expire(at(5160us)); // not sent: what was heard is stale
    BOOST_TEST(rig.access.assessing());
}

BOOST_AUTO_TEST_CASE(a_busy_channel_defers_by_a_random_multiple_and_at_last_refuses) {
    Rig rig;
    std::mt19937 random{2};
    BOOST_REQUIRE(rig.access.want(50ms, false, at(0s)));
    Instant now{};
    for (unsigned attempt = 1; attempt < rig.limits.attempts; ++attempt) {
        const auto draw = static_cast<std::uint32_t>(random());
        rig.access.busy(now, draw);
        const Duration deferral = *rig.access.deadline() - now;
        BOOST_TEST((deferral % 5ms == 0ns));
        BOOST_TEST((deferral >= 5ms));
        BOOST_TEST((deferral <= 80ms));
        BOOST_TEST((deferral == (1 + draw % 16) * 5ms));
        now = *rig.access.deadline();
        rig.access.expire(now);
        BOOST_TEST(rig.access.assessing());
    }
    rig.access.busy(now, 0);
    BOOST_TEST((rig.access.outcome() == PoliteOutcome::busy));
    BOOST_TEST((rig.access.state() == State::idle));
    BOOST_TEST(!rig.access.deadline().has_value());
}

BOOST_AUTO_TEST_CASE(off_time_longest_burst_and_air_time_of_the_hour) {
    Rig rig;
    BOOST_REQUIRE(rig.access.want(1001ms, false, at(0s)));
    BOOST_TEST((rig.access.outcome() == PoliteOutcome::no_air_time), "longer than 1 s alone");
    BOOST_REQUIRE(rig.access.want(1s, false, at(0s)));
    rig.access.expire(at(160us));
    rig.access.sent(at(1ms), at(1001ms));
    BOOST_REQUIRE(rig.access.want(50ms, false, at(1050ms)));
    BOOST_TEST((rig.access.state() == State::deferring));
    BOOST_TEST((rig.access.deadline() == at(1101ms)));
    rig.access.cancel(at(1060ms));
    rig.air.sent(at(2s), at(101s)); // 99 s more
    BOOST_REQUIRE(rig.access.want(50ms, false, at(200s)));
    BOOST_TEST((rig.access.outcome() == PoliteOutcome::no_air_time));
}

BOOST_AUTO_TEST_CASE(an_answer_within_a_dialogue_needs_no_assessment) {
    Rig rig;
    BOOST_REQUIRE(rig.access.want(50ms, true, at(0s)));
    BOOST_TEST(rig.access.assessing(), "there is no dialogue yet");
    rig.access.expire(at(160us));
    rig.access.sent(at(1ms), at(51ms));
    BOOST_REQUIRE(rig.access.want(50ms, true, at(60ms)));
    BOOST_TEST(rig.access.clear());
    rig.access.sent(at(61ms), at(111ms));
    BOOST_REQUIRE(rig.access.want(50ms, true, at(4s)));
    BOOST_TEST(!rig.access.clear(), "a dialogue lasts 4 s at most");
}

BOOST_AUTO_TEST_SUITE_END()
