// SPDX-License-Identifier: Apache-2.0
// Purpose: every way to fail has one row with a name and a meaning of its own (house rule: errors
// are values with a culprit).
#include "core/fault.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

BOOST_AUTO_TEST_SUITE(fault)

using namespace meterbench::core;

BOOST_AUTO_TEST_CASE(every_code_has_a_name_and_a_meaning_of_its_own) {
    std::set<std::string_view> names;
    std::set<std::string_view> meanings;
    for (const FaultRow& row : fault_rows) {
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST(!row.name.empty());
            BOOST_TEST(!row.meaning.empty());
            BOOST_TEST(names.insert(row.name).second, "the name is taken");
            BOOST_TEST(meanings.insert(row.meaning).second, "the meaning is taken");
            BOOST_TEST(std::ranges::all_of(row.name, [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            }));
            BOOST_TEST((&row_of(row.code) == &row));
            BOOST_TEST(name_of(row.code) == row.name);
            BOOST_TEST(meaning_of(row.code) == row.meaning);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_layer_and_culprit_has_a_name) {
    std::set<std::string_view> names;
    for (const FaultRow& row : fault_rows) {
        BOOST_TEST(!name_of(row.layer).empty());
        BOOST_TEST(!name_of(row.culprit).empty());
        names.insert(name_of(row.layer));
    }
    BOOST_TEST(names.size() == 7U, "each layer has a fault of its own");
    BOOST_TEST(name_of(Layer::procedure) == "procedure");
    BOOST_TEST(name_of(Culprit::bench) == "bench");
}

BOOST_AUTO_TEST_CASE(a_fault_takes_layer_and_culprit_from_its_row) {
    const Fault fault = make_fault(FaultCode::checksum_mismatch, 7, 0x41, 0x42);
    BOOST_TEST(
        (fault == Fault{FaultCode::checksum_mismatch, Layer::link, Culprit::peer, 7, 0x41, 0x42}));
    const Expected<int> failed = failure(FaultCode::port_lost);
    BOOST_REQUIRE(!failed);
    BOOST_TEST((failed.error().layer == Layer::bench));
    BOOST_TEST((failed.error().culprit == Culprit::bench));
    BOOST_TEST(failed.error().expected == -1);
    BOOST_TEST(failed.error().actual == -1);
}

BOOST_AUTO_TEST_SUITE_END()
