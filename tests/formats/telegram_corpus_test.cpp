// SPDX-License-Identifier: Apache-2.0
// Purpose: the telegrams of real meters mean what other projects read in them, record by record,
// with values compared as exact decimals in one unit; where they are wrong, the list says why.
// Broken telegrams give a fault with the right reason; application errors are no fault.
#include "core/bytes/decimal.hpp"
#include "formats/telegram_json.hpp"
#include "telegram_corpus.hpp"

#include <map>
#include <set>

using namespace meterbench;
using core::bytes::Decimal;
using core::bytes::parse_decimal;
using formats::JsonValue;

namespace {

/// Telegram and index of records whose expectation is wrong, by the standard.
const std::map<std::string, std::map<std::size_t, std::string>> wrong_expectations{
    {"ACW_Itron-BM-plus-m", {{2, "2000-00-00 is no date: month 0"}}},
    {"itron_bm_+m", {{2, "2000-00-00 is no date: month 0"}}},
    {"siemens_water", {{3, "2000-00-00 is no date: month 0"}}},
    {"siemens_wfh21", {{3, "2000-00-00 is no date: month 0"}}},
    {"ELS_Elster-F96-Plus",
     {{4, "BCD with digits D, E, B is no number"}, {5, "BCD with digits D, E, B is no number"}}},
    {"landis+gyr_ultraheat_t230",
     {{19, "VIFE 6Fh makes it a date"},
      {20, "VIFE 6Fh makes it a date"},
      {21, "VIFE 6Fh makes it a date"},
      {22, "VIFE 6Fh makes it a date"},
      {32, "year 127 is every year, not 2027"}}},
    {"sen_pollutherm", {{2, "VIF 7Bh is reserved, but its data are there (MB3-RC-026)"}}},
    {"manual_frame2", {{1, "unit 3Eh is the first counter's unit, 1 l"}}},
};

JsonValue decode(std::span<const std::uint8_t> bytes) {
    std::string line;
    formats::write_telegram_json(line, 1, bytes);
    const auto value = formats::parse_json(line, "line");
    BOOST_REQUIRE_MESSAGE(value, line);
    return *value;
}

std::string_view text(const JsonValue& in, std::string_view key) {
    const JsonValue* value = in.member(key);
    return value == nullptr ? std::string_view{} : std::string_view{value->text};
}

std::int64_t number(const JsonValue& in, std::string_view key) {
    const JsonValue* value = in.member(key);
    return value == nullptr ? 0 : value->integer;
}

/// Expectations have six digits behind the point and are floats printed as such: equal means equal
/// to six digits or to seven significant ones.
bool is_close(const Decimal& expected, const Decimal& ours) {
    Decimal negated = ours;
    negated.negative = !ours.negative;
    const auto difference = core::bytes::add(expected, negated);
    if (!difference) {
        return false;
    }
    const Decimal absolute{false, difference->magnitude, difference->exponent};
    const Decimal relative{false, expected.magnitude,
                           static_cast<std::int8_t>(expected.exponent - 7)};
    return compare(absolute, {false, 11, -7}) <= 0 || compare(absolute, relative) <= 0;
}

/// Our value in the unit of the expectation, which counts time in seconds.
std::optional<Decimal> in_base_unit(const JsonValue& record) {
    const std::map<std::string_view, std::uint64_t> seconds{{"min", 60}, {"h", 3600}, {"d", 86400}};
    auto value = parse_decimal(text(record, "value"));
    const auto factor = seconds.find(text(record, "unit"));
    if (value && factor != seconds.end()) {
        value->magnitude *= factor->second;
    }
    return value;
}

std::string without(std::string text_value, std::string_view what) {
    for (std::size_t at; (at = text_value.find(what)) != std::string::npos;) {
        text_value.erase(at, what.size());
    }
    return text_value;
}

bool agrees(const JsonValue& expected, const JsonValue& ours) {
    if (number(expected, "storage") != number(ours, "storage") ||
        number(expected, "tariff") != number(ours, "tariff") ||
        number(expected, "device") != number(ours, "subunit")) {
        return false;
    }
    const std::string wanted{text(expected, "value")};
    const auto decimal = parse_decimal(wanted);
    if (const auto value = in_base_unit(ours); decimal && value) {
        return is_close(*decimal, *value);
    }
    const std::string value{text(ours, "value")};
    const auto plain = [&](std::string said) {
        return without(without(std::move(said), "Z"), ":00") == without(value, ":00");
    };
    // Blobs are printed with blanks, most significant byte first.
    return wanted == value || plain(wanted) || without(wanted, " ") == value ||
           (wanted.empty() && expected.member("value") != nullptr &&
            expected.member("value")->kind == JsonValue::Kind::null);
}

bool is_special(const JsonValue& expected) {
    return text(expected, "function") == "Manufacturer specific" ||
           text(expected, "function") == "More records follow";
}

} // namespace

BOOST_AUTO_TEST_SUITE(telegram_corpus)

BOOST_AUTO_TEST_CASE(test_frames_agree_record_by_record) {
    std::size_t compared = 0;
    for (const auto& line : test::read_corpus("wired.jsonl")) {
        if (line.set != "test-frames") {
            continue;
        }
        const JsonValue ours = decode(line.bytes);
        BOOST_TEST((ours.member("fault")->kind == JsonValue::Kind::null), line.id);
        std::vector<const JsonValue*> expected;
        for (const JsonValue& record : line.expect.member("records_normalized")->items) {
            if (!is_special(record)) {
                expected.push_back(&record);
            }
        }
        const auto& records = ours.member("records")->items;
        BOOST_TEST_REQUIRE(records.size() == expected.size(), line.id);
        // The old fixed structure is expected in the unit as sent, without power of ten.
        const bool fixed = text(ours, "body") == "fixed";
        const auto listed = wrong_expectations.find(line.id);
        for (std::size_t i = 0; i < records.size() && !fixed; ++i, ++compared) {
            const bool wrong = listed != wrong_expectations.end() && listed->second.contains(i);
            BOOST_TEST(agrees(*expected[i], records[i]) != wrong,
                       line.id << " record " << i << ": expected " << text(*expected[i], "value")
                               << ", ours " << text(records[i], "value") << ' '
                               << text(records[i], "unit"));
        }
    }
    BOOST_TEST_MESSAGE(compared << " records compared");
}

BOOST_AUTO_TEST_CASE(error_frames_give_the_right_fault) {
    const std::map<std::string, std::string> codes{
        {"premature_end_of_data1", "record-truncated"},
        {"premature_end_of_data2", "record-truncated"},
        {"premature_end_of_dif1", "record-truncated"},
        {"too_long_var_vif", "plain-text-vif"},
        {"too_many_dife", "too-many-difes"},
        {"too_many_vife", "too-many-vifes"},
        {"too_short_header", "header-truncated"},
    };
    for (const auto& line : test::read_corpus("wired.jsonl")) {
        if (line.set != "error-frames") {
            continue;
        }
        const JsonValue ours = decode(line.bytes);
        BOOST_TEST_REQUIRE(codes.contains(line.id), line.id);
        BOOST_TEST(text(*ours.member("fault"), "code") == codes.at(line.id), line.id);
    }
}

BOOST_AUTO_TEST_CASE(application_errors_are_no_fault) {
    for (const auto& line : test::read_corpus("wired.jsonl")) {
        if (line.set != "application-errors") {
            continue;
        }
        const JsonValue ours = decode(line.bytes);
        const std::uint8_t code = line.bytes.size() > 9 ? line.bytes[7] : 0;
        BOOST_TEST((ours.member("fault")->kind == JsonValue::Kind::null), line.id);
        BOOST_TEST_REQUIRE(ours.member("application_error") != nullptr, line.id);
        BOOST_TEST(number(*ours.member("application_error"), "code") == code, line.id);
    }
}

BOOST_AUTO_TEST_SUITE_END()
