// SPDX-License-Identifier: Apache-2.0
// Purpose: the state of a search survives a file, and a file that is no such state is refused with
// the key named.
#include "formats/search_file.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(search_file)

using namespace meterbench;
using core::master::SearchState;

namespace {

SearchState sample() {
    SearchState state =
        core::master::new_search(*core::master::parse_selection("12FFFFFFFFFFFFFF"), true);
    state.splits.push_back({*core::master::parse_selection("12FFFFFFFFFFFFFF"), 2, 1});
    state.found.push_back({*core::master::parse_selection("1234567824400107/0011223F"), {0x68}});
    state.conflicts.push_back({*core::master::parse_selection("129FFFFFFFFFFFFF"),
                               core::make_fault(core::FaultCode::noise)});
    state.selections = 17;
    state.proofs = 5;
    state.empty = 3;
    state.collisions = 2;
    state.hits = 4;
    return state;
}

std::string error_of(std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    const auto state = formats::parse_search_file(text, "f.json");
    return state ? "accepted" : state.error();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_state_survives_a_file) {
    const SearchState state = sample();
    const std::string text = formats::write_search_file(state);
    const auto again = formats::parse_search_file(text, "f.json");
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(formats::write_search_file(*again) == text);
    BOOST_TEST((again->pending == state.pending));
    BOOST_TEST(again->hex);
    BOOST_TEST(again->splits[0].below == 2U);
    BOOST_TEST((again->found[0].address == state.found[0].address));
    BOOST_TEST((again->conflicts[0].fault == state.conflicts[0].fault));
    BOOST_TEST(again->selections == 17U);
    BOOST_TEST(again->proofs == 5U);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
    const std::string text = formats::write_search_file(sample());
    BOOST_TEST(error_of(text, "search/1", "search/2").starts_with("f.json: "));
    BOOST_TEST(error_of(text, "\"hex\"", "\"hax\"").find("hax") != std::string::npos);
    BOOST_TEST(error_of(text, "\"below\":2", "\"below\":99").find("below") != std::string::npos);
    BOOST_TEST(error_of(text, "\"noise\"", "\"nose\"").find("nose") != std::string::npos);
    BOOST_TEST(error_of(text, "120FFFFFFFFFFFFF", "120FFFFFFFFFFFF").find("16 digits") !=
               std::string::npos);
    BOOST_TEST(error_of(text, "\"selections\":17", "\"selections\":-1").find("selections") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
