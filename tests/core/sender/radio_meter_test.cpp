// SPDX-License-Identifier: Apache-2.0
// Purpose: a C2 meter as a gateway sees it: synchronous telegrams at their instants, an alarm that
// is fetched, the frequent access cycle, installation, message counters (EN 13757-4, 12.6; OMS Vol.
// 2). All frames are read by the receiver with the meter's key.
#include "core/receiver/receiver.hpp"
#include "core/sender/radio_meter.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(sender_radio_meter)

using namespace meterbench::core;
using namespace meterbench::core::sender;
using namespace std::chrono_literals;
using wireless::Service;

namespace {

constexpr Duration air = 5ms;

struct Application : RadioApplication {
    std::array<std::uint8_t, 6> volume{0x0C, 0x13, 0x78, 0x56, 0x34, 0x12};
    std::array<std::uint8_t, 1> alarm_bits{0x04};
    unsigned executed = 0;

    std::span<const std::uint8_t> data(MessageContent) override { return volume; }
    RadioAnswer answer(Service service, std::span<const std::uint8_t>) override {
        ++executed;
        if (service == Service::req_ud1) {
            return {Service::rsp_ud, Subject::alarm, alarm_bits};
        }
        return {Service::rsp_ud, Subject::records, volume};
    }
};

struct Heard {
    Instant start;
    Service service;
    bool synchronous;
    std::uint8_t number;
    std::uint8_t ci;
    std::optional<std::uint32_t> counter;
    std::vector<std::uint8_t> bytes;
};

struct Rig {
    Application application{};
    RadioMeterConfig config{};
    receiver::KeyStore keys{};
    std::optional<RadioMeter> meter{};
    std::optional<receiver::Receiver> receiver{};
    std::vector<Heard> heard{};
    Instant now{};

    Rig() {
        config.profile.address = wireless::LinkAddress::make(0x2C2D, 0x12345678, 0x1B, 0x07);
        config.profile.security = transport::SecurityMode::aes_cbc_derived;
        config.profile.authentication = 5;
        config.profile.access = wireless::Accessibility::window;
        config.key = security::Key::make(std::array<std::uint8_t, 16>{1, 2, 3}).value();
        config.access.row =
            wireless::find_mode(wireless::Mode::c2, wireless::Direction::other_to_meter);
        config.plan = {.nominal = 450s, .access_only = 1};
        config.first_number = 250;
        config.first = Instant{7s};
        keys.add({0x12345678, 0x2C2D, *config.key});
    }
    void begin() {
        meter.emplace(config, application);
        receiver.emplace(keys);
    }
    void run_to(Duration time) {
        while (*meter->deadline() <= Instant{time}) {
            now = std::max(now, *meter->deadline());
            meter->expire(now);
            while (const auto wish = meter->transmit()) {
                const Instant start = std::max(now, wish->not_before);
                take(start, wish->bytes);
                now = start + air;
                meter->sent(start, now);
            }
        }
        now = std::max(now, Instant{time});
    }
    void take(Instant start, std::span<const std::uint8_t> bytes) {
        const auto& reception = receiver->receive(bytes, wireless::Handover::format_a);
        BOOST_REQUIRE_MESSAGE(!reception.fault,
                              (reception.fault ? name_of(reception.fault->code) : ""));
        const auto* const row = wireless::service_row(reception.frame->c());
        BOOST_REQUIRE(row != nullptr);
        heard.push_back({start,
                         row->service,
                         reception.link->control.synchronous(),
                         reception.link->access_number,
                         reception.telegram.ci,
                         reception.security.message_counter,
                         {bytes.begin(), bytes.end()}});
    }
    void request(Service service, std::uint8_t number, wireless::MeterAccessEvent event) {
        BOOST_TEST(meter->listens());
        meter->receive({.event = event, .service = service, .number = number, .end = now});
    }
};

constexpr auto asks = wireless::MeterAccessEvent::request;

} // namespace

BOOST_AUTO_TEST_CASE(left_alone_it_keeps_its_schedule) {
    Rig rig;
    rig.begin();
    rig.run_to(40h);
    BOOST_TEST(rig.heard.size() > 300U);
    std::uint32_t counter = 0;
    for (std::size_t i = 0; i < rig.heard.size(); ++i) {
        const Heard& one = rig.heard[i];
        BOOST_TEST(one.synchronous);
        BOOST_TEST(one.number == static_cast<std::uint8_t>(250 + i));
        BOOST_TEST((one.service == (i % 2 == 0 ? Service::snd_nr : Service::acc_nr)));
        if (i > 0) {
            BOOST_TEST((one.start - rig.heard[i - 1].start ==
                        wireless::synchronous_interval(450s, rig.heard[i - 1].number)));
        }
        if (one.service == Service::snd_nr) {
            BOOST_REQUIRE(one.counter.has_value());
            BOOST_TEST(*one.counter == ++counter);
        }
    }
    BOOST_TEST(rig.meter->skipped() == 0U);
}

BOOST_AUTO_TEST_CASE(an_alarm_is_demanded_fetched_and_repeated_until_snd_nke) {
    Rig rig;
    rig.begin();
    rig.run_to(10s);
    rig.meter->alarm(rig.now + 1s);
    rig.run_to(11s + air + 1000ms);
    BOOST_TEST((rig.heard.back().service == Service::acc_dmd));
    BOOST_TEST(!rig.heard.back().synchronous);
    BOOST_TEST(rig.heard.back().number == 250);
    rig.request(Service::req_ud1, 77, asks);
    rig.run_to(18s);
    BOOST_TEST(rig.application.executed == 1U);
    std::vector<Heard> answers;
    for (const Heard& one : rig.heard) {
        if (one.service == Service::rsp_ud) {
            answers.push_back(one);
        }
    }
    BOOST_REQUIRE(answers.size() >= 2U);
    for (const Heard& one : answers) {
        BOOST_TEST(one.ci == 0x74, "alarm, short header");
        BOOST_TEST(one.number == 77, "the gateway's number");
        BOOST_TEST(!one.synchronous);
        BOOST_TEST(one.bytes == answers[0].bytes, boost::test_tools::per_element());
    }
    rig.run_to(std::chrono::duration_cast<Duration>(rig.heard.back().start.time_since_epoch()) +
               air + 1000ms);
    rig.request(Service::snd_nke, 78, wireless::MeterAccessEvent::reset);
    const std::size_t count = rig.heard.size();
    rig.run_to(60s);
    BOOST_TEST(rig.heard.size() == count);
}

BOOST_AUTO_TEST_CASE(installation_ends_with_cnf_ir) {
    Rig rig;
    rig.begin();
    rig.run_to(10s);
    rig.meter->install(rig.now, 0x80000000U);
    rig.run_to(40s + air + 1000ms);
    BOOST_TEST((rig.heard.back().service == Service::snd_ir));
    BOOST_TEST((rig.heard.back().start == Instant{40s}));
    rig.request(Service::cnf_ir, 0, wireless::MeterAccessEvent::confirm);
    rig.run_to(400s);
    BOOST_TEST((rig.heard.back().service == Service::snd_ir));
    BOOST_TEST((rig.heard.back().start == Instant{40s}));
}

BOOST_AUTO_TEST_CASE(a_slot_within_an_answer_is_skipped_and_moves_nothing) {
    Rig rig;
    rig.begin();
    const Instant slot = Instant{7s} + wireless::synchronous_interval(450s, 250);
    rig.run_to((slot - 1100ms).time_since_epoch());
    rig.meter->alarm(rig.now);
    rig.run_to((slot - 94ms).time_since_epoch());
    rig.request(Service::req_ud2, 5, asks);
    rig.run_to((slot + 470s).time_since_epoch());
    BOOST_TEST(rig.meter->skipped() == 1U);
    BOOST_TEST(rig.heard.back().number == 252);
    BOOST_TEST((rig.heard.back().start == slot + wireless::synchronous_interval(450s, 251)));
}

// OMS Vol. 2: the counter never wraps.
BOOST_AUTO_TEST_CASE(nothing_is_sent_beyond_the_last_message_counter) {
    Rig rig;
    rig.config.message_counter = 0xFFFFFFFE;
    rig.begin();
    rig.run_to(2h);
    unsigned data = 0;
    for (const Heard& one : rig.heard) {
        data += one.service == Service::snd_nr ? 1 : 0;
    }
    BOOST_TEST(data == 1U);
    BOOST_TEST(rig.meter->message_counter() == 0xFFFFFFFFU);
    BOOST_TEST(rig.meter->fault().has_value());
    BOOST_TEST(rig.heard.size() > 3U, "ACC-NR needs none");
}

BOOST_AUTO_TEST_CASE(a_filter_makes_telegrams_wrong) {
    struct Wrong : TelegramFilter {
        void change(RadioTelegram& telegram) override { telegram.deviations.broken_crcs = 1; }
    } wrong;
    Rig rig;
    rig.config.filter = &wrong;
    rig.begin();
    rig.meter->expire(Instant{7s});
    const auto wish = rig.meter->transmit();
    BOOST_REQUIRE(wish.has_value());
    const auto& reception = rig.receiver->receive(wish->bytes, wireless::Handover::format_a);
    BOOST_REQUIRE(reception.fault.has_value());
    BOOST_TEST((reception.fault->code == FaultCode::block_crc_mismatch));
}

BOOST_AUTO_TEST_SUITE_END()
