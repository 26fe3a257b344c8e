// SPDX-License-Identifier: Apache-2.0
// Purpose: a message counter that is not above its sender's last one is a replay (OMS Vol. 2; facts
// C.6); the same message again is not; counters at their limits.
#include "core/receiver/replay_guard.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core;
using namespace meterbench::core::receiver;
using Verdict = ReplayGuard::Verdict;
using wireless::Direction;

namespace {

wireless::LinkAddress meter(std::uint32_t id) {
    return wireless::LinkAddress::make(0x2C2D, id, 1, 7);
}
constexpr auto up = Direction::meter_to_other;

} // namespace

BOOST_AUTO_TEST_SUITE(replay_guard)

BOOST_AUTO_TEST_CASE(only_above_the_last_is_fresh) {
    ReplayGuard guard{4};
    BOOST_TEST((guard.check(meter(1), up, 10, 1) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(1), up, 10, 1) == Verdict::repeated));
    BOOST_TEST((guard.check(meter(1), up, 10, 2) == Verdict::replayed));
    BOOST_TEST((guard.check(meter(1), up, 9, 1) == Verdict::replayed));
    BOOST_TEST((guard.check(meter(1), up, 11, 3) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(1), up, 10, 1) == Verdict::replayed));
}

// C_M and C_GW are counters of their own, and so are those of other meters.
BOOST_AUTO_TEST_CASE(directions_and_meters_are_apart) {
    ReplayGuard guard{4};
    BOOST_TEST((guard.check(meter(1), up, 10, 1) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(1), Direction::other_to_meter, 3, 1) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(2), up, 1, 1) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(1), up, 3, 1) == Verdict::replayed));
}

// It never wraps: behind FFFFFFFFh nothing is fresh.
BOOST_AUTO_TEST_CASE(counters_at_their_limits) {
    ReplayGuard guard{4};
    BOOST_TEST((guard.check(meter(1), up, 0, 1) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(1), up, counter_alert, 1) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(1), up, 0xFFFF'FFFE, 1) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(1), up, 0xFFFF'FFFF, 1) == Verdict::fresh));
    for (const std::uint32_t counter : {0U, 1U, 0x7FFF'FFFFU, 0xFFFF'FFFEU}) {
        BOOST_TEST((guard.check(meter(1), up, counter, 2) == Verdict::replayed));
    }
    BOOST_TEST((guard.check(meter(1), up, 0xFFFF'FFFF, 1) == Verdict::repeated));
}

BOOST_AUTO_TEST_CASE(without_room_nothing_is_known_and_said_so) {
    ReplayGuard guard{2};
    BOOST_TEST((guard.check(meter(1), up, 5, 1) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(2), up, 5, 1) == Verdict::fresh));
    BOOST_TEST((guard.check(meter(3), up, 5, 1) == Verdict::unguarded));
    BOOST_TEST((guard.check(meter(1), up, 5, 2) == Verdict::replayed), "the others stay guarded");
}

// Steps: many senders, kept and restored. Expectation: each one's counter is still known.
BOOST_AUTO_TEST_CASE(state_survives_a_restart) {
    constexpr std::uint32_t senders = 1000;
    ReplayGuard before{senders};
    for (std::uint32_t i = 0; i < senders; ++i) {
        BOOST_TEST_REQUIRE((before.check(meter(i), up, i, i) == Verdict::fresh));
    }
    ReplayGuard after{senders};
    for (const ReplayGuard::Entry& entry : before.entries()) {
        BOOST_TEST_REQUIRE((!entry.used || after.restore(entry)));
    }
    for (std::uint32_t i = 0; i < senders; ++i) {
        BOOST_TEST_REQUIRE((after.check(meter(i), up, i, i) == Verdict::repeated));
        BOOST_TEST_REQUIRE((after.check(meter(i), up, i, i + 1) == Verdict::replayed));
    }
    ReplayGuard::Entry other{meter(senders), up, 1, 1, true};
    BOOST_TEST(!after.restore(other), "no room");
}

BOOST_AUTO_TEST_SUITE_END()
