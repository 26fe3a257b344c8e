// SPDX-License-Identifier: Apache-2.0
// Purpose: when a gateway sends, waits and tries again (EN 13757-4, 12.6.3; OMS Vol. 2, 5.2.6,
// 7.2.2.1 and annex I; facts B.1, B.8).
#include "core/wireless/gateway_numbers.hpp"
#include "core/wireless/meter_access.hpp"
#include "core/wireless/other_access.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <random>

BOOST_AUTO_TEST_SUITE(wireless_other_access)

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using namespace std::chrono_literals;
using State = OtherAccessState;

namespace {

constexpr std::array<std::uint8_t, 2> request_bytes{1, 2};
constexpr Duration air = 5ms;

Instant at(Duration time) {
    return Instant{time};
}

OtherAccessConfig config_of(Mode mode) {
    OtherAccessConfig config;
    config.access = find_mode(mode, Direction::meter_to_other)->access;
    return config;
}

HeardFromMeter telegram(Duration end, Accessibility access = Accessibility::window) {
    return {.access = access, .end = at(end)};
}

constexpr OtherJob request{request_bytes, 9};

/// Runs to the try's transmission and sends it; the instant of its first chip.
Duration send(OtherAccess& access, std::uint32_t random = 0) {
    const auto due = access.deadline();
    BOOST_REQUIRE(due.has_value());
    access.expire(*due, random);
    const auto wish = access.transmit();
    BOOST_REQUIRE(wish.has_value());
    access.sent(wish->not_before, wish->not_before + air);
    return wish->not_before.time_since_epoch();
}

} // namespace

// MB4-ACC-025, 026: counted from the end of the meter's telegram; D of that telegram says which.
BOOST_AUTO_TEST_CASE(it_sends_in_the_meters_window) {
    struct Key {
        Mode mode;
        bool fast;
        Duration due;
        Duration latest;
    };
    constexpr Key keys[]{{Mode::s2, false, 5ms, 50ms},
                         {Mode::t2, false, 2500us, 3ms},
                         {Mode::c2, false, 1000ms, 1000500us},
                         {Mode::c2, true, 100ms, 100500us},
                         {Mode::n2, false, 1100ms, 1100500us}};
    for (const Key& key : keys) {
        OtherAccess access{config_of(key.mode)};
        BOOST_REQUIRE(access.start(request, at(0s)));
        BOOST_TEST(!access.transmit().has_value());
        access.receive({.access = Accessibility::window, .fast = key.fast, .end = at(10s)});
        const auto due = access.deadline();
        BOOST_REQUIRE(due.has_value());
        BOOST_TEST((*due == at(10s + key.due)));
        access.expire(*due, 0);
        BOOST_REQUIRE(access.transmit().has_value());
        BOOST_TEST((access.transmit()->not_after == at(10s + key.latest)));
    }
}

// MB4-ACC-027, B.8: no window, no request; another gateway's answer is no opportunity.
BOOST_AUTO_TEST_CASE(it_sends_only_where_the_meter_listens) {
    OtherAccess access{config_of(Mode::c2)};
    BOOST_REQUIRE(access.start(request, at(0s)));
    access.receive(telegram(10s, Accessibility::none));
    access.receive(telegram(20s, Accessibility::no_window));
    access.receive(
        {.access = Accessibility::window, .answers = true, .number = 77, .end = at(30s)});
    BOOST_TEST((access.state() == State::waiting));
    access.receive(telegram(40s, Accessibility::always));
    BOOST_TEST((access.state() == State::delaying));
    OtherAccess one_way{config_of(Mode::c1)};
    BOOST_REQUIRE(one_way.start(request, at(0s)));
    one_way.receive(telegram(10s));
    BOOST_TEST((one_way.state() == State::waiting));
}

BOOST_AUTO_TEST_CASE(an_answer_with_the_number_ends_the_job) {
    OtherAccess access{config_of(Mode::c2)};
    BOOST_REQUIRE(access.start(request, at(0s)));
    BOOST_TEST(!access.start(request, at(0s)), "one job at a time");
    access.receive(telegram(10s));
    send(access);
    access.receive({.access = Accessibility::window, .answers = true, .number = 8, .end = at(12s)});
    BOOST_TEST(!access.outcome().has_value(), "another request's");
    access.receive({.access = Accessibility::window, .answers = true, .number = 9, .end = at(12s)});
    BOOST_REQUIRE((access.outcome() == OtherOutcome::answered));
    // The next job uses the window that this answer opens.
    BOOST_REQUIRE(access.start({.bytes = request_bytes, .number = 10, .answer_expected = false},
                               at(12s + 10ms)));
    BOOST_TEST((send(access) == 13s));
    BOOST_TEST((access.outcome() == OtherOutcome::sent));
}

// The answer was lost: what the meter repeats in its frequent access cycle is the answer as well.
BOOST_AUTO_TEST_CASE(a_late_answer_counts) {
    OtherAccess access{config_of(Mode::c2)};
    BOOST_REQUIRE(access.start(request, at(0s)));
    access.receive(telegram(10s));
    send(access);
    access.expire(*access.deadline(), 0);
    BOOST_TEST((access.state() == State::waiting));
    access.receive({.access = Accessibility::window, .answers = true, .number = 9, .end = at(14s)});
    BOOST_TEST((access.outcome() == OtherOutcome::answered));
}

// OMS annex I: the first two tries take the next opportunity, later ones draw one of two; 12 tries
// and 20 opportunities at most.
BOOST_AUTO_TEST_CASE(retries_draw_one_of_two_opportunities) {
    for (const std::uint32_t draw : {0U, 1U}) {
        OtherAccess access{config_of(Mode::c2)};
        BOOST_REQUIRE(access.start(request, at(0s)));
        std::vector<unsigned> used;
        unsigned opportunity = 0;
        for (; opportunity < 40 && access.state() != State::idle; ++opportunity) {
            access.receive(telegram(std::chrono::seconds{10 * (opportunity + 1)}));
            if (access.state() == State::delaying) {
                used.push_back(opportunity);
                send(access);
                access.expire(*access.deadline(), draw);
            }
        }
        const std::vector<unsigned> all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        const std::vector<unsigned> every_other{0, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19};
        BOOST_TEST(used == (draw == 0 ? all : every_other), boost::test_tools::per_element());
        BOOST_TEST((access.outcome() == OtherOutcome::failed));
    }
}

// Two gateways that both retry part with probability 1/2 a try (facts B.8: 12 or more tries 0.2 %).
BOOST_AUTO_TEST_CASE(two_contenders_part_as_the_facts_compute) {
    std::mt19937 random{9};
    unsigned long_ones = 0;
    constexpr unsigned rounds = 20000;
    for (unsigned round = 0; round < rounds; ++round) {
        OtherAccess one{config_of(Mode::c2)};
        OtherAccess two{config_of(Mode::c2)};
        BOOST_REQUIRE(one.start(request, at(0s)));
        BOOST_REQUIRE(two.start(request, at(0s)));
        for (unsigned i = 1; i < 40; ++i) {
            const HeardFromMeter heard = telegram(std::chrono::seconds{10 * i});
            one.receive(heard);
            two.receive(heard);
            const bool first = one.state() == State::delaying;
            const bool second = two.state() == State::delaying;
            if (first != second) {
                long_ones += std::max(one.tries(), two.tries()) >= 6 ? 1 : 0;
                break;
            }
            if (first) {
                for (OtherAccess* access : {&one, &two}) {
                    send(*access);
                    access->expire(*access->deadline(), static_cast<std::uint32_t>(random()));
                }
            }
        }
    }
    // Six tries and more: 0.5^(6 - 2) = 0.0625 both sent in every one of five; the one that is
    // alone at its sixth try has collided in five.
    const double share = static_cast<double>(long_ones) / rounds;
    BOOST_TEST(share > 0.05);
    BOOST_TEST(share < 0.15);
}

BOOST_AUTO_TEST_CASE(patience_ends_a_job_without_opportunities) {
    OtherAccess access{config_of(Mode::c2)};
    BOOST_REQUIRE(access.start(request, at(0s)));
    BOOST_REQUIRE(access.deadline().has_value());
    BOOST_TEST((*access.deadline() == at(12h)), "OMS Vol. 2, table 12, mode C");
    access.expire(at(12h), 0);
    BOOST_TEST((access.outcome() == OtherOutcome::late));
    BOOST_TEST((access.state() == State::idle));
}

BOOST_AUTO_TEST_CASE(cancel_and_abort) {
    OtherAccess access{config_of(Mode::c2)};
    BOOST_REQUIRE(access.start(request, at(0s)));
    access.receive(telegram(10s));
    access.expire(*access.deadline(), 0);
    access.aborted(at(11s), 0);
    BOOST_TEST((access.state() == State::waiting));
    access.cancel(at(12s));
    BOOST_TEST((access.outcome() == OtherOutcome::failed));
    BOOST_TEST(!access.deadline().has_value());
}

// MB4-ACC-033.
BOOST_AUTO_TEST_CASE(no_gateway_access_number_comes_back_within_300_s) {
    GatewayNumbers numbers{250};
    for (unsigned i = 0; i < 256; ++i) {
        BOOST_TEST(
            (numbers.take(at(std::chrono::milliseconds{i})) == static_cast<std::uint8_t>(250 + i)));
    }
    BOOST_TEST(!numbers.take(at(299s)).has_value());
    BOOST_TEST(!numbers.take(at(300s - 1ns)).has_value());
    BOOST_TEST((numbers.take(at(300s)) == std::uint8_t{250}));
    numbers.used_again(251, at(200s));
    BOOST_TEST(!numbers.take(at(301s)).has_value());
}

// Both tables together: a gateway reads a C2 meter, asks again, and closes the session.
BOOST_AUTO_TEST_CASE(a_session_between_both) {
    OtherAccess gateway{config_of(Mode::c2)};
    MeterAccess meter{{.row = find_mode(Mode::c2, Direction::other_to_meter)}};
    constexpr std::array<std::uint8_t, 1> bytes{0};
    BOOST_REQUIRE(meter.offer({bytes, Accessibility::window}, at(1s)));
    BOOST_REQUIRE(gateway.start({bytes, 1}, at(0s)));
    bool closing = false;
    unsigned answers = 0;
    bool answering = false;
    std::uint8_t on_air = 0;
    Instant now = at(1s);
    for (unsigned step = 0; step < 200; ++step) {
        if (const auto wish = meter.transmit()) {
            now = std::max(now, wish->not_before) + air;
            meter.sent(now - air, now);
            gateway.receive({Accessibility::window, false, answering, on_air, now});
        } else if (const auto frame = gateway.transmit()) {
            now = std::max(now, frame->not_before) + air;
            gateway.sent(now - air, now);
            BOOST_TEST(meter.listens());
            on_air = closing ? on_air : static_cast<std::uint8_t>(answers + 1);
            meter.receive({closing ? MeterAccessEvent::reset : MeterAccessEvent::request, on_air,
                           false, false, now});
            while (const auto notice = meter.notice()) {
                if (notice->kind == MeterAccessNotice::Kind::execute) {
                    meter.answer({bytes, Accessibility::window});
                    answering = true;
                }
            }
        }
        if (gateway.outcome() == OtherOutcome::answered) {
            ++answers;
            closing = answers == 2;
            BOOST_REQUIRE(
                gateway.start({bytes, static_cast<std::uint8_t>(answers + 1), !closing}, now));
        }
        std::optional<Instant> next = meter.deadline();
        if (const auto other = gateway.deadline(); other && (!next || *other < *next)) {
            next = other;
        }
        if (!next || meter.transmit() || gateway.transmit()) {
            continue;
        }
        now = std::max(now, *next);
        meter.expire(now);
        gateway.expire(now, 0);
        if (closing && gateway.state() == State::idle) {
            break;
        }
    }
    BOOST_TEST(answers == 2U);
    BOOST_TEST(!meter.in_cycle());
    BOOST_TEST((meter.state() == MeterAccessState::asleep));
    BOOST_TEST((now < at(7s))); // three windows of 1000 ms, two delays of the meter
}

// Purpose: no answer is cut off because its mode is slow.
BOOST_AUTO_TEST_CASE(the_longest_frame_of_each_mode_may_end) {
    constexpr std::size_t longest_a = 290; // L = 255 with the CRCs of format A
    for (const ModeRow& row : mode_table()) {
        BOOST_TEST((air_time(row, FrameFormat::a, longest_a) <= OtherAccessConfig{}.longest_answer),
                   name_of(row.mode));
    }
}

BOOST_AUTO_TEST_SUITE_END()
