// SPDX-License-Identifier: Apache-2.0
#include "formats/json_reader.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>

namespace {

using namespace meterbench;
using namespace meterbench::formats;
using namespace std::chrono_literals;

std::string syntax_error(std::string_view text) {
    const auto result = parse_json(text, "f.json");
    return result ? "" : result.error();
}

/// What reading `text` with `read` complains about; empty when it is content.
std::string complaint(std::string_view text, const std::function<void(const JsonReader&)>& read) {
    const auto json = parse_json(text, "f.json");
    BOOST_REQUIRE_MESSAGE(json, json.error());
    JsonReport report{"f.json"};
    read({*json, report});
    return report.message();
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_reader)

// A syntax error names file, line and column.
BOOST_AUTO_TEST_CASE(syntax_errors_name_line_and_column) {
    BOOST_TEST(syntax_error("{\n  \"a\": ,\n}") ==
               "f.json:2:8: syntax error while parsing value - unexpected ','; expected '[', '{', "
               "or a literal");
    BOOST_TEST(syntax_error("").starts_with("f.json:1:1: syntax error"));
    BOOST_TEST(syntax_error("{\"a\":1").starts_with("f.json:1:7: syntax error"));
    BOOST_TEST(syntax_error("{} {}").starts_with("f.json:1:4: syntax error"));
    BOOST_TEST(syntax_error("[1e999]").find("number overflow") != std::string::npos);
    BOOST_TEST(syntax_error("\"\xff\"").starts_with("f.json:1:"));
    BOOST_TEST(syntax_error("// no\n{}").starts_with("f.json:1:1: syntax error"));
}

BOOST_AUTO_TEST_CASE(a_key_that_comes_twice_is_refused) {
    BOOST_TEST(syntax_error("{\"a\":1,\"a\":2}") == "f.json: a: key given twice");
    BOOST_TEST(syntax_error("{\"m\":[1,{\"n\":{\"x\":1,\"x\":1}}]}") ==
               "f.json: m[1].n.x: key given twice");
    BOOST_TEST(syntax_error("{\"a\\n\":1,\"a\\n\":2}") == R"(f.json: a\x0A: key given twice)");
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded) {
    BOOST_TEST(syntax_error(std::string(64, '[') + std::string(64, ']')) == "");
    BOOST_TEST(syntax_error(std::string(65, '[')) == "f.json: nested deeper than 64 levels");
    BOOST_TEST(syntax_error(std::string(1'000'000, '[')) == "f.json: nested deeper than 64 levels");
}

// The tree keeps what a reader may need: the order of members, the digits of a real number.
BOOST_AUTO_TEST_CASE(values_are_kept_as_written) {
    const auto json = parse_json(
        R"({"b":0.10,"a":[true,null,-7,"x\u00b0"],"big":18446744073709551615})", "f.json");
    BOOST_REQUIRE(json);
    BOOST_TEST(json->members[0].key == "b");
    BOOST_TEST(json->members[0].value.text == "0.10");
    const JsonValue* list = json->member("a");
    BOOST_REQUIRE(list != nullptr);
    BOOST_TEST(list->items[0].boolean);
    BOOST_TEST((list->items[1].kind == JsonValue::Kind::null));
    BOOST_TEST(list->items[2].integer == -7);
    BOOST_TEST(list->items[3].text == "x\u00b0");
    BOOST_TEST((json->member("big")->kind == JsonValue::Kind::real));
    BOOST_TEST(json->member("none") == nullptr);
}

BOOST_AUTO_TEST_CASE(wrong_types_are_named) {
    using R = const JsonReader&;
    BOOST_TEST(complaint("1", [](R r) { (void)r.text(); }) ==
               "f.json: must be a string, not an integer");
    BOOST_TEST(complaint("\"\"", [](R r) { (void)r.text(); }) == "f.json: must not be empty");
    BOOST_TEST(complaint("\"1\"", [](R r) { (void)r.integer(0, 9); }) ==
               "f.json: must be an integer, not a string");
    BOOST_TEST(complaint("1.5", [](R r) { (void)r.integer(0, 9); }) ==
               "f.json: must be an integer, not a number");
    BOOST_TEST(complaint("10", [](R r) { (void)r.integer(0, 9); }) ==
               "f.json: 10 is not in 0 to 9");
    BOOST_TEST(complaint("-1", [](R r) { (void)r.integer(0, 9); }) ==
               "f.json: -1 is not in 0 to 9");
    BOOST_TEST(complaint("0", [](R r) { (void)r.boolean(); }) ==
               "f.json: must be true or false, not an integer");
    BOOST_TEST(complaint("null", [](R r) { (void)r.number(); }) ==
               "f.json: must be a number, not null");
    BOOST_TEST(complaint("{}", [](R r) { (void)r.items(); }) ==
               "f.json: must be an array, not an object");
    BOOST_TEST(complaint("[]", [](R r) { (void)r.object({}); }) ==
               "f.json: must be an object, not an array");
    BOOST_TEST(complaint("\"c\"", [](R r) { (void)r.one_of({"a", "b"}); }) ==
               "f.json: must be a or b, not \"c\"");
    BOOST_TEST(complaint("\"1G\"", [](R r) { (void)r.bytes(); }) ==
               "f.json: is not pairs of hexadecimal digits");
    BOOST_TEST(complaint("20", [](R r) { (void)r.duration(1s); }) ==
               "f.json: must be a string such as \"20ms\", not an integer");
    BOOST_TEST(complaint("\"20\"", [](R r) { (void)r.duration(1s); }) ==
               "f.json: \"20\" is not a duration such as \"20ms\" or \"1.5s\"");
    BOOST_TEST(complaint("\"2s\"", [](R r) { (void)r.duration(1s); }) ==
               "f.json: 2s is more than 1000 ms");
}

BOOST_AUTO_TEST_CASE(keys_are_named_by_their_path) {
    using R = const JsonReader&;
    const auto read = [](R r) {
        const JsonObject object = r.object({"list"});
        for (const JsonReader& item : object.required("list").items()) {
            (void)item.object({"n"}).required("n").integer(0, 9);
        }
    };
    BOOST_TEST(complaint(R"({"list":[{"n":1},{"n":2}]})", read) == "");
    BOOST_TEST(complaint(R"({"lst":[]})", read) == "f.json: lst: unknown key");
    BOOST_TEST(complaint("{}", read) == "f.json: list: missing");
    BOOST_TEST(complaint(R"({"list":[{"n":1},{}]})", read) == "f.json: list[1].n: missing");
    BOOST_TEST(complaint(R"({"list":[{"n":1,"m":1}]})", read) == "f.json: list[0].m: unknown key");
    BOOST_TEST(complaint(R"({"list":[{"n":"x"}]})", read) ==
               "f.json: list[0].n: must be an integer, not a string");
}

// With another schema every other complaint would mislead, so it is told first.
// What is quoted from a file does not break the line.
BOOST_AUTO_TEST_CASE(a_complaint_is_one_line) {
    JsonReport report{"f.json"};
    report.complain("points[1].expon\nt", "unknown\tkey \x1b[31m");
    BOOST_TEST(report.message() == R"(f.json: points[1].expon\x0At: unknown\x09key \x1B[31m)");
}

BOOST_AUTO_TEST_CASE(the_schema_is_looked_at_first) {
    const auto read = [](const JsonReader& r) { (void)r.document("s/1", {"schema", "a"}); };
    BOOST_TEST(complaint(R"({"b":1,"schema":"s/2"})", read) ==
               "f.json: schema: must be s/1, not \"s/2\"");
    BOOST_TEST(complaint(R"({"b":1})", read) == "f.json: schema: missing, must be \"s/1\"");
    BOOST_TEST(complaint(R"({"b":1,"schema":"s/1"})", read) == "f.json: b: unknown key");
}

BOOST_AUTO_TEST_CASE(durations_are_exact) {
    BOOST_TEST((parse_duration("20ms") == core::Duration{20'000'000}));
    BOOST_TEST((parse_duration("1.5s") == core::Duration{1'500'000'000}));
    BOOST_TEST((parse_duration("0.000000001s") == core::Duration{1}));
    BOOST_TEST((parse_duration("416.667us") == core::Duration{416'667}));
    BOOST_TEST((parse_duration("1.50ns") == std::nullopt));
    BOOST_TEST((parse_duration("2.0ns") == core::Duration{2}));
    BOOST_TEST((parse_duration("0s") == core::Duration{0}));
    BOOST_TEST((parse_duration("2min") == core::Duration{120'000'000'000}));
    BOOST_TEST((parse_duration("1h") == core::Duration{3'600'000'000'000}));
    BOOST_TEST((parse_duration("1d") == core::Duration{86'400'000'000'000}));
    for (const char* text :
         {"", "s", "1", "-1s", "+1s", "1 s", "1.s", ".5s", "1..5s", "1.5.5s", "1e3s",
          "0.0000000001s", "330bit", "1S", "999999999999999999999s", "10000000000000h"}) {
        BOOST_TEST(!parse_duration(text), "accepted: " << text);
    }
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_are_named) {
    const tests::TemporaryFolder folder;
    const auto missing = read_text_file(folder.path() / "x.json");
    BOOST_TEST(missing.error() == (folder.path() / "x.json").string() + ": no such file");
    const auto directory = read_text_file(folder.path());
    BOOST_TEST(directory.error() == folder.path().string() + ": is a folder");
    BOOST_TEST(read_text_file(folder.write("a", "12\n")).value() == "12\n");
    BOOST_TEST(read_text_file(folder.write("empty", "")).value() == "");
}

BOOST_AUTO_TEST_SUITE_END()
