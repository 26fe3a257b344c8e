// SPDX-License-Identifier: Apache-2.0
// Purpose: Telnet and its serial port option (RFC 854, 855, 2217) are taken apart and put together:
// what is line data is line data, whatever its value and however it is cut.
#include "hil/telnet.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(telnet_stream)

using namespace meterbench;
using namespace meterbench::hil;
using tests::Bytes;
using tests::hex;
using tests::to_hex;

BOOST_AUTO_TEST_CASE(every_octet_passes_both_ways) {
    Bytes all;
    for (int value = 0; value < 256; ++value) {
        all.push_back(static_cast<std::uint8_t>(value));
    }
    Bytes escaped;
    append_escaped(escaped, all);
    BOOST_TEST(escaped.size() == 257U);
    TelnetDecoder decoder;
    Bytes heard;
    for (const std::uint8_t byte : escaped) {
        if (const auto event = decoder.push(byte)) {
            BOOST_TEST((event->kind == TelnetEvent::Kind::data));
            heard.push_back(event->value);
        }
    }
    BOOST_TEST(heard == all, boost::test_tools::per_element());
}

// RFC 2217: IAC SB COM-PORT-OPTION SET-BAUDRATE value IAC SE, most significant byte first.
BOOST_AUTO_TEST_CASE(a_rate_is_asked_for_and_answered) {
    BOOST_TEST(to_hex(rate_request(core::Baud{2400})) == "FF FA 2C 01 00 00 09 60 FF F0");
    // A rate with FFh in it: that byte twice.
    BOOST_TEST(to_hex(rate_request(core::Baud{0xFF})) == "FF FA 2C 01 00 00 00 FF FF FF F0");
    TelnetDecoder decoder;
    std::optional<core::Baud> rate;
    Bytes line;
    for (const std::uint8_t byte : hex("68 FF FD 2C FF FA 2C 65 00 00 09 60 FF F0 FF F1 16")) {
        if (const auto event = decoder.push(byte)) {
            if (event->kind == TelnetEvent::Kind::data) {
                line.push_back(event->value);
            } else if (const auto answer = rate_answer(*event, decoder.payload())) {
                rate = answer;
            }
        }
    }
    BOOST_TEST((rate == core::Baud{2400}));
    BOOST_TEST(to_hex(line) == "68 16");
}

BOOST_AUTO_TEST_CASE(nonsense_ends_and_is_bounded) {
    TelnetDecoder decoder;
    for (const std::uint8_t byte : hex("FF FA 2C")) {
        (void)decoder.push(byte);
    }
    for (int i = 0; i < 1000; ++i) {
        BOOST_TEST(!decoder.push(0x55));
    }
    BOOST_TEST(!decoder.push(0xFF));
    const auto event = decoder.push(0xF0);
    BOOST_REQUIRE(event.has_value());
    BOOST_TEST(decoder.payload().size() == 64U);
    BOOST_TEST(!rate_answer(*event, decoder.payload()));
    BOOST_TEST((decoder.push(0x68)->kind == TelnetEvent::Kind::data));
}

BOOST_AUTO_TEST_SUITE_END()
