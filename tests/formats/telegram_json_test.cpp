// SPDX-License-Identifier: Apache-2.0
// Purpose: schema meterbench.telegram/1 is a contract: its keys, their order and the form of values
// are frozen here.
#include "formats/telegram_json.hpp"
#include "formats/telegram_text.hpp"
#include "tests/core/application/bytes_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench;

namespace {

std::string json_of(std::string_view hex) {
    std::string text;
    formats::write_telegram_json(text, 1, test::bytes_of(hex));
    return text;
}

/// A frame around records of meter 05 with a header of zeros.
std::string records_of(std::string_view records_hex) {
    const auto records = test::bytes_of(records_hex);
    std::vector<std::uint8_t> data{0x08, 0x05, 0x72};
    data.insert(data.end(), 12, 0);
    data.insert(data.end(), records.begin(), records.end());
    const auto size = static_cast<std::uint8_t>(data.size());
    std::vector<std::uint8_t> frame{0x68, size, size, 0x68};
    std::uint8_t sum = 0;
    for (const std::uint8_t byte : data) {
        frame.push_back(byte);
        sum = static_cast<std::uint8_t>(sum + byte);
    }
    frame.push_back(sum);
    frame.push_back(0x16);
    std::string text;
    formats::write_telegram_json(text, 1, frame);
    const std::size_t from = text.find(R"("records":[)") + 11;
    return text.substr(from, text.find(R"(],"more_follows")") - from);
}

void check_part(const std::string& json, std::string_view part) {
    BOOST_TEST((json.find(part) != std::string::npos), json << "\nhas no " << part);
}

} // namespace

BOOST_AUTO_TEST_SUITE(telegram_json)

// EN 13757-3:2018, clause 8; the layout is known from memory only.
BOOST_AUTO_TEST_CASE(a_clock_synchronisation_says_what_and_when) {
    std::vector<std::uint8_t> data = test::bytes_of(
        "53 05 6C 78 56 34 12 24 40 01 07 55 00 00 00 00 07 32 CA 55 3B 2F 00 00 00");
    const auto size = static_cast<std::uint8_t>(data.size());
    std::uint8_t sum = 0;
    for (const std::uint8_t byte : data) {
        sum = static_cast<std::uint8_t>(sum + byte);
    }
    data.insert(data.begin(), {0x68, size, size, 0x68});
    data.push_back(sum);
    data.push_back(0x16);
    std::string text;
    formats::write_telegram_json(text, 1, data);
    check_part(text, R"("clock":{"control":0,"action":"set","time":"2026-11-21T10:50:07"})");
    check_part(text, R"("data":"000732CA553B2F000000")");
    check_part(text, R"("fault":null)");
}

BOOST_AUTO_TEST_CASE(the_line_of_the_contract) {
    BOOST_TEST(
        json_of(
            "68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13 "
            "01 8B 60 04 37 18 02 18 16") ==
        R"({"schema":"meterbench.telegram/1","line":1,"link":"wired","frame":"long","c":8,)"
        R"("address":2,"ci":114,"body":"records","device":{"manufacturer":"PAD","id":"12345678",)"
        R"("version":1,"device_type":7,"device_type_name":"water"},"access_number":85,"status":{)"
        R"("raw":0,"application":"none","power_low":false,"permanent_error":false,)"
        R"("temporary_error":false,"manufacturer":0},"security":{"mode":0},"records":[)"
        R"({"dib":"03","vib":"13","raw":"153100","coding":"int24","function":"instantaneous",)"
        R"("storage":0,"tariff":0,"subunit":0,"quantity":"volume","unit":"m3","value":"12.565",)"
        R"("type":"decimal","qualifiers":[],"exponent":-3},)"
        R"({"dib":"DA02","vib":"3B","raw":"1301","coding":"bcd4","function":"maximum","storage":5,)"
        R"("tariff":0,"subunit":0,"quantity":"volume flow","unit":"m3/h","value":"0.113",)"
        R"("type":"decimal","qualifiers":[],"exponent":-3},)"
        R"({"dib":"8B60","vib":"04","raw":"371802","coding":"bcd6","function":"instantaneous",)"
        R"("storage":0,"tariff":2,"subunit":1,"quantity":"energy","unit":"Wh","value":"218370",)"
        R"("type":"decimal","qualifiers":[],"exponent":1}],"more_follows":false,)"
        R"("manufacturer_data":null,"fault":null})");
}

BOOST_AUTO_TEST_CASE(frames_without_records) {
    BOOST_TEST(json_of("E5") ==
               R"({"schema":"meterbench.telegram/1","line":1,"link":"wired","frame":"single",)"
               R"("body":"none","records":[],"more_follows":false,"manufacturer_data":null,)"
               R"("fault":null})");
    check_part(json_of("10 7B FE 79 16"), R"("frame":"short","c":123,"address":254,"body":"none")");
    check_part(
        json_of("68 04 04 68 08 01 70 08 81 16"),
        R"("body":"application_error","application_error":{"code":8,"name":"application busy"})");
    check_part(json_of("68 04 04 68 08 01 71 05 7F 16"), R"("body":"alarm","alarm":5)");
    check_part(json_of("68 0B 0B 68 73 FD 52 FF 57 02 00 FF FF FF FF 16 16"),
               R"("body":"selection","selection":"000257FFFFFFFFFF")");
    check_part(json_of("68 04 04 68 53 FE 50 10 B1 16"), R"("body":"reset","subcodes":"10")");
    check_part(
        json_of("68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00 3C 16"),
        R"("body":"fixed","device":{"id":"12345678","medium":7,"medium_name":"water"})");
}

BOOST_AUTO_TEST_CASE(values_of_every_type) {
    check_part(records_of("04 6D 0B 0B CD 13"), R"("value":"2014-03-13T11:11","type":"datetime")");
    check_part(records_of("06 6D 0B 0C 8D 59 13 0C"), R"("value":"2010-03-25T13:12:11")");
    check_part(records_of("06 6D 0B 0C 8D 59 13 0C"), R"("weekday":4,"week":12)");
    check_part(records_of("02 6C BF 1C"), R"("value":"2013-12-31","type":"date")");
    check_part(records_of("03 6D 01 02 03"), R"("value":"03:02:01","type":"time")");
    check_part(records_of("02 6C FF FF"), R"("value":null,"type":"date","qualifiers":[],)"
                                          R"("invalid":"invalid")");
    check_part(records_of("02 6C E1 F1"), R"("invalid":"every-year")");
    check_part(records_of("0D FD 11 03 22 FC 41"), "\"value\":\"A\xC3\xBC\\\"\",\"type\":\"text\"");
    check_part(records_of("0D FD 3B 02 AA BB"), R"("value":"AABB","type":"bytes")");
    check_part(records_of("02 FD 17 10 00"), R"("value":"16","type":"bits")");
    check_part(records_of("00 93 15"), R"("value":null,"type":"none","qualifiers":)"
                                       R"(["no data available"],"error":"no data available")");
    check_part(records_of("02 BB 56 05 00"),
               R"("unit":"h","value":"5","type":"decimal",)"
               R"!("qualifiers":["duration of last lower limit exceed (h)"],)!"
               R"("exponent":-3,"vif_unit":"m3/h")");
    check_part(records_of("02 FC 74 03 48 52 25 22 15"), R"("unit":"%RH","value":"54.10")");
    check_part(records_of("0D 13 E5 01 00 00 00 01"), R"("coding":"variable-binary",)");
    check_part(records_of("0D 13 E5 01 00 00 00 01"), R"("length":5)");
}

BOOST_AUTO_TEST_CASE(reals_are_shortest_decimals_without_exponent) {
    check_part(records_of("05 13 CD CC CC 3D"), R"("value":"0.0001","type":"real")"); // 0.1 l
    check_part(records_of("05 16 00 00 20 C1"), R"("value":"-10")");
    check_part(records_of("05 2E F9 02 15 50"), R"("value":"10000000000000")"); // 1e10 kW
    check_part(records_of("05 2B 00 00 00 00"), R"("value":"0")");
    check_part(records_of("05 2B 01 00 00 00"),
               R"("value":"0.000000000000000000000000000000000000000000001")");
    check_part(records_of("05 2B 00 00 C0 7F"), R"("value":null,"type":"real")");
}

BOOST_AUTO_TEST_CASE(a_fault_keeps_what_was_decoded_before_it) {
    const std::string json =
        json_of("68 1C 1C 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 "
                "31 00 DA 02 3B 13 01 8B 60 04 C7 16");
    check_part(json, R"("value":"0.113")");
    check_part(json, R"("fault":{"code":"record-truncated","layer":"application","culprit":"peer",)"
                     R"("offset":29,"detail":"a record ends before its data field says"}})");
    check_part(
        json_of("10 7B FE 78 16"),
        R"("fault":{"code":"checksum-mismatch","layer":"link","culprit":"peer","offset":3,)"
        R"!("detail":"the checksum is not the sum of its bytes: expected 121 (79h), found 120 )!"
        R"!((78h)"}})!");
    check_part(json_of("42"), R"("frame":null,"body":"none","records":[])");
}

BOOST_AUTO_TEST_CASE(text_for_people) {
    std::string text;
    formats::write_telegram_text(text, 3,
                                 test::bytes_of("68 15 15 68 08 02 72 78 56 34 12 24 40 01 07 "
                                                "13 00 00 00 0C 78 04 03 02 01 9D 16"));
    BOOST_TEST(text == "3: long frame, RSP_UD, address 2, CI 72h: response\n"
                       "  PAD 12345678, version 1, water\n"
                       "  access number 19, status: no error\n"
                       "  fabrication number: 1020304  [bcd8]\n");
}

BOOST_AUTO_TEST_SUITE_END()
