// SPDX-License-Identifier: Apache-2.0
// Purpose: compact frames in JSON: without their format a fault, with it records; what was learned
// survives in a file.
#include "core/link/frame.hpp"
#include "formats/telegram_formats.hpp"
#include "formats/telegram_json.hpp"
#include "tests/core/application/bytes_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;
using core::application::FormatCache;

namespace {

std::string json_of(std::string_view user_data, FormatCache& formats) {
    const auto frame = core::link::encode_long({0x08}, 5, test::bytes_of(user_data));
    std::string text;
    formats::write_telegram_json(text, 1, frame->bytes(), {.formats = &formats});
    return text;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// EN 13757-3:2018 G.5.2.
constexpr std::string_view full = "78 02 02 D2 04 02 15 2E 16 02 2A 34 23";
constexpr std::string_view format = "69 08 31 3B 02 02 02 15 02 2A";
constexpr std::string_view compact = "79 31 3B 42 A6 D2 04 2E 16 34 23";

} // namespace

BOOST_AUTO_TEST_SUITE(telegram_formats)

BOOST_AUTO_TEST_CASE(a_compact_frame_needs_its_format) {
    FormatCache none;
    const std::string unknown = json_of(compact, none);
    BOOST_TEST(has(unknown, R"("body":"compact","compact":{"signature":"3B31","crc":"A642",)"
                            R"("data":"D2042E163423"},"records":[])"),
               unknown);
    BOOST_TEST(has(unknown, R"("code":"format-unknown")"));
    for (const std::string_view teacher : {full, format}) {
        FormatCache cache;
        BOOST_TEST(json_of(teacher, cache).ends_with(R"("fault":null})"));
        const std::string json = json_of(compact, cache);
        BOOST_TEST(has(json, R"("value":"123.4","type":"decimal")"), json);
        BOOST_TEST(has(json, R"("value":"567.8")"), json);
        BOOST_TEST(has(json, R"("value":"901.2")"), json);
        BOOST_TEST(json.ends_with(R"("fault":null})"));
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_teaches_nothing) {
    FormatCache cache;
    BOOST_TEST(has(json_of("69 08 31 3C 02 02 02 15 02 2A", cache), "signature-mismatch"));
    BOOST_TEST(cache.entries().empty());
}

BOOST_AUTO_TEST_CASE(the_file_keeps_what_was_learned) {
    FormatCache cache;
    static_cast<void>(json_of(format, cache));
    const std::string file = formats::write_formats(cache);
    BOOST_TEST(
        has(file, R"({"manufacturer":0,"version":0,"device_type":0,"format":"02020215022A"})"),
        file);
    FormatCache again;
    BOOST_REQUIRE(formats::read_formats(again, file, "formats.json").has_value());
    BOOST_TEST(json_of(compact, again).ends_with(R"("fault":null})"));
    const auto wrong =
        formats::read_formats(again, R"({"schema":"meterbench.formats/1","x":1})", "formats.json");
    BOOST_REQUIRE(!wrong);
    BOOST_TEST(wrong.error().starts_with("formats.json"));
}

BOOST_AUTO_TEST_CASE(a_profile_has_its_series) {
    FormatCache cache;
    const std::string json =
        json_of("78 84 04 6D 00 20 41 11 8B 04 15 00 30 12 8D 04 95 1F 05 69 01 03 02 "
                "11",
                cache);
    BOOST_TEST(has(json, R"("series":[{"storage":9,"time":"2010-01-01T01:00","value":"12300.3"},)"
                         R"({"storage":10,"time":"2010-01-01T02:00","value":"12300.5"},)"
                         R"({"storage":11,"time":"2010-01-01T03:00","value":"12301.6"}])"),
               json);
}

BOOST_AUTO_TEST_SUITE_END()
