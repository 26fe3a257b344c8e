// SPDX-License-Identifier: Apache-2.0
// Purpose: the C-fields of both directions and the accessibility bits (EN 13757-4, 12.5.4; facts
// B.5 and B.6).
#include "core/wireless/control.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>

using namespace meterbench::core::wireless;

BOOST_AUTO_TEST_SUITE(wireless_control)

// Steps: all 256 C-fields. Expectation: the services of the table of the facts, the requests with
// FCV 0 that some stacks send, and nothing else.
BOOST_AUTO_TEST_CASE(every_c_field) {
    const std::map<int, std::string> due{
        {0x40, "SND-NKE"}, {0x43, "SND-UD2"}, {0x53, "SND-UD"},  {0x73, "SND-UD"},
        {0x5A, "REQ-UD1"}, {0x7A, "REQ-UD1"}, {0x4A, "REQ-UD1"}, {0x6A, "REQ-UD1"},
        {0x5B, "REQ-UD2"}, {0x7B, "REQ-UD2"}, {0x4B, "REQ-UD2"}, {0x6B, "REQ-UD2"},
        {0x44, "SND-NR"},  {0x46, "SND-IR"},  {0x47, "ACC-NR"},  {0x48, "ACC-DMD"},
        {0x06, "CNF-IR"},  {0x00, "ACK"},     {0x10, "ACK"},     {0x20, "ACK"},
        {0x30, "ACK"},     {0x01, "NACK"},    {0x11, "NACK"},    {0x21, "NACK"},
        {0x31, "NACK"},    {0x08, "RSP-UD"},  {0x18, "RSP-UD"},  {0x28, "RSP-UD"},
        {0x38, "RSP-UD"}};
    for (int c = 0; c < 256; ++c) {
        const ServiceRow* row = service_row(static_cast<std::uint8_t>(c));
        const auto expected = due.find(c);
        const std::string name{row == nullptr ? "" : row->name};
        BOOST_TEST(name == (expected == due.end() ? "" : expected->second), "C " << c);
    }
}

BOOST_AUTO_TEST_CASE(who_sends_what) {
    using enum Direction;
    for (const int c : {0x40, 0x43, 0x53, 0x73, 0x5A, 0x7A, 0x5B, 0x7B, 0x06}) {
        BOOST_TEST((direction_of(static_cast<std::uint8_t>(c)) == other_to_meter), c);
    }
    for (const int c : {0x44, 0x46, 0x47, 0x48, 0x00, 0x01, 0x08}) {
        BOOST_TEST((direction_of(static_cast<std::uint8_t>(c)) == meter_to_other), c);
    }
}

BOOST_AUTO_TEST_CASE(bits_b_and_a) {
    BOOST_TEST((accessibility_of(false, false) == Accessibility::none));
    BOOST_TEST((accessibility_of(false, true) == Accessibility::no_window));
    BOOST_TEST((accessibility_of(true, false) == Accessibility::window));
    BOOST_TEST((accessibility_of(true, true) == Accessibility::always));
}

BOOST_AUTO_TEST_SUITE_END()
