// SPDX-License-Identifier: Apache-2.0
// Purpose: voltages and currents of a bus at rest, against sums done by hand from the facts of
// EN 13757-2, 4.2 and 4.3: 1.5 mA a unit load, 29 Ohm for 350 m, 36 V and 24 V, 12 V to live on.
#include "sim/levels.hpp"
#include "sim/uart.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(levels)

using namespace meterbench::sim;
using meterbench::core::Baud;
namespace tolerance = boost::test_tools;

namespace {
constexpr double exact = 1e-9;

Load load(double unit_loads, std::optional<double> distance = {}) {
    Load made;
    made.unit_loads = unit_loads;
    made.distance_m = distance;
    return made;
}
} // namespace

// One meter at the end of 350 m: 1.5 mA through 29 Ohm is 43.5 mV.
BOOST_AUTO_TEST_CASE(a_single_meter_loses_next_to_nothing) {
    Levels bus;
    bus.set_load(0, load(1));
    BOOST_TEST(bus.rest_milliampere() == 1.5);
    BOOST_TEST(bus.at(0).mark_volt == 36 - 0.0435, tolerance::tolerance(exact));
    BOOST_TEST(bus.at(0).space_volt == 24 - 0.0435, tolerance::tolerance(exact));
    BOOST_TEST(bus.at(0).powered());
    BOOST_TEST(bus.at(0).hears());
}

// 250 unit loads at the end of a segment A: 375 mA, 10.875 V; space is still above 12 V. The
// standard's own limit, to which segment A was made.
BOOST_AUTO_TEST_CASE(a_full_segment_works) {
    Levels bus;
    for (std::size_t i = 0; i < 250; ++i) {
        bus.set_load(i, load(1));
    }
    BOOST_TEST(bus.rest_milliampere() == 375);
    BOOST_TEST(bus.at(249).space_volt == 24 - 10.875, tolerance::tolerance(exact));
    BOOST_TEST(bus.at(249).space_volt > 12);
    BOOST_TEST(bus.at(0).hears());
    // Three times the load: more than the converter gives.
    for (std::size_t i = 0; i < 250; ++i) {
        bus.set_load(i, load(3));
    }
    BOOST_TEST(bus.overloaded());
    BOOST_TEST(bus.mark_volt() == 0);
    BOOST_TEST(!bus.at(0).powered());
}

// Two meters, 100 m and 350 m away: the first piece of cable carries both.
BOOST_AUTO_TEST_CASE(what_flows_through_a_piece_of_cable_is_drawn_beyond_it) {
    Levels bus;
    bus.set_load(0, load(4, 350));
    bus.set_load(1, load(2, 100));
    const double ohm_per_m = 29.0 / 350;
    const double first = 9e-3 * 100 * ohm_per_m;
    BOOST_TEST(bus.at(1).mark_volt == 36 - first, tolerance::tolerance(exact));
    BOOST_TEST(bus.at(0).mark_volt == 36 - first - 6e-3 * 250 * ohm_per_m,
               tolerance::tolerance(exact));
    bus.remove_load(0);
    BOOST_TEST(bus.at(1).mark_volt == 36 - 3e-3 * 100 * ohm_per_m, tolerance::tolerance(exact));
    BOOST_TEST(bus.at(0).mark_volt == 0);
}

// The loops of the segments stay below 30 and 90 Ohm where the annex says so.
BOOST_AUTO_TEST_CASE(segments_have_the_resistance_of_the_annex) {
    for (const Segment& segment : segments) {
        const double loop = segment.distance_m * segment.ohm_per_m();
        if (segment.name <= "B") {
            BOOST_TEST(loop < 30, segment.name);
        } else if (segment.name <= "D") {
            BOOST_TEST(loop < 90, segment.name);
        }
        // At its highest rate the edges of a segment are read as they were sent.
        Levels bus;
        bus.set_segment(segment);
        Character character{.baud = Baud{segment.baud}, .bits = character_pattern(0x55, {}, 1)};
        BOOST_TEST(slow_edges(character, bus.time_constant()) == character.bits, segment.name);
    }
    BOOST_TEST(!find_segment("G"));
}

BOOST_AUTO_TEST_CASE(what_can_go_wrong_with_the_supply) {
    Levels bus;
    bus.set_load(0, load(1, 50));
    bus.set_load(1, load(1, 300));
    bus.set_break(100.0);
    BOOST_TEST(bus.at(0).powered());
    BOOST_TEST(!bus.at(1).powered(), "behind the break");
    BOOST_TEST(bus.rest_milliampere() == 1.5);
    bus.set_break(std::nullopt);
    bus.set_short(true);
    BOOST_TEST(!bus.at(0).powered());
    bus.set_short(false);
    bus.set_off(true);
    BOOST_TEST(bus.mark_volt() == 0);
    bus.set_off(false);

    Converter weak;
    weak.mark_volt = 18;
    bus.set_converter(weak);
    BOOST_TEST(bus.at(0).powered());
    BOOST_TEST(!bus.at(0).hears(), "below 21 V");
    Converter flat;
    flat.step_volt = 6;
    bus.set_converter(flat);
    BOOST_TEST(!bus.at(0).hears(), "a step of 6 V is no space");
    bus.set_converter({});
    Load dull = *bus.load(0);
    dull.detection_volt = 13;
    bus.set_load(0, dull);
    BOOST_TEST(!bus.at(0).hears(), "it needs more than the 12 V there are");
    dull.detection_volt = 8;
    dull.lowest_mark_volt = 37;
    bus.set_load(0, dull);
    BOOST_TEST(!bus.at(0).hears(), "it needs more than the 36 V there are");
    bus.set_load(0, load(1, 50));
    bus.set_leak(400);
    BOOST_TEST(bus.at(1).mark_volt < 36 - 0.4 * 29 * 300 / 350, "400 mA through 300 m");
}

// A bit of 104 us and a time constant of 200 us: in its middle a space has come to 23 % of its way.
BOOST_AUTO_TEST_CASE(slow_edges_swallow_short_spaces) {
    Character character{.baud = Baud{9600}, .bits = character_pattern(0xFF, {}, 1)};
    BOOST_TEST(!edges_are_slow(character.baud, 5e-6));
    BOOST_TEST(edges_are_slow(character.baud, 200e-6));
    BOOST_TEST((slow_edges(character, 200e-6) & 1U) == 1U, "the start bit is not seen");
    BOOST_TEST(slow_edges(character, 10e-6) == character.bits);
}

BOOST_AUTO_TEST_SUITE_END()
