// SPDX-License-Identifier: Apache-2.0
// Purpose: the authentication and fragmentation layer (EN 13757-7, clause 6; facts C.2): every set
// of its fields both ways, lengths that lie, MAC types, what the MAC begins with.
#include "../application/bytes_of.hpp"
#include "core/transport/afl.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::core;
using namespace meterbench::core::transport;
using meterbench::test::bytes_of;
using meterbench::test::hex_of;

namespace {

std::string code(const Expected<Afl>& afl) {
    return afl ? "none" : std::string{name_of(afl.error().code)};
}
std::string encoded(const Afl& afl) {
    std::array<std::uint8_t, max_afl> room{};
    const auto size = encode_afl(afl, room);
    BOOST_REQUIRE(size.has_value());
    return hex_of(std::span{room}.first(*size));
}

} // namespace

BOOST_AUTO_TEST_SUITE(afl_layer)

// OMS Vol. 2 annex N, security profile B: FCL 2C00h, MCL 25h, counter 2739, MAC of 8 bytes.
BOOST_AUTO_TEST_CASE(layer_of_oms_annex_n) {
    const auto bytes = bytes_of("900F002C25B30A000021924D4F2FB66E017A");
    const auto afl = decode_afl(bytes);
    BOOST_REQUIRE(afl.has_value());
    BOOST_TEST(afl->size == 17U);
    BOOST_TEST(afl->fragmentation == 0x2C00);
    BOOST_TEST(!afl->fragmented());
    BOOST_TEST(*afl->message_control == 0x25);
    BOOST_TEST(*afl->message_counter == 2739U);
    BOOST_TEST(hex_of(afl->mac->bytes()) == "21924D4F2FB66E01");
    BOOST_TEST(encoded(*afl) == "900F002C25B30A000021924D4F2FB66E01");
}

// Steps: all 32 sets of fields with each MAC type. Expectation: written, announced and read again.
BOOST_AUTO_TEST_CASE(every_set_of_fields_both_ways) {
    for (const MacType& type : mac_types) {
        for (unsigned set = 0; set < 32; ++set) {
            Afl afl;
            afl.fragmentation = 1;
            if ((set & 1U) != 0) {
                afl.message_control = type.code;
            }
            if ((set & 2U) != 0) {
                afl.key_information = KeyInformation{0x1234};
            }
            if ((set & 4U) != 0) {
                afl.message_counter = 0x89ABCDEF;
            }
            if ((set & 8U) != 0) {
                afl.mac.emplace();
                afl.mac->size = type.size;
                afl.mac->storage.front() = 0xA5;
            }
            if ((set & 16U) != 0) {
                afl.message_length = 0x0203;
            }
            announce_fields(afl);
            const auto bytes = bytes_of(encoded(afl));
            const auto read = decode_afl(bytes);
            BOOST_REQUIRE(read.has_value());
            afl.size = bytes.size();
            BOOST_TEST((*read == afl));
            for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
                const auto fault = decode_afl(std::span{bytes}.first(cut));
                BOOST_TEST_REQUIRE(code(fault) == "afl-truncated");
                BOOST_TEST(fault.error().offset <= cut);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(key_information_fields) {
    const KeyInformation information{0x2A1F};
    BOOST_TEST(information.version() == 0x2A);
    BOOST_TEST(information.derivation() == 1);
    BOOST_TEST(information.key_id() == 0x0F);
}

// A length that says more or less than the fields take.
BOOST_AUTO_TEST_CASE(lengths_that_lie) {
    const std::string_view whole = "900F002C25B30A000021924D4F2FB66E01";
    for (unsigned length = 0; length < 64; ++length) {
        auto bytes = bytes_of(whole);
        bytes.resize(80, 0x2F);
        bytes[1] = static_cast<std::uint8_t>(length);
        const auto afl = decode_afl(bytes);
        BOOST_TEST(code(afl) == (length == 15 ? "none" : "afl-length-mismatch"), length);
    }
    auto bytes = bytes_of(whole);
    bytes[1] = 0xFF;
    BOOST_TEST(code(decode_afl(bytes)) == "afl-truncated");
}

BOOST_AUTO_TEST_CASE(reserved_mac_types) {
    for (unsigned type = 0; type < 16; ++type) {
        auto bytes = bytes_of("900F002C25B30A000021924D4F2FB66E01");
        bytes[4] = static_cast<std::uint8_t>(0x20U | type);
        const auto* row = mac_type(bytes[4]);
        const std::string due = row == nullptr   ? "mac-type-unsupported"
                                : row->size == 8 ? "none"
                                                 : "afl-length-mismatch";
        BOOST_TEST(code(decode_afl(bytes)) == due, type);
    }
}

// A last fragment has a MAC and no message control field: all that is left is the MAC, if some type
// has that size.
BOOST_AUTO_TEST_CASE(mac_of_a_last_fragment) {
    for (std::size_t size = 0; size < 20; ++size) {
        std::vector<std::uint8_t> bytes{ci_afl, static_cast<std::uint8_t>(2 + size), 0x02, 0x04};
        bytes.resize(4 + size, 0xA5);
        const auto afl = decode_afl(bytes);
        const bool known = size == 2 || size == 4 || size == 8 || size == 12 || size == 16;
        BOOST_TEST(code(afl) == (known ? "none" : "afl-length-mismatch"), size);
        if (afl) {
            BOOST_TEST(afl->mac->size == size);
            BOOST_TEST(afl->fragmented());
            BOOST_TEST(!afl->more_fragments());
        }
    }
}

// C.2: MCL, KI, MCR, ML; the text of OMS does not list KI.
BOOST_AUTO_TEST_CASE(what_the_mac_begins_with) {
    Afl afl;
    afl.message_control = 0x75;
    afl.key_information = KeyInformation{0x0201};
    afl.message_counter = 0x06050403;
    afl.message_length = 0x0807;
    BOOST_TEST(hex_of(mac_prefix(afl).bytes()) == "750102030405060708");
    BOOST_TEST(hex_of(mac_prefix(afl, false).bytes()) == "75030405060708");
    BOOST_TEST(mac_prefix(Afl{}).bytes().empty());
}

BOOST_AUTO_TEST_CASE(room_and_overridden_length) {
    Afl afl;
    afl.message_counter = 1;
    std::array<std::uint8_t, max_afl> room{};
    for (std::size_t size = 0; size < 8; ++size) {
        BOOST_TEST(!encode_afl(afl, std::span{room}.first(size)).has_value());
    }
    BOOST_TEST(encode_afl(afl, std::span{room}.first(8)).has_value());
    BOOST_TEST(encode_afl(afl, room, 0x55).has_value());
    BOOST_TEST(room[1] == 0x55);
}

BOOST_AUTO_TEST_SUITE_END()
