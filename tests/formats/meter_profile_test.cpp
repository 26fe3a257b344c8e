// SPDX-License-Identifier: Apache-2.0
#include "formats/meter_profile.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench::formats;

FileResult<MeterProfile> parse(std::string_view members) {
    return parse_meter_profile(
        R"({"schema":"meterbench.meter/1","manufacturer":"MBX","version":1,"device_type":"heat",)" +
            std::string{members} + "}",
        "m.json");
}
std::string complaint(std::string_view members) {
    const auto profile = parse(members);
    return profile ? "" : profile.error();
}
std::string point_complaint(std::string_view members) {
    return complaint(R"("points":[{)" + std::string{members} + "}]");
}

} // namespace

BOOST_AUTO_TEST_SUITE(meter_profile)

BOOST_AUTO_TEST_CASE(what_commands_may_do_is_read) {
    const auto profile = parse(R"("baud":[300,9600],"alarms":true,"address_writable":false,
      "identification_writable":true,"clock_writable":false,
      "applications":[{"application":5,"telegrams":[[1],[0]]}],"points":[
      {"quantity":"volume","unit":"m3","coding":"bcd8","value":"1","writable":true},
      {"quantity":"volume","unit":"m3","coding":"bcd8","value":"1","storage":1,"freezes":0}])");
    BOOST_REQUIRE_MESSAGE(profile, profile.error());
    BOOST_TEST(profile->baud.size() == 2U);
    BOOST_TEST(profile->baud[1].value == 9600U);
    BOOST_TEST(profile->alarms);
    BOOST_TEST(!profile->address_writable);
    BOOST_TEST(profile->identification_writable);
    BOOST_TEST(!profile->clock_writable);
    BOOST_REQUIRE(profile->applications.size() == 1U);
    BOOST_TEST(profile->applications[0].number == 5);
    BOOST_TEST(profile->applications[0].telegrams.size() == 2U);
    BOOST_TEST(profile->points[0].writable);
    BOOST_TEST(!profile->points[0].freezes);
    BOOST_TEST(profile->points[1].freezes.value() == 0U);
    const auto standard = parse(R"("points":[])");
    BOOST_REQUIRE(standard);
    BOOST_TEST(standard->address_writable);
    BOOST_TEST(!standard->identification_writable);
    BOOST_TEST(standard->clock_writable);
}

BOOST_AUTO_TEST_CASE(what_commands_may_not_do_is_refused) {
    BOOST_TEST(complaint(R"("points":[],"baud":[1000])").find("baud") != std::string::npos);
    BOOST_TEST(complaint(R"("points":[],"alarms":1)").find("alarms") != std::string::npos);
    BOOST_TEST(complaint(R"("points":[],"applications":[{"application":0,"telegrams":[[]]}])")
                   .find("application") != std::string::npos);
    BOOST_TEST(complaint(R"("points":[],"applications":[{"application":1,"telegrams":[[]]},
                   {"application":1,"telegrams":[[]]}])")
                   .find("1 is there twice") != std::string::npos);
    BOOST_TEST(point_complaint(R"("quantity":"volume","coding":"bcd8","value":"1","freezes":1)")
                   .find("freezes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_key_is_read) {
    const auto profile = parse(R"("status":4,"access_number":200,"points":[
      {"quantity":"energy","unit":"Wh","exponent":3,"coding":"int32","value":"35000",
       "per_hour":"1200"},
      {"quantity":"flow temperature","unit":"degC","exponent":-1,"coding":"int16","value":"61.5",
       "storage":1,"tariff":2,"subunit":3,"function":"maximum","qualifiers":["per hour"]}],
      "telegrams":[[0],[1,0]])");
    BOOST_REQUIRE_MESSAGE(profile, profile.error());
    BOOST_TEST(profile->manufacturer == "MBX");
    BOOST_TEST(profile->version == 1);
    BOOST_TEST(profile->device_type == "heat");
    BOOST_TEST(profile->status == 4);
    BOOST_TEST(profile->access_number == 200);
    const ProfilePoint& energy = profile->points[0];
    BOOST_TEST(energy.quantity == "energy");
    BOOST_TEST(energy.unit == "Wh");
    BOOST_TEST(energy.exponent == 3);
    BOOST_TEST(energy.coding == "int32");
    BOOST_TEST(energy.value == "35000");
    BOOST_TEST(energy.per_hour == "1200");
    BOOST_TEST(energy.function == "instantaneous");
    const ProfilePoint& flow = profile->points[1];
    BOOST_TEST(flow.storage == 1U);
    BOOST_TEST(flow.tariff == 2U);
    BOOST_TEST(flow.subunit == 3U);
    BOOST_TEST(flow.function == "maximum");
    BOOST_TEST(flow.qualifiers[0] == "per hour");
    BOOST_TEST((profile->telegrams == std::vector<std::vector<std::size_t>>{{0}, {1, 0}}));
}

// Without a list of telegrams one carries every point.
BOOST_AUTO_TEST_CASE(one_telegram_unless_told) {
    const auto profile = parse(R"("points":[{"quantity":"a","coding":"int8","value":"1"},
                                            {"quantity":"b","coding":"int8","value":"2"}])");
    BOOST_REQUIRE_MESSAGE(profile, profile.error());
    BOOST_TEST((profile->telegrams == std::vector<std::vector<std::size_t>>{{0, 1}}));
}

BOOST_AUTO_TEST_CASE(keys_and_values_are_checked) {
    BOOST_TEST(complaint(R"("point":[])") == "m.json: point: unknown key");
    BOOST_TEST(complaint(R"("status":0)") == "m.json: points: missing");
    BOOST_TEST(complaint(R"("points":[],"telegrams":[[0]])") ==
               "m.json: telegrams[0][0]: there are no points");
    BOOST_TEST(complaint(R"("points":[],"telegrams":[])") ==
               "m.json: telegrams: must not be empty");
    BOOST_TEST(complaint(R"("points":[{"quantity":"a","coding":"int8","value":"1"}],)"
                         R"("telegrams":[[0,1]])") ==
               "m.json: telegrams[0][1]: 1 is not in 0 to 0");
    BOOST_TEST(point_complaint(R"("quantity":"a","coding":"int8")") ==
               "m.json: points[0].value: missing");
    BOOST_TEST(point_complaint(R"("quantity":"a","coding":"int8","value":1)") ==
               "m.json: points[0].value: must be a string, not an integer");
    BOOST_TEST(point_complaint(R"("quantity":"a","coding":"int8","value":"1","per_hour":"1e3")") ==
               "m.json: points[0].per_hour: \"1e3\" is not a decimal number");
    BOOST_TEST(point_complaint(R"("quantity":"a","coding":"text","value":"x","per_hour":"1")") ==
               "m.json: points[0].value: \"x\" is not a decimal number");
    BOOST_TEST(point_complaint(R"("quantity":"a","coding":"int8","value":"1","tariff":1048576)") ==
               "m.json: points[0].tariff: 1048576 is not in 0 to 1048575");
    BOOST_TEST(point_complaint(R"("quantity":"a","coding":"int8","value":"1","exponent":13)") ==
               "m.json: points[0].exponent: 13 is not in -12 to 12");
    BOOST_TEST(parse_meter_profile(R"({"schema":"meterbench.meter/1","manufacturer":"mbx",)"
                                   R"("version":1,"device_type":"heat","points":[]})",
                                   "m.json")
                   .error() == "m.json: manufacturer: \"mbx\" is not three capital letters");
}

BOOST_AUTO_TEST_SUITE_END()
