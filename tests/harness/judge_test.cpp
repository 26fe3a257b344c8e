// SPDX-License-Identifier: Apache-2.0
// What a broken expectation costs: severity of the requirement, confidence of the catalogue, policy
// of the run.
#include "harness/judge.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <tuple>

using namespace meterbench;
using formats::Verdict;
using harness::Judge;
using harness::Ruling;

namespace {

formats::Catalogue make_catalogue() {
    std::string text = R"({"schema":"meterbench.catalogue/1","requirements":[)";
    for (const char* const severity : {"shall", "should", "may"}) {
        for (const char* const confidence : {"confirmed", "single", "memory"}) {
            text += text.ends_with('[') ? "" : ",";
            text += std::string{R"({"id":")"} + severity + "-" + confidence +
                    R"(","source":"EN","clause":"1","layer":"link","role":"meter","severity":")" +
                    severity + R"(","confidence":")" + confidence +
                    R"(","text":"t","method":"m","tested":{"meter":{"by":"suite"}}})";
        }
    }
    formats::Catalogue catalogue;
    BOOST_REQUIRE(catalogue.add(text + "]}", "catalogue.json"));
    return catalogue;
}

struct Bench {
    formats::Catalogue catalogue = make_catalogue();
    formats::CaseInfo info;
    formats::Policy policy;
    std::vector<formats::Reason> reasons;
    std::vector<formats::Step> steps;

    Judge judge() {
        return Judge{info, catalogue, policy, [this](const formats::StreamItem& item) {
                         if (const auto* reason = std::get_if<formats::Reason>(&item)) {
                             reasons.push_back(*reason);
                         }
                         if (const auto* step = std::get_if<formats::Step>(&item)) {
                             steps.push_back(*step);
                         }
                     }};
    }
};

Judge::Observation broken(const std::string& requirement = {}) {
    return {.now = 5,
            .what = "answer",
            .passed = false,
            .expected = "E5",
            .actual = "silence",
            .requirement = requirement,
            .where = "case.lua:7"};
}

const std::vector<std::tuple<std::string, bool, std::string, Verdict>> costs{
    // requirement, strict, least confidence, verdict (pass: a remark)
    {"shall-confirmed", false, "confirmed", Verdict::fail},
    {"shall-confirmed", false, "single", Verdict::fail},
    {"shall-confirmed", false, "memory", Verdict::fail},
    {"shall-single", false, "confirmed", Verdict::pass},
    {"shall-single", false, "single", Verdict::fail},
    {"shall-single", false, "memory", Verdict::fail},
    {"shall-memory", false, "confirmed", Verdict::pass},
    {"shall-memory", false, "single", Verdict::pass},
    {"shall-memory", false, "memory", Verdict::fail},
    {"should-confirmed", false, "single", Verdict::pass},
    {"should-confirmed", true, "single", Verdict::fail},
    {"should-memory", true, "confirmed", Verdict::fail},
    {"may-confirmed", true, "memory", Verdict::pass},
};

} // namespace

BOOST_AUTO_TEST_SUITE(judge)

BOOST_DATA_TEST_CASE(severity_confidence_and_policy_decide, boost::unit_test::data::xrange(13)) {
    const auto& [requirement, strict, confidence, verdict] =
        costs[static_cast<std::size_t>(sample)];
    Bench bench;
    bench.info.checks = {requirement};
    bench.policy = {strict, confidence};
    Judge judge = bench.judge();
    const Ruling ruling = judge.expectation(broken());
    BOOST_TEST((judge.verdict() == verdict), requirement << " under " << confidence);
    BOOST_TEST((ruling == Ruling::ends) == (verdict == Verdict::fail));
    if (verdict == Verdict::fail) {
        BOOST_TEST(bench.reasons.front().text == "answer: expected E5, was silence");
        BOOST_TEST(bench.reasons.front().requirement == requirement);
        BOOST_TEST(bench.reasons.front().where == "case.lua:7");
    } else {
        BOOST_TEST((bench.steps.back().kind == formats::Step::Kind::remark));
    }
}

// Where the ids of a case differ, an expectation must name its own; a wrong name is an error even
// while the expectation holds.
BOOST_AUTO_TEST_CASE(a_requirement_must_be_named_where_they_differ) {
    Bench bench;
    bench.info.checks = {"shall-confirmed", "should-single"};
    Judge judge = bench.judge();
    Judge::Observation good = broken();
    good.passed = true;
    BOOST_TEST((judge.expectation(good) == Ruling::ends));
    BOOST_TEST((judge.verdict() == Verdict::error));
    BOOST_TEST(bench.reasons.front().text ==
               "name the requirement: shall-confirmed and should-single differ in severity or "
               "confidence");
    Judge second = bench.judge();
    good.requirement = "may-memory";
    BOOST_TEST((second.expectation(good) == Ruling::ends));
    BOOST_TEST(bench.reasons.back().text == "'may-memory' is not among what the case checks");
}

// Verdicts: none < pass < inconclusive < fail < error, and the worst stays.
BOOST_AUTO_TEST_CASE(the_worst_verdict_wins) {
    Bench bench;
    bench.info.checks = {"shall-confirmed"};
    Judge judge = bench.judge();
    BOOST_TEST((judge.verdict() == Verdict::none));
    Judge::Observation good = broken();
    good.passed = true;
    (void)judge.expectation(good);
    BOOST_TEST((judge.verdict() == Verdict::pass));
    (void)judge.precondition(broken());
    BOOST_TEST((judge.verdict() == Verdict::inconclusive));
    (void)judge.expectation(broken());
    BOOST_TEST((judge.verdict() == Verdict::fail));
    (void)judge.precondition(broken());
    BOOST_TEST((judge.verdict() == Verdict::fail));
    judge.reason(Verdict::error, "port lost", "rig");
    BOOST_TEST((judge.verdict() == Verdict::error));
    BOOST_TEST(bench.reasons.size() == 4U);
}

// A measurement never ends a case; near its limit it is inconclusive.
BOOST_AUTO_TEST_CASE(measurements_go_on) {
    Bench bench;
    bench.info.checks = {"shall-confirmed"};
    Judge judge = bench.judge();
    judge.measurement(broken(), Verdict::inconclusive);
    BOOST_TEST((judge.verdict() == Verdict::inconclusive));
    judge.measurement(broken(), Verdict::fail);
    BOOST_TEST((judge.verdict() == Verdict::fail));
    BOOST_TEST(judge.judged());
}

BOOST_AUTO_TEST_SUITE_END()
