// SPDX-License-Identifier: Apache-2.0
// A simulated bus served to programs outside, and read as a real port is read.
#include "paths.hpp"
#include "tests/support/run_command.hpp"
#include "tests/support/served_process.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace meterbench;
using tests::Ran;
using tests::run_command;
using tests::ServedProcess;
using tests::TemporaryFolder;

namespace {

const std::string bus = METERBENCH_SOURCE_DIR "/scenarios/wired/meter/bus.json";

/// The energy of the first telegram, and how many there were.
void check_heat_meter(const Ran& ran) {
    BOOST_TEST(ran.status == 0, ran.err);
    std::istringstream lines{ran.out};
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const auto telegram = nlohmann::json::parse(line);
        BOOST_TEST(telegram["device"]["id"] == "86420975");
        BOOST_TEST(telegram["fault"].is_null());
    }
    BOOST_TEST(count == 3U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(serve)

BOOST_AUTO_TEST_CASE(a_bus_on_tcp_is_read_by_one_client_after_another) {
    ServedProcess served{{bus, "--tcp", "0"}};
    BOOST_REQUIRE(served.port().starts_with("tcp://127.0.0.1:"));
    const std::string port = "--port " + served.port() + " ";
    check_heat_meter(run_command("read " + port + "5"));
    // By secondary address: identification, manufacturer 58h 34h as sent, version 1, device type 4.
    check_heat_meter(run_command("read " + port + "8642097558340104"));
    const Ran nobody = run_command("read " + port + "99 --retries 0");
    BOOST_TEST(nobody.status == 1);
    BOOST_TEST(nobody.err.find("silence") != std::string::npos, nobody.err);
    BOOST_TEST(served.stop() == 0);
}

BOOST_AUTO_TEST_CASE(a_bus_on_a_pty_is_read_and_its_link_is_removed) {
    const TemporaryFolder folder;
    const std::string link = (folder.path() / "mbus").string();
    ServedProcess served{{bus, "--pty", link}};
    BOOST_REQUIRE(served.port() == link);
    BOOST_TEST(std::filesystem::is_symlink(link));
    check_heat_meter(run_command("read --port " + link + " 5"));
    BOOST_TEST(served.stop(SIGINT) == 0);
    BOOST_TEST(!std::filesystem::exists(std::filesystem::symlink_status(link)));
}

// With --speed max answers come at once: a readout takes a fraction of its time on the wire, which
// is over half a second at 2400 Bd.
BOOST_AUTO_TEST_CASE(max_speed_answers_at_once) {
    ServedProcess served{{bus, "--tcp", "0", "--speed", "max"}};
    BOOST_REQUIRE(!served.port().empty());
    check_heat_meter(run_command("read --port " + served.port() + " 5"));
    BOOST_TEST(served.stop() == 0);
}

// At the wrong rate nothing can be understood; nothing hangs either.
BOOST_AUTO_TEST_CASE(a_pty_client_at_another_rate_is_not_understood) {
    const TemporaryFolder folder;
    ServedProcess served{{bus, "--pty", (folder.path() / "mbus").string()}};
    BOOST_REQUIRE(!served.port().empty());
    const Ran ran = run_command("read --port " + served.port() + " 5 --baud 9600 --retries 0");
    BOOST_TEST(ran.status == 1);
    check_heat_meter(run_command("read --port " + served.port() + " 5 --baud auto --retries 0"));
}

BOOST_AUTO_TEST_CASE(ports_that_are_not_there_or_go_away) {
    const Ran missing = run_command("read --port /dev/meterbench-no-such-port 5");
    BOOST_TEST(missing.status == 2);
    BOOST_TEST(missing.err.find("/dev/meterbench-no-such-port") != std::string::npos);
    std::string port;
    {
        ServedProcess served{{bus, "--tcp", "0"}};
        port = served.port();
    }
    BOOST_TEST(run_command("read --port " + port + " 5").status == 2); // refused
    // The server ends while the port is read.
    const TemporaryFolder folder;
    ServedProcess served{{bus, "--tcp", "0"}};
    const std::string out = (folder.path() / "out").string();
    const std::string line = std::string{METERBENCH_COMMAND} + " read --port " + served.port() +
                             " 99 --retries 10 --timeout 2s > " + out + " 2>&1; echo $? >> " + out;
    const pid_t reader = ::fork();
    if (reader == 0) {
        ::execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    ::usleep(500'000); // well inside the 22 s that 11 attempts take
    (void)served.stop(SIGKILL);
    int status = 0;
    (void)::waitpid(reader, &status, 0);
    std::ostringstream text;
    text << std::ifstream{out}.rdbuf();
    BOOST_TEST(text.str().ends_with("3\n"), text.str());
    BOOST_TEST(text.str().find(served.port()) != std::string::npos, text.str());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_served_is_named) {
    const TemporaryFolder folder;
    (void)folder.write("bus.json", R"({"schema":"meterbench.bus/1","baud":2400,"metres":[]})");
    const std::string wrong = (folder.path() / "bus.json").string();
    Ran ran = run_command("serve " + wrong + " --tcp 0");
    BOOST_TEST(ran.status == 2);
    BOOST_TEST(ran.err.find("bus.json: ") != std::string::npos, ran.err);
    ran = run_command("serve " + bus);
    BOOST_TEST(ran.status == 2);
    ran = run_command("serve " + bus + " --tcp 127.0.0.1:99999");
    BOOST_TEST(ran.status == 2);
    (void)folder.write("file", "not a link");
    ran = run_command("serve " + bus + " --pty " + (folder.path() / "file").string());
    BOOST_TEST(ran.status == 2);
    BOOST_TEST(std::filesystem::exists(folder.path() / "file"));
}

// The same cases on the served bus as on the simulated rig, through a port.
BOOST_AUTO_TEST_CASE(cases_run_on_a_line_rig) {
    const TemporaryFolder folder;
    ServedProcess served{{bus, "--tcp", "0"}};
    (void)folder.write("rig.json", R"({"schema":"meterbench.rig/1","kind":"line","port":")" +
                                       served.port() +
                                       R"(","baud":2400,"uncertainty":"300ms",
                                       "dut":{"role":"meter","address":5}})");
    const std::string suite = METERBENCH_SOURCE_DIR "/scenarios/wired/meter";
    const Ran ran =
        run_command("run " + suite + " --rig " + (folder.path() / "rig.json").string() + " --ics " +
                    suite + "/ics.json --report " + (folder.path() / "report").string() +
                    " --select wired.link.fcb.repeat --select wired.link.frame.parity");
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    BOOST_TEST(ran.out.find("1 passed, 0 failed, 0 inconclusive, 0 errors, 0 not applicable, 1 not "
                            "runnable") != std::string::npos,
               ran.out);
}

BOOST_AUTO_TEST_SUITE_END()
