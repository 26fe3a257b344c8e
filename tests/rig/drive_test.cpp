// SPDX-License-Identifier: Apache-2.0
// Purpose: drive() runs a procedure over a line to its end, and ends with the line when that is
// lost.
#include "core/link/secondary_station.hpp"
#include "core/master/readout.hpp"
#include "rig/drive.hpp"
#include "tests/support/fake_application.hpp"
#include "tests/support/fake_line.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(drive_over_a_line)

using namespace meterbench::core;
using namespace meterbench::core::master;
using namespace meterbench::rig;
using namespace std::chrono_literals;
using meterbench::tests::at;
using meterbench::tests::FakeApplication;
using meterbench::tests::FakeLine;
using meterbench::tests::hex;
using meterbench::tests::octets;
using meterbench::tests::to_hex;

namespace {

/// A meter at address 5 behind the line.
struct Meter {
    FakeApplication application{2};
    link::SecondaryStation station{{.address = 5}, application};
    std::vector<Octet> answer(const FakeLine::Sent& request) {
        station.receive(octets(request.bytes, request.start));
        const auto transmission = station.transmit();
        if (!transmission) {
            return {};
        }
        auto heard = octets(transmission->bytes, transmission->not_before);
        station.sent(heard.back().end);
        return heard;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_reading_runs_to_its_end) {
    Meter meter;
    FakeLine line;
    line.answer = [&](const auto& request) { return meter.answer(request); };
    Readout readout{{.target = std::uint8_t{5}}};
    BOOST_TEST(drive(readout, line).has_value());
    BOOST_TEST(!readout.fault().has_value());
    BOOST_TEST(readout.telegrams().size() == 2U);
    BOOST_REQUIRE(line.log.size() == 3U);
    BOOST_TEST(to_hex(line.log[0].bytes) == "10 40 05 45 16");
    BOOST_TEST(to_hex(line.log[2].bytes) == "10 5B 05 60 16");
    BOOST_TEST(line.aborts == 0);
    // MB2-LL-021: 33 bit times after each answer, to the nanosecond.
    const Instant answer_end = line.log[0].end + character_bits.ceil(Baud{}) + bit_edge(Baud{}, 11);
    BOOST_TEST((line.log[1].start == answer_end + BitTime{33}.ceil(Baud{})));
}

BOOST_AUTO_TEST_CASE(silence_is_the_procedure_s_fault_not_the_line_s) {
    FakeLine line;
    Readout readout{{.target = std::uint8_t{5}}};
    BOOST_TEST(drive(readout, line).has_value());
    BOOST_TEST((readout.fault() == make_fault(FaultCode::silence)));
    BOOST_TEST(line.log.size() == 3U);
}

// At any instant of the reading: sending, waiting, hearing.
BOOST_AUTO_TEST_CASE(a_lost_line_ends_it_at_once) {
    for (Duration lost = 0ms; lost < 240ms; lost += 7ms) {
        Meter meter;
        FakeLine line;
        line.answer = [&](const auto& request) { return meter.answer(request); };
        line.lost_at = at(lost);
        Readout readout{{.target = std::uint8_t{5}}};
        const auto result = drive(readout, line);
        BOOST_REQUIRE(!result);
        BOOST_TEST((result.error().code == FaultCode::port_lost));
        BOOST_TEST((line.now() == at(lost)));
        const bool sending = !line.log.empty() && line.log.back().end > at(lost);
        if (sending) {
            BOOST_TEST(line.aborts == 1);
            BOOST_TEST((readout.fault() == make_fault(FaultCode::port_lost)));
        } else {
            BOOST_TEST(line.aborts == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_procedure_that_is_done_touches_nothing) {
    FakeLine line;
    Readout readout{{.target = std::uint8_t{5}}};
    readout.aborted(at(0ms));
    BOOST_REQUIRE(readout.done());
    BOOST_TEST(drive(readout, line).has_value());
    BOOST_TEST(line.log.empty());
    BOOST_TEST(line.deadlines.empty());
}

// An object that waits for nothing at all is asked again after a minute.
BOOST_AUTO_TEST_CASE(an_object_without_deadline_does_not_wait_for_ever) {
    struct Patient {
        int asked = 0;
        void receive(std::span<const Octet>) {}
        [[nodiscard]] std::optional<Transmission> transmit() const { return std::nullopt; }
        void sent(Instant) {}
        void aborted(Instant) {}
        [[nodiscard]] std::optional<Baud> listens() const { return std::nullopt; }
        void restart(Instant) {}
        [[nodiscard]] std::optional<Instant> deadline() const { return std::nullopt; }
        void expire(Instant) {}
        [[nodiscard]] bool done() { return ++asked > 3; }
    } patient;
    FakeLine line;
    BOOST_TEST(drive(patient, line).has_value());
    BOOST_TEST((line.now() == at(3min)));
}

BOOST_AUTO_TEST_SUITE_END()
