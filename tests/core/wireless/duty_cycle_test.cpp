// SPDX-License-Identifier: Apache-2.0
// Purpose: on-air time over any hour, per band (facts E.1; MB4-RF-001 to 005, 013), against a sum
// over all bursts ever sent.
#include "core/wireless/duty_cycle.hpp"
#include "core/wireless/mode.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

BOOST_AUTO_TEST_SUITE(wireless_duty_cycle)

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using namespace std::chrono_literals;

namespace {

Instant at(Duration time) {
    return Instant{time};
}

struct Sent {
    Instant start;
    Instant end;
};

Duration sum_within(const std::vector<Sent>& bursts, Instant end) {
    Duration sum{};
    for (const Sent& burst : bursts) {
        const Instant from = std::max(burst.start, end - 1h);
        const Instant to = std::min(burst.end, end);
        sum += std::max(to - from, Duration{});
    }
    return sum;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_bands_of_the_modes) {
    struct Key {
        Mode mode;
        Direction direction;
        std::int32_t ppm;
        Duration an_hour;
    };
    using enum Direction;
    constexpr Key keys[]{
        {Mode::s2, meter_to_other, 10'000, 36s},   {Mode::t2, other_to_meter, 10'000, 36s},
        {Mode::r2, meter_to_other, 10'000, 36s},   {Mode::t1, meter_to_other, 1'000, 3600ms},
        {Mode::c1, meter_to_other, 1'000, 3600ms}, {Mode::c2, other_to_meter, 100'000, 360s},
        {Mode::n1, meter_to_other, 100'000, 360s}, {Mode::f2, other_to_meter, 100'000, 360s}};
    for (const Key& key : keys) {
        const BandRow* const band =
            band_of(find_mode(key.mode, key.direction)->channels.value.first);
        BOOST_REQUIRE(band != nullptr);
        BOOST_TEST(band->duty_cycle_ppm == key.ppm, name_of(key.mode));
        std::array<DutyCycle::Burst, 2> storage{};
        BOOST_TEST((DutyCycle{key.ppm, storage}.limit() == key.an_hour));
    }
    BOOST_TEST((band_of({870'000'000}) == nullptr));
}

// A window by the clock would allow twice the limit around its border.
BOOST_AUTO_TEST_CASE(the_hour_slides) {
    std::array<DutyCycle::Burst, 16> storage{};
    DutyCycle cycle{1'000, storage};
    cycle.sent(at(59min), at(59min + 3s));
    BOOST_TEST(cycle.allows(at(61min), 600ms));
    BOOST_TEST(!cycle.allows(at(61min), 601ms));
    BOOST_TEST((cycle.earliest(at(61min), 601ms) == at(59min + 1h + 1ms - 601ms)));
    BOOST_TEST(cycle.allows(at(59min + 3s + 1h), 3600ms));
    BOOST_TEST(!cycle.earliest(at(0s), 3601ms).has_value(), "longer than the limit");
}

BOOST_AUTO_TEST_CASE(sums_and_earliest_instants_are_those_of_all_bursts) {
    std::mt19937 random{4};
    std::array<DutyCycle::Burst, 512> storage{};
    DutyCycle cycle{1'000, storage};
    std::vector<Sent> all;
    Instant now{};
    for (unsigned i = 0; i < 1500; ++i) {
        now += Duration{random() % 60'000'000'000};
        const Duration on_air{1'000'000 + random() % 500'000'000};
        BOOST_TEST((cycle.used(now) == sum_within(all, now)));
        const auto start = cycle.earliest(now, on_air);
        BOOST_REQUIRE(start.has_value());
        BOOST_TEST((*start >= now));
        BOOST_TEST(cycle.allows(*start, on_air));
        BOOST_TEST((*start == now || !cycle.allows(*start - 1ns, on_air)), "not a moment later");
        now = *start + on_air;
        cycle.sent(*start, now);
        all.push_back({*start, now});
        BOOST_TEST((sum_within(all, now) <= 3600ms));
    }
    BOOST_TEST(cycle.exact());
}

BOOST_AUTO_TEST_CASE(too_little_storage_errs_on_the_safe_side) {
    std::mt19937 random{5};
    std::array<DutyCycle::Burst, 8> storage{};
    DutyCycle cycle{10'000, storage};
    std::vector<Sent> all;
    Instant now{};
    for (unsigned i = 0; i < 300; ++i) {
        now += Duration{random() % 60'000'000'000};
        const Instant end = now + 50ms;
        cycle.sent(now, end);
        all.push_back({now, end});
        now = end;
        BOOST_TEST((cycle.used(now) >= sum_within(all, now)));
    }
    BOOST_TEST(!cycle.exact());
}

BOOST_AUTO_TEST_SUITE_END()
