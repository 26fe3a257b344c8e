// SPDX-License-Identifier: Apache-2.0
// Purpose: the link layer of a meter, octet by octet, over an application that only takes notes
// (EN 13757-2, 5.5 to 5.7; EN 13757-7, 8.4; facts B.4 to B.6, C.1).
#include "core/link/secondary_station.hpp"

#include "tests/support/fake_application.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(secondary_station)

using namespace meterbench::core;
using namespace meterbench::core::link;
using namespace std::chrono_literals;
using meterbench::tests::Bytes;
using meterbench::tests::end_of;
using meterbench::tests::FakeApplication;
using meterbench::tests::hex;
using meterbench::tests::octets;
using meterbench::tests::to_hex;

namespace {

const std::string silence;
const std::string ack = "E5";

Bytes short_frame(ControlField control, std::uint8_t address) {
    const FrameBuffer frame = encode_short(control, address);
    return {frame.bytes().begin(), frame.bytes().end()};
}
Bytes long_frame(ControlField control, std::uint8_t address, const Bytes& user_data) {
    const FrameBuffer frame = encode_long(control, address, user_data).value();
    return {frame.bytes().begin(), frame.bytes().end()};
}

/// A meter at address 5 on a line of its own. Each request comes half a second after the last.
struct Meter {
    FakeApplication application;
    Baud baud{};
    SecondaryStation station{{.address = 5, .baud = baud}, application};
    Instant now{};
    Instant request_end{};

    explicit Meter(std::size_t telegrams = 3, Baud rate = {})
        : application{telegrams}, baud{rate} {}

    void hear(const Bytes& bytes) {
        now += 500ms;
        const auto heard = octets(bytes, now, baud);
        for (const Octet& octet : heard) {
            station.receive({&octet, 1});
        }
        now = end_of(heard);
        request_end = now;
    }
    /// What it answers, as hex; the answer leaves.
    std::string ask(const Bytes& bytes) {
        hear(bytes);
        return finish();
    }
    std::string ask(std::string_view text) { return ask(hex(text)); }
    std::string finish() {
        const auto transmission = station.transmit();
        if (!transmission) {
            return silence;
        }
        const std::string text = to_hex(transmission->bytes);
        now = transmission->not_before + bit_edge(baud, 11 * std::ssize(transmission->bytes));
        station.sent(now);
        BOOST_TEST(!station.transmit());
        return text;
    }
    std::string request2(bool fcb, std::uint8_t address = 5) {
        return ask(short_frame(req_ud2(fcb), address));
    }
    std::string reset(std::uint8_t address = 5) { return ask(short_frame(snd_nke, address)); }
    std::string select(std::string_view mask = "78 56 34 12 24 40 01 07") {
        Bytes user_data{0x52};
        const Bytes bytes = hex(mask);
        user_data.insert(user_data.end(), bytes.begin(), bytes.end());
        return ask(long_frame(snd_ud(false), 0xFD, user_data));
    }
    /// Number n of the application's telegrams, as the answer that carries it.
    [[nodiscard]] std::string telegram(std::size_t n) const {
        return to_hex(long_frame(response(application.access_demand, application.overflow), 5,
                                 application.class2_telegrams[n]));
    }
};

} // namespace

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

// MB2-LL-007 to -013, -073: any byte of SND_UD wrong, and silence for the frame; the next is answered.
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
    for (const OctetErrors errors : {OctetErrors::parity, OctetErrors::framing,
                                     OctetErrors::framing | OctetErrors::break_,
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
    BOOST_TEST((meter.application.executed_at[0] == meter.request_end), "no acknowledge to wait for");
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFF, hex("5C"))) == silence);
    BOOST_TEST(meter.application.executed.size() == 2U, "no FCB memory for FFh");
    BOOST_TEST(meter.request2(true, 0xFF) == silence);
    BOOST_TEST(meter.reset(0xFF) == silence);
    BOOST_TEST(meter.request2(true) == meter.telegram(0), "SND_NKE to FFh cleared the memory");
}

// ---- frame count bit (facts B.5), line by line

// on SND_NKE: lastFCB = none; telegram index before the first; E5 (MB2-LL-035, -036)
BOOST_AUTO_TEST_CASE(reset_begins_the_sequence_anew) {
    Meter meter;
    BOOST_TEST(meter.request2(true) == meter.telegram(0));
    BOOST_TEST(meter.request2(false) == meter.telegram(1));
    BOOST_TEST(meter.reset() == ack);
    BOOST_TEST(meter.application.rewinds == 1);
    BOOST_TEST(meter.request2(true) == meter.telegram(0));
}

// on REQ_UD2 FCV=0: first or current telegram, memory unchanged (MB2-LL-034)
BOOST_AUTO_TEST_CASE(without_fcv_the_telegram_stays) {
    Meter meter;
    for (const std::uint8_t control : {std::uint8_t{0x4B}, std::uint8_t{0x6B}}) {
        BOOST_TEST(meter.ask(short_frame({control}, 5)) == meter.telegram(0));
    }
    BOOST_TEST(meter.request2(true) == meter.telegram(1), "new, and the first has been sent");
    BOOST_TEST(meter.ask(short_frame({0x4B}, 5)) == meter.telegram(1));
    BOOST_TEST(meter.ask(short_frame({0x6B}, 5)) == meter.telegram(1));
    BOOST_TEST(meter.request2(true) == meter.telegram(1), "the memory is as it was: a repetition");
    BOOST_TEST(meter.request2(false) == meter.telegram(2));
}

// FCB != lastFCB: next telegram, the first after the last; FCB == lastFCB: the same again.
BOOST_AUTO_TEST_CASE(toggled_goes_on_and_the_same_repeats) {
    Meter meter;
    bool fcb = true;
    for (const std::size_t n : {0U, 1U, 2U, 0U, 1U}) {
        for (int time = 0; time < 3; ++time) {
            BOOST_TEST(meter.request2(fcb) == meter.telegram(n), "MB2-LL-037, -038");
        }
        fcb = !fcb;
    }
}

// lastFCB none and FCB=0: not defined by the sources; here: the first telegram.
BOOST_AUTO_TEST_CASE(the_first_after_a_reset_with_fcb_0_gets_the_first_telegram) {
    Meter meter;
    BOOST_TEST(meter.reset() == ack);
    BOOST_TEST(meter.request2(false) == meter.telegram(0));
    BOOST_TEST((meter.station.event()->guard == SecondaryGuard::fcb_undefined));
    BOOST_TEST(meter.request2(false) == meter.telegram(0), "repeated");
    BOOST_TEST(meter.request2(true) == meter.telegram(1));
}

// on SND_UD FCV=1: executed once, acknowledged always (MB2-LL-027, -043)
BOOST_AUTO_TEST_CASE(a_repeated_command_is_not_executed_twice) {
    Meter meter;
    const Bytes first = long_frame(snd_ud(true), 5, hex("51 01"));
    const Bytes second = long_frame(snd_ud(false), 5, hex("51 02"));
    BOOST_TEST(meter.ask(first) == ack);
    BOOST_TEST(meter.ask(first) == ack);
    BOOST_TEST(meter.application.executed.size() == 1U);
    BOOST_TEST(meter.ask(second) == ack);
    BOOST_TEST(meter.ask(second) == ack);
    BOOST_REQUIRE(meter.application.executed.size() == 2U);
    BOOST_TEST(meter.application.executed[0] == hex("51 01"));
    BOOST_TEST(meter.application.executed[1] == hex("51 02"));
    BOOST_TEST(meter.ask(long_frame({0x43}, 5, hex("51 03"))) == ack, "without FCV");
    BOOST_TEST(meter.ask(long_frame({0x43}, 5, hex("51 03"))) == ack);
    BOOST_TEST(meter.application.executed.size() == 4U, "nothing tells a repetition");
    BOOST_TEST(meter.ask(second) == ack);
    BOOST_TEST(meter.application.executed.size() == 4U, "43h left the memory alone");
}

BOOST_AUTO_TEST_CASE(requests_and_commands_have_memories_of_their_own) {
    Meter meter;
    BOOST_TEST(meter.request2(true) == meter.telegram(0));
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 5, hex("51 01"))) == ack);
    BOOST_TEST(meter.application.executed.size() == 1U);
    BOOST_TEST(meter.request2(false) == meter.telegram(1));
}

// MB2-LL-065: the link layer acknowledges what the application cannot use.
BOOST_AUTO_TEST_CASE(any_ci_field_is_acknowledged) {
    for (unsigned ci = 0; ci < 256; ++ci) {
        Meter meter;
        BOOST_TEST(meter.ask(long_frame(snd_ud(true), 5, {static_cast<std::uint8_t>(ci)})) == ack);
        BOOST_TEST(meter.application.executed.size() == 1U);
    }
}

// ---- class 1 (facts B.10; MB2-LL-029, -030)

BOOST_AUTO_TEST_CASE(class_1) {
    Meter meter;
    meter.application.class1_known = true;
    const auto request = [&](bool fcb) { return meter.ask(short_frame(req_ud1(fcb), 5)); };
    BOOST_TEST(request(true) == ack, "no alarm");
    meter.application.class1_telegram = hex("71 05");
    BOOST_TEST(request(false) == "68 04 04 68 08 05 71 05 83 16");
    BOOST_TEST(request(false) == "68 04 04 68 08 05 71 05 83 16");
    BOOST_TEST(meter.ask(short_frame({0x4A}, 5)) == "68 04 04 68 08 05 71 05 83 16");
    BOOST_TEST(request(true) == "68 04 04 68 08 05 71 05 83 16");
    BOOST_TEST((meter.application.class1_calls == std::vector<bool>{true, true, false, false, true}));
    BOOST_TEST(meter.ask(short_frame(req_ud1(true), 0xFF)) == silence);
    BOOST_TEST(meter.ask(short_frame(req_ud1(true), 0xFD)) == silence, "not selected");
    BOOST_TEST(meter.ask(long_frame(req_ud1(true), 5, hex("51"))) == silence, "MB2-LL-076");
}

BOOST_AUTO_TEST_CASE(acd_and_dfc_are_the_application_s) {
    for (const bool acd : {false, true}) {
        for (const bool dfc : {false, true}) {
            Meter meter;
            meter.application.access_demand = acd;
            meter.application.overflow = dfc;
            const Bytes answer = hex(meter.request2(true));
            BOOST_TEST(answer[4] == response(acd, dfc).value, "MB2-LL-030");
        }
    }
}

// ---- selection (facts C.1; MB7-SA-002 to -018)

BOOST_AUTO_TEST_CASE(fdh_is_silent_until_selected) {
    Meter meter;
    BOOST_TEST(meter.request2(true, 0xFD) == silence, "MB2-LL-051");
    BOOST_TEST(meter.reset(0xFD) == silence);
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFD, hex("51 01"))) == silence);
    BOOST_TEST(meter.application.executed.empty());
    BOOST_TEST(meter.select() == ack, "MB7-SA-002");
    BOOST_TEST(meter.application.executed.empty(), "a selection is the link's, not the application's");
    BOOST_TEST((meter.station.state() == SecondaryState::selected));
    BOOST_TEST(meter.request2(true, 0xFD) == meter.telegram(0), "MB2-LL-055: its own address");
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFD, hex("51 01"))) == ack, "MB7-SA-012");
    BOOST_TEST(meter.application.executed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_deselects) {
    struct Row {
        const char* why;
        Bytes frame;
        std::string answer;
        bool selected;
    };
    const Row rows[]{
        {"MB7-SA-003: selection of another", long_frame(snd_ud(false), 0xFD,
                                                        hex("52 79 56 34 12 24 40 01 07")),
         silence, false},
        {"MB7-SA-007: SND_NKE to FDh, acknowledged a last time", short_frame(snd_nke, 0xFD), ack,
         false},
        {"MB7-SA-008: SND_NKE to FFh", short_frame(snd_nke, 0xFF), silence, false},
        {"MB7-SA-008: not SND_NKE to its address", short_frame(snd_nke, 5), ack, true},
        {"MB7-SA-011: CI 56h", long_frame(snd_ud(false), 0xFD, hex("56 12 34 56 78 40 24 01 07")),
         silence, false},
        {"a shortened mask", long_frame(snd_ud(false), 0xFD, hex("52 78 56 34 12")), silence,
         false},
        {"not a frame for others", short_frame(snd_nke, 9), silence, true},
        {"not a broadcast command", long_frame(snd_ud(true), 0xFF, hex("5C")), silence, true},
        {"selected again", long_frame(snd_ud(true), 0xFD, hex("52 78 56 34 12 24 40 01 07")), ack,
         true},
    };
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.why) {
            Meter meter;
            meter.select();
            BOOST_TEST(meter.ask(row.frame) == row.answer);
            BOOST_TEST((meter.station.state() == SecondaryState::selected) == row.selected);
            BOOST_TEST((meter.request2(true, 0xFD) != silence) == row.selected);
        }
    }
}

// on valid selection: lastFCB[FD] = none; telegram index before the first; E5 (MB7-SA-009)
BOOST_AUTO_TEST_CASE(a_selection_begins_the_sequence_at_fdh_anew) {
    Meter meter;
    meter.select();
    BOOST_TEST(meter.request2(true, 0xFD) == meter.telegram(0));
    BOOST_TEST(meter.request2(false, 0xFD) == meter.telegram(1));
    BOOST_TEST(meter.request2(true, 0xFD) == meter.telegram(2));
    BOOST_TEST(meter.select() == ack);
    BOOST_TEST(meter.request2(true, 0xFD) == meter.telegram(0));
}

// MB2-LL-042: one memory for 5 and FEh, another for FDh. MB7-SA-013: it still answers at 5.
BOOST_AUTO_TEST_CASE(fdh_has_a_memory_of_its_own) {
    Meter meter;
    meter.select();
    BOOST_TEST(meter.request2(true, 0xFD) == meter.telegram(0));
    BOOST_TEST(meter.request2(true) == meter.telegram(1), "the first at 5 with FCB = 1 is new");
    BOOST_TEST(meter.request2(true, 0xFD) == meter.telegram(1), "a repetition at FDh");
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFD, hex("51 01"))) == ack);
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 5, hex("51 01"))) == ack);
    BOOST_TEST(meter.application.executed.size() == 2U);
    // SND_NKE to 5 clears the memory of 5 alone.
    BOOST_TEST(meter.reset() == ack);
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFD, hex("51 01"))) == ack);
    BOOST_TEST(meter.application.executed.size() == 2U);
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 5, hex("51 01"))) == ack);
    BOOST_TEST(meter.application.executed.size() == 3U);
}

// A selection is not counted: the same SND_UD twice selects twice.
BOOST_AUTO_TEST_CASE(selections_are_not_repetitions) {
    Meter meter;
    const Bytes select = long_frame(snd_ud(true), 0xFD, hex("52 78 56 34 12 24 40 01 07"));
    BOOST_TEST(meter.ask(select) == ack);
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFD, hex("51 01"))) == ack);
    BOOST_TEST(meter.ask(select) == ack);
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFD, hex("51 01"))) == ack);
    BOOST_TEST(meter.application.executed.size() == 2U);
}

// MB7-SA-018: power fails, and what is volatile is gone.
BOOST_AUTO_TEST_CASE(a_restart_loses_selection_and_memories) {
    Meter meter;
    meter.select();
    meter.request2(true, 0xFD);
    meter.request2(true);
    meter.hear(short_frame(req_ud2(false), 5)); // the answer is about to leave
    meter.station.restart(meter.now);
    BOOST_TEST(!meter.station.transmit());
    BOOST_TEST((meter.station.state() == SecondaryState::deselected));
    BOOST_TEST(meter.application.restarts == 1);
    BOOST_TEST(meter.request2(true, 0xFD) == silence);
    BOOST_TEST(meter.request2(true) == meter.telegram(0), "the memory is clear");
}

// ---- the answer: delay, half duplex, effect

// MB2-LL-016: 11 bit times after the request's last stop bit, never less, at each rate.
BOOST_AUTO_TEST_CASE(the_answer_begins_11_bit_times_after_the_request) {
    struct Row {
        std::uint32_t baud;
        std::int64_t delay_ns;
    };
    for (const Row& row : std::initializer_list<Row>{{300, 36'666'667}, Row{2400, 4'583'334}, Row{9600, 1'145'834},
                           Row{38400, 286'459}}) {
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
