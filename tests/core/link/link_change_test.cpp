// SPDX-License-Identifier: Apache-2.0
// Purpose: what a command sets of a meter's link layer: primary address and baud rate (facts B.9,
// G.3; MB2-LL-058, -061, MB2-PH-034, MB3-AP-010).
#include "tests/support/link_meter.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(link_change)

using namespace meterbench::core;
using namespace meterbench::core::link;
using namespace meterbench::tests::link_meter;
using namespace std::chrono_literals;
using meterbench::tests::hex;
using meterbench::tests::octets;

namespace {

/// A meter that has just been told a new rate.
Meter switched(Baud from, Baud to) {
    Meter meter{3, from};
    meter.application.link_change.baud = to;
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 5, hex("BD"))) == ack);
    return meter;
}

} // namespace

// MB3-AP-010: acknowledged with the old address, then only the new one is its own.
BOOST_AUTO_TEST_CASE(a_new_primary_address) {
    Meter meter;
    meter.application.link_change.address = 8;
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 5, hex("51 01 7A 08"))) == ack);
    BOOST_TEST(meter.station.address() == 8);
    BOOST_TEST(meter.reset(5) == silence);
    BOOST_TEST(meter.reset(8) == ack);
    meter.station.restart(meter.now);
    BOOST_TEST(meter.reset(8) == ack, "a power fail does not undo it");
}

// MB2-LL-058: E5h at the old rate, then the new one; a frame at it confirms it.
BOOST_AUTO_TEST_CASE(a_new_rate) {
    Meter meter{3, Baud{2400}};
    meter.application.link_change.baud = Baud{9600};
    meter.hear(long_frame(snd_ud(true), 5, hex("BD")));
    BOOST_TEST(meter.station.transmit()->baud.value == 2400U);
    BOOST_TEST(meter.station.listens()->value == 2400U);
    BOOST_TEST(meter.finish() == ack);
    BOOST_TEST(meter.station.listens()->value == 9600U);
    BOOST_TEST(meter.station.deadline().has_value());
    meter.baud = Baud{9600};
    meter.hear(short_frame(snd_nke, 5));
    BOOST_TEST(meter.station.transmit()->baud.value == 9600U);
    BOOST_TEST(meter.finish() == ack);
    BOOST_TEST(!meter.station.deadline());
    meter.station.restart(meter.now);
    BOOST_TEST(meter.station.listens()->value == 9600U, "MB2-PH-034: kept");
}

// MB2-LL-059: by broadcast it is executed, and not acknowledged.
BOOST_AUTO_TEST_CASE(a_new_rate_by_broadcast) {
    Meter meter{3, Baud{2400}};
    meter.application.link_change.baud = Baud{300};
    BOOST_TEST(meter.ask(long_frame(snd_ud(true), 0xFF, hex("B8"))) == silence);
    BOOST_TEST(meter.station.listens()->value == 300U);
}

// MB2-LL-061: nothing valid at the new rate, and the old one is back, not before.
BOOST_AUTO_TEST_CASE(the_old_rate_comes_back) {
    Meter meter = switched(Baud{2400}, Baud{9600});
    const Instant due = meter.station.deadline().value();
    BOOST_TEST((due == meter.now + meter.station.config().limits.rate_trial));
    BOOST_TEST((due - meter.now >= 2min), "the master may take two minutes (MB2-LL-060)");
    BOOST_TEST((due - meter.now <= 10min));
    meter.station.expire(due - 1ns);
    BOOST_TEST(meter.station.listens()->value == 9600U);
    meter.station.expire(due);
    BOOST_TEST(meter.station.listens()->value == 2400U);
    BOOST_TEST(!meter.station.deadline());
    BOOST_TEST(meter.reset() == ack);
}

// A frame that is not valid confirms nothing; a second switch that fails ends at the first rate.
BOOST_AUTO_TEST_CASE(what_does_not_confirm_a_rate) {
    Meter meter = switched(Baud{2400}, Baud{9600});
    meter.baud = Baud{9600};
    BOOST_TEST(meter.ask("10 40 05 46 16") == silence);
    BOOST_TEST(meter.station.deadline().has_value());
    meter.station.restart(meter.now);
    BOOST_TEST(meter.station.listens()->value == 2400U, "a power fail ends the trial");
}

BOOST_AUTO_TEST_SUITE_END()
