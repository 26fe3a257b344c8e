// SPDX-License-Identifier: Apache-2.0
// Purpose: no verdict stands that the trace contradicts.
#include "harness/second_judge.hpp"
#include "paths.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;
using namespace meterbench::harness;
using formats::CaseResult;
using formats::Step;
using formats::Verdict;

namespace {

constexpr std::string_view repeats = "MB2-LL-038"; // the same FCB gets the same telegram

lua::Ruling ruling(lua::Ruling::Verdict verdict) {
    return {std::string{repeats}, verdict, "other telegram", 8};
}

LiveJudgement live(Verdict verdict) {
    return {verdict, {std::string{repeats}}, {}};
}

/// A case in which REQ_UD2 comes twice with one FCB, and the meter answers with other octets.
CaseResult two_answers(std::string_view second) {
    CaseResult result;
    result.info.id = "a";
    result.info.checks = {std::string{repeats}};
    result.verdict = Verdict::pass;
    std::int64_t now = 0;
    const auto add = [&](Step::Kind kind, std::string_view hex) {
        Step step;
        step.kind = kind;
        step.baud = 2400;
        step.bytes = tests::hex(hex);
        step.start = now;
        step.end = now + static_cast<std::int64_t>(step.bytes.size()) * 4'583'333;
        now = step.end + 20'000'000;
        result.steps.push_back(step);
    };
    constexpr std::string_view first = "68 06 06 68 08 05 72 01 13 07 9A 16";
    for (const auto& [request, answer] :
         {std::pair<std::string_view, std::string_view>{"10 40 05 45 16", "E5"},
          {"10 7B 05 80 16", first},
          {"10 7B 05 80 16", second.empty() ? first : second}}) {
        add(Step::Kind::sent, request);
        add(Step::Kind::heard, answer);
    }
    return result;
}

formats::RunResult run() {
    formats::RunResult run;
    run.dut_role = "meter";
    run.dut_address = "5";
    run.ics_json = R"({"schema":"meterbench.ics/1","role":"meter"})";
    return run;
}

SecondJudge& judge() {
    static SecondJudge loaded = SecondJudge::load(METERBENCH_SOURCE_DIR "/scenarios/judge").value();
    return loaded;
}

} // namespace

BOOST_AUTO_TEST_SUITE(second_judge)

BOOST_AUTO_TEST_CASE(where_the_judges_disagree) {
    using R = lua::Ruling::Verdict;
    BOOST_TEST(disagreement(live(Verdict::pass), ruling(R::fail)).has_value());
    BOOST_TEST(!disagreement(live(Verdict::pass), ruling(R::pass)));
    BOOST_TEST(!disagreement(live(Verdict::pass), ruling(R::none)));
    BOOST_TEST(!disagreement(live(Verdict::inconclusive), ruling(R::fail)));
    LiveJudgement other = live(Verdict::pass);
    other.checks = {"MB2-LL-026"};
    BOOST_TEST(!disagreement(other, ruling(R::fail)), "the case is not about it");
    LiveJudgement remarked = live(Verdict::pass);
    remarked.remarked = {std::string{repeats}};
    BOOST_TEST(!disagreement(remarked, ruling(R::fail)), "it was seen, and cost a remark");
    BOOST_TEST(!disagreement(live(Verdict::fail), ruling(R::pass)), "it may have seen more");
    BOOST_TEST(!disagreement(live(Verdict::fail), ruling(R::fail)));
}

// Steps: a case that passed, with a trace that keeps the requirement, and one that breaks it.
// Expectation: the second is an error that names both rulings.
BOOST_AUTO_TEST_CASE(a_pass_that_the_trace_contradicts_is_an_error) {
    CaseResult kept = two_answers("");
    judge().review(kept, run(), {});
    BOOST_TEST((kept.verdict == Verdict::pass));
    BOOST_TEST(kept.reasons.empty());

    CaseResult broken = two_answers("68 06 06 68 08 05 72 01 13 08 9B 16");
    judge().review(broken, run(), {});
    BOOST_TEST((broken.verdict == Verdict::error));
    BOOST_REQUIRE(broken.reasons.size() == 1U);
    BOOST_TEST(broken.reasons[0].requirement == repeats);
    BOOST_TEST(broken.reasons[0].text.starts_with(
                   "the judges disagree: the case passed, the trace shows MB2-LL-038 broken: "),
               broken.reasons[0].text);

    CaseResult elsewhere = two_answers("68 06 06 68 08 05 72 01 13 08 9B 16");
    elsewhere.info.checks = {"MB2-LL-026"};
    judge().review(elsewhere, run(), {});
    BOOST_TEST((elsewhere.verdict == Verdict::pass), "not a requirement of this case");

    CaseResult skipped = two_answers("68 06 06 68 08 05 72 01 13 08 9B 16");
    skipped.verdict = Verdict::not_applicable;
    judge().review(skipped, run(), {});
    BOOST_TEST((skipped.verdict == Verdict::not_applicable));
}

BOOST_AUTO_TEST_SUITE_END()
