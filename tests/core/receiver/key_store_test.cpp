// SPDX-License-Identifier: Apache-2.0
// Purpose: keys are found by manufacturer and identification, among any number of them.
#include "core/receiver/key_store.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core;
using namespace meterbench::core::receiver;

namespace {

security::Key key(std::uint32_t seed) {
    security::Key made{.size = 16};
    for (std::size_t i = 0; i < 4; ++i) {
        made.storage[i] = static_cast<std::uint8_t>(seed >> 8U * i);
    }
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_store)

BOOST_AUTO_TEST_CASE(the_manufacturers_own_goes_first) {
    KeyStore keys;
    BOOST_TEST(keys.find(1, 5).count == 0U);
    keys.add({5, 0, key(1)});
    keys.add({5, 0x2C2D, key(2)});
    BOOST_TEST((*keys.find(0x2C2D, 5).keys[0] == key(2)));
    BOOST_TEST((*keys.find(0x1234, 5).keys[0] == key(1)));
    BOOST_TEST(keys.find(0x2C2D, 5).named);
    keys.add({5, 0x2C2D, key(3)});
    BOOST_TEST((*keys.find(0x2C2D, 5).keys[0] == key(3)), "takes the place of the one before");
    BOOST_TEST(keys.size() == 2U);
}

BOOST_AUTO_TEST_CASE(eight_without_an_identification) {
    KeyStore keys;
    for (std::uint32_t i = 0; i < max_nameless_keys; ++i) {
        BOOST_TEST(keys.add_nameless(key(i)));
    }
    BOOST_TEST(!keys.add_nameless(key(99)));
    BOOST_TEST(keys.find(1, 1).count == max_nameless_keys);
    BOOST_TEST(!keys.find(1, 1).named);
    keys.add({1, 0, key(50)});
    BOOST_TEST(keys.find(1, 1).count == 1U, "a device with a key of its own has no other");
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand) {
    constexpr std::uint32_t count = 100'000;
    KeyStore keys;
    for (std::uint32_t i = 0; i < count; ++i) {
        keys.add({0x1000'0000 + i, static_cast<std::uint16_t>(i % 3), key(i)});
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto found = keys.find(static_cast<std::uint16_t>(i % 3), 0x1000'0000 + i);
        BOOST_TEST_REQUIRE(found.count == 1U);
        BOOST_TEST_REQUIRE((*found.keys[0] == key(i)));
    }
    BOOST_TEST(keys.find(0, 0x2000'0000).count == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
