// SPDX-License-Identifier: Apache-2.0
// Purpose: bit times are exact rationals; they become whole nanoseconds once, at a known rate.
#include "core/time.hpp"

#include <array>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(time_line)

using namespace meterbench::core;
using namespace std::chrono_literals;

// MB2-PH-036: a character is 11 bit times: 4.583 ms at 2400 Bd.
BOOST_AUTO_TEST_CASE(a_character_at_each_rate) {
    struct Row {
        std::uint32_t baud;
        std::int64_t floor_ns;
        std::int64_t ceil_ns;
    };
    constexpr std::array rows{Row{300, 36'666'666, 36'666'667}, Row{600, 18'333'333, 18'333'334},
                              Row{1200, 9'166'666, 9'166'667},  Row{2400, 4'583'333, 4'583'334},
                              Row{4800, 2'291'666, 2'291'667},  Row{9600, 1'145'833, 1'145'834},
                              Row{19200, 572'916, 572'917},     Row{38400, 286'458, 286'459}};
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.baud << " Bd") {
            BOOST_TEST(character_bits.floor(Baud{row.baud}).count() == row.floor_ns);
            BOOST_TEST(character_bits.ceil(Baud{row.baud}).count() == row.ceil_ns);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_whole_number_of_nanoseconds_is_not_rounded) {
    constexpr BitTime three{3};
    BOOST_TEST((three.floor(Baud{300}) == 10ms));
    BOOST_TEST((three.ceil(Baud{300}) == 10ms));
    BOOST_TEST((BitTime{1, 2}.floor(Baud{500}) == 1ms));
}

// MB2-LL-017: 330 bit times + 50 ms, by the table of the facts (A.6).
BOOST_AUTO_TEST_CASE(the_reply_window_at_each_rate) {
    constexpr Limit latest{BitTime{330}, 50ms};
    BOOST_TEST((latest.floor(Baud{300}) == 1150ms));
    BOOST_TEST((latest.floor(Baud{600}) == 600ms));
    BOOST_TEST((latest.floor(Baud{1200}) == 325ms));
    BOOST_TEST((latest.ceil(Baud{2400}) == 187'500us));
    BOOST_TEST((latest.ceil(Baud{4800}) == 118'750us));
    BOOST_TEST((latest.ceil(Baud{9600}) == 84'375us));
    BOOST_TEST((latest.ceil(Baud{19200}) == 67'187'500ns));
    BOOST_TEST((latest.ceil(Baud{38400}) == 58'593'750ns));
}

// The n-th edge is floor(n * 1e9 / baud), whatever n: no rounding error adds up in a long frame.
BOOST_AUTO_TEST_CASE(edges_do_not_drift) {
    for (std::int64_t bit = 0; bit <= 261 * 11; ++bit) {
        BOOST_REQUIRE_EQUAL(bit_edge(Baud{2400}, bit).count(), bit * 1'000'000'000 / 2400);
    }
    BOOST_TEST((bit_edge(Baud{2400}, 24) == 10ms));
}

BOOST_AUTO_TEST_CASE(bit_times_compare_by_size) {
    BOOST_TEST((BitTime{1, 2} == BitTime{2, 4}));
    BOOST_TEST(!(BitTime{1, 2} == BitTime{1, 3}));
}

BOOST_AUTO_TEST_SUITE_END()
