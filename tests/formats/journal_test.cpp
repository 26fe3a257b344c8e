// SPDX-License-Identifier: Apache-2.0
// What an unfinished run leaves, and what of it can be used.
#include "formats/journal.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::formats;

namespace {

CaseResult sample(const std::string& id, Verdict verdict) {
    CaseResult result;
    result.info.id = id;
    result.verdict = verdict;
    result.duration = 12'345;
    Step step;
    step.kind = Step::Kind::sent;
    step.bytes = {0x10, 0x40};
    result.steps.push_back(step);
    result.reasons.push_back({verdict, "because", "c.lua:1", "R-1"});
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(journal)

// Steps: two cases, the journal cut after every byte. Expectation: exactly the cases that are
// whole, never half a one, never an error.
BOOST_AUTO_TEST_CASE(a_journal_cut_anywhere_gives_the_cases_that_are_whole) {
    const std::string head = journal_head("f");
    const std::string first = head + journal_entry(sample("a", Verdict::fail));
    const std::string whole = first + journal_entry(sample("b", Verdict::pass));
    for (std::size_t size = head.size(); size <= whole.size(); ++size) {
        const auto read = read_journal(whole.substr(0, size), "j", "f");
        BOOST_REQUIRE_MESSAGE(read.has_value(), read.error());
        const std::size_t expected = size == whole.size() ? 2U : size >= first.size() ? 1U : 0U;
        BOOST_TEST(read->size() == expected, "cut at " << size);
    }
    const auto read = read_journal(whole, "j", "f");
    BOOST_TEST(read->at(0).info.id == "a");
    BOOST_TEST((read->at(0).verdict == Verdict::fail));
    BOOST_TEST(read->at(0).duration == 12'345);
    BOOST_TEST(read->at(0).steps.size() == 1U);
    BOOST_TEST(read->at(0).reasons.at(0).requirement == "R-1");
    BOOST_TEST(journal_entry(read->at(1)) == journal_entry(sample("b", Verdict::pass)));
}

BOOST_AUTO_TEST_CASE(another_run_and_rubbish_are_refused) {
    BOOST_TEST(!read_journal(journal_head("g"), "j", "f"));
    BOOST_TEST(!read_journal("", "j", "f"));
    const auto broken = read_journal(journal_head("f") + "rubbish\n", "j", "f");
    BOOST_REQUIRE(!broken);
    BOOST_TEST(broken.error().starts_with("j:2: "), broken.error());
}

BOOST_AUTO_TEST_SUITE_END()
