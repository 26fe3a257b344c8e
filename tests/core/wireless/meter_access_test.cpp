// SPDX-License-Identifier: Apache-2.0
// Purpose: when a meter listens, answers and repeats (EN 13757-4, 12.6.3; OMS Vol. 2, 4.3.3, 7.2.2;
// facts B.1, B.2, B.8). Times are those of the facts, typed here.
#include "core/wireless/meter_access.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

BOOST_AUTO_TEST_SUITE(wireless_meter_access)

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using namespace std::chrono_literals;
using Kind = MeterAccessNotice::Kind;

namespace {

constexpr Duration own_time = 5ms;
constexpr Duration behind_sync = 4ms; ///< of a frame that the meter hears
constexpr std::array<std::uint8_t, 3> spontaneous_bytes{1, 2, 3};
constexpr std::array<std::uint8_t, 2> answer_bytes{4, 5};
constexpr std::array<std::uint8_t, 2> other_answer_bytes{6, 7};

Instant at(Duration time) {
    return Instant{time};
}

MeterAccessConfig config_of(Mode mode, std::string_view channel = {}) {
    return {.row = find_mode(mode, Direction::other_to_meter, channel)};
}

/// A meter and a clock: runs deadlines and sends what is to be sent, as an owner would.
struct Rig {
    MeterAccess access;
    Instant now{};
    struct Sent {
        Duration start;
        std::vector<std::uint8_t> bytes;
    };
    std::vector<Sent> sent{};
    std::vector<Kind> notices{};

    explicit Rig(const MeterAccessConfig& config, Credits* credits = nullptr)
        : access{config, credits} {}

    void take_notices() {
        while (const auto notice = access.notice()) {
            notices.push_back(notice->kind);
        }
    }
    void send_pending() {
        while (const auto wish = access.transmit()) {
            const Instant start = std::max(now, wish->not_before);
            BOOST_TEST((start <= wish->not_after));
            sent.push_back({start.time_since_epoch(), {wish->bytes.begin(), wish->bytes.end()}});
            now = start + own_time;
            access.sent(start, now);
        }
    }
    void run_to(Duration time) {
        for (auto due = access.deadline(); due && *due <= at(time); due = access.deadline()) {
            now = std::max(now, *due);
            access.expire(now);
            send_pending();
            take_notices();
        }
        now = std::max(now, at(time));
    }
    void spontaneous(Accessibility access_bits = Accessibility::window, bool fast = false) {
        BOOST_REQUIRE(access.offer({spontaneous_bytes, access_bits, fast}, now));
        send_pending();
    }
    void hear(MeterAccessEvent event, Duration end, std::uint8_t number = 0) {
        run_to(end - behind_sync);
        access.sync_found(at(end));
        run_to(end);
        access.receive({.event = event, .number = number, .end = at(end)});
        take_notices();
    }
};

constexpr MeterTelegram answer{answer_bytes, Accessibility::window, false, CreditUse::send_data};

} // namespace

// MB4-ACC-019 to 023, 028: the window is open at all instants at which an answer may begin.
BOOST_AUTO_TEST_CASE(the_window_opens_after_each_telegram_that_promises_it) {
    struct Key {
        Mode mode;
        bool fast;
        Duration min;
        Duration max;
    };
    constexpr Key keys[]{{Mode::s2, false, 3ms, 50ms},
                         {Mode::t2, false, 2ms, 3ms},
                         {Mode::c2, false, 999500us, 1000500us},
                         {Mode::c2, true, 99500us, 100500us},
                         {Mode::n2, false, 1099500us, 1100500us},
                         {Mode::r2, false, 3ms, 50ms},
                         {Mode::f2, true, 99500us, 100500us}};
    for (const Key& key : keys) {
        BOOST_TEST_CONTEXT(name_of(key.mode)) {
            Rig rig{config_of(key.mode)};
            rig.spontaneous(Accessibility::window, key.fast);
            rig.run_to(own_time + key.min - 1ms);
            BOOST_TEST(!rig.access.listens());
            rig.run_to(own_time + key.min);
            BOOST_TEST(rig.access.listens());
            rig.run_to(own_time + key.max);
            BOOST_TEST(rig.access.listens());
            rig.run_to(own_time + key.max + 75ms);
            BOOST_TEST(!rig.access.listens());
            BOOST_TEST((rig.access.state() == MeterAccessState::asleep));
            BOOST_TEST(!rig.access.deadline().has_value());
        }
    }
}

// Facts B.1: the window also covers preamble detection. Frames that begin at the latest permitted
// instant (max; both clocks' errors, 0.5 ms, late), with the shortest preamble of facts A.3, with
// one unit more where that is a least one (one F sender has 40 of 39), at the slowest chip rate of
// facts A.2: their sync word is over while the meter listens. Bits where a symbol has two.
BOOST_AUTO_TEST_CASE(the_sync_word_of_a_frame_that_begins_last_is_within_the_window) {
    struct Key {
        Mode mode;
        std::string_view channel;
        bool fast;
        double max_ms;
        double header_bits;
        double bits_per_ms;
        double slowest;
    };
    constexpr Key keys[]{{Mode::s2, "", false, 50, 48 + 2, 32.768, 0.985},
                         {Mode::t2, "", false, 3, 48 + 2, 32.768, 0.985},
                         {Mode::c2, "", false, 1000.5, 64, 50, 0.9999},
                         {Mode::c2, "", true, 100.5, 64, 50, 0.9999},
                         {Mode::r2, "", false, 50, 96 + 2, 4.8, 0.985},
                         {Mode::n2, "a", false, 1100.5, 32, 4.8, 0.9999},
                         {Mode::n2, "a", true, 100.5, 32, 4.8, 0.9999},
                         {Mode::n2, "c", false, 2100.5, 32, 2.4, 0.9999},
                         {Mode::n2, "g", false, 1100.5, 32 + 32, 19.2, 0.9999},
                         {Mode::f2_m, "", false, 1000.5, 94 + 2, 2.4, 0.9999},
                         {Mode::f2, "", false, 1000.5, 94 + 2, 2.4, 0.9999},
                         {Mode::f2, "", true, 100.5, 94 + 2, 2.4, 0.9999}};
    for (const Key& key : keys) {
        BOOST_TEST_CONTEXT(name_of(key.mode) << " " << key.channel << (key.fast ? " fast" : "")) {
            Rig rig{config_of(key.mode, key.channel)};
            rig.spontaneous(Accessibility::window, key.fast);
            const std::chrono::duration<double, std::milli> sync_over{
                key.max_ms + 0.5 + key.header_bits / (key.bits_per_ms * key.slowest)};
            const Duration then = own_time + std::chrono::ceil<Duration>(sync_over);
            rig.run_to(then);
            BOOST_REQUIRE(rig.access.listens());
            rig.hear(MeterAccessEvent::request, then + behind_sync, 1);
            BOOST_TEST((rig.notices == std::vector{Kind::execute}));
        }
    }
}

// Without a margin the window is [min, max + detection].
BOOST_AUTO_TEST_CASE(the_detection_time_may_be_set) {
    MeterAccessConfig config = config_of(Mode::r2);
    config.margin = {};
    config.detection = 20ms;
    Rig rig{config};
    rig.spontaneous();
    rig.run_to(own_time + 3ms);
    BOOST_TEST(rig.access.listens());
    rig.run_to(own_time + 70ms - 1ns);
    BOOST_TEST(rig.access.listens());
    rig.run_to(own_time + 70ms);
    BOOST_TEST(!rig.access.listens());
}

// MB4-ACC-027.
BOOST_AUTO_TEST_CASE(bits_b_and_a_say_whether_there_is_a_window) {
    for (const Accessibility closed : {Accessibility::none, Accessibility::no_window}) {
        Rig rig{config_of(Mode::c2)};
        rig.spontaneous(closed);
        BOOST_TEST(!rig.access.deadline().has_value());
        BOOST_TEST((rig.access.state() == MeterAccessState::asleep));
    }
    Rig open{config_of(Mode::c2)};
    open.spontaneous(Accessibility::always);
    open.run_to(1h);
    BOOST_TEST(open.access.listens());
    open.spontaneous(Accessibility::always); // and still sends
    BOOST_TEST(open.access.listens());
    Rig deaf{config_of(Mode::c1)};
    deaf.spontaneous(Accessibility::window);
    BOOST_TEST(!deaf.access.deadline().has_value(), "a C1 meter has no receiver");
}

// A frame whose sync word came at the last moment is heard to its end.
BOOST_AUTO_TEST_CASE(a_frame_that_has_begun_keeps_the_window_open) {
    Rig rig{config_of(Mode::t2)};
    rig.spontaneous();
    rig.run_to(own_time + 3ms);
    rig.access.sync_found(at(own_time + 60ms));
    rig.run_to(own_time + 60ms);
    BOOST_TEST(rig.access.listens(), "its end comes before the window's");
    rig.run_to(own_time + 61ms);
    BOOST_TEST(!rig.access.listens());
}

// MB4-ACC-029 to 031, 035, 036: answer, repetitions every 2 s from start to start, unchanged, until
// 27.5 s after the last frame heard.
BOOST_AUTO_TEST_CASE(the_frequent_access_cycle_repeats_the_answer) {
    Rig rig{config_of(Mode::c2)};
    rig.spontaneous();
    rig.hear(MeterAccessEvent::request, 1010ms, 7);
    BOOST_REQUIRE((rig.notices == std::vector{Kind::execute}));
    rig.access.answer(answer);
    rig.run_to(40s);
    BOOST_REQUIRE(rig.sent.size() == 1U + 14U);
    BOOST_TEST((rig.sent[1].start == 2010ms), "D = 0: 1000 ms after the request");
    for (std::size_t i = 1; i < rig.sent.size(); ++i) {
        BOOST_TEST((rig.sent[i].bytes == std::vector<std::uint8_t>{4, 5}));
        BOOST_TEST((rig.sent[i].start == 2010ms + (i - 1) * 2s));
    }
    BOOST_TEST((rig.sent.back().start <= 1010ms + 27500ms));
    BOOST_TEST((rig.notices == std::vector{Kind::execute, Kind::session_over}));
    BOOST_TEST(!rig.access.in_cycle());
    BOOST_TEST(!rig.access.deadline().has_value());
    // The number is forgotten with the session: it is a new request.
    rig.spontaneous();
    const Duration begin = rig.sent.back().start + own_time;
    rig.hear(MeterAccessEvent::request, begin + 1005ms, 7);
    BOOST_TEST((rig.notices.back() == Kind::execute));
}

// MB4-ACC-035: the same number is a repetition, a new one a new request. Each restarts the
// time-out.
BOOST_AUTO_TEST_CASE(a_known_number_is_answered_again_and_not_executed) {
    Rig rig{config_of(Mode::c2)};
    rig.spontaneous();
    rig.hear(MeterAccessEvent::request, 1010ms, 7);
    rig.access.answer(answer);
    rig.run_to(2020ms);
    rig.hear(MeterAccessEvent::request, 3015ms, 7);
    rig.run_to(4030ms);
    rig.hear(MeterAccessEvent::request, 5020ms, 8);
    BOOST_TEST((rig.notices == std::vector{Kind::execute, Kind::repeated, Kind::execute}));
    rig.access.answer({other_answer_bytes, Accessibility::window});
    rig.run_to(60s);
    BOOST_REQUIRE(rig.sent.size() > 4U);
    BOOST_TEST((rig.sent[2].bytes == std::vector<std::uint8_t>{4, 5}));
    BOOST_TEST((rig.sent[2].start == 4015ms));
    BOOST_TEST((rig.sent[3].bytes == std::vector<std::uint8_t>{6, 7}));
    BOOST_TEST((rig.sent.back().start > 5020ms + 25s));
    BOOST_TEST((rig.sent.back().start <= 5020ms + 30s));
}

namespace {

/// A cycle begun by a request at 1010 ms, then one frame in the window that follows the answer of
/// 20010 ms. When the session is over.
Duration cycle_end_after(MeterAccessEvent event, std::uint8_t number, Credits* credits = nullptr) {
    Rig rig{config_of(Mode::c2), credits};
    rig.spontaneous();
    rig.hear(MeterAccessEvent::request, 1010ms, 7);
    rig.access.answer(answer);
    rig.run_to(21015ms);
    BOOST_TEST(rig.access.listens());
    rig.hear(event, 21016ms, number);
    while (rig.access.in_cycle() && rig.access.deadline()) {
        rig.run_to(rig.access.deadline()->time_since_epoch());
    }
    return rig.now.time_since_epoch();
}

} // namespace

// MB4-ACC-031, facts B.2: each valid frame for this meter restarts the time-out of 27.5 s, a
// confirmation and a refused request, too; other frames do not.
BOOST_AUTO_TEST_CASE(each_good_frame_for_the_meter_restarts_the_time_out) {
    constexpr Duration unmoved = 1010ms + 27500ms;
    constexpr Duration moved = 21016ms + 27500ms;
    BOOST_TEST((cycle_end_after(MeterAccessEvent::request, 7) == moved));
    BOOST_TEST((cycle_end_after(MeterAccessEvent::confirm, 0) == moved));
    BOOST_TEST((cycle_end_after(MeterAccessEvent::foreign, 0) == unmoved));
    BOOST_TEST((cycle_end_after(MeterAccessEvent::bad_frame, 0) == unmoved));
    Credits credits{at(0s), {.start = 6}}; // one request and its answer
    BOOST_TEST((cycle_end_after(MeterAccessEvent::request, 8, &credits) == moved));
}

BOOST_AUTO_TEST_CASE(snd_nke_ends_the_session_at_once) {
    Rig rig{config_of(Mode::c2)};
    rig.spontaneous();
    rig.hear(MeterAccessEvent::request, 1010ms, 7);
    rig.access.answer(answer);
    rig.run_to(2020ms);
    rig.hear(MeterAccessEvent::reset, 3015ms);
    BOOST_TEST((rig.notices == std::vector{Kind::execute, Kind::session_over}));
    rig.run_to(60s);
    BOOST_TEST(rig.sent.size() == 2U);
    BOOST_TEST((rig.access.state() == MeterAccessState::asleep));
}

// Its own telegrams go on, between the slots, and move none of them.
BOOST_AUTO_TEST_CASE(a_telegram_of_its_own_accord_waits_for_the_window_and_moves_no_slot) {
    Rig rig{config_of(Mode::c2)};
    rig.spontaneous();
    rig.hear(MeterAccessEvent::request, 1010ms, 7);
    BOOST_TEST(!rig.access.offer({spontaneous_bytes, Accessibility::window}, rig.now));
    rig.access.answer(answer);
    rig.run_to(3200ms); // answered at 2010, window over
    rig.spontaneous(Accessibility::no_window);
    rig.run_to(8200ms);
    std::vector<Duration> answers;
    for (const auto& one : rig.sent) {
        if (one.bytes.size() == answer_bytes.size()) {
            answers.push_back(one.start);
        }
    }
    BOOST_TEST((answers == std::vector<Duration>{2010ms, 4010ms, 6010ms, 8010ms}));
}

BOOST_AUTO_TEST_CASE(frames_for_others_and_broken_ones_change_nothing) {
    Rig rig{config_of(Mode::s2)};
    rig.spontaneous();
    rig.hear(MeterAccessEvent::foreign, own_time + 20ms);
    rig.hear(MeterAccessEvent::bad_frame, own_time + 21ms);
    BOOST_TEST(rig.access.listens());
    BOOST_TEST(rig.notices.empty());
    rig.hear(MeterAccessEvent::request, own_time + 30ms, 1);
    BOOST_TEST((rig.notices == std::vector{Kind::execute}));
}

BOOST_AUTO_TEST_CASE(confirmations_are_handed_on_and_begin_no_cycle) {
    Rig rig{config_of(Mode::c2)};
    rig.spontaneous();
    rig.hear(MeterAccessEvent::confirm, 1010ms);
    BOOST_TEST((rig.notices == std::vector{Kind::confirmed}));
    BOOST_TEST(!rig.access.in_cycle());
}

BOOST_AUTO_TEST_CASE(a_request_without_an_answer_is_reported) {
    Rig rig{config_of(Mode::c2)};
    rig.spontaneous();
    rig.hear(MeterAccessEvent::request, 1010ms, 7);
    rig.run_to(60s);
    BOOST_TEST((rig.notices == std::vector{Kind::execute, Kind::unanswered, Kind::session_over}));
    BOOST_TEST(rig.sent.size() == 1U);
    BOOST_TEST(!rig.access.deadline().has_value());
}

// MB4-ACC-046: request 1, answer 5; at zero new requests are refused.
BOOST_AUTO_TEST_CASE(credits_are_paid_and_run_out) {
    Credits credits{at(0s), {.start = 12}};
    Rig rig{config_of(Mode::c2), &credits};
    rig.spontaneous();
    Duration window = own_time + 1005ms;
    std::uint8_t number = 0;
    for (const unsigned left : {6U, 0U}) {
        rig.hear(MeterAccessEvent::request, window, ++number);
        rig.access.answer(answer);
        rig.run_to(window + 1100ms);
        BOOST_TEST(credits.balance(rig.now) == left);
        window = rig.sent.back().start + own_time + 1005ms;
    }
    rig.hear(MeterAccessEvent::request, window, ++number);
    BOOST_TEST((rig.notices.back() == Kind::refused));
}

// After power-up nothing of the session is left.
BOOST_AUTO_TEST_CASE(restart_forgets_the_session) {
    Rig rig{config_of(Mode::c2)};
    rig.spontaneous();
    rig.hear(MeterAccessEvent::request, 1010ms, 7);
    rig.access.answer(answer);
    rig.access.restart(rig.now);
    BOOST_TEST(!rig.access.deadline().has_value());
    BOOST_TEST((rig.access.state() == MeterAccessState::asleep));
}

// Any order of verbs: time never stands still, the radio is never on and sending at once, and a
// meter left alone falls asleep.
BOOST_AUTO_TEST_CASE(any_order_of_verbs_ends_asleep) {
    std::mt19937 random{3};
    for (unsigned round = 0; round < 300; ++round) {
        constexpr Mode modes[]{Mode::s2, Mode::t2, Mode::c2, Mode::r2, Mode::n2, Mode::f2};
        Rig rig{config_of(modes[round % 6])};
        Duration time{};
        for (unsigned step = 0; step < 60; ++step) {
            time = rig.now.time_since_epoch() + Duration{random() % 400'000'000};
            rig.run_to(time);
            BOOST_TEST(!(rig.access.listens() && rig.access.transmit()));
            switch (random() % 4) {
            case 0:
                if (rig.access.offer({spontaneous_bytes, static_cast<Accessibility>(random() % 3)},
                                     rig.now)) {
                    rig.send_pending();
                }
                break;
            case 1: rig.access.answer(answer); break;
            default:
                rig.hear(static_cast<MeterAccessEvent>(4 + random() % 5),
                         rig.now.time_since_epoch(), static_cast<std::uint8_t>(random() % 3));
            }
        }
        rig.run_to(rig.now.time_since_epoch() + 60s);
        BOOST_TEST((rig.access.state() == MeterAccessState::asleep), name_of(rig.access.state())
                                                                         << " in round " << round);
        BOOST_TEST(!rig.access.deadline().has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
