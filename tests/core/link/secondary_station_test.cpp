// SPDX-License-Identifier: Apache-2.0
// Purpose: the link layer of a meter, octet by octet, over an application that only takes notes:
// what it accepts, when and how it answers (EN 13757-2, 5.5 to 5.7).
#include "core/link/secondary_station.hpp"
#include "tests/support/link_meter.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(secondary_station)

using namespace meterbench::core;
using namespace meterbench::core::link;
using namespace meterbench::tests::link_meter;
using namespace std::chrono_literals;
using meterbench::tests::Bytes;
using meterbench::tests::hex;
using meterbench::tests::octets;

// ---- acceptance (facts B.4): what is violated gets no answer and no action

BOOST_AUTO_TEST_CASE(a_good_frame_is_answered_and_reported_once) {
    Meter meter;
    BOOST_TEST(meter.ask("10 40 05 45 16") == ack, "MB2-LL-026");
    const auto report = meter.station.event();
    BOOST_REQUIRE(report);
    BOOST_TEST((report->event == SecondaryEvent::nke_own));
    BOOST_TEST((report->action == SecondaryAction::reset_and_acknowledge));
    BOOST_TEST(!meter.station.event());
}

// MB2-LL-007 to -013, -073: any byte of SND_UD wrong, and silence for the frame; the next is
// answered.
BOOST_AUTO_TEST_CASE(a_wrong_byte_is_silence_and_nothing_is_executed) {
    const Bytes good = long_frame(snd_ud(true), 5, hex("51 01 7A 08"));
    for (std::size_t i = 0; i < good.size(); ++i) {
        Meter meter;
        Bytes bytes = good;
        bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ 0x04U);
        BOOST_TEST(meter.ask(bytes) == silence, "byte " << i);
        BOOST_TEST(meter.application.executed.empty());
        BOOST_TEST(!meter.station.event());
        BOOST_TEST(meter.ask(good) == ack, "byte " << i);
        BOOST_TEST(meter.application.executed.size() == 1U);
    }
}

// MB2-LL-011.
BOOST_AUTO_TEST_CASE(a_character_with_an_error_is_silence) {
    for (const OctetErrors errors :
         {OctetErrors::parity, OctetErrors::framing, OctetErrors::framing | OctetErrors::break_,
          OctetErrors::collision}) {
        for (std::size_t i = 0; i < 5; ++i) {
            Meter meter;
            auto heard = octets(hex("10 40 05 45 16"), meter.now);
            heard[i].errors = errors;
            meter.station.receive(heard);
            BOOST_TEST(!meter.station.transmit());
        }
    }
}

// MB2-LL-012.
BOOST_AUTO_TEST_CASE(a_frame_that_breaks_off_is_silence_and_the_next_is_answered) {
    const Bytes good = short_frame(snd_nke, 5);
    for (std::ptrdiff_t size = 1; size < std::ssize(good); ++size) {
        Meter meter;
        BOOST_TEST(meter.ask(Bytes(good.begin(), good.begin() + size)) == silence);
        BOOST_TEST(meter.ask(good) == ack);
    }
}

// MB2-LL-056, -050, -025, -033, -076 and the answers of others.
BOOST_AUTO_TEST_CASE(frames_that_mean_nothing_to_it) {
    struct Row {
        Bytes frame;
        SecondaryEvent event;
        const char* why;
    };
    const Row rows[]{
        {short_frame(snd_nke, 4), SecondaryEvent::foreign, "MB2-LL-056: other address"},
        {short_frame(snd_nke, 251), SecondaryEvent::foreign, "MB2-LL-050"},
        {short_frame(snd_nke, 252), SecondaryEvent::foreign, "MB2-LL-050"},
        {hex("E5"), SecondaryEvent::answer, "MB2-LL-025"},
        {long_frame(rsp_ud, 5, hex("72 00")), SecondaryEvent::answer, "MB2-LL-025"},
        {short_frame({0x00}, 5), SecondaryEvent::answer, "ACK as a frame"},
        {short_frame({0xC0}, 5), SecondaryEvent::unsupported, "MB2-LL-023: bit 7"},
        {short_frame({0x49}, 5), SecondaryEvent::unsupported, "MB2-LL-033: REQ_SKE"},
        {short_frame({0x5A}, 5), SecondaryEvent::unsupported, "MB2-LL-029: no class 1"},
        {short_frame({0x4F}, 5), SecondaryEvent::unsupported, "MB2-LL-033"},
        {short_frame({0x50}, 5), SecondaryEvent::unsupported, "SND_NKE with FCV"},
        {short_frame({0x53}, 5), SecondaryEvent::misfit, "MB2-LL-076: SND_UD in a short frame"},
        {long_frame({0x5B}, 5, hex("51")), SecondaryEvent::misfit, "MB2-LL-076: REQ_UD2 in a long"},
        {long_frame({0x40}, 5, hex("51")), SecondaryEvent::misfit, "SND_NKE in a long frame"},
    };
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.why) {
            Meter meter;
            BOOST_TEST(meter.ask(row.frame) == silence);
            const auto report = meter.station.event();
            BOOST_REQUIRE(report);
            BOOST_TEST(name_of(report->event) == name_of(row.event));
            BOOST_TEST(meter.application.executed.empty());
        }
    }
}

// MB2-LL-052, -054.
BOOST_AUTO_TEST_CASE(the_test_address_is_answered_with_its_own) {
    Meter meter;
    BOOST_TEST(meter.reset(0xFE) == ack);
    BOOST_TEST(meter.request2(true, 0xFE) == meter.telegram(0));
    BOOST_TEST(meter.request2(true) == meter.telegram(0), "one memory for 5 and FEh");
    BOOST_TEST(meter.request2(false) == meter.telegram(1));
}

// MB2-LL-053, -057: everybody executes, nobody answers.
BOOST_AUTO_TEST_CASE(broadcast) {
    Meter meter;
    meter.request2(true);
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFF, hex("5C"))) == silence);
    BOOST_REQUIRE(meter.application.executed.size() == 1U);
    BOOST_TEST((meter.application.executed_at[0] == meter.request_end),
               "no acknowledge to wait for");
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFF, hex("5C"))) == silence);
    BOOST_TEST(meter.application.executed.size() == 2U, "no FCB memory for FFh");
    BOOST_TEST(meter.request2(true, 0xFF) == silence);
    BOOST_TEST(meter.reset(0xFF) == silence);
    BOOST_TEST(meter.request2(true) == meter.telegram(0), "SND_NKE to FFh cleared the memory");
}

// ---- the answer: delay, half duplex, effect

// MB2-LL-016: 11 bit times after the request's last stop bit, never less, at each rate.
BOOST_AUTO_TEST_CASE(the_answer_begins_11_bit_times_after_the_request) {
    struct Row {
        std::uint32_t baud;
        std::int64_t delay_ns;
    };
    for (const Row& row : std::initializer_list<Row>{
             {300, 36'666'667}, Row{2400, 4'583'334}, Row{9600, 1'145'834}, Row{38400, 286'459}}) {
        Meter meter{3, Baud{row.baud}};
        meter.hear(short_frame(req_ud2(true), 5));
        const auto transmission = meter.station.transmit();
        BOOST_REQUIRE(transmission);
        BOOST_TEST((transmission->not_before - meter.request_end).count() == row.delay_ns);
        BOOST_TEST((transmission->baud == Baud{row.baud}));
        BOOST_TEST((transmission->gap == BitTime{}), "MB2-LL-014");
        BOOST_TEST(transmission->exceptions.empty());
        BOOST_TEST((meter.station.listens() == Baud{row.baud}));
        BOOST_TEST(!meter.station.deadline());
    }
}

BOOST_AUTO_TEST_CASE(the_delay_is_a_limit) {
    Meter meter;
    meter.station.set_limits({.response_delay = {BitTime{330}, 50ms}});
    meter.hear(short_frame(snd_nke, 5));
    BOOST_TEST((meter.station.transmit()->not_before - meter.request_end == 187'500us));
}

// MB2-LL-067: from the request's end until the answer has left it hears nothing.
BOOST_AUTO_TEST_CASE(while_it_answers_it_is_deaf) {
    Meter meter;
    meter.hear(short_frame(req_ud2(true), 5));
    const auto other = octets(long_frame(snd_ud(true), 5, hex("51 01")), meter.now);
    meter.station.receive(other);
    BOOST_TEST(meter.finish() == meter.telegram(0));
    BOOST_TEST(meter.application.executed.empty());
    // Half a frame while it answers, the rest afterwards: no frame.
    meter.hear(short_frame(req_ud2(false), 5));
    const auto late = octets(short_frame(snd_nke, 5), meter.now);
    meter.station.receive(std::span{late}.first(2));
    BOOST_TEST(meter.finish() == meter.telegram(1));
    meter.station.receive(std::span{late}.subspan(2));
    BOOST_TEST(!meter.station.transmit());
    BOOST_TEST(meter.request2(true) == meter.telegram(2));
}

BOOST_AUTO_TEST_CASE(two_requests_in_one_call_get_one_answer) {
    Meter meter;
    Bytes twice = short_frame(req_ud2(true), 5);
    const Bytes second = short_frame(req_ud2(false), 5);
    twice.insert(twice.end(), second.begin(), second.end());
    meter.station.receive(octets(twice, meter.now));
    BOOST_TEST(meter.finish() == meter.telegram(0));
    BOOST_TEST(!meter.station.transmit());
}

BOOST_AUTO_TEST_CASE(a_command_is_executed_when_the_acknowledge_has_left) {
    Meter meter;
    meter.hear(long_frame(snd_ud(true), 5, hex("51 01 7A 08")));
    BOOST_TEST(meter.station.transmit().has_value());
    BOOST_TEST(meter.application.executed.empty());
    meter.station.sent(meter.now + 10ms);
    BOOST_REQUIRE(meter.application.executed.size() == 1U);
    BOOST_TEST(meter.application.executed[0] == hex("51 01 7A 08"));
    BOOST_TEST((meter.application.executed_at[0] == meter.now + 10ms));
    BOOST_TEST(meter.request2(true) == meter.telegram(0));
    BOOST_TEST(meter.application.executed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_acknowledge_broken_off_executes_nothing) {
    Meter meter;
    meter.hear(long_frame(snd_ud(true), 5, hex("51 01")));
    meter.station.aborted(meter.now + 5ms);
    BOOST_TEST(!meter.station.transmit());
    BOOST_TEST(meter.reset() == ack);
    BOOST_TEST(meter.application.executed.empty());
}

BOOST_AUTO_TEST_CASE(a_telegram_too_long_for_a_frame_is_silence) {
    Meter meter{1};
    meter.application.class2_telegrams[0] = Bytes(254, 0x78);
    BOOST_TEST(meter.request2(true) == silence);
    BOOST_TEST(meter.reset() == ack, "it is not stuck");
}

BOOST_AUTO_TEST_CASE(a_new_address_counts_from_the_next_frame) {
    Meter meter;
    meter.station.set_address(6);
    BOOST_TEST(meter.reset(5) == silence);
    BOOST_TEST(meter.reset(6) == ack);
}

// ---- the seams

BOOST_AUTO_TEST_CASE(octets_in_and_out_pass_their_filters) {
    struct Deaf : OctetFilter {
        int left = 5;
        std::optional<Octet> pass(const Octet& octet) override {
            return left-- > 0 ? std::nullopt : std::optional{octet};
        }
    } deaf;
    struct Inverted : TransmissionFilter {
        Bytes bytes;
        Transmission pass(const Transmission& transmission) override {
            bytes.assign(transmission.bytes.begin(), transmission.bytes.end());
            for (std::uint8_t& byte : bytes) {
                byte = static_cast<std::uint8_t>(~byte);
            }
            Transmission result = transmission;
            result.bytes = bytes;
            return result;
        }
    } inverted;
    Meter meter;
    meter.station.set_filters(&deaf, &inverted);
    BOOST_TEST(meter.reset() == silence, "the first five octets are not heard");
    BOOST_TEST(meter.reset() == "1A");
    meter.station.set_filters(nullptr, nullptr);
    BOOST_TEST(meter.reset() == ack);
}

BOOST_AUTO_TEST_CASE(a_table_with_a_hole_says_nothing_there) {
    constexpr SecondaryRow only[]{{SecondaryState::deselected, SecondaryEvent::nke_own,
                                   SecondaryGuard::always, SecondaryAction::reset_and_acknowledge,
                                   SecondaryState::deselected}};
    Meter meter;
    meter.station.set_table(only);
    BOOST_TEST(meter.reset() == ack);
    BOOST_TEST(meter.request2(true) == silence);
    BOOST_TEST(meter.select() == silence);
    BOOST_TEST((meter.station.state() == SecondaryState::deselected));
}

BOOST_AUTO_TEST_SUITE_END()
