// SPDX-License-Identifier: Apache-2.0
#include "formats/ics_file.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench::formats;

std::string complaint(std::string_view members) {
    const auto ics =
        parse_ics_file(R"({"schema":"meterbench.ics/1",)" + std::string{members} + "}", "ics.json");
    return ics ? "" : ics.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(ics_file)

BOOST_AUTO_TEST_CASE(every_key_is_read) {
    const auto ics = parse_ics_file(R"({"schema":"meterbench.ics/1","role":"meter",
      "baud":[2400,300],"fcb":false,"repeat_refreshes":true,"telegrams":3,"secondary":false,
      "enhanced_selection":true,"address_writable":true,"application_reset":true,"alarms":true})",
                                    "ics.json");
    BOOST_REQUIRE_MESSAGE(ics, ics.error());
    BOOST_TEST((ics->role == Ics::Role::meter));
    BOOST_TEST((ics->baud == std::vector<std::uint32_t>{300, 2400}));
    BOOST_TEST(!ics->fcb);
    BOOST_TEST(ics->repeat_refreshes);
    BOOST_TEST(ics->telegrams == 3);
    BOOST_TEST(!ics->secondary);
    BOOST_TEST(ics->enhanced_selection);
    BOOST_TEST(ics->address_writable);
    BOOST_TEST(ics->application_reset);
    BOOST_TEST(ics->alarms);
}

// What scenarios see holds every key, given or not.
BOOST_AUTO_TEST_CASE(the_generic_view_holds_every_key) {
    const auto ics = parse_ics_file(R"({"schema":"meterbench.ics/1","role":"master"})", "ics.json");
    BOOST_REQUIRE_MESSAGE(ics, ics.error());
    BOOST_TEST(ics->values.size() == 31U);
    BOOST_TEST((ics->values == default_ics(Ics::Role::master).values));
    BOOST_TEST(std::get<std::string>(ics->values.at("role")) == "master");
    BOOST_TEST(std::get<bool>(ics->values.at("fcb")));
    BOOST_TEST(std::get<std::int64_t>(ics->values.at("telegrams")) == 1);
    BOOST_TEST((std::get<std::vector<std::int64_t>>(ics->values.at("baud")) ==
                std::vector<std::int64_t>{300, 2400}));
    BOOST_TEST(!std::get<bool>(ics->values.at("alarms")));
}

BOOST_AUTO_TEST_CASE(keys_and_values_are_checked) {
    BOOST_TEST(complaint(R"("fcb":true)") == "ics.json: role: missing");
    BOOST_TEST(complaint(R"("role":"gateway")") ==
               "ics.json: role: must be meter or master, not \"gateway\"");
    BOOST_TEST(complaint(R"("role":"meter","records":[{"quantity":"energy"}])") ==
               "ics.json: records[0].value: missing");
    BOOST_TEST(complaint(R"("role":"meter","writable":[{"header":"0","data":"00"}])") ==
               "ics.json: writable[0].header: bytes in hexadecimal are due");
    BOOST_TEST(complaint(R"("role":"meter","unit_loads":5)") ==
               "ics.json: unit_loads: 5 is not in 1 to 4");
    BOOST_TEST(complaint(R"("role":"meter","baud":[])") == "ics.json: baud: must not be empty");
    BOOST_TEST(complaint(R"("role":"meter","FCB":true)") == "ics.json: FCB: unknown key");
    BOOST_TEST(complaint(R"("role":"meter","fcb":1)") ==
               "ics.json: fcb: must be true or false, not an integer");
    BOOST_TEST(complaint(R"("role":"meter","telegrams":0)") ==
               "ics.json: telegrams: 0 is not in 1 to 64");
    BOOST_TEST(complaint(R"("role":"meter","baud":2400)") ==
               "ics.json: baud: must be an array, not an integer");
    BOOST_TEST(complaint(R"("role":"meter","baud":[])") == "ics.json: baud: must not be empty");
    BOOST_TEST(complaint(R"("role":"meter","baud":[300,300])") ==
               "ics.json: baud[1]: 300 is in the list already");
    BOOST_TEST(complaint(R"("role":"meter","baud":[301])") ==
               "ics.json: baud[0]: 301 is not one of 300, 600, 1200, 2400, 4800, 9600, 19200, "
               "38400");
}

BOOST_AUTO_TEST_SUITE_END()
