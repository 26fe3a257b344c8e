// SPDX-License-Identifier: Apache-2.0
#include "hil/port_spec.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::hil;

BOOST_AUTO_TEST_SUITE(port_spec)

BOOST_AUTO_TEST_CASE(a_path_is_a_device) {
    const auto spec = parse_port_spec("/dev/ttyUSB0");
    BOOST_REQUIRE(spec);
    BOOST_TEST((spec->kind == PortSpec::Kind::device));
    BOOST_TEST(spec->path == "/dev/ttyUSB0");
}

BOOST_AUTO_TEST_CASE(tcp) {
    const auto spec = parse_port_spec("tcp://localhost:10001");
    BOOST_REQUIRE(spec);
    BOOST_TEST((spec->kind == PortSpec::Kind::tcp));
    BOOST_TEST(spec->address.host == "localhost");
    BOOST_TEST(spec->address.port == 10001);
    BOOST_TEST(parse_port_spec("tcp://[::1]:1")->address.host == "::1");
    BOOST_TEST(parse_host_port(":0")->host.empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said) {
    BOOST_TEST(parse_port_spec("").error() == "the port is empty");
    BOOST_TEST(parse_port_spec("tcp://:5").error() == "tcp://:5: the host is missing");
    for (const char* text : {"host", "host:", "host:65536", "host:-1", "host:5x", "::1:5", ""}) {
        BOOST_TEST(!parse_host_port(text), "accepted: " << text);
    }
    BOOST_TEST(parse_port_spec("tcp://host").error() ==
               "tcp://host: \"host\" is not HOST:PORT, with a port of 0 to 65535");
    BOOST_TEST(parse_port_spec("udp://h:1").error() ==
               "udp://h:1: unknown scheme udp://; use a device path, tcp://HOST:PORT or "
               "rfc2217://HOST:PORT");
}

BOOST_AUTO_TEST_CASE(schemes_not_spoken_are_said_to_be_so) {
    BOOST_TEST(parse_port_spec("usb://0403:6001").error() ==
               "usb://0403:6001: this version does not speak usb://; use a device path, "
               "tcp://HOST:PORT or rfc2217://HOST:PORT");
}

BOOST_AUTO_TEST_CASE(a_port_behind_a_network) {
    const auto spec = parse_port_spec("rfc2217://h:1");
    BOOST_REQUIRE(spec.has_value());
    BOOST_TEST((spec->kind == PortSpec::Kind::rfc2217));
    BOOST_TEST(spec->address.host == "h");
    BOOST_TEST(spec->address.port == 1);
}

BOOST_AUTO_TEST_SUITE_END()
