// SPDX-License-Identifier: Apache-2.0
#include "formats/rig_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench;
using namespace meterbench::formats;

constexpr std::string_view bus_text = R"({"schema":"meterbench.bus/1","baud":300,"meters":[
    {"name":"hall","address":5,"profile":"heat"},
    {"name":"left","address":6,"profile":"heat"},
    {"name":"right","address":6,"profile":"heat"},
    {"name":"captured","telegrams":["68040468080372007D16"]}]})";

std::string rig_with(std::string_view members) {
    return R"({"schema":"meterbench.rig/1",)" + std::string{members} + "}";
}
FileResult<RigFile> parse(std::string_view members) {
    return parse_rig_file(rig_with(members), "rig.json");
}
std::string complaint(std::string_view members) {
    const auto rig = parse(members);
    return rig ? "" : rig.error();
}
/// A simulated rig on bus_text with this device under test.
FileResult<RigFile> simulated(std::string_view dut) {
    return parse(R"("kind":"simulated","bus":)" + std::string{bus_text} + R"(,"dut":)" +
                 std::string{dut});
}

} // namespace

BOOST_AUTO_TEST_SUITE(rig_file)

BOOST_AUTO_TEST_CASE(a_simulated_meter_by_name) {
    const tests::TemporaryFolder folder;
    (void)folder.write("bus.json", bus_text);
    const auto file = folder.write(
        "rig.json",
        rig_with(R"("kind":"simulated","bus":"bus.json","dut":{"role":"meter","name":"hall"})"));
    const auto rig = load_rig_file(file);
    BOOST_REQUIRE_MESSAGE(rig, rig.error());
    BOOST_TEST((rig->kind == RigFile::Kind::simulated));
    BOOST_TEST(rig->bus_path == (folder.path() / "bus.json").string());
    BOOST_TEST(rig->bus.meters.size() == 4U);
    BOOST_TEST(rig->baud.value == 300U);
    BOOST_TEST(rig->uncertainty.count() == 0);
    BOOST_TEST(rig->dut.name == "hall");
    BOOST_TEST(rig->dut.address.value() == 5);
    BOOST_TEST(rig->text.starts_with("{\"schema\""));
}

BOOST_AUTO_TEST_CASE(a_simulated_meter_by_address) {
    const auto rig = simulated(R"({"role":"meter","address":3})");
    BOOST_REQUIRE_MESSAGE(rig, rig.error());
    BOOST_TEST(rig->dut.name == "captured");
    BOOST_TEST(rig->bus_path.empty());
    BOOST_TEST(simulated(R"({"role":"meter","name":"left"})")->dut.address.value() == 6);
    BOOST_TEST(simulated(R"({"role":"meter","name":"left","address":6})").has_value());
}

BOOST_AUTO_TEST_CASE(a_simulated_master_needs_no_bus) {
    const auto rig = parse(R"("kind":"simulated","dut":{"role":"master"})");
    BOOST_REQUIRE_MESSAGE(rig, rig.error());
    BOOST_TEST((rig->dut.role == DutEntry::Role::master));
    BOOST_TEST(rig->bus.meters.empty());
    BOOST_TEST(rig->baud.value == 2400U);
}

BOOST_AUTO_TEST_CASE(a_meter_on_a_line) {
    const auto rig = parse(R"("kind":"line","port":"tcp://127.0.0.1:10001","baud":2400,
        "uncertainty":"2ms","dut":{"role":"meter","address":5})");
    BOOST_REQUIRE_MESSAGE(rig, rig.error());
    BOOST_TEST((rig->kind == RigFile::Kind::line));
    BOOST_TEST(rig->port == "tcp://127.0.0.1:10001");
    BOOST_TEST((rig->uncertainty == std::chrono::milliseconds{2}));
    BOOST_TEST(rig->dut.address.value() == 5);
}

BOOST_AUTO_TEST_CASE(a_served_master) {
    const auto rig = parse(R"("kind":"served","endpoint":"tcp://127.0.0.1:10002","baud":2400,
        "dut":{"role":"master","command":["prog","{endpoint}","{job}","{args}"]})");
    BOOST_REQUIRE_MESSAGE(rig, rig.error());
    BOOST_TEST(rig->endpoint == "tcp://127.0.0.1:10002");
    BOOST_TEST(rig->dut.command.size() == 4U);
    BOOST_TEST((rig->uncertainty == std::chrono::milliseconds{3}));
}

BOOST_AUTO_TEST_CASE(keys_belong_to_a_kind) {
    BOOST_TEST(complaint(R"("kind":"simulated","port":"x","dut":{"role":"master"})") ==
               "rig.json: port: unknown key");
    BOOST_TEST(complaint(R"("kind":"bench")") ==
               "rig.json: kind: must be simulated, line or served, not \"bench\"");
    BOOST_TEST(complaint(R"("kimd":"line")") == "rig.json: kimd: unknown key");
    BOOST_TEST(complaint(R"("dut":{})") == "rig.json: kind: missing");
    BOOST_TEST(complaint(R"("kind":"line","baud":2400,"uncertainty":"0s",)"
                         R"("dut":{"role":"meter","address":5})") == "rig.json: port: missing");
    BOOST_TEST(complaint(R"("kind":"line","port":"x","baud":2400,)"
                         R"("dut":{"role":"meter","address":5})") ==
               "rig.json: uncertainty: missing");
    BOOST_TEST(complaint(R"("kind":"line","port":"x","baud":2400,"uncertainty":"0s",)"
                         R"("dut":{"role":"meter"})") == "rig.json: dut.address: missing");
    BOOST_TEST(complaint(R"("kind":"line","port":"x","baud":2400,"uncertainty":"0s",)"
                         R"("dut":{"role":"master"})") ==
               "rig.json: dut.role: must be meter, not \"master\"");
    BOOST_TEST(complaint(R"("kind":"served","endpoint":"x","baud":2400,)"
                         R"("dut":{"role":"meter"})") ==
               "rig.json: dut.role: must be master, not \"meter\"");
    BOOST_TEST(complaint(R"("kind":"served","endpoint":"x","baud":2400,)"
                         R"("dut":{"role":"master"})") == "rig.json: dut.command: missing");
    BOOST_TEST(complaint(R"("kind":"served","endpoint":"x","baud":2400,)"
                         R"("dut":{"role":"master","command":[]})") ==
               "rig.json: dut.command: must not be empty");
    BOOST_TEST(complaint(R"("kind":"simulated","dut":{"role":"master","command":["x"]})") ==
               "rig.json: dut.command: unknown key");
    BOOST_TEST(complaint(R"("kind":"simulated","dut":{"role":"meter","name":"hall"})") ==
               "rig.json: bus: missing");
}

BOOST_AUTO_TEST_CASE(the_device_under_test_is_on_the_bus) {
    BOOST_TEST(simulated(R"({"role":"meter"})").error() ==
               "rig.json: dut: needs a name or an address");
    BOOST_TEST(simulated(R"({"role":"meter","name":"attic"})").error() ==
               "rig.json: dut: no meter of the bus is named \"attic\"");
    // An address alone may have nobody there: a silent bus.
    BOOST_TEST(simulated(R"({"role":"meter","address":9})").has_value());
    BOOST_TEST(simulated(R"({"role":"meter","address":6})").error() ==
               "rig.json: dut.address: 6 is the address of more than one meter: name one");
    BOOST_TEST(simulated(R"({"role":"meter","name":"hall","address":6})").error() ==
               "rig.json: dut.address: \"hall\" has address 5");
    BOOST_TEST(simulated(R"({"role":"meter","nane":"hall"})").error() ==
               "rig.json: dut.nane: unknown key");
}

// A fault in the bus file names both files.
BOOST_AUTO_TEST_CASE(faults_of_the_bus_are_passed_on) {
    const tests::TemporaryFolder folder;
    const auto file = folder.write(
        "rig.json",
        rig_with(R"("kind":"simulated","bus":"b.json","dut":{"role":"meter","name":"hall"})"));
    BOOST_TEST(load_rig_file(file).error() ==
               file.string() + ": bus: " + (folder.path() / "b.json").string() + ": no such file");
    (void)folder.write("b.json", R"({"schema":"meterbench.bus/1","baud":2400,"metres":[]})");
    BOOST_TEST(load_rig_file(file).error() == file.string() +
                                                  ": bus: " + (folder.path() / "b.json").string() +
                                                  ": metres: unknown key");
    BOOST_TEST(complaint(R"("kind":"simulated","bus":5,"dut":{"role":"meter","name":"hall"})") ==
               "rig.json: bus: must be the path of a bus file or a bus");
    BOOST_TEST(complaint(R"("kind":"simulated","bus":{"schema":"meterbench.bus/1","baud":2400,)"
                         R"("meters":[{"name":"m"}]},"dut":{"role":"meter","name":"m"})") ==
               "rig.json: bus.meters[0]: needs either profile or telegrams");
}

BOOST_AUTO_TEST_SUITE_END()
