// SPDX-License-Identifier: Apache-2.0
// Purpose: full, format and compact frames (EN 13757-3:2018 annex G): signature, CRC, cache.
#include "bytes_of.hpp"
#include "core/application/compact.hpp"
#include "core/bytes/crc.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <optional>

using namespace meterbench::core;
using namespace meterbench::core::application;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;

namespace {
// EN 13757-3:2018 G.5.2: energy, volume, power.
const auto records = bytes_of("02 02 D2 04 02 15 2E 16 02 2A 34 23");
const auto format_content = bytes_of("08 31 3B 02 02 02 15 02 2A");
const auto compact_content = bytes_of("31 3B 42 A6 D2 04 2E 16 34 23");
} // namespace

BOOST_AUTO_TEST_SUITE(compact)

BOOST_AUTO_TEST_CASE(signature_and_crc_of_the_standards_example) {
    std::array<std::uint8_t, 252> buffer;
    const auto made = encode_compact(records, buffer);
    BOOST_REQUIRE(made);
    BOOST_TEST(hex_of(std::span{buffer}.first(*made)) == hex_of(compact_content));
    const auto format = encode_format(records, buffer);
    BOOST_REQUIRE(format);
    BOOST_TEST(hex_of(std::span{buffer}.first(*format)) == hex_of(format_content));
}

BOOST_AUTO_TEST_CASE(a_compact_frame_becomes_the_full_one) {
    const auto format = decode_format(format_content);
    const auto compact = decode_compact(compact_content);
    BOOST_REQUIRE(format);
    BOOST_REQUIRE(compact);
    std::array<std::uint8_t, 252> buffer;
    const auto size = expand_compact(*compact, format->format, buffer);
    BOOST_REQUIRE(size);
    BOOST_TEST(hex_of(std::span{buffer}.first(*size)) == hex_of(records));
}

BOOST_AUTO_TEST_CASE(a_real_pair) {
    // Kamstrup: the full frame's format serves a later compact frame with other values.
    const auto full =
        bytes_of("03 06 EB 24 00 43 06 E7 23 00 03 14 28 5E 00 42 6C BF 2C 02 2D 03 00 01 "
                 "FF 21 00");
    const auto later = bytes_of("E7 F1 A3 FC ED 24 00 E7 23 00 2E 5E 00 BF 2C 0D 00 00");
    const DeviceId device{0x12345678, 0x2C2D, 1, 4};
    FormatCache cache;
    cache.learn_records(device, full);
    const auto compact = decode_compact(later);
    const auto format = cache.find(FormatCache::key_of(device, compact->signature));
    BOOST_TEST_REQUIRE(!format.empty());
    std::array<std::uint8_t, 252> buffer;
    BOOST_TEST(expand_compact(*compact, format, buffer).has_value());
    BOOST_TEST(cache.find(FormatCache::key_of({}, compact->signature)).empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_named) {
    const auto code = [](const auto& result) { return result ? "" : name_of(result.error().code); };
    auto broken = compact_content;
    broken[4] ^= 1;
    std::array<std::uint8_t, 252> buffer;
    const auto format = std::span{format_content}.subspan(3);
    BOOST_TEST(code(expand_compact(*decode_compact(broken), format, buffer)) ==
               "full-frame-crc-mismatch");
    BOOST_TEST(code(expand_compact(*decode_compact(compact_content), format.first(4), buffer)) ==
               "format-mismatch");
    BOOST_TEST(code(expand_compact(*decode_compact(compact_content), format,
                                   std::span{buffer}.first(5))) == "data-too-long");
    auto wrong = format_content;
    wrong[3] ^= 1;
    BOOST_TEST(code(decode_format(wrong)) == "signature-mismatch");
    wrong = format_content;
    wrong[0] = 7;
    BOOST_TEST(code(decode_format(wrong)) == "format-mismatch");
    BOOST_TEST(code(decode_compact(std::span{compact_content}.first(3))) == "format-mismatch");
}

BOOST_AUTO_TEST_CASE(variable_lengths_are_data) {
    const auto variable = bytes_of("0D FD 11 03 43 42 41 01 13 05");
    std::array<std::uint8_t, 252> content;
    std::array<std::uint8_t, 252> format;
    std::array<std::uint8_t, 252> full;
    const auto compact_size = encode_compact(variable, content);
    const auto format_size = format_of(variable, format);
    BOOST_TEST(hex_of(std::span{format}.first(*format_size)) == "0DFD110113");
    const auto size = expand_compact(*decode_compact(std::span{content}.first(*compact_size)),
                                     std::span{format}.first(*format_size), full);
    BOOST_REQUIRE(size);
    BOOST_TEST(hex_of(std::span{full}.first(*size)) == hex_of(variable));
}

BOOST_AUTO_TEST_CASE(the_cache_is_bounded_and_forgets_the_least_used) {
    FormatCache cache{2};
    const auto key = [](std::uint16_t signature) { return FormatCache::Key{1, 2, 3, signature}; };
    const std::array<std::uint8_t, 1> format{0x13};
    cache.learn(key(1), format);
    cache.learn(key(2), format);
    BOOST_TEST(!cache.find(key(1)).empty());
    cache.learn(key(3), format);
    BOOST_TEST(cache.entries().size() == 2U);
    BOOST_TEST(cache.find(key(2)).empty());
    BOOST_TEST(!cache.find(key(1)).empty());
}

// EN 13757-3, annex G: the signature has 16 bits, so two formats may have the same one. Steps: find
// two, learn both, expand a compact frame of each. Expectation: the one that was learned last is
// expanded; the other fails by the CRC over the full frame, or does not fit, and gives no records.
BOOST_AUTO_TEST_CASE(two_formats_of_one_signature) {
    // Volumes with storage numbers of their own: of 2^16 + 1 formats two are alike.
    const auto records_of = [](std::uint32_t number) {
        std::vector<std::uint8_t> records;
        for (unsigned i = 0; i < 5; ++i) {
            const auto storage = static_cast<std::uint8_t>(number >> 4U * i & 0x0FU);
            const std::array<std::uint8_t, 5> record{0x82, storage, 0x13,
                                                     static_cast<std::uint8_t>(number),
                                                     static_cast<std::uint8_t>(number >> 8U)};
            records.insert(records.end(), record.begin(), record.end());
        }
        return records;
    };
    std::map<std::uint16_t, std::uint32_t> seen;
    std::optional<std::pair<std::uint32_t, std::uint32_t>> alike;
    for (std::uint32_t number = 0; number <= 0x10000 && !alike; ++number) {
        std::array<std::uint8_t, max_records> format;
        const auto size = format_of(records_of(number), format).value();
        const auto signature = meterbench::core::bytes::crc_en13757(std::span{format}.first(size));
        const auto [known, fresh] = seen.emplace(signature, number);
        if (!fresh) {
            alike = {known->second, number};
        }
    }
    BOOST_REQUIRE(alike.has_value());
    const DeviceId device{0x12345678, 0x2C2D, 1, 7};
    FormatCache cache;
    const auto expanded = [&](std::uint32_t number) {
        std::array<std::uint8_t, max_records> content;
        const auto size = encode_compact(records_of(number), content).value();
        const auto compact = decode_compact(std::span{content}.first(size)).value();
        const auto format = cache.find(FormatCache::key_of(device, compact.signature));
        std::array<std::uint8_t, max_records> full;
        const auto made = expand_compact(compact, format, full);
        return made ? hex_of(std::span{full}.first(*made))
                    : std::string{name_of(made.error().code)};
    };
    for (const auto& [last, other] : {*alike, std::pair{alike->second, alike->first}}) {
        cache.learn_records(device, records_of(other));
        cache.learn_records(device, records_of(last));
        BOOST_TEST(cache.entries().size() == 1U);
        BOOST_TEST(expanded(last) == hex_of(records_of(last)));
        BOOST_TEST(expanded(other) == "full-frame-crc-mismatch");
    }
}

BOOST_AUTO_TEST_SUITE_END()
