// SPDX-License-Identifier: Apache-2.0
// Purpose: manufacturer decoders are data: they name points and read manufacturer data; the two
// examples that ship do so for their telegrams; what is wrong in one is named with file and key.
#include "core/link/frame.hpp"
#include "formats/decoder_file.hpp"
#include "formats/telegram_json.hpp"
#include "paths.hpp"
#include "tests/core/application/bytes_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;

namespace {

formats::DecoderSet examples() {
    auto set =
        formats::DecoderSet::load(std::string{METERBENCH_SOURCE_DIR} + "/scenarios/decoders");
    BOOST_REQUIRE_MESSAGE(set, set.error());
    return std::move(*set);
}

std::string json_of(std::string_view user_data) {
    const auto frame = core::link::encode_long({0x08}, 5, test::bytes_of(user_data));
    const formats::DecoderSet set = examples();
    std::string text;
    formats::write_telegram_json(text, 1, frame->bytes(), {.decoders = &set});
    return text;
}

void check_part(const std::string& json, std::string_view part) {
    BOOST_TEST((json.find(part) != std::string::npos), json << "\nhas no " << part);
}

std::string error_of(std::string_view text) {
    const auto decoder = formats::parse_decoder(text, "d.json");
    return decoder ? "" : decoder.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(telegram_decoder)

BOOST_AUTO_TEST_CASE(a_water_meter) {
    const std::string json = json_of(
        "72 78 03 49 11 77 04 0E 16 0A 00 00 00 04 13 31 D4 00 00 44 13 00 00 00 00 0F 00 2A");
    check_part(json, R"("records":[{"name":"total","dib":"04")");
    check_part(json, R"({"name":"total at due date","dib":"44")");
    check_part(json, R"("manufacturer_data":"002A","manufacturer_values":[)"
                     R"({"name":"status","value":"0","unit":""},)"
                     R"({"name":"battery","value":"42","unit":"month"}])");
}

BOOST_AUTO_TEST_CASE(a_heat_meter_with_every_kind_of_field) {
    const std::string json =
        json_of("72 78 56 34 12 58 34 01 04 01 00 00 00 04 06 01 00 00 00 14 2D 02 00 "
                "00 00 0F 1C 0E FB 34 12 AB CD");
    check_part(json, R"({"name":"heat","dib":"04")");
    check_part(json, R"({"name":"peak power","dib":"14")");
    check_part(json, R"("value":"3.612","unit":"V")");
    check_part(json, R"("value":"-5","unit":"degC")");
    check_part(json, R"("name":"build","value":"1234")");
    check_part(json, R"("name":"trace","value":"ABCD")");
}

BOOST_AUTO_TEST_CASE(data_too_short_and_other_devices) {
    check_part(json_of("72 78 03 49 11 77 04 0E 16 0A 00 00 00 0F 07"),
               R"({"name":"battery","value":null,"unit":"month"})");
    const std::string other = json_of("72 78 03 49 11 77 04 0F 16 0A 00 00 00 04 13 31 D4 00 00");
    BOOST_TEST((other.find("\"name\"") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
    BOOST_TEST(error_of(R"({"schema":"meterbench.decoder/1","match":{"manufacturer":"acw"}})")
                   .starts_with("d.json: match.manufacturer"));
    BOOST_TEST(error_of(R"({"schema":"meterbench.decoder/1","match":{"manufacturer":"ACW"},)"
                        R"("points":[{"name":"x","quantity":"volumes"}]})")
                   .starts_with("d.json: points[0].quantity"));
    BOOST_TEST(error_of(R"({"schema":"meterbench.decoder/1","match":{"manufacturer":"ACW"},)"
                        R"("manufacturer_data":[{"name":"x","offset":0,"coding":"float"}]})")
                   .starts_with("d.json: manufacturer_data[0].coding"));
    BOOST_TEST((error_of(R"({"schema":"meterbench.decoder/1","match":{"manufacturer":"ACW"},)"
                         R"("point":[]})")
                    .find("point") != std::string::npos));
    BOOST_TEST(!formats::DecoderSet::load("/nonexistent").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
