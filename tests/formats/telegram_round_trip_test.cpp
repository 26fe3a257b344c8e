// SPDX-License-Identifier: Apache-2.0
// Purpose: decode and encode use the same tables. A telegram's JSON without dib, vib and raw gives
// the telegram's bytes again, unless the telegram says something in a way that no encoder would
// choose; each such telegram is listed with its reason.
#include "formats/telegram_json.hpp"
#include "formats/telegram_reader.hpp"
#include "telegram_corpus.hpp"
#include "tests/core/application/bytes_of.hpp"

#include <map>

using namespace meterbench;

namespace {

std::string json_of(std::span<const std::uint8_t> bytes) {
    std::string text;
    formats::write_telegram_json(text, 1, bytes);
    return text;
}

/// Takes dib, vib and raw out of every record.
std::string without_bytes(std::string json) {
    constexpr std::string_view from = R"({"dib":")";
    for (std::size_t at = 0; (at = json.find(from, at)) != std::string::npos; ++at) {
        json.erase(at + 1, json.find(R"("coding":)", at) - at - 1);
    }
    return json;
}

/// Why these telegrams cannot come out of their typed fields alone.
const std::map<std::string, std::string> not_canonical{
    {"ACW_Itron-BM-plus-m", "a date of zeros"},
    {"ELS_Elster-F96-Plus", "BCD digits D, E, B"},
    {"LGB_G350", "idle fillers"},
    {"emh_diz", "a DIFE of zero"},
    {"itron_bm_+m", "a date of zeros"},
    {"kamstrup_multical_601", "a type F date with its century"},
    {"landis+gyr_ultraheat_t230", "a date that recurs every year"},
    {"sen_pollutherm", "VIF 7Bh without extension bit"},
    {"siemens_rvd235", "a reserved VIF"},
    {"siemens_water", "a date of zeros"},
    {"siemens_wfh21", "a date of zeros"},
    {"application_layer_frames-3", "a type I time whose date recurs"},
    {"jmbus-testMsg6", "a date of zeros"},
    {"jmbus-test_ABB_A41_Msg1", "a type I date that is none"},
    {"jmbus-test_ABB_A41_Msg5", "a type I date that is none"},
    {"jmbus-test_Schneider_Electric_Msg3", "a NaN with its sign bit set"},
    {"test_hyd-0", "BCD digits D, E, B"},
    {"aptmbusna-0", "a type F date with its IV bit set"},
    {"iem3000-3", "a NaN with its sign bit set"},
    {"iem3000-6", "a NaN with its sign bit set"},
    {"iem3000-8", "a type F date with its IV bit set"},
    {"iem3000-9", "a NaN with its sign bit set"},
    {"iem3000-12", "a NaN with its sign bit set"},
    {"kamheat-16", "a type F date with its century"},
    {"nzr-0", "a DIFE of zero"},
    {"nzr-1", "a DIFE of zero"},
    {"sensostar-0", "a date of zeros"},
    {"werhlemodwm-0", "a type F date of zeros"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(telegram_round_trip)

BOOST_AUTO_TEST_CASE(the_standards_examples) {
    for (const std::string_view hex : {
             "E5",
             "10 40 01 41 16",
             "10 7B FE 79 16",
             "68 04 04 68 08 01 71 05 7F 16",
             "68 03 03 68 53 FE BD 0E 16",
             "68 04 04 68 53 FE 50 10 B1 16",
             "68 06 06 68 53 FE 51 01 7A 08 25 16",
             "68 0D 0D 68 53 FE 51 07 79 04 03 02 01 24 40 01 04 95 16",
             "68 0F 0F 68 53 FE 51 0C 79 78 56 34 12 0C 06 07 01 00 00 55 16",
             "68 07 07 68 53 07 51 08 13 08 5A 28 16",
             "68 06 06 68 53 01 51 C8 3F 7E 2A 16",
             "68 04 04 68 53 03 51 7F 26 16",
             "68 03 03 68 53 FF 5C AE 16",
             "68 0B 0B 68 73 FD 52 FF 57 02 00 FF FF FF FF 16 16",
             "68 11 11 68 53 FD 52 78 56 34 12 FF FF FF FF 0C 78 04 03 02 01 40 16",
             "68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00 3C 16",
             "68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13 "
             "01 8B 60 04 37 18 02 18 16",
             "68 04 04 68 08 01 70 08 81 16",
             "68 25 25 68 08 00 72 00 00 00 00 CD 25 01 02 00 00 00 00 0D 7C 02 57 50 F0 96 07 5B "
             "2A 27 A6 93 01 3D B5 1A B3 DC D1 3E 17 D5 16",
             "68 06 06 68 73 05 51 00 93 0B 67 16",
             "68 12 12 68 08 05 72 78 56 34 12 24 40 01 07 01 00 00 00 00 93 15 A8 16",
         }) {
        const auto bytes = test::bytes_of(hex);
        const std::string json = without_bytes(json_of(bytes));
        const auto again = formats::read_telegram_json(json, "test");
        BOOST_TEST_CONTEXT(json) {
            BOOST_REQUIRE_MESSAGE(again, again.error());
            BOOST_REQUIRE(again->size() == 1U);
            BOOST_TEST(test::hex_of(again->front()) == test::hex_of(bytes));
        }
    }
}

BOOST_AUTO_TEST_CASE(raw_that_disagrees_is_an_error) {
    std::string json = json_of(test::bytes_of("68 06 06 68 53 FE 51 01 7A 08 25 16"));
    const std::size_t at = json.find(R"("raw":"08")");
    BOOST_REQUIRE(at != std::string::npos);
    json.replace(at, 10, R"("raw":"09")");
    const auto again = formats::read_telegram_json(json, "in.json");
    BOOST_REQUIRE(!again);
    BOOST_TEST(again.error() == "in.json: records[0].raw: disagrees with the typed fields");
}

BOOST_AUTO_TEST_CASE(telegrams_of_real_meters) {
    std::size_t good = 0;
    for (const auto& line : test::read_corpus("wired.jsonl")) {
        const std::string json = json_of(line.bytes);
        if (!json.ends_with(R"("fault":null})")) {
            continue;
        }
        const auto again = formats::read_telegram_json(without_bytes(json), line.id);
        const bool same = again && *again == formats::Frames{line.bytes};
        good += same ? 1 : 0;
        if (not_canonical.contains(line.id)) {
            BOOST_TEST(!same, line.id << " is listed as not canonical and yet comes back");
        } else {
            BOOST_TEST(same, line.id << ": "
                                     << (again ? test::hex_of(again->front()) : again.error())
                                     << "\n"
                                     << test::hex_of(line.bytes));
        }
        if (line.id == "LGB_G350") {
            continue;
        }
        // With its bytes, every telegram comes back; only idle fillers are not in the JSON.
        const auto whole = formats::read_telegram_json(json, line.id);
        BOOST_TEST((whole && *whole == formats::Frames{line.bytes}),
                   line.id << ": " << (whole ? test::hex_of(whole->front()) : whole.error()));
    }
    BOOST_TEST_MESSAGE(good << " telegrams came back from their typed fields");
}

BOOST_AUTO_TEST_SUITE_END()
