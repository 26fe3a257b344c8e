// SPDX-License-Identifier: Apache-2.0
// Purpose: the profiles that come along make meters whose values can be sent at any time of a long
// life and fit each other.
#include "core/application/telegram.hpp"
#include "core/bytes/decimal.hpp"
#include "models/meter_factory.hpp"
#include "paths.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

BOOST_AUTO_TEST_SUITE(profiles)

using namespace meterbench;
using namespace std::chrono_literals;
using core::application::Quantity;
using core::application::Record;
using core::application::RecordReader;

namespace {

core::device::RecordMeter meter_of(const std::string& name) {
    const std::filesystem::path folder{METERBENCH_SOURCE_DIR "/scenarios/profiles"};
    const auto profile = formats::load_meter_profile(folder / (name + ".json"));
    BOOST_REQUIRE_MESSAGE(profile, profile.error());
    const auto meter = models::make_record_meter(*profile, "12345678");
    BOOST_REQUIRE_MESSAGE(meter, meter.error());
    return *meter;
}

/// Calls `see` with each record of a whole read-out at that time.
template <class See> void read(core::device::RecordApplication& meter, core::Instant now, See see) {
    meter.class2().rewind();
    for (std::size_t i = 0; i < meter.meter().telegrams.size(); ++i) {
        const auto telegram = meter.class2().next(now);
        const auto decoded = core::application::decode_telegram(telegram.user_data);
        BOOST_REQUIRE(!decoded.fault);
        RecordReader reader = decoded.records();
        Record record;
        while (reader.next(record) == RecordReader::Step::record) {
            see(record);
        }
        BOOST_REQUIRE(reader.next(record) == RecordReader::Step::end);
        BOOST_REQUIRE(reader.more_follows() == (i + 1 < meter.meter().telegrams.size()));
    }
}

constexpr std::array names{"breaker", "electricity",         "gas",  "heat",
                           "valve",   "heat-cost-allocator", "water"};

} // namespace

BOOST_AUTO_TEST_CASE(each_lives_for_twenty_years) {
    std::set<std::string> device_types;
    for (const char* const name : names) {
        core::device::RecordApplication meter{meter_of(name)};
        BOOST_REQUIRE(meter.check().has_value());
        device_types.insert(std::to_string(meter.meter().device.device_type));
        for (int day = 0; day < 20 * 365; day += 31) {
            read(meter, core::Instant{24h * day}, [&](const Record& record) {
                BOOST_TEST(record.error == 0, name << ", day " << day);
                BOOST_TEST((record.value.invalid == core::application::Invalid::none), name);
                BOOST_TEST((record.quantity != Quantity::unknown), name);
            });
        }
    }
    BOOST_TEST(device_types.size() == names.size());
}

// The tariffs add up to the total at every time, and 640 W are 640 Wh an hour.
BOOST_AUTO_TEST_CASE(electricity_adds_up) {
    core::device::RecordApplication meter{meter_of("electricity")};
    for (const auto hour : {0h, 1h, 17h, 1000h, 100'000h}) {
        std::int64_t total = 0;
        std::int64_t tariffs = 0;
        read(meter, core::Instant{hour}, [&](const Record& record) {
            if (record.quantity == Quantity::energy) {
                const auto energy = static_cast<std::int64_t>(record.value.magnitude);
                (record.tariff == 0 ? total : tariffs) += energy;
            }
        });
        BOOST_TEST(total == tariffs, hour.count() << " h");
        BOOST_TEST(total == 471123 + 64 * hour.count());
    }
}

// What grows in an hour is the power, or the flow, that the meter shows.
BOOST_AUTO_TEST_CASE(growth_is_what_is_shown) {
    const auto growth = [](const core::device::RecordMeter& meter, Quantity counter,
                           Quantity rate) {
        std::optional<core::bytes::Decimal> grown;
        std::optional<core::bytes::Decimal> shown;
        for (const core::device::Point& point : meter.points) {
            const bool now = point.spec.storage == 0 && point.spec.tariff == 0 &&
                             point.spec.function == core::application::Function::instantaneous;
            if (now && point.spec.quantity == counter) {
                grown = point.per_hour;
            }
            if (now && point.spec.quantity == rate) {
                shown = point.spec.value;
            }
        }
        return grown && shown && core::bytes::compare(*grown, *shown) == 0;
    };
    BOOST_TEST(growth(meter_of("heat"), Quantity::energy, Quantity::power));
    BOOST_TEST(growth(meter_of("heat"), Quantity::volume, Quantity::volume_flow));
    BOOST_TEST(growth(meter_of("water"), Quantity::volume, Quantity::volume_flow));
    BOOST_TEST(growth(meter_of("electricity"), Quantity::energy, Quantity::power));
}

BOOST_AUTO_TEST_SUITE_END()
