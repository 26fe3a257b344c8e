// SPDX-License-Identifier: Apache-2.0
#include "reports/requirement_matrix.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench;
using formats::CaseResult;
using formats::Verdict;

CaseResult result_of(Verdict verdict, std::vector<std::string> checks,
                     std::vector<formats::Reason> reasons = {}) {
    CaseResult result;
    result.info.checks = std::move(checks);
    result.verdict = verdict;
    result.reasons = std::move(reasons);
    return result;
}

BOOST_AUTO_TEST_SUITE(requirement_matrix)

// Purpose: a failing case blames the requirement its reason names and leaves the others open.
BOOST_AUTO_TEST_CASE(a_fail_blames_the_requirement_it_names) {
    const CaseResult named = result_of(Verdict::fail, {"A", "B"}, {{Verdict::fail, "x", "", "A"}});
    BOOST_TEST((reports::verdict_on(named, "A") == Verdict::fail));
    BOOST_TEST((reports::verdict_on(named, "B") == Verdict::inconclusive));
    const CaseResult unnamed = result_of(Verdict::fail, {"A", "B"}, {{Verdict::fail, "x", "", ""}});
    BOOST_TEST((reports::verdict_on(unnamed, "B") == Verdict::fail));
    BOOST_TEST((reports::verdict_on(result_of(Verdict::pass, {"A"}), "A") == Verdict::pass));
}

BOOST_AUTO_TEST_CASE(rows_are_sorted_and_take_the_worst_verdict_that_ran) {
    formats::RunResult run;
    run.requirements = {{"B", "5.1", "text", "shall", "confirmed"},
                        {"A", "5.2", "text", "shall", "confirmed"}};
    run.cases = {result_of(Verdict::pass, {"A"}), result_of(Verdict::inconclusive, {"A", "Z"}),
                 result_of(Verdict::not_runnable, {"B"})};
    const auto rows = reports::matrix_of(run);
    BOOST_REQUIRE(rows.size() == 3U);
    BOOST_TEST(rows[0].requirement.id == "A");
    BOOST_TEST((rows[0].verdict == Verdict::inconclusive));
    BOOST_TEST(rows[0].cases.size() == 2U);
    BOOST_TEST((rows[1].verdict == Verdict::none)); // B: nothing ran, so it is not tested
    BOOST_TEST(rows[2].requirement.id == "Z");
    BOOST_TEST(!rows[2].known);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
