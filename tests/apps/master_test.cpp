// SPDX-License-Identifier: Apache-2.0
// Purpose: the reference master's commands, the same on a simulated bus, TCP, a pty and RFC 2217,
// against a served bus and against a meter written independently (tests/interop); and a master
// written independently against a served bus. Bad worlds are called by their names.
#include "paths.hpp"
#include "tests/support/run_command.hpp"
#include "tests/support/served_process.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/wait.h>

using namespace meterbench;
using tests::Ran;
using tests::run_command;
using tests::ServedProcess;
using tests::TemporaryFolder;

namespace {

const std::string interop = METERBENCH_SOURCE_DIR "/tests/interop/";

/// Three meters, two of them with neighbouring numbers.
const std::string small_bus = R"({"schema":"meterbench.bus/1","baud":2400,"meters":[
  {"name":"a","address":5,"id":"12345671","profile":"heat"},
  {"name":"b","address":6,"id":"12345672","profile":"water"},
  {"name":"c","address":7,"id":"70000000","profile":"water"}]})";
/// The same at a rate at which silence is noticed sooner: what searches over a port wait for.
const std::string quick_bus = [] {
    std::string bus = small_bus;
    return bus.replace(bus.find("2400"), 4, "9600");
}();
/// Two meters at one address, whose telegrams differ in most octets.
const std::string clash_bus = R"({"schema":"meterbench.bus/1","baud":2400,"meters":[
  {"name":"a","address":5,"id":"11111111","profile":"heat"},
  {"name":"b","address":5,"id":"22222222","profile":"water"},
  {"name":"c","address":7,"id":"70000000","profile":"water"}]})";

std::vector<std::string> fields(const std::string& lines, const char* key) {
    std::vector<std::string> values;
    std::istringstream stream{lines};
    for (std::string line; std::getline(stream, line);) {
        const auto json = nlohmann::json::parse(line);
        if (json.contains(key)) {
            values.push_back(json[key]);
        }
    }
    return values;
}

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

void check(const Ran& ran, std::size_t found) {
    BOOST_TEST(ran.status == (found > 0 ? 0 : 1), ran.err);
    BOOST_TEST(fields(ran.out, "found").size() == found, ran.out << ran.err);
}

/// A meter of tests/interop in the background.
ServedProcess slave(const std::string& arguments) {
    std::vector<std::string> words{interop + "mbus_slave.py"};
    std::istringstream stream{arguments};
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return {"python3", words};
}

Ran run_master(const std::string& port, const std::string& job) {
    const TemporaryFolder folder;
    const std::string name = port.starts_with("tcp://") ? "tcp:" + port.substr(6) : port;
    const std::string out = (folder.path() / "out").string();
    const std::string line =
        "python3 " + interop + "mbus_master.py " + name + " " + job + " > " + out + " 2>&1";
    const int status = std::system(line.c_str());
    std::ostringstream text;
    text << std::ifstream{out}.rdbuf();
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text.str(), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(master)

// Expectation: read, scan, search and write come to the same on every kind of port.
BOOST_AUTO_TEST_CASE(the_same_commands_on_every_kind_of_port) {
    const TemporaryFolder folder;
    (void)folder.write("bus.json", quick_bus);
    const std::string bus = (folder.path() / "bus.json").string();
    const auto exercise = [](const std::string& where) {
        BOOST_TEST_CONTEXT(where) {
            check(run_command("scan --first 4 --last 8 " + where), 3);
            check(run_command("search " + where), 3);
            const Ran read = run_command("read 5 1234567258340207 7 " + where);
            BOOST_TEST(read.status == 0, read.err);
            BOOST_TEST(lines_of(read.out) >= 3U);
            const Ran written = run_command("write 6 50 --check " + where);
            BOOST_TEST(written.status == 0, written.err);
            BOOST_TEST(lines_of(written.out) == 1U);
            const Ran nobody = run_command("read 99 --retries 0 " + where);
            BOOST_TEST(nobody.status == 1);
            BOOST_TEST(nobody.err.find("silence") != std::string::npos, nobody.err);
        }
    };
    exercise("--baud 9600 --bus " + bus);
    for (const std::string& where : {std::string{"--tcp 0"}, std::string{"--rfc2217 0"},
                                     "--pty " + (folder.path() / "mbus").string()}) {
        const std::size_t blank = where.find(' ');
        ServedProcess served{
            {bus, where.substr(0, blank), where.substr(blank + 1), "--speed", "max"}};
        BOOST_REQUIRE(!served.port().empty());
        exercise("--baud 9600 --port " + served.port());
        BOOST_TEST(served.stop() == 0);
    }
}

// The rate is negotiated: meters at 2400 Bd are heard at 2400 Bd and at no other.
BOOST_AUTO_TEST_CASE(the_rate_of_an_rfc2217_port_is_the_clients) {
    const TemporaryFolder folder;
    (void)folder.write("bus.json", small_bus);
    ServedProcess served{{(folder.path() / "bus.json").string(), "--rfc2217", "0"}};
    BOOST_REQUIRE(served.port().starts_with("rfc2217://"));
    const std::string port = " --port " + served.port() + " --retries 0";
    BOOST_TEST(run_command("read 7 --rounds 0 --baud 9600" + port).status == 1);
    BOOST_TEST(run_command("read 7 --baud 2400" + port).status == 0);
    const Ran found = run_command("read 7 --rounds 0 --baud auto" + port);
    BOOST_TEST(found.status == 0);
    BOOST_TEST(found.err.find("answers at 2400 Bd") != std::string::npos, found.err);
}

BOOST_AUTO_TEST_CASE(ports_that_do_not_speak_rfc2217) {
    const TemporaryFolder folder;
    (void)folder.write("bus.json", small_bus);
    ServedProcess served{{(folder.path() / "bus.json").string(), "--tcp", "0"}};
    const Ran raw = run_command("read 5 --port rfc2217" + served.port().substr(3));
    BOOST_TEST(raw.status == 2);
    BOOST_TEST(raw.err.find("does not speak RFC 2217") != std::string::npos, raw.err);
    const Ran usb = run_command("read 5 --port usb://0403:6001");
    BOOST_TEST(usb.status == 2);
    BOOST_TEST(usb.err.find("does not speak usb://") != std::string::npos, usb.err);
}

BOOST_AUTO_TEST_SUITE_END()

// ---- programs written independently
BOOST_AUTO_TEST_SUITE(master_and_others)

BOOST_AUTO_TEST_CASE(an_independent_master_reads_a_served_bus) {
    const TemporaryFolder folder;
    (void)folder.write("bus.json", small_bus);
    const std::string bus = (folder.path() / "bus.json").string();
    for (const bool pty : {false, true}) {
        ServedProcess served{
            pty ? std::vector<std::string>{bus, "--pty", (folder.path() / "mbus").string()}
                : std::vector<std::string>{bus, "--tcp", "0"}};
        BOOST_REQUIRE(!served.port().empty());
        const Ran read = run_master(served.port(), "read 5");
        BOOST_TEST(read.status == 0, read.out);
        const Ran ours = run_command("decode", read.out);
        BOOST_TEST(ours.status == 0);
        BOOST_TEST(ours.out.find("12345671") != std::string::npos, ours.out);
        BOOST_TEST(run_master(served.port(), "select 70000000FFFFFFFF").status == 0);
        BOOST_TEST(run_master(served.port(), "select 71111111FFFFFFFF").status == 1);
        BOOST_TEST(run_master(served.port(), "scan 5 8").out == "5\n6\n7\n");
    }
}

BOOST_AUTO_TEST_CASE(an_independent_meter_is_read_scanned_and_found) {
    for (const char* const kind : {"tcp", "pty"}) {
        ServedProcess meter = slave(std::string{kind} + " 7 12345678 3");
        BOOST_REQUIRE(!meter.port().empty());
        const std::string port = " --port " + meter.port();
        const Ran read = run_command("read 7" + port);
        BOOST_TEST(read.status == 0, read.err);
        BOOST_TEST(lines_of(read.out) == 3U);
        const Ran secondary = run_command("read 12345678FFFFFFFF" + port);
        BOOST_TEST(secondary.status == 0, secondary.err);
        BOOST_TEST(lines_of(secondary.out) == 3U);
        const Ran scan = run_command("scan --first 6 --last 8" + port);
        BOOST_TEST(fields(scan.out, "found") == std::vector<std::string>{"7"},
                   boost::test_tools::per_element());
        const Ran search = run_command("search 1234567FFFFFFFFF --retries 0" + port);
        BOOST_TEST(fields(search.out, "found") == std::vector<std::string>{"1234567824400307"},
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(answers_of_an_independent_meter_lost_or_garbled_change_nothing) {
    for (const char* const trouble :
         {"--lose 1", "--lose 2", "--lose 3", "--garble 2", "--garble 3", "--garble 4",
          "--stall 120", "--stall 120 --garble 2"}) {
        ServedProcess meter = slave(std::string{"tcp 7 12345678 3 "} + trouble);
        BOOST_REQUIRE(!meter.port().empty());
        const Ran read = run_command("read 7 --port " + meter.port());
        BOOST_TEST(read.status == 0, trouble << read.err);
        BOOST_TEST(lines_of(read.out) == 3U, trouble);
    }
}

// ---- bad worlds

BOOST_AUTO_TEST_CASE(two_meters_at_one_address_are_named_and_the_next_is_read) {
    const TemporaryFolder folder;
    (void)folder.write("bus.json", clash_bus);
    const std::string bus = " --bus " + (folder.path() / "bus.json").string();
    const Ran read = run_command("read 5 7" + bus);
    BOOST_TEST(read.status == 1);
    BOOST_TEST(read.err.find("read: 5: address-conflict") != std::string::npos, read.err);
    BOOST_TEST(lines_of(read.out) >= 1U, "7 is read");
    const Ran scan = run_command("scan --last 8" + bus);
    BOOST_TEST(fields(scan.out, "found") == std::vector<std::string>{"7"},
               boost::test_tools::per_element());
    BOOST_REQUIRE(fields(scan.out, "fault").size() == 1U);
    BOOST_TEST(fields(scan.out, "fault")[0].starts_with("address-conflict"));
    check(run_command("search" + bus), 3);
}

// Two of a kind: few octets differ, and the same ones are garbled each time.
BOOST_AUTO_TEST_CASE(two_meters_of_a_kind_at_one_address_are_named) {
    const TemporaryFolder folder;
    (void)folder.write("bus.json", R"({"schema":"meterbench.bus/1","baud":2400,"meters":[
        {"name":"a","address":5,"id":"12345678","profile":"heat"},
        {"name":"b","address":5,"id":"12345679","profile":"heat"}]})");
    const Ran read = run_command("read 5 --bus " + (folder.path() / "bus.json").string());
    BOOST_TEST(read.status == 1);
    BOOST_TEST(read.err.find("read: 5: address-conflict") != std::string::npos, read.err);
}

BOOST_AUTO_TEST_CASE(a_meter_that_babbles_is_named) {
    ServedProcess meter = slave("tcp 7 12345678 1 --babble");
    BOOST_REQUIRE(!meter.port().empty());
    const Ran read = run_command("read 7 --rounds 0 --port " + meter.port());
    BOOST_TEST(read.status == 1);
    BOOST_TEST(read.err.find("babble") != std::string::npos, read.err);
}

BOOST_AUTO_TEST_CASE(a_port_that_disappears_is_told_and_what_was_read_is_kept) {
    ServedProcess meter = slave("tcp 7 12345678 3 --vanish 2");
    BOOST_REQUIRE(!meter.port().empty());
    const Ran read = run_command("read 7 --port " + meter.port());
    BOOST_TEST(read.status == 3, read.err);
    BOOST_TEST(read.err.find(meter.port()) != std::string::npos, read.err);
}

// ---- searches that are stopped

BOOST_AUTO_TEST_CASE(a_search_is_stopped_and_goes_on) {
    const TemporaryFolder folder;
    (void)folder.write("bus.json", quick_bus);
    const std::string state = (folder.path() / "state.json").string();
    ServedProcess served{{(folder.path() / "bus.json").string(), "--tcp", "0"}};
    const std::string command = std::string{"timeout -s INT 3 "} + METERBENCH_COMMAND +
                                " search --baud 9600 --state " + state + " --port " +
                                served.port() + " > /dev/null 2>&1";
    const int status = std::system(command.c_str());
    BOOST_TEST(WIFEXITED(status));
    BOOST_REQUIRE(std::filesystem::exists(state));
    const auto begun = nlohmann::json::parse(std::ifstream{state});
    BOOST_TEST(begun["schema"] == "meterbench.search/1");
    BOOST_TEST(!begun["pending"].empty());
    const Ran other =
        run_command("search --baud 9600 --hex --state " + state + " --port " + served.port());
    BOOST_TEST(other.status == 2);
    check(run_command("search --baud 9600 --state " + state + " --port " + served.port()), 3);
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_named) {
    for (const char* const arguments :
         {"read 5", "read 251 --bus x", "read 5 --bus no-such-bus.json", "search 123 --bus x",
          "write 5 --bus x", "write 5 XX --bus x", "write 5 --set-clock 2026-13-01T00:00 --bus x",
          "write 5 --set-baud 1000 --bus x", "scan --first 9 --last 8 --bus x",
          "read 5 --baud 1000 --bus x", "read 5 --timeout soon --bus x", "alarm 300 --bus x"}) {
        const Ran ran = run_command(arguments);
        BOOST_TEST(ran.status == 2, arguments);
        BOOST_TEST(lines_of(ran.err) == 1U, ran.err);
    }
}

BOOST_AUTO_TEST_SUITE_END()
