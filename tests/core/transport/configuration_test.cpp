// SPDX-License-Identifier: Apache-2.0
// Purpose: the configuration field of every security mode with its extension (EN 13757-7, 7.5.8;
// facts C.4).
#include "../application/bytes_of.hpp"
#include "core/transport/configuration.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core;
using namespace meterbench::core::transport;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;

namespace {

std::string code(const Expected<Configuration>& configuration) {
    return configuration ? "none" : std::string{name_of(configuration.error().code)};
}
std::string encoded(const Configuration& configuration) {
    std::array<std::uint8_t, 9> room{};
    const auto size = encode_configuration(configuration, room);
    BOOST_REQUIRE(size.has_value());
    return hex_of(std::span{room}.first(*size));
}

} // namespace

BOOST_AUTO_TEST_SUITE(configuration_field)

// Modes 0 and 5: B A S, mode, N, CC, R, H.
BOOST_AUTO_TEST_CASE(modes_0_and_5_have_the_link_bits) {
    for (const unsigned mode : {0U, 5U}) {
        struct Row {
            unsigned bit;
            bool synchronous, repeated, hop;
        };
        for (const Row& row : {Row{13, true, false, false}, Row{1, false, true, false},
                               Row{0, false, false, true}}) {
            const Configuration made{.field =
                                         static_cast<std::uint16_t>(mode << 8U | 1U << row.bit)};
            BOOST_TEST(made.synchronous() == row.synchronous);
            BOOST_TEST(made.repeated_access() == row.repeated);
            BOOST_TEST(made.hop() == row.hop);
        }
        const Configuration open{.field = static_cast<std::uint16_t>(mode << 8U | 0xC0F8U)};
        BOOST_TEST((open.accessibility() == wireless::Accessibility::always));
        BOOST_TEST(open.blocks() == 15);
        BOOST_TEST(open.content() == 2);
    }
    // The example of OMS Vol. 2 annex N: 2520h.
    const auto example = decode_configuration(0x2520, {}).value();
    BOOST_TEST((example.mode() == SecurityMode::aes_cbc_iv));
    BOOST_TEST(example.blocks() == 2);
    BOOST_TEST(example.synchronous());
    BOOST_TEST(example.extension_size == 0U);
    BOOST_TEST(encoded(example) == "2025");
}

// Mode 7, OMS Vol. 2 annex N: 0720h and 10h: two blocks, derivation 1, key 0.
BOOST_AUTO_TEST_CASE(mode_7) {
    const auto made = decode_configuration(0x0720, bytes_of("10AB")).value();
    BOOST_TEST((made.mode() == SecurityMode::aes_cbc_derived));
    BOOST_TEST(made.blocks() == 2);
    BOOST_TEST(made.derivation() == 1);
    BOOST_TEST(made.key_id() == 0);
    BOOST_TEST(!made.key_version.has_value());
    BOOST_TEST(!made.message_counter.has_value());
    BOOST_TEST(made.extension_size == 1U);
    BOOST_TEST(!made.synchronous(), "the link bits mean something else here");
    // Content 2, index 3, key version and counter behind the extension.
    const auto full = decode_configuration(0xA7F3, bytes_of("5E2A04030201")).value();
    BOOST_TEST(full.content() == 2);
    BOOST_TEST(full.content_index() == 3);
    BOOST_TEST(full.key_id() == 14);
    BOOST_TEST(*full.key_version == 0x2A);
    BOOST_TEST(*full.message_counter == 0x01020304U);
    BOOST_TEST(full.extension_size == 6U);
    BOOST_TEST(encoded(full) == "F3A75E2A04030201");
    BOOST_TEST(code(decode_configuration(0x0720, bytes_of("90"))) == "configuration-reserved");
}

// Mode 10, the layout example of the facts: 2A14h, 0110h, counter 11: 20 bytes, tag of 8.
BOOST_AUTO_TEST_CASE(mode_10) {
    const auto made = decode_configuration(0x2A14, bytes_of("10010B000000EE")).value();
    BOOST_TEST((made.mode() == SecurityMode::aes_ccm));
    BOOST_TEST(made.encrypted_bytes() == 20);
    BOOST_TEST(made.derivation() == 1);
    BOOST_TEST(made.key_id() == 0);
    BOOST_TEST(*made.message_counter == 11U);
    BOOST_TEST(made.extension_size == 6U);
    BOOST_TEST(encoded(made) == "142A10010B000000");
    const auto indexed = decode_configuration(0x0AFF, bytes_of("5F3D2A")).value();
    BOOST_TEST(indexed.content_index() == 15);
    BOOST_TEST(*indexed.key_version == 0x2A);
    for (const std::string_view reserved : {"1080", "1040", "9001"}) {
        BOOST_TEST(code(decode_configuration(0x0A14, bytes_of(reserved))) ==
                   "configuration-reserved");
    }
}

BOOST_AUTO_TEST_CASE(modes_8_9_and_13) {
    const auto gcm = decode_configuration(0x29FF, bytes_of("78563412")).value();
    BOOST_TEST((gcm.mode() == SecurityMode::aes_gcm));
    BOOST_TEST(*gcm.message_counter == 0x12345678U);
    BOOST_TEST(gcm.extension_size == 4U);
    BOOST_TEST(!decode_configuration(0x08FF, {}).value().message_counter.has_value());
    const auto tls = decode_configuration(0x0DFF, bytes_of("01")).value();
    BOOST_TEST((tls.mode() == SecurityMode::tls));
    BOOST_TEST(tls.protocol() == 1);
    BOOST_TEST(code(decode_configuration(0x0DFF, bytes_of("11"))) == "configuration-reserved");
}

// Steps: every field value, its extension cut at every length, and every first byte of it.
// Expectation: header-truncated until it is whole; what was read is written again the same.
BOOST_AUTO_TEST_CASE(every_field_value_both_ways) {
    for (unsigned field = 0; field < 0x10000; ++field) {
        for (const unsigned first : {0x00U, 0x10U, 0x5FU, 0x40U, 0x3FU}) {
            std::vector<std::uint8_t> behind{static_cast<std::uint8_t>(first), 1, 2, 3, 4, 5, 6};
            const auto raw = static_cast<std::uint16_t>(field);
            const auto made = decode_configuration(raw, behind);
            if (!made) {
                BOOST_TEST_REQUIRE(code(made) == "configuration-reserved");
                continue;
            }
            BOOST_TEST_REQUIRE(made->extension_size <= behind.size());
            std::vector<std::uint8_t> due{static_cast<std::uint8_t>(field),
                                          static_cast<std::uint8_t>(field >> 8U)};
            due.insert(due.end(), behind.begin(),
                       behind.begin() + static_cast<std::ptrdiff_t>(made->extension_size));
            BOOST_TEST_REQUIRE(encoded(*made) == hex_of(due));
            for (std::size_t cut = 0; cut < made->extension_size; ++cut) {
                const auto fault = decode_configuration(raw, std::span{behind}.first(cut));
                BOOST_TEST_REQUIRE(code(fault) == "header-truncated");
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
