// SPDX-License-Identifier: Apache-2.0
#include "reports/findings.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench;
using formats::Phase;
using formats::Step;
using formats::Verdict;

Step step(Step::Kind kind, Phase phase = Phase::run) {
    Step result;
    result.kind = kind;
    result.phase = phase;
    return result;
}

Step broken(std::string where, Phase phase = Phase::run) {
    Step result = step(Step::Kind::expectation, phase);
    result.passed = false;
    result.where = std::move(where);
    return result;
}

BOOST_AUTO_TEST_SUITE(findings)

// Purpose: a reason is shown with the expectation at its place and the exchange it was judged by.
BOOST_AUTO_TEST_CASE(a_reason_finds_its_expectation_and_exchange) {
    formats::CaseResult result;
    result.steps = {step(Step::Kind::sent), step(Step::Kind::heard), broken("a.lua:1"),
                    step(Step::Kind::sent), broken("a.lua:2")};
    result.reasons = {{Verdict::fail, "second", "a.lua:2", ""},
                      {Verdict::fail, "elsewhere", "", ""}};
    const auto found = reports::findings_of(result);
    BOOST_REQUIRE(found.size() == 3U);
    BOOST_TEST(found[0].judged == &result.steps[4]);
    BOOST_TEST(found[0].sent == &result.steps[3]);
    BOOST_TEST(!found[0].heard); // what was heard before the request does not answer it
    BOOST_TEST(!found[1].judged);
    BOOST_TEST(found[2].judged == &result.steps[2]); // no reason speaks of it
    BOOST_TEST(found[2].heard == &result.steps[1]);
}

BOOST_AUTO_TEST_CASE(an_exchange_of_another_phase_is_not_shown) {
    formats::CaseResult result;
    result.steps = {step(Step::Kind::sent, Phase::prologue), broken("a.lua:1")};
    const auto found = reports::findings_of(result);
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(!found[0].sent);
}

BOOST_AUTO_TEST_CASE(a_case_without_reasons_has_none) {
    formats::CaseResult result;
    result.steps = {step(Step::Kind::expectation)};
    BOOST_TEST(reports::findings_of(result).empty());
    BOOST_TEST(reports::findings_section({}, result) == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
