// SPDX-License-Identifier: Apache-2.0
// Purpose: the jobs of a master beside read-out and search (facts B.9, B.10, C.4, G): what each
// comes to on a good bus, and by which name it calls what is wrong.
#include "core/master/address_change.hpp"
#include "core/master/alarm_poll.hpp"
#include "core/master/baud_change.hpp"
#include "core/master/collection.hpp"
#include "core/master/command.hpp"
#include "core/master/scan.hpp"
#include "rig/drive.hpp"
#include "tests/support/station_bus.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(master_jobs)

using namespace meterbench;
using namespace meterbench::core;
using namespace meterbench::core::master;
using namespace std::chrono_literals;
using application::DeviceId;
using tests::Bytes;
using tests::hex;
using tests::StationBus;
using tests::to_hex;

namespace {

constexpr DeviceId device_a{0x11111111, 0x4024, 1, 7};
constexpr DeviceId device_b{0x22222222, 0x4024, 1, 7};
constexpr DeviceId device_c{0x33333333, 0x4024, 1, 7};

template <class Job> void run(Job& job, StationBus& bus) {
    BOOST_REQUIRE(rig::drive(job, bus).has_value());
    BOOST_REQUIRE(job.done());
}

std::string fault_of(const std::optional<Fault>& fault) {
    return fault ? std::string{name_of(fault->code)} : "none";
}

Selection selection(const char* text) {
    return parse_selection(text).value();
}

} // namespace

// ---- targets

BOOST_AUTO_TEST_CASE(targets_are_read_and_written) {
    for (const char* const text :
         {"0", "250", "1149037877040E16", "FFFFFFFFFFFFFFFF", "1149037877040E16/0011223F"}) {
        const auto target = parse_target(text);
        BOOST_REQUIRE(target.has_value());
        BOOST_TEST(to_text(*target) == text);
    }
    for (const char* const text :
         {"", "251", "-1", "5x", "1149037877040E1", "1149037877040E16/",
          "1149037877040E16/001122334", "1149037877040E16 00112233", "1149037877040E16/0011223G"}) {
        BOOST_TEST(!parse_target(text).has_value(), text);
    }
    // Facts C.2: enhanced selection, LSB first.
    BOOST_TEST(to_hex(SelectionData{selection("1234567824400107/00112233")}.bytes()) ==
               "52 78 56 34 12 24 40 01 07 0C 78 33 22 11 00");
}

// ---- commands

BOOST_AUTO_TEST_CASE(user_data_of_commands) {
    BOOST_TEST(to_hex(set_address_data(6)) == "51 01 7A 06");
    BOOST_TEST(to_hex(set_identification_data(selection("1234567824400107").address)) ==
               "51 07 79 78 56 34 12 24 40 01 07");
    BOOST_TEST(to_hex(application_reset_data(std::nullopt)) == "50");
    BOOST_TEST(to_hex(application_reset_data(std::uint8_t{0x10})) == "50 10");
    BOOST_TEST(to_hex(*baud_rate_data(Baud{300})) == "B8");
    BOOST_TEST(to_hex(*baud_rate_data(Baud{2400})) == "BB");
    BOOST_TEST(to_hex(*baud_rate_data(Baud{38400})) == "BF");
    BOOST_TEST(!baud_rate_data(Baud{1000}).has_value());
    // 15 October 2012, 11:57, type F.
    BOOST_TEST(
        to_hex(set_clock_data({.year = 2012, .month = 10, .day = 15, .hour = 11, .minute = 57})) ==
        "51 04 6D 39 0B 8F 1A");
}

BOOST_AUTO_TEST_CASE(a_command_is_delivered_once_whatever_is_lost) {
    for (const bool secondary : {false, true}) {
        for (std::size_t lost = 0; lost < 8; ++lost) {
            StationBus bus;
            const std::size_t meter = bus.add(device_a, 5);
            bus.octet_passes = [&](std::size_t n, Octet&) { return n != lost; };
            Command job{{.target = secondary ? Target{selection("1111111124400107")}
                                             : Target{std::uint8_t{5}},
                         .data = {hex("51 01 13 07"), hex("51 01 13 08")},
                         .check = true}};
            run(job, bus);
            BOOST_TEST(fault_of(job.fault()) == "none");
            BOOST_TEST(job.delivered() == 2U);
            BOOST_TEST(!job.answer().empty());
            const auto& executed = bus.station(meter).application->executed;
            BOOST_REQUIRE(executed.size() == 2U);
            BOOST_TEST(to_hex(executed[0]) == "51 01 13 07");
            BOOST_TEST(to_hex(executed[1]) == "51 01 13 08");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_command_to_all_is_sent_once_and_nobody_answers) {
    StationBus bus;
    bus.add(device_a, 5);
    bus.add(device_b, 6);
    Command job{{.target = link::address::broadcast, .data = {hex("50")}, .check = true}};
    run(job, bus);
    BOOST_TEST(fault_of(job.fault()) == "none");
    BOOST_TEST(bus.requests().size() == 1U);
    BOOST_TEST(bus.station(0).application->executed.size() == 1U);
    BOOST_TEST(bus.station(1).application->executed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_a_meter_reports_is_the_commands_fault) {
    for (const auto& [answer, fault] :
         {std::pair{"70 14", "application-error"}, std::pair{"78 01 93 15 07", "record-error"},
          std::pair{"78 01 13 07", "none"}}) {
        StationBus bus;
        bus.add(device_a, 5);
        bus.station(0).application->telegrams() = {hex(answer)};
        Command job{{.target = std::uint8_t{5}, .data = {hex("51 01 13 07")}, .check = true}};
        run(job, bus);
        BOOST_TEST(fault_of(job.fault()) == fault, answer);
    }
    StationBus bus;
    Command nobody{{.target = std::uint8_t{5}, .data = {hex("50")}}};
    run(nobody, bus);
    BOOST_TEST(fault_of(nobody.fault()) == "silence");
    Command nothing{{.target = link::address::broadcast, .data = {Bytes{}}}};
    BOOST_TEST(nothing.done());
    BOOST_TEST(fault_of(nothing.fault()) == "length-too-small");
}

// ---- scan

BOOST_AUTO_TEST_CASE(a_scan_tells_silence_answer_and_conflict) {
    for (const Duration second : {5ms, 6ms, 40ms, 150ms}) {
        StationBus bus;
        bus.add(device_a, 5);
        bus.add(device_b, 9, 1, {}, {{}, 5ms});
        bus.add(device_c, 9, 1, {}, {{}, second});
        bus.add(device_c, 0);
        Scan job{{.last = 12}};
        run(job, bus);
        BOOST_TEST(fault_of(job.fault()) == "none");
        BOOST_REQUIRE(job.found().size() == 3U);
        BOOST_TEST(job.found()[0].address == 0);
        BOOST_TEST(job.found()[1].address == 5);
        BOOST_TEST(fault_of(job.found()[1].fault) == "none");
        BOOST_TEST(!job.found()[1].frame.empty());
        BOOST_TEST(job.found()[2].address == 9);
        BOOST_TEST(job.found()[2].fault.has_value(), "second answer after " << second.count());
    }
}

BOOST_AUTO_TEST_CASE(a_scan_survives_any_single_loss) {
    for (std::size_t lost = 0; lost < 10; ++lost) {
        StationBus bus;
        bus.add(device_a, 1);
        bus.add(device_b, 3);
        bus.octet_passes = [&](std::size_t n, Octet&) { return n != lost; };
        Scan job{{.last = 4}};
        run(job, bus);
        BOOST_REQUIRE(job.found().size() == 2U);
        BOOST_TEST(!job.found()[0].fault.has_value());
        BOOST_TEST(!job.found()[1].fault.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_babbler_ends_a_scan) {
    StationBus bus;
    bus.before = [&](std::size_t n) {
        if (n == 2) {
            bus.babble(bus.now() + 5ms, 20'000);
        }
    };
    Scan job{{.last = 12}};
    run(job, bus);
    BOOST_TEST(fault_of(job.fault()) == "babble");
    BOOST_TEST(job.found().empty());
}

// ---- addresses

BOOST_AUTO_TEST_CASE(an_address_is_given_only_where_nobody_has_it) {
    StationBus bus;
    bus.add(device_a, 0);
    bus.add(device_b, 6);
    bus.station(0).application->on_execute = [&](std::span<const std::uint8_t> data) {
        bus.station(0).link->set_address(data[3]);
    };
    AddressChange taken{std::uint8_t{0}, 6, {}};
    run(taken, bus);
    BOOST_TEST(fault_of(taken.fault()) == "address-taken");
    BOOST_TEST(bus.station(0).application->executed.empty(), "the meter was not told");
    AddressChange good{selection("1111111124400107"), 7, {}};
    run(good, bus);
    BOOST_TEST(fault_of(good.fault()) == "none");
    BOOST_TEST(bus.station(0).link->address() == 7);
    bus.station(0).application->on_execute = {};
    AddressChange ignored{std::uint8_t{7}, 8, {}};
    run(ignored, bus);
    BOOST_TEST(fault_of(ignored.fault()) == "silence", "it kept its address");
}

// ---- rates

namespace {

/// A meter that is at `rate`, and switches to what it is told.
void add_at(StationBus& bus, Baud rate, bool obeys) {
    bus.add(device_a, 5);
    bus.station(0).rate = rate;
    bus.station(0).application->on_execute = [&bus, obeys](std::span<const std::uint8_t> data) {
        if (obeys && data[0] >= 0xB8) {
            constexpr std::array<std::uint32_t, 8> rates{300,  600,  1200,  2400,
                                                         4800, 9600, 19200, 38400};
            bus.station(0).next_rate = Baud{rates[data[0] - 0xB8U]};
        }
    };
}

} // namespace

// MB2-LL-060, -062: confirmed at the new rate; without an answer there back to the old one.
BOOST_AUTO_TEST_CASE(a_rate_is_switched_confirmed_and_fallen_back_from) {
    StationBus bus;
    add_at(bus, Baud{2400}, true);
    BaudChange job{std::uint8_t{5}, Baud{9600}, {}};
    run(job, bus);
    BOOST_TEST(fault_of(job.fault()) == "none");
    BOOST_TEST(job.baud().value == 9600U);
    StationBus stays;
    add_at(stays, Baud{2400}, false);
    BaudChange refused{std::uint8_t{5}, Baud{9600}, {}};
    run(refused, stays);
    BOOST_TEST(fault_of(refused.fault()) == "baud-refused");
    BOOST_TEST(refused.baud().value == 2400U);
}

BOOST_AUTO_TEST_CASE(the_rate_of_a_meter_is_found) {
    for (const std::uint32_t rate : {300U, 2400U, 9600U}) {
        StationBus bus;
        add_at(bus, Baud{rate}, true);
        BaudSearch job{std::uint8_t{5}, {Baud{2400}, Baud{300}, Baud{9600}}, {}};
        run(job, bus);
        BOOST_TEST(fault_of(job.fault()) == "none");
        BOOST_TEST(job.baud().value == rate);
    }
    StationBus nobody;
    BaudSearch job{std::uint8_t{5}, {Baud{2400}, Baud{300}}, {}};
    run(job, nobody);
    BOOST_TEST(fault_of(job.fault()) == "silence");
}

// ---- alarms

// Facts B.10, MB2-LL-041: the frame count bit of each address outlives a poll, and is not toggled
// by an answer that did not arrive.
BOOST_AUTO_TEST_CASE(alarms_are_polled_with_a_frame_count_bit_of_each_meter) {
    StationBus bus;
    bus.add(device_a, 5);
    bus.add(device_b, 6);
    bus.station(1).application->alarm = hex("71 04");
    link::FcbImages images;
    const AlarmPollConfig config{.link = {}, .addresses = {5, 6, 7}};
    AlarmPoll first{config, images};
    run(first, bus);
    BOOST_REQUIRE(first.answers().size() == 3U);
    BOOST_TEST(first.answers()[0].frame.empty());
    BOOST_TEST(fault_of(first.answers()[0].fault) == "none");
    BOOST_TEST(to_hex(first.answers()[1].frame) == "68 04 04 68 08 06 71 04 83 16");
    BOOST_TEST(fault_of(first.answers()[2].fault) == "silence");
    AlarmPoll second{config, images};
    run(second, bus);
    const auto& requests = bus.requests();
    BOOST_TEST(to_hex(requests[0]) == "10 7A 05 7F 16");
    BOOST_TEST(to_hex(requests[1]) == "10 7A 06 80 16");
    BOOST_TEST(to_hex(requests[2]) == "10 7A 07 81 16");
    BOOST_TEST(to_hex(requests[5]) == "10 5A 05 5F 16");
    BOOST_TEST(to_hex(requests[6]) == "10 5A 06 60 16");
    BOOST_TEST(to_hex(requests[7]) == "10 7A 07 81 16");
}

// ---- many meters

BOOST_AUTO_TEST_CASE(a_meter_that_fails_stops_nobody_and_is_read_again) {
    StationBus bus;
    for (std::uint8_t address = 1; address <= 5; ++address) {
        bus.add({0x11111110U + address, 0x4024, 1, 7}, address, 2);
    }
    // Meter 2 is without power until the others have been read; meter 4 for ever.
    bus.station(1).powered = false;
    bus.station(3).powered = false;
    bus.before = [&](std::size_t n) {
        const Bytes& request = bus.requests()[n];
        bus.station(1).powered = bus.station(1).powered || request[2] == 5;
    };
    std::vector<ReadoutConfig> meters;
    for (std::uint8_t address = 1; address <= 5; ++address) {
        meters.push_back({.target = address});
    }
    Collection job{meters};
    run(job, bus);
    BOOST_TEST(fault_of(job.fault()) == "silence");
    for (std::size_t i = 0; i < meters.size(); ++i) {
        const Collected& result = job.results()[i];
        BOOST_TEST(fault_of(result.fault) == (i == 3 ? "silence" : "none"));
        BOOST_TEST(result.telegrams.size() == (i == 3 ? 0U : 2U));
        BOOST_TEST(result.readings == (i == 1 || i == 3 ? 2 : 1));
    }
}

// A meter that is always too late is waited for in the second round.
BOOST_AUTO_TEST_CASE(a_late_meter_is_read_with_a_longer_wait) {
    StationBus bus;
    bus.add(device_a, 5, 2, {}, {{}, 205ms});
    Collection job{{{.target = std::uint8_t{5}}}};
    run(job, bus);
    BOOST_TEST(fault_of(job.fault()) == "none");
    BOOST_TEST(job.results()[0].telegrams.size() == 2U);
    BOOST_TEST(job.results()[0].readings == 2);
    BOOST_TEST(job.notes().late > 0U);
}

// ---- single faults of every frame

// The words: nothing is lost and nothing doubled when any single frame either way is lost,
// garbled or late.
BOOST_AUTO_TEST_CASE(a_readout_loses_and_doubles_nothing) {
    constexpr std::size_t telegrams = 4;
    for (const bool secondary : {false, true}) {
        const Target target =
            secondary ? Target{selection("1111111124400107")} : Target{std::uint8_t{5}};
        for (std::size_t n = 0; n < telegrams + 3; ++n) {
            for (const int trouble : {0, 1, 2, 3, 4}) {
                StationBus bus;
                bus.add(device_a, 5, telegrams);
                bus.request_arrives = [&](std::size_t i, std::size_t) {
                    return trouble != 0 || i != n;
                };
                bus.octet_passes = [&](std::size_t i, Octet& octet) {
                    if (i == n && trouble == 2) {
                        octet.errors = OctetErrors::parity;
                    }
                    return trouble != 1 || i != n;
                };
                bus.answer_leaves = [&](std::size_t i, StationBus::Answer& answer) {
                    answer.start += i == n && trouble == 3 ? 185ms : 0ms;
                    answer.start += i == n && trouble == 4 ? 300ms : 0ms;
                    return true;
                };
                Readout job{{.target = target}};
                run(job, bus);
                BOOST_TEST_CONTEXT("exchange " << n << " trouble " << trouble) {
                    BOOST_TEST(fault_of(job.fault()) == "none");
                    BOOST_REQUIRE(job.telegrams().size() == telegrams);
                    for (std::size_t i = 0; i < telegrams; ++i) {
                        BOOST_TEST(job.telegrams()[i].frame[21] == i);
                    }
                }
            }
        }
    }
}

// Power lost between selection and request: named, and read again when it is back.
BOOST_AUTO_TEST_CASE(a_lost_selection_is_made_again_or_named) {
    for (const bool comes_back : {true, false}) {
        StationBus bus;
        bus.add(device_a, 5, 2);
        int requests = 0;
        bus.before = [&](std::size_t n) {
            const Bytes& request = bus.requests()[n];
            if (request.size() == 5 && (request[1] & 0x0FU) == 0x0B && ++requests <= 3) {
                bus.station(0).link->restart(bus.now());
                bus.station(0).powered = comes_back;
            }
        };
        Readout job{{.target = selection("1111111124400107")}};
        run(job, bus);
        BOOST_TEST(fault_of(job.fault()) == (comes_back ? "none" : "not-selected"));
        BOOST_TEST(job.reselected() == 1);
        BOOST_TEST(job.telegrams().size() == (comes_back ? 2U : 0U));
    }
}

BOOST_AUTO_TEST_CASE(an_echo_is_noted_and_everything_works) {
    StationBus bus;
    bus.echo = true;
    bus.add(device_a, 5, 3);
    Readout job{{.target = std::uint8_t{5}}};
    run(job, bus);
    BOOST_TEST(fault_of(job.fault()) == "none");
    BOOST_TEST(job.telegrams().size() == 3U);
    BOOST_TEST(job.notes().echo);
}

// A cable cut in the middle of an answer: what was heard broke off, and then nothing.
BOOST_AUTO_TEST_CASE(a_cut_cable_is_told_from_silence_and_noise) {
    StationBus bus;
    bus.add(device_a, 5);
    std::size_t heard = 0;
    bus.octet_passes = [&](std::size_t n, Octet&) { return n == 0 || ++heard <= 9; };
    Readout cut{{.target = std::uint8_t{5}}};
    run(cut, bus);
    BOOST_TEST(fault_of(cut.fault()) == "truncated");
    StationBus noisy;
    noisy.before = [&](std::size_t n) {
        if (n == 0) {
            noisy.babble(noisy.now() + 20ms, 2);
        }
    };
    Readout noise{{.target = std::uint8_t{5}}};
    run(noise, noisy);
    BOOST_TEST(fault_of(noise.fault()) == "noise");
}

BOOST_AUTO_TEST_SUITE_END()
