// SPDX-License-Identifier: Apache-2.0
#include "hil/line_rig.hpp"
#include "hil/open_endpoint.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench;
using namespace std::chrono_literals;

constexpr core::Baud rate{2400};

rig::Dut meter_at(std::uint8_t address) {
    return {.role = rig::Dut::Role::meter, .name = {}, .address = address};
}

} // namespace

BOOST_AUTO_TEST_SUITE(line_rig)

// A terminal sets its rate, a TCP connection cannot; neither makes wrong characters.
BOOST_AUTO_TEST_CASE(capabilities_follow_the_port) {
    const tests::TemporaryFolder folder;
    const auto pty = hil::open_endpoint((folder.path() / "bus").string(), rate).value();
    const auto on_pty = hil::LineRig::open(pty.port, rate, 2ms, meter_at(5)).value();
    BOOST_TEST(on_pty->capabilities().offers("line"));
    BOOST_TEST(on_pty->capabilities().offers("timing"));
    BOOST_TEST(on_pty->capabilities().offers("baud"));
    for (const char* need : {"octet_errors", "gaps", "break", "levels", "power", "world", "job"}) {
        BOOST_TEST(!on_pty->capabilities().offers(need), need);
    }
    const auto tcp = hil::open_endpoint("tcp://127.0.0.1:0", rate).value();
    const auto on_tcp = hil::LineRig::open(tcp.port, rate, 2ms, meter_at(250)).value();
    BOOST_TEST(!on_tcp->capabilities().offers("baud"));
    BOOST_TEST((on_tcp->line().uncertainty() == 2ms));
    BOOST_TEST(on_tcp->line().baud().value == 2400U);
    BOOST_TEST(on_tcp->dut().address == 250);
    BOOST_TEST(on_tcp->power() == nullptr);
    BOOST_TEST(on_tcp->world() == nullptr);
}

BOOST_AUTO_TEST_CASE(the_unused_address_is_not_the_device_s) {
    const auto tcp = hil::open_endpoint("tcp://127.0.0.1:0", rate).value();
    BOOST_TEST(hil::LineRig::open(tcp.port, rate, 0ms, meter_at(5)).value()->unused_address() ==
               250);
    BOOST_TEST(hil::LineRig::open(tcp.port, rate, 0ms, meter_at(250)).value()->unused_address() ==
               249);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened_is_said) {
    BOOST_TEST(hil::LineRig::open("/dev/no-such-port", rate, 0ms, meter_at(5)).error() ==
               "/dev/no-such-port: No such file or directory");
    BOOST_TEST(hil::LineRig::open("usb://1:2", rate, 0ms, meter_at(5))
                   .error()
                   .starts_with("usb://1:2: this version does not speak usb://"));
    BOOST_TEST(hil::open_endpoint("usb://:1", rate)
                   .error()
                   .starts_with("usb://:1: this version does not speak usb://"));
    BOOST_TEST(hil::open_endpoint("rfc2217://127.0.0.1:0", rate)
                   ->port.starts_with("rfc2217://127.0.0.1:"));
    BOOST_TEST(!hil::open_endpoint("/no/such/folder/bus", rate));
    BOOST_TEST(hil::open_endpoint("tcp://127.0.0.1:0", rate)->port.starts_with("tcp://127.0.0.1:"));
}

BOOST_AUTO_TEST_SUITE_END()
