// SPDX-License-Identifier: Apache-2.0
// Purpose: the link layer of a meter: frame count bit, class 1 data, selection (EN 13757-2, 5.7;
// EN 13757-7, 8.4), line by line.
#include "core/link/secondary_station.hpp"
#include "tests/support/link_meter.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(secondary_sequences)

using namespace meterbench::core;
using namespace meterbench::core::link;
using namespace meterbench::tests::link_meter;
using namespace std::chrono_literals;
using meterbench::tests::Bytes;
using meterbench::tests::hex;

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
    BOOST_TEST(
        (meter.application.class1_calls == std::vector<bool>{true, true, false, false, true}));
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
    BOOST_TEST(meter.application.executed.empty(),
               "a selection is the link's, not the application's");
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
        {"MB7-SA-003: selection of another",
         long_frame(snd_ud(false), 0xFD, hex("52 79 56 34 12 24 40 01 07")), silence, false},
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

BOOST_AUTO_TEST_SUITE_END()
