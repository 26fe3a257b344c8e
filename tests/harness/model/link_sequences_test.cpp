// SPDX-License-Identifier: Apache-2.0
// Generated sequences: the suite has those that the program makes, and they find every single edit
// of the table that they are said to find.
#include "harness/model/link_sequences.hpp"
#include "harness/model/single_edits.hpp"
#include "paths.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

using namespace meterbench::harness::model;

namespace {

std::string suite_file(Family family) {
    std::string name{name_of(family)};
    std::ranges::replace(name, '-', '_');
    std::ostringstream text;
    text << std::ifstream{std::string{METERBENCH_SOURCE_DIR} +
                          "/scenarios/wired/meter/lib/sequence_" + name + ".lua"}
                .rdbuf();
    return text.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_link_sequences)

BOOST_DATA_TEST_CASE(the_suite_has_what_the_program_makes, // NOLINT
                     boost::unit_test::data::xrange(families.size()), index) {
    const Family family = families[index];
    BOOST_TEST((lua_module(family, {}) == suite_file(family)),
               "lib/sequence_*.lua of family " << name_of(family)
                                               << " is not what meterbench model makes of it");
}

// Every output and every next state of the reference machine edited, one by one: what the whole
// set of the method finds, the thinned one finds, too.
BOOST_DATA_TEST_CASE(thinning_loses_no_single_edit, // NOLINT
                     boost::unit_test::data::make({0, 1, 2}), which) {
    const Family family =
        std::array{Family::own, Family::data, Family::malformed}[static_cast<std::size_t>(which)];
    const LinkClaims claims{.telegrams = 3};
    const auto whole = link_sequences(family, claims, {.whole = true});
    const auto thin = link_sequences(family, claims, {});
    const Mealy standard = minimised(whole.standard.machine());
    const Mealy reference =
        minimised(LinkModel{alphabet_of(family), claims, Reading::reference}.machine());
    std::size_t found = 0;
    const auto edits = single_edits(reference, device_outputs(3));
    for (const SingleEdit& edit : edits) {
        const auto finds_it = [&](const Word& word) {
            return finds(standard, reference, edit, word);
        };
        const bool by_whole = std::ranges::any_of(whole.words, finds_it);
        BOOST_REQUIRE(by_whole == std::ranges::any_of(thin.words, finds_it));
        found += by_whole ? 1U : 0U;
    }
    BOOST_TEST_MESSAGE(name_of(family)
                       << ": " << found << " of " << edits.size() << " edits are found; whole "
                       << whole.words.size() << " sequences, " << count_inputs(whole.words)
                       << " inputs; thinned " << thin.words.size() << ", "
                       << count_inputs(thin.words));
    BOOST_TEST(count_inputs(thin.words) < count_inputs(whole.words));
    BOOST_TEST(found * 10 > edits.size() * 7);
}

BOOST_AUTO_TEST_SUITE_END()
