// SPDX-License-Identifier: Apache-2.0
// Purpose: the extended link layers I to IV (EN 13757-4, 13.2; facts C.1), both ways, cut off at
// every length; V only with a layout; the counter block of its encryption.
#include "../application/bytes_of.hpp"
#include "core/wireless/extended_link.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core;
using namespace meterbench::core::wireless;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;

namespace {

std::string code(const Expected<ExtendedLink>& link) {
    return link ? "none" : std::string{name_of(link.error().code)};
}

/// CI, CC, ACC; then address, session number, payload CRC as the type has them.
constexpr std::array<std::string_view, 4> layers{"8C A4 75", "8D 20 E9 603A1020 08C6",
                                                 "8E 80 02 2E4F785634120107",
                                                 "8F 80 02 2E4F785634120107 603A1020 08C6"};

} // namespace

BOOST_AUTO_TEST_SUITE(extended_link)

// Steps: each type, whole and cut at every length. Expectation: its fields, the same bytes again,
// and ell-truncated at the cut.
BOOST_AUTO_TEST_CASE(one_to_four_both_ways) {
    for (std::size_t type = 0; type < layers.size(); ++type) {
        const auto bytes = bytes_of(layers[type]);
        auto behind = bytes;
        behind.push_back(0x7A);
        const auto link = decode_extended_link(behind);
        BOOST_REQUIRE(link.has_value());
        BOOST_TEST(link->size == bytes.size());
        BOOST_TEST(int{link->ci} == 0x8C + static_cast<int>(type));
        BOOST_TEST(link->control.raw == bytes[1]);
        BOOST_TEST(link->access_number == bytes[2]);
        const bool addressed = type >= 2;
        const bool session = type % 2 == 1;
        BOOST_TEST(link->receiver.has_value() == addressed);
        BOOST_TEST(link->session.has_value() == session);
        BOOST_TEST(link->payload_crc.has_value() == session);
        if (addressed) {
            BOOST_TEST(link->receiver->id() == 0x12345678U);
        }
        if (session) {
            BOOST_TEST(link->session->raw == 0x20103A60U);
            BOOST_TEST(link->session->encryption() == 1);
            BOOST_TEST(link->session->minutes() == 0x0103A6U);
            BOOST_TEST(link->session->session() == 0);
            BOOST_TEST(*link->payload_crc == 0xC608);
        }
        std::array<std::uint8_t, max_extended_link> room{};
        const auto size = encode_extended_link(*link, room);
        BOOST_REQUIRE(size.has_value());
        BOOST_TEST(hex_of(std::span{room}.first(*size)) == hex_of(bytes));
        BOOST_TEST(!encode_extended_link(*link, std::span{room}.first(*size - 1)).has_value());
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            const auto fault = decode_extended_link(std::span{bytes}.first(cut));
            BOOST_TEST_REQUIRE(code(fault) == "ell-truncated");
            BOOST_TEST(fault.error().offset == cut);
        }
    }
}

// C.1: CC is B D S H P A R X from bit 7 down.
BOOST_AUTO_TEST_CASE(every_bit_of_the_control_field) {
    using Test = bool (CommunicationControl::*)() const;
    const std::array<Test, 8> bits{&CommunicationControl::extended_delay,
                                   &CommunicationControl::repeated_access,
                                   &CommunicationControl::accessible,
                                   &CommunicationControl::priority,
                                   &CommunicationControl::hop,
                                   &CommunicationControl::synchronous,
                                   &CommunicationControl::fast_response,
                                   &CommunicationControl::bidirectional};
    for (unsigned set = 0; set < 8; ++set) {
        const CommunicationControl control{static_cast<std::uint8_t>(1U << set)};
        for (unsigned bit = 0; bit < 8; ++bit) {
            BOOST_TEST((control.*bits[bit])() == (bit == set));
        }
    }
}

// C.1: encryption is three bits; 2 to 7 are reserved (a mask of two bits takes 4 to 7 for 0 to 3).
BOOST_AUTO_TEST_CASE(reserved_encryption_is_a_fault) {
    for (unsigned encryption = 0; encryption < 8; ++encryption) {
        auto bytes = bytes_of(layers[1]);
        bytes[6] = static_cast<std::uint8_t>(encryption << 5U | 0x10U);
        const auto link = decode_extended_link(bytes);
        BOOST_TEST(code(link) == (encryption < 2 ? "none" : "ell-encryption-reserved"));
        if (!link) {
            BOOST_TEST(link.error().offset == 6U);
        }
    }
}

// The layout of V is in no public text: without one it is not read; with one, its fields stand in
// the order that the facts name.
BOOST_AUTO_TEST_CASE(five_needs_a_layout) {
    const auto bytes = bytes_of("86 A4 75 0F 2E4F785634120107 603A1000 3412 AB 08C6");
    BOOST_TEST(code(decode_extended_link(bytes)) == "profile-needed");
    const EllFiveLayout layout{
        .receiver_bit = 0, .session_bit = 1, .run_time_delay_bit = 2, .reception_level_bit = 3};
    const auto link = decode_extended_link(bytes, &layout);
    BOOST_REQUIRE(link.has_value());
    BOOST_TEST(link->size == bytes.size());
    BOOST_TEST(link->receiver->id() == 0x12345678U);
    BOOST_TEST(link->session->raw == 0x00103A60U);
    BOOST_TEST(*link->run_time_delay == 0x1234);
    BOOST_TEST(*link->reception_level == 0xAB);
    BOOST_TEST(*link->payload_crc == 0xC608);
    std::array<std::uint8_t, max_extended_link> room{};
    const auto size = encode_extended_link(*link, room);
    BOOST_REQUIRE(size.has_value());
    BOOST_TEST(hex_of(std::span{room}.first(*size)) == hex_of(bytes));
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        BOOST_TEST(code(decode_extended_link(std::span{bytes}.first(cut), &layout)) ==
                   "ell-truncated");
    }
    const auto bare = decode_extended_link(bytes_of("86 A4 75 00"), &layout);
    BOOST_REQUIRE(bare.has_value());
    BOOST_TEST(bare->size == 4U);
}

// C.1: M, A, CC without H and R, session number, frame number 0, block counter 0.
BOOST_AUTO_TEST_CASE(counter_block) {
    auto link = decode_extended_link(bytes_of(layers[1])).value();
    const auto address = LinkAddress::read(bytes_of("2D2C113134273302"));
    const std::string due = "2D2C11313427330220603A1020000000";
    BOOST_TEST(hex_of(session_counter_block(address, link)) == due);
    link.control.raw |= CommunicationControl::hop_bit | CommunicationControl::repeated_bit;
    BOOST_TEST(hex_of(session_counter_block(address, link)) == due, "a repeater changes nothing");
    link.control.raw |= CommunicationControl::bidirectional_bit;
    BOOST_TEST(hex_of(session_counter_block(address, link)) != due);
}

BOOST_AUTO_TEST_SUITE_END()
