// SPDX-License-Identifier: Apache-2.0
// Purpose: what a meter draws follows its faults, and nothing else.
#include "models/meter_load.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace meterbench;
using core::Instant;
using models::MeterLoad;
using std::chrono::milliseconds;

namespace {

Instant at(int ms) {
    return Instant{milliseconds{ms}};
}

/// Unit loads from now on; -1: as before.
double drawn(MeterLoad& load, double volt, int ms) {
    const auto next = load.draw(volt, at(ms));
    return next ? next->unit_loads : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(meter_load)

BOOST_AUTO_TEST_CASE(without_a_fault_it_is_constant) {
    MeterLoad load;
    load.load.unit_loads = 2;
    BOOST_TEST(drawn(load, 0, 0) == 2);
    for (int ms = 1; ms < 3000; ms += 7) {
        BOOST_TEST(drawn(load, ms % 42, ms) == -1);
    }
    BOOST_TEST(!load.changes().has_value());
    load.load.space_milliampere = 5; // another load, though it draws the same
    BOOST_TEST(drawn(load, 36, 3000) == 2);
}

BOOST_AUTO_TEST_CASE(a_slope_is_counted_from_the_highest_voltage) {
    MeterLoad load;
    load.faults.slope_milliampere = 0.015; // 1 % of a unit load
    BOOST_TEST(drawn(load, 42, 0) == 1);
    BOOST_TEST(drawn(load, 32, 0) == 0.9, boost::test_tools::tolerance(1e-9));
}

// What it draws moves its voltage along the cable, and that moves what it draws: this ends.
BOOST_AUTO_TEST_CASE(a_slope_comes_to_rest) {
    MeterLoad load;
    load.faults.slope_milliampere = 0.1;
    double volt = 36;
    int steps = 0;
    for (auto next = load.draw(volt, at(0)); next; next = load.draw(volt, at(0))) {
        volt = 36 - next->unit_loads * 1.5e-3 * 100; // 100 Ohm
        BOOST_REQUIRE(++steps < 20);
    }
}

BOOST_AUTO_TEST_CASE(a_surge_follows_a_rise_and_ends) {
    MeterLoad load;
    load.faults.surge = milliseconds{5};
    BOOST_TEST(drawn(load, 36, 0) == 2, "switched on");
    BOOST_TEST((load.changes() == at(5)));
    BOOST_TEST(drawn(load, 36, 4) == -1);
    BOOST_TEST(drawn(load, 36, 5) == 1);
    BOOST_TEST(!load.changes().has_value());
    BOOST_TEST(drawn(load, 30, 10) == -1, "a drop");
    BOOST_TEST(drawn(load, 30.5, 10) == -1, "no step");
    BOOST_TEST(drawn(load, 42, 20) == 2);
}

BOOST_AUTO_TEST_CASE(unsteady_is_every_other_second) {
    MeterLoad load;
    load.faults.unsteady = 0.05;
    BOOST_TEST(drawn(load, 36, 200) == 1);
    BOOST_TEST((load.changes() == at(1000)));
    BOOST_TEST(drawn(load, 36, 1000) == 0.95, boost::test_tools::tolerance(1e-9));
    BOOST_TEST((load.changes() == at(2000)));
    BOOST_TEST(drawn(load, 36, 2000) == 1);
}

BOOST_AUTO_TEST_CASE(more_at_the_start) {
    MeterLoad load;
    load.faults.start_times = 3;
    BOOST_TEST(drawn(load, 9, 0) == 3);
    BOOST_TEST(drawn(load, 12, 0) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
