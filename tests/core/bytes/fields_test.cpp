// SPDX-License-Identifier: Apache-2.0
// Purpose: fields are taken off and written least significant byte first, and never beyond the end.
#include "../application/bytes_of.hpp"
#include "core/bytes/fields.hpp"

#include <boost/test/unit_test.hpp>

using meterbench::core::bytes::FieldReader;
using meterbench::core::bytes::FieldWriter;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(numbers_go_least_significant_byte_first) {
    const auto from = bytes_of("01 0302 07060504 AABB");
    FieldReader reader{from};
    BOOST_TEST(reader.number(1) == 0x01U);
    BOOST_TEST(reader.number(2) == 0x0203U);
    BOOST_TEST(reader.number(4) == 0x04050607U);
    BOOST_TEST(reader.left() == 2U);
    BOOST_TEST(hex_of(reader.take(2)) == "AABB");
    BOOST_TEST(reader.left() == 0U);
    BOOST_TEST(!reader.too_short());
    std::array<std::uint8_t, 9> into{};
    FieldWriter writer{into};
    writer.number(0x01, 1);
    writer.number(0x0203, 2);
    writer.number(0x04050607, 4);
    writer.bytes(std::span{from}.last(2));
    BOOST_TEST(writer.fits());
    BOOST_TEST(writer.size() == 9U);
    BOOST_TEST((std::ranges::equal(into, from)));
}

// A field that does not fit takes nothing, and nothing behind it fits either: else the next shorter
// one would be read from its bytes.
BOOST_AUTO_TEST_CASE(what_does_not_fit_ends_it) {
    const auto from = bytes_of("010203");
    FieldReader reader{from};
    BOOST_TEST(reader.number(4) == 0U);
    BOOST_TEST(reader.too_short());
    BOOST_TEST(reader.number(1) == 0U);
    BOOST_TEST(reader.take(1).empty());
    BOOST_TEST(reader.left() == 3U);
}

BOOST_AUTO_TEST_CASE(a_writer_counts_on_and_writes_nothing_outside) {
    std::array<std::uint8_t, 4> memory{0xEE, 0xEE, 0xEE, 0xEE};
    FieldWriter writer{std::span{memory}.first(2)};
    writer.number(0x04030201, 4);
    BOOST_TEST(!writer.fits());
    BOOST_TEST(writer.size() == 4U);
    BOOST_TEST(hex_of(memory) == "0102EEEE");
}

BOOST_AUTO_TEST_SUITE_END()
