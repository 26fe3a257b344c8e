// SPDX-License-Identifier: Apache-2.0
// Purpose: captured answers come back byte for byte, in their order, with their control field.
#include "core/device/captured_application.hpp"
#include "core/link/secondary_station.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(captured_application)

using namespace meterbench::core;
using namespace meterbench::core::device;
using namespace meterbench::core::link;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::Bytes;
using meterbench::tests::hex;
using meterbench::tests::octets;
using meterbench::tests::to_hex;

namespace {

// EX-028 and EX-029, of one meter at address 2; the third with ACD and DFC.
const std::string frames[]{
    "68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13 01 8B 60 "
    "04 "
    "37 18 02 18 16",
    "68 15 15 68 08 02 72 78 56 34 12 24 40 01 07 13 00 00 00 0C 78 04 03 02 01 9D 16",
    "68 05 05 68 38 02 70 01 00 AB 16"};

CapturedApplication capture() {
    std::vector<CapturedTelegram> telegrams;
    for (const std::string& text : frames) {
        const Bytes bytes = hex(text);
        const Frame frame = decode_frame(bytes).value();
        telegrams.push_back({frame.control, {frame.user_data.begin(), frame.user_data.end()}});
    }
    return CapturedApplication{telegrams};
}

struct Meter {
    CapturedApplication application = capture();
    SecondaryStation station{{.address = 2}, application};
    Instant now{};

    std::string ask(std::string_view text) {
        now += 1s;
        station.receive(octets(hex(text), now));
        const auto transmission = station.transmit();
        if (!transmission) {
            return "";
        }
        const std::string answer = to_hex(transmission->bytes);
        now = transmission->not_before + bit_edge(Baud{}, 11 * std::ssize(transmission->bytes));
        station.sent(now);
        return answer;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(it_replays_byte_for_byte) {
    Meter meter;
    BOOST_TEST(meter.ask("10 40 02 42 16") == "E5");
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < 3; ++i) {
            const bool fcb = (static_cast<std::size_t>(round) * 3 + i) % 2 == 0;
            const char* const request = fcb ? "10 7B 02 7D 16" : "10 5B 02 5D 16";
            BOOST_TEST(meter.ask(request) == frames[i]);
            BOOST_TEST(meter.ask(request) == frames[i], "a repetition");
        }
    }
}

BOOST_AUTO_TEST_CASE(only_the_application_reset_has_an_effect) {
    Meter meter;
    BOOST_TEST(meter.ask("10 7B 02 7D 16") == frames[0]);
    BOOST_TEST(meter.ask("68 04 04 68 73 02 51 08 CE 16") == "E5");
    BOOST_TEST(meter.ask("10 5B 02 5D 16") == frames[1]);
    BOOST_TEST(meter.ask("68 03 03 68 53 02 50 A5 16") == "E5");
    BOOST_TEST(meter.ask("10 7B 02 7D 16") == frames[0]);
}

BOOST_AUTO_TEST_CASE(it_is_selected_by_its_first_telegram) {
    Meter meter;
    BOOST_REQUIRE(meter.application.device().has_value());
    BOOST_TEST(meter.application.device()->id == 0x12345678U);
    BOOST_TEST(meter.ask("68 0B 0B 68 53 FD 52 78 56 34 12 24 40 01 07 22 16") == "E5");
    BOOST_TEST(meter.ask("10 7B FD 78 16") == frames[0], "EX-028 has address 2, so has the answer");
}

BOOST_AUTO_TEST_CASE(without_a_long_header_it_cannot_be_selected) {
    for (const char* const user_data : {"78 01 13 05", "7A 01 00 00 00", "70 00", "72 78 56"}) {
        CapturedApplication application{{{rsp_ud, hex(user_data)}}};
        BOOST_TEST(!application.device().has_value());
        BOOST_TEST(!application.matches(hex("FF FF FF FF FF FF FF FF")));
    }
}

BOOST_AUTO_TEST_CASE(a_restart_begins_with_the_first) {
    Meter meter;
    (void)meter.ask("10 7B 02 7D 16");
    (void)meter.ask("10 5B 02 5D 16");
    meter.station.restart(meter.now);
    BOOST_TEST(meter.ask("10 7B 02 7D 16") == frames[0]);
}

BOOST_AUTO_TEST_SUITE_END()
