// SPDX-License-Identifier: Apache-2.0
// Purpose: what every value of the C field means (EN 13757-2, 5.7; facts B.2; MB2-LL-023 to -033).
#include "core/link/address.hpp"
#include "core/link/control_field.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

BOOST_AUTO_TEST_SUITE(control_field)

using namespace meterbench::core::link;

// All 256 values: those of the table are what it says, every other one is `other`.
BOOST_AUTO_TEST_CASE(every_value) {
    std::map<unsigned, Function> known{{0x40, Function::snd_nke}};
    for (const unsigned counting : {0x00U, 0x10U, 0x20U, 0x30U}) { // FCB, FCV; or ACD, DFC
        known[0x43 + counting] = Function::snd_ud;
        known[0x49 + counting] = Function::req_ske;
        known[0x4A + counting] = Function::req_ud1;
        known[0x4B + counting] = Function::req_ud2;
        known[0x00 + counting] = Function::ack;
        known[0x01 + counting] = Function::nack;
        known[0x08 + counting] = Function::rsp_ud;
        known[0x0B + counting] = Function::rsp_ske;
    }
    for (unsigned value = 0; value < 256; ++value) {
        BOOST_TEST_CONTEXT("C = " << std::hex << value) {
            const ControlField control{static_cast<std::uint8_t>(value)};
            const auto row = known.find(value);
            const Function expected = row == known.end() ? Function::other : row->second;
            BOOST_TEST((control.function() == expected));
            BOOST_TEST(control.from_master() == ((value & 0x40U) != 0));
            BOOST_TEST(control.fcb() == ((value & 0x20U) != 0));
            BOOST_TEST(control.fcv() == ((value & 0x10U) != 0));
            BOOST_TEST(control.acd() == control.fcb());
            BOOST_TEST(control.dfc() == control.fcv());
        }
    }
}

BOOST_AUTO_TEST_CASE(what_the_master_sends) {
    BOOST_TEST(snd_nke.value == 0x40);
    BOOST_TEST(snd_ud(false).value == 0x53);
    BOOST_TEST(snd_ud(true).value == 0x73);
    BOOST_TEST(req_ud2(false).value == 0x5B);
    BOOST_TEST(req_ud2(true).value == 0x7B);
    BOOST_TEST(req_ud1(false).value == 0x5A);
    BOOST_TEST(req_ud1(true).value == 0x7A);
}

// MB2-LL-030: 08h, 18h, 28h, 38h.
BOOST_AUTO_TEST_CASE(what_the_meter_sends) {
    BOOST_TEST(rsp_ud.value == 0x08);
    BOOST_TEST(response(false, false).value == 0x08);
    BOOST_TEST(response(false, true).value == 0x18);
    BOOST_TEST(response(true, false).value == 0x28);
    BOOST_TEST(response(true, true).value == 0x38);
}

BOOST_AUTO_TEST_CASE(functions_have_names) {
    std::set<std::string_view> names;
    for (int function = 0; function <= static_cast<int>(Function::other); ++function) {
        names.insert(name_of(static_cast<Function>(function)));
    }
    BOOST_TEST(names.size() == 10U);
    BOOST_TEST(name_of(Function::req_ud2) == "REQ_UD2");
    BOOST_TEST(name_of(Function::other) == "other");
}

// MB2-LL-048 to -056: every address seen by the meter 5, and by one without address.
BOOST_AUTO_TEST_CASE(every_address_class) {
    for (unsigned own : {0U, 5U, 250U}) {
        for (unsigned value = 0; value < 256; ++value) {
            const AddressClass expected = value == 253                   ? AddressClass::selected
                                          : value == 254 || value == own ? AddressClass::own
                                          : value == 255                 ? AddressClass::broadcast
                                                                         : AddressClass::foreign;
            BOOST_TEST((classify(static_cast<std::uint8_t>(value),
                                 static_cast<std::uint8_t>(own)) == expected));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
