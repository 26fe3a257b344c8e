// SPDX-License-Identifier: Apache-2.0
// Markdown and TAP: projections of the record, whatever its texts hold.
#include "reports/markdown.hpp"
#include "reports/tap.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;
using formats::CaseResult;
using formats::Verdict;

namespace {

CaseResult case_of(const std::string& id, Verdict verdict, const std::string& reason = {}) {
    CaseResult result;
    result.info.id = id;
    result.verdict = verdict;
    if (!reason.empty()) {
        result.reasons.push_back({verdict, reason, "c.lua:3", "R-1"});
    }
    return result;
}

formats::RunResult sample() {
    formats::RunResult run;
    run.version = "1";
    run.dut = "meter hall";
    run.rig = "rig.json";
    run.cases = {case_of("a", Verdict::pass), case_of("b", Verdict::fail, "was | <b>\n`x` # y"),
                 case_of("c", Verdict::not_applicable, "not claimed"),
                 case_of("d", Verdict::fail, "known")};
    run.cases[3].ledger = {"xfail", "stops at 9600 Bd", true};
    run.cases[0].ledger = {"pass", "", true};
    return run;
}

} // namespace

BOOST_AUTO_TEST_SUITE(text_reports)

// The reference is TAP 13: plan, test points in order, SKIP and TODO directives, YAML blocks.
BOOST_AUTO_TEST_CASE(tap_points) {
    BOOST_TEST(reports::tap(sample()) == "TAP version 13\n1..4\nok 1 - a\nnot ok 2 - b\n"
                                         "  ---\n  verdict: fail\n"
                                         "  message: \"was | <b> `x` # y\"\n"
                                         "  at: \"c.lua:3\"\n  requirement: \"R-1\"\n  ...\n"
                                         "ok 3 - c # SKIP not applicable: not claimed\n"
                                         "not ok 4 - d # TODO stops at 9600 Bd\n"
                                         "  ---\n  verdict: fail\n  message: \"known\"\n"
                                         "  at: \"c.lua:3\"\n  requirement: \"R-1\"\n  ...\n");
}

BOOST_AUTO_TEST_CASE(markdown_says_what_did_not_pass) {
    const std::string text = reports::markdown(sample());
    BOOST_TEST(text.starts_with("## Failed: meter hall\n\n1 passed, 2 failed, "), text);
    BOOST_TEST(text.find("| fail | b | was \\| &lt;b\\> \\`x\\` # y |\n") != std::string::npos,
               text);
    BOOST_TEST(text.find("| xfail | d | stops at 9600 Bd |\n") != std::string::npos, text);
    BOOST_TEST(text.find("| pass |") == std::string::npos, text);
}

// A run of very many failing cases still makes a page that a CI system shows.
BOOST_AUTO_TEST_CASE(markdown_is_bounded) {
    formats::RunResult run = sample();
    for (int i = 0; i < 5000; ++i) {
        run.cases.push_back(
            case_of("x" + std::to_string(i), Verdict::fail, std::string(3000, 'y')));
    }
    BOOST_TEST(reports::markdown(run).size() < 200'000U);
    BOOST_TEST(reports::markdown(run).find("more in result.json") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
