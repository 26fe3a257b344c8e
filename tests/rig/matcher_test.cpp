// SPDX-License-Identifier: Apache-2.0
#include "rig/matcher.hpp"

#include <boost/test/unit_test.hpp>
#include <initializer_list>

namespace {

using namespace meterbench::core;
using namespace meterbench::rig;
using namespace std::chrono_literals;

constexpr Duration character = 4ms;
constexpr Instant at(Duration time) {
    return Instant{time};
}

Octet octet(std::uint8_t value, Duration start, OctetErrors errors = OctetErrors::none) {
    return {value, errors, at(start), at(start + character)};
}

/// Hands over octets that follow each other without pause; what the last one wakes.
std::optional<Wake> hear(Matcher& matcher, std::initializer_list<std::uint8_t> values,
                         Duration start) {
    std::optional<Wake> wake;
    for (const std::uint8_t value : values) {
        wake = matcher.heard(octet(value, start));
        start += character;
    }
    return wake;
}

} // namespace

BOOST_AUTO_TEST_SUITE(matcher)

BOOST_AUTO_TEST_CASE(the_deadline_ends_any_wait) {
    Matcher matcher;
    matcher.begin({.deadline = at(10ms)}, at(0ms));
    BOOST_TEST((matcher.next() == at(10ms)));
    BOOST_TEST(!matcher.tick(at(9ms)));
    BOOST_TEST(!matcher.heard(octet(1, 0ms)));
    const auto wake = matcher.tick(at(10ms));
    BOOST_REQUIRE(wake);
    BOOST_TEST((wake->match == Match::none));
    BOOST_TEST((wake->at == at(10ms)));
    BOOST_TEST(!matcher.waiting());
}

BOOST_AUTO_TEST_CASE(a_deadline_that_has_passed_ends_it_at_once) {
    Matcher matcher;
    matcher.begin({.match = Match::octet, .deadline = at(1ms)}, at(5ms));
    BOOST_TEST((matcher.tick(at(5ms))->match == Match::none));
}

BOOST_AUTO_TEST_CASE(an_octet_wakes_at_its_end) {
    Matcher matcher;
    matcher.begin({.match = Match::octet, .deadline = at(1s)}, at(0ms));
    const auto wake = matcher.heard(octet(0xE5, 2ms));
    BOOST_TEST((wake->match == Match::octet));
    BOOST_TEST((wake->at == at(6ms)));
    BOOST_TEST(!matcher.heard(octet(0xE5, 6ms)), "nobody waits any more");
}

// Each of the three kinds of frame, the long one begun in an earlier wait.
BOOST_AUTO_TEST_CASE(a_frame_wakes_with_its_last_octet) {
    const Wait wait{.match = Match::frame, .deadline = at(10s)};
    Matcher matcher;
    matcher.begin(wait, at(0ms));
    BOOST_TEST((hear(matcher, {0xE5}, 0ms)->match == Match::frame));
    matcher.begin(wait, at(100ms));
    BOOST_TEST(!hear(matcher, {0x10, 0x5B, 0x05, 0x60}, 100ms));
    BOOST_TEST((hear(matcher, {0x16}, 116ms)->match == Match::frame));
    BOOST_TEST(!hear(matcher, {0x68, 0x04, 0x04, 0x68, 0x08}, 200ms));
    matcher.begin(wait, at(220ms));
    BOOST_TEST((hear(matcher, {0x03, 0x72, 0x00, 0x7D, 0x16}, 220ms)->at == at(240ms)));
}

// MB2-LL-013: after a wrong byte nothing counts until the line was idle for 33 bit times.
BOOST_AUTO_TEST_CASE(a_wrong_frame_wakes_nobody) {
    Matcher matcher;
    matcher.begin({.match = Match::frame, .deadline = at(10s)}, at(0ms));
    BOOST_TEST(!hear(matcher, {0x10, 0x5B, 0x05, 0x61, 0x16, 0xE5}, 0ms));
    BOOST_TEST(!matcher.heard(octet(0xE5, 24ms + 3 * character)), "33 bit times, not more");
    BOOST_TEST((matcher.heard(octet(0xE5, 100ms))->match == Match::frame));
    matcher.begin({.match = Match::frame, .deadline = at(10s)}, at(200ms));
    BOOST_TEST(!matcher.heard(octet(0xE5, 200ms, OctetErrors::parity)));
}

BOOST_AUTO_TEST_CASE(a_pause_breaks_a_frame_off) {
    const Wait wait{.match = Match::frame, .deadline = at(10s)};
    Matcher strict;
    strict.begin(wait, at(0ms));
    BOOST_TEST(!hear(strict, {0x10, 0x5B}, 0ms));
    BOOST_TEST(!hear(strict, {0x05, 0x60, 0x16}, 21ms));
    Matcher tolerant{20ms};
    tolerant.begin(wait, at(0ms));
    BOOST_TEST(!hear(tolerant, {0x10, 0x5B}, 0ms));
    BOOST_TEST((hear(tolerant, {0x05, 0x60, 0x16}, 21ms)->match == Match::frame));
}

BOOST_AUTO_TEST_CASE(an_own_transmission_ends_the_frame_under_way) {
    Matcher matcher;
    matcher.begin({.match = Match::frame, .deadline = at(10s)}, at(0ms));
    BOOST_TEST(!hear(matcher, {0x68, 0x04, 0x04}, 0ms));
    matcher.started();
    BOOST_TEST((hear(matcher, {0xE5}, 12ms)->match == Match::frame));
}

// Silence counts from the call, or from the last octet since.
BOOST_AUTO_TEST_CASE(silence) {
    Matcher matcher;
    matcher.begin({.match = Match::silence, .deadline = at(1s), .silence = 10ms}, at(0ms));
    BOOST_TEST((matcher.next() == at(10ms)));
    BOOST_TEST(!matcher.heard(octet(0, 2ms)));
    BOOST_TEST((matcher.next() == at(16ms)));
    BOOST_TEST(!matcher.tick(at(10ms)));
    BOOST_TEST((matcher.tick(at(16ms))->match == Match::silence));
}

BOOST_AUTO_TEST_CASE(sent_and_job_ended) {
    Matcher matcher;
    matcher.begin({.match = Match::sent, .deadline = at(1s)}, at(0ms));
    BOOST_TEST(!matcher.job_ended(at(1ms)));
    BOOST_TEST((matcher.sent(at(3ms))->at == at(3ms)));
    matcher.begin({.match = Match::job_ended, .deadline = at(1s)}, at(3ms));
    BOOST_TEST(!matcher.sent(at(4ms)));
    BOOST_TEST((matcher.job_ended(at(5ms))->match == Match::job_ended));
}

BOOST_AUTO_TEST_SUITE_END()
