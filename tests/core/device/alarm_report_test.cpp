// SPDX-License-Identifier: Apache-2.0
// Purpose: alarms of a meter (EN 13757-3, clause 9; facts B.10, G.6; MB2-LL-029, -031, MB3-AP-019,
// -021), alone and behind the link layer.
#include "core/device/record_application.hpp"
#include "core/link/secondary_station.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(alarm_report)

using namespace meterbench::core;
using namespace meterbench::core::device;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::hex;
using meterbench::tests::octets;
using meterbench::tests::to_hex;

namespace {

std::string text(const std::optional<std::span<const std::uint8_t>>& answer) {
    return answer ? to_hex(*answer) : "none";
}

/// A meter at address 5 behind its link layer; each request comes a second after the last.
struct Asked {
    RecordApplication application;
    link::SecondaryStation station;
    Instant now{};

    static RecordMeter described() {
        RecordMeter meter;
        meter.device = {0x12345678, 0x4024, 1, 7};
        meter.alarms = true;
        return meter;
    }
    Asked() : application{described()}, station{{.address = 5}, application} {}
    std::string ask(std::string_view frame) {
        now += 1s;
        station.receive(octets(hex(frame), now, Baud{}));
        const auto transmission = station.transmit();
        if (!transmission) {
            return "silence";
        }
        const std::string sent = to_hex(transmission->bytes);
        station.sent(transmission->not_before + 100ms);
        return sent;
    }
};

} // namespace

// MB3-AP-021: repeated until a toggled FCB shows that it has arrived.
BOOST_AUTO_TEST_CASE(an_alarm_stands_until_it_has_arrived) {
    AlarmReport alarm;
    BOOST_TEST(text(alarm.answer(true)) == "none");
    alarm.raise(0x04);
    BOOST_TEST(alarm.standing());
    BOOST_TEST(text(alarm.answer(true)) == "71 04");
    BOOST_TEST(text(alarm.answer(false)) == "71 04");
    BOOST_TEST(text(alarm.answer(false)) == "71 04");
    BOOST_TEST(text(alarm.answer(true)) == "none");
    BOOST_TEST(!alarm.standing());
}

BOOST_AUTO_TEST_CASE(a_new_alarm_takes_the_place_of_the_old) {
    AlarmReport alarm;
    alarm.raise(0x04);
    (void)alarm.answer(true);
    alarm.raise(0x08);
    BOOST_TEST(text(alarm.answer(true)) == "71 08");
}

// Facts B.10: E5h without an alarm, 68 04 04 68 08 A 71 code CS 16 with one; ACD and the status
// "abnormal condition" in RSP_UD while it stands.
BOOST_AUTO_TEST_CASE(polling_over_the_link) {
    Asked meter;
    BOOST_TEST(meter.ask("10 40 05 45 16") == "E5");
    BOOST_TEST(meter.ask("10 7A 05 7F 16") == "E5");
    meter.application.raise_alarm(0x05);
    const std::string data = meter.ask("10 7B 05 80 16");
    BOOST_TEST(data.substr(12, 2) == "28", "ACD");
    BOOST_TEST(data.substr(3 * 16, 2) == "03", "status");
    BOOST_TEST(meter.ask("10 5A 05 5F 16") == "68 04 04 68 08 05 71 05 83 16");
    BOOST_TEST(meter.ask("10 5A 05 5F 16") == "68 04 04 68 08 05 71 05 83 16");
    BOOST_TEST(meter.ask("10 7A 05 7F 16") == "E5");
    BOOST_TEST(meter.ask("10 5B 05 60 16").substr(12, 2) == "08");
}

BOOST_AUTO_TEST_SUITE_END()
