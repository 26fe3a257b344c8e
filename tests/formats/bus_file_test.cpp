// SPDX-License-Identifier: Apache-2.0
#include "formats/bus_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench;
using namespace meterbench::formats;

// A whole RSP_UD frame from address 3 with one byte of user data after CI 72h.
constexpr std::string_view answer = "680404680803720080FD16";
std::string good_answer() {
    return "68040468080372007D16";
}

/// A bus of one meter with these members.
std::string bus_with(std::string_view meter) {
    return R"({"schema":"meterbench.bus/1","baud":2400,"meters":[{)" + std::string{meter} + "}]}";
}
std::string complaint(std::string_view text) {
    const auto bus = parse_bus_file(text, "bus.json");
    return bus ? "" : bus.error();
}
std::string meter_complaint(std::string_view meter) {
    return complaint(bus_with(meter));
}

} // namespace

BOOST_AUTO_TEST_SUITE(bus_file)

// The sample of docs/files.md, every key in use.
BOOST_AUTO_TEST_CASE(every_key_is_read) {
    const auto bus = parse_bus_file(R"({"schema":"meterbench.bus/1","baud":9600,"segment":"B",
      "meters":[
        {"name":"hall","address":5,"id":"12345678","profile":"heat","response":"20ms",
         "unit_loads":2,"distance":120,"baud":300},
        {"name":"captured","telegrams":["68 04 04 68 08 03 72 00 7D 16"],"response":"35ms"},
        {"name":"odd","address":7,"profile":"water",
         "faults":["link.fcb-ignored",{"name":"byte.checksum","answer":2}]}],
      "faults":[{"name":"line.noise","rate":0.001}]})",
                                    "bus.json");
    BOOST_REQUIRE_MESSAGE(bus, bus.error());
    BOOST_TEST(bus->baud.value == 9600U);
    BOOST_TEST(bus->segment == "B");
    BOOST_REQUIRE(bus->meters.size() == 3U);
    const auto& hall = bus->meters[0];
    BOOST_TEST(hall.name == "hall");
    BOOST_TEST(hall.address.value() == 5);
    BOOST_TEST(hall.id == "12345678");
    BOOST_TEST(hall.profile == "heat");
    BOOST_TEST((hall.response == std::chrono::milliseconds{20}));
    BOOST_TEST(hall.unit_loads == 2);
    BOOST_TEST((hall.distance == 120));
    BOOST_TEST(hall.baud.value() == 300U);
    BOOST_TEST(address_of(hall) == 5);
    const auto& captured = bus->meters[1];
    BOOST_TEST(!captured.address);
    BOOST_TEST(captured.telegrams.size() == 1U);
    BOOST_TEST(captured.telegrams[0].size() == 10U);
    BOOST_TEST(address_of(captured) == 3);
    BOOST_TEST(captured.unit_loads == 1);
    BOOST_TEST(!captured.distance);
    const auto& odd = bus->meters[2];
    BOOST_TEST(odd.faults[0].name == "link.fcb-ignored");
    BOOST_TEST(odd.faults[1].parameters.at("answer") == 2.0);
    BOOST_TEST(bus->faults[0].name == "line.noise");
    BOOST_TEST(bus->faults[0].parameters.at("rate") == 0.001);
}

BOOST_AUTO_TEST_CASE(defaults) {
    const auto bus = parse_bus_file(bus_with(R"("name":"m","address":0,"profile":"heat")"), "b");
    BOOST_REQUIRE_MESSAGE(bus, bus.error());
    BOOST_TEST(bus->segment == "A");
    BOOST_TEST(!bus->meters[0].response);
    BOOST_TEST(!bus->meters[0].baud);
    BOOST_TEST(bus->meters[0].unit_loads == 1);
    BOOST_TEST(bus->meters[0].id.empty());
}

BOOST_AUTO_TEST_CASE(keys_and_values_are_checked) {
    BOOST_TEST(meter_complaint(R"("name":"m","adress":5,"profile":"heat")") ==
               "bus.json: meters[0].adress: unknown key");
    BOOST_TEST(meter_complaint(R"("address":5,"profile":"heat")") ==
               "bus.json: meters[0].name: missing");
    BOOST_TEST(meter_complaint(R"("name":"m","profile":"heat")") ==
               "bus.json: meters[0].address: missing");
    BOOST_TEST(meter_complaint(R"("name":"m","address":251,"profile":"heat")") ==
               "bus.json: meters[0].address: 251 is not in 0 to 250");
    BOOST_TEST(meter_complaint(R"("name":"m","address":5,"profile":"heat","id":"1234567A")") ==
               "bus.json: meters[0].id: \"1234567A\" is not 8 digits");
    BOOST_TEST(meter_complaint(R"("name":"m","address":5,"profile":"heat","unit_loads":5)") ==
               "bus.json: meters[0].unit_loads: 5 is not in 1 to 4");
    BOOST_TEST(meter_complaint(R"("name":"m","address":5,"profile":"heat","distance":10001)") ==
               "bus.json: meters[0].distance: 10001 is not in 0 to 10000");
    BOOST_TEST(meter_complaint(R"("name":"m","address":5,"profile":"heat","response":"20 ms")") ==
               "bus.json: meters[0].response: \"20 ms\" is not a duration such as \"20ms\" or "
               "\"1.5s\"");
    BOOST_TEST(meter_complaint(R"("name":"m","address":5,"profile":"heat","baud":1000)") ==
               "bus.json: meters[0].baud: 1000 is not one of 300, 600, 1200, 2400, 4800, 9600, "
               "19200, 38400");
    BOOST_TEST(meter_complaint(R"("name":"m","address":5,"profile":"heat","faults":[3])") ==
               "bus.json: meters[0].faults[0]: must be the name of a fault or an object with its "
               "name");
    BOOST_TEST(
        meter_complaint(R"("name":"m","address":5,"profile":"heat","faults":[{"rate":1}])") ==
        "bus.json: meters[0].faults[0].name: missing");
    BOOST_TEST(
        meter_complaint(
            R"("name":"m","address":5,"profile":"heat","faults":[{"name":"x","rate":"1"}])") ==
        "bus.json: meters[0].faults[0].rate: must be a number, not a string");
    BOOST_TEST(complaint(R"({"schema":"meterbench.bus/1","meters":[]})") ==
               "bus.json: baud: missing");
    BOOST_TEST(complaint(R"({"schema":"meterbench.bus/1","baud":2400})") ==
               "bus.json: meters: missing");
    BOOST_TEST(complaint(R"({"schema":"meterbench.bus/2"})") ==
               "bus.json: schema: must be meterbench.bus/1, not \"meterbench.bus/2\"");
}

// A meter is made of one thing.
BOOST_AUTO_TEST_CASE(either_profile_or_telegrams) {
    BOOST_TEST(meter_complaint(R"("name":"m","address":5)") ==
               "bus.json: meters[0]: needs either profile or telegrams");
    BOOST_TEST(meter_complaint(R"("name":"m","profile":"heat","telegrams":[")" + good_answer() +
                               R"("])") ==
               "bus.json: meters[0]: needs either profile or telegrams");
    BOOST_TEST(
        meter_complaint(R"("name":"m","id":"12345678","telegrams":[")" + good_answer() + R"("])") ==
        "bus.json: meters[0].id: a captured meter has the one of its telegrams");
}

BOOST_AUTO_TEST_CASE(telegrams_are_whole_answers) {
    const auto captured = [](std::string_view telegram) {
        return meter_complaint(R"("name":"m","telegrams":[")" + std::string{telegram} + R"("])");
    };
    BOOST_TEST(captured(good_answer()) == "");
    BOOST_TEST(captured("6804zz") ==
               "bus.json: meters[0].telegrams[0]: is not pairs of hexadecimal digits");
    BOOST_TEST(captured(answer) == "bus.json: meters[0].telegrams[0]: is not a link frame: the "
                                   "checksum is not the sum of its bytes at byte 8");
    BOOST_TEST(captured("E5") ==
               "bus.json: meters[0].telegrams[0]: is not an answer with data (RSP_UD)");
    BOOST_TEST(captured("680303685303B00616") ==
               "bus.json: meters[0].telegrams[0]: is not an answer with data (RSP_UD)");
    BOOST_TEST(meter_complaint(R"("name":"m","telegrams":[])") ==
               "bus.json: meters[0].telegrams: must not be empty");
}

BOOST_AUTO_TEST_CASE(names_are_unique) {
    BOOST_TEST(complaint(R"({"schema":"meterbench.bus/1","baud":2400,"meters":[
        {"name":"m","address":1,"profile":"heat"},{"name":"m","address":2,"profile":"heat"}]})") ==
               "bus.json: meters[1].name: \"m\" is the name of another meter");
}

// A profile's name stays a name; a path starts from the bus file's folder.
BOOST_AUTO_TEST_CASE(profile_paths_are_relative_to_the_file) {
    const tests::TemporaryFolder folder;
    const auto file =
        folder.write("b/bus.json", bus_with(R"("name":"m","address":1,"profile":"my.json")"));
    const auto bus = load_bus_file(file);
    BOOST_REQUIRE_MESSAGE(bus, bus.error());
    BOOST_TEST(bus->meters[0].profile == (folder.path() / "b" / "my.json").string());
    BOOST_TEST(load_bus_file(folder.path() / "none.json").error() ==
               (folder.path() / "none.json").string() + ": no such file");
}

BOOST_AUTO_TEST_SUITE_END()
