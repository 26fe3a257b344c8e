// SPDX-License-Identifier: Apache-2.0
// Purpose: what a meter sends of its own accord, when, with which number and S bit (OMS Vol. 2,
// 4.3.2, 7.2.2.1; MB4-ACC-003, 004, 006, 008, 013, 040).
#include "core/sender/send_schedule.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <random>

BOOST_AUTO_TEST_SUITE(send_schedule)

using namespace meterbench::core;
using namespace meterbench::core::sender;
using namespace std::chrono_literals;
using wireless::Service;

namespace {
Instant at(Duration time) {
    return Instant{time};
}
} // namespace

BOOST_AUTO_TEST_CASE(acc_nr_between_two_snd_nr_are_always_as_many) {
    for (const std::uint8_t between : std::array<std::uint8_t, 4>{0, 1, 3, 15}) {
        SendSchedule schedule{{.nominal = 900s, .access_only = between}, 250, at(3s)};
        Instant last = at(3s);
        for (unsigned i = 0; i < 600; ++i) {
            const Due due = schedule.next();
            BOOST_TEST(due.synchronous);
            BOOST_TEST(due.access_number == static_cast<std::uint8_t>(250 + i));
            BOOST_TEST(
                (due.service == (i % (between + 1U) == 0 ? Service::snd_nr : Service::acc_nr)));
            if (i > 0) {
                BOOST_TEST(
                    (due.at - last == wireless::synchronous_interval(
                                          900s, static_cast<std::uint8_t>(due.access_number - 1))));
            }
            last = due.at;
            schedule.done(due);
        }
    }
}

// An alarm comes at once and asynchronously, and moves nothing.
BOOST_AUTO_TEST_CASE(an_alarm_is_an_access_demand_between_the_slots) {
    SendSchedule schedule{{.nominal = 900s}, 10, at(0s)};
    schedule.done(schedule.next());
    const Due slot = schedule.next();
    schedule.alarm(at(100s));
    const Due alarm = schedule.next();
    BOOST_TEST((alarm.service == Service::acc_dmd));
    BOOST_TEST(!alarm.synchronous);
    BOOST_TEST(alarm.access_number == 10, "of the last synchronous telegram");
    BOOST_TEST((alarm.at == at(100s)));
    schedule.done(alarm);
    BOOST_TEST((schedule.next().at == slot.at));
    BOOST_TEST(schedule.next().access_number == 11);
}

BOOST_AUTO_TEST_CASE(installation_begins_within_60_s_and_ends_with_cnf_ir) {
    std::mt19937 random{8};
    for (unsigned round = 0; round < 100; ++round) {
        SendSchedule schedule{{.nominal = 900s}, 10, at(800s)};
        const auto draw = static_cast<std::uint32_t>(random());
        schedule.install(at(5s), round == 0 ? 0xFFFFFFFFU : draw);
        Due due = schedule.next();
        BOOST_TEST((due.service == Service::snd_ir));
        BOOST_TEST(!due.synchronous);
        BOOST_TEST((due.at >= at(5s)));
        BOOST_TEST((due.at < at(65s)));
        unsigned sent = 0;
        for (; due.service == Service::snd_ir; due = schedule.next()) {
            ++sent;
            schedule.done(due);
            if (round % 2 == 1 && sent == 2) {
                schedule.confirmed();
            }
        }
        BOOST_TEST(sent == (round % 2 == 1 ? 2U : 6U));
    }
}

BOOST_AUTO_TEST_CASE(static_data_every_so_many_telegrams) {
    SendSchedule schedule{{.nominal = 900s, .access_only = 1, .static_every = 3}, 0, at(0s)};
    unsigned data = 0;
    for (unsigned i = 0; i < 30; ++i) {
        const Due due = schedule.next();
        if (due.service == Service::snd_nr) {
            BOOST_TEST(due.static_data == (data % 3 == 2));
            ++data;
        }
        schedule.done(due);
    }
    BOOST_TEST(data == 15U);
}

BOOST_AUTO_TEST_SUITE_END()
