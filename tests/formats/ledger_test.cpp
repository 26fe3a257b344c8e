// SPDX-License-Identifier: Apache-2.0
// Expected results: the file, and what verdicts come to against it.
#include "formats/ledger.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::formats;

namespace {

constexpr const char* sample = R"({"schema":"meterbench.ledger/1","expected":{
  "a":"pass","b":{"verdict":"fail","reason":"the converter stops at 9600 Bd"},
  "c":{"verdict":"not-runnable","reason":"no relay"}}})";

std::string refusal(const std::string& expected) {
    const auto read =
        parse_ledger(R"({"schema":"meterbench.ledger/1","expected":)" + expected + "}", "l.json");
    return read ? std::string{} : read.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger)

BOOST_AUTO_TEST_CASE(changes_have_their_words) {
    const auto ledger = parse_ledger(sample, "l.json");
    BOOST_REQUIRE_MESSAGE(ledger.has_value(), ledger.error());
    const auto change = [&](const char* id, Verdict verdict) {
        return compare(*ledger, id, verdict).change;
    };
    const auto agrees = [&](const char* id, Verdict verdict) {
        return compare(*ledger, id, verdict).agrees;
    };
    BOOST_TEST(change("a", Verdict::pass) == "pass");
    BOOST_TEST(change("a", Verdict::fail) == "pass->FAIL");
    BOOST_TEST(change("a", Verdict::not_runnable) == "pass->NOT-RUNNABLE");
    BOOST_TEST(change("a", Verdict::none) == "pass->ERROR");
    BOOST_TEST(change("b", Verdict::fail) == "xfail");
    BOOST_TEST(change("b", Verdict::pass) == "xfail->PASS");
    BOOST_TEST(change("b", Verdict::inconclusive) == "xfail->INCONCLUSIVE");
    BOOST_TEST(change("c", Verdict::not_runnable) == "xfail");
    BOOST_TEST(change("d", Verdict::fail) == "NEW: FAIL");
    BOOST_TEST(compare(*ledger, "b", Verdict::fail).reason == "the converter stops at 9600 Bd");
    BOOST_TEST(agrees("a", Verdict::pass));
    BOOST_TEST(!agrees("a", Verdict::not_runnable)); // what was tested is not any more
    BOOST_TEST(agrees("b", Verdict::fail));
    BOOST_TEST(agrees("b", Verdict::pass));
    BOOST_TEST(!agrees("b", Verdict::error));
    BOOST_TEST(agrees("d", Verdict::pass));
    BOOST_TEST(!agrees("d", Verdict::inconclusive));
}

BOOST_AUTO_TEST_CASE(a_broken_ledger_is_refused_with_its_place) {
    BOOST_TEST(refusal(R"({"a":"fail"})").starts_with("l.json: expected.a: needs its reason"));
    BOOST_TEST(refusal(R"({"a":"error"})").starts_with("l.json: expected.a: "));
    BOOST_TEST(refusal(R"({"a":{"verdict":"fail"}})") == "l.json: expected.a.reason: missing");
    BOOST_TEST(refusal(R"({"a":{"verdict":"fail","reason":"x","until":1}})") ==
               "l.json: expected.a.until: unknown key");
    BOOST_TEST(refusal("[").starts_with("l.json:1:"));
    BOOST_TEST(refusal("{}").empty());
}

BOOST_AUTO_TEST_SUITE_END()
