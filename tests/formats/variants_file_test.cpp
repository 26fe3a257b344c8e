// SPDX-License-Identifier: Apache-2.0
// Purpose: a variant of a device comes with the statement that is true of it.
#include "formats/variants_file.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::formats;

namespace {

Ics base() {
    return parse_ics_file(R"({"schema":"meterbench.ics/1","role":"meter","telegrams":3,
                              "application_errors":true})",
                          "ics.json")
        .value();
}

std::string complaint(std::string_view text) {
    const auto read = parse_variants(text, "v.json", base());
    return read ? "accepted" : read.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(variants_file)

BOOST_AUTO_TEST_CASE(named_keys_are_replaced_and_the_others_stay) {
    const auto read = parse_variants(R"({"schema":"meterbench.variants/1","statements":{
        "a":{"status":4},"b":{"application_errors":false,"telegrams":1}}})",
                                     "v.json", base());
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->size() == 2U);
    BOOST_TEST(read->at("a").status == 4);
    BOOST_TEST(read->at("a").telegrams == 3);
    BOOST_TEST(read->at("a").application_errors);
    BOOST_TEST(read->at("b").status == 0);
    BOOST_TEST(read->at("b").telegrams == 1);
    BOOST_TEST(!read->at("b").application_errors);
}

BOOST_AUTO_TEST_CASE(without_a_statement_the_defaults_are_replaced) {
    const auto read =
        parse_variants(R"({"schema":"meterbench.variants/1","statements":{"a":{"status":4}}})",
                       "v.json", default_ics(Ics::Role::meter));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->at("a").status == 4);
    BOOST_TEST(read->at("a").fcb);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
    BOOST_TEST(complaint("{").starts_with("v.json"));
    BOOST_TEST(complaint(R"({"schema":"meterbench.variants/1"})").find("statements") !=
               std::string::npos);
    BOOST_TEST(complaint(R"({"schema":"meterbench.variants/1","statements":{},"x":1})").find("x") !=
               std::string::npos);
    BOOST_TEST(complaint(R"({"schema":"meterbench.variants/1","statements":{"a":3}})") ==
               "v.json: statements.a: must be an object");
    const std::string key =
        complaint(R"({"schema":"meterbench.variants/1","statements":{"a":{"statuss":3}}})");
    BOOST_TEST(key.starts_with("v.json: statements.a: "), key);
    BOOST_TEST(key.find("statuss") != std::string::npos, key);
}

BOOST_AUTO_TEST_SUITE_END()
