// SPDX-License-Identifier: Apache-2.0
// The suite for meters against meters that share no line with what tests them (tests/interop): one
// in C, one in Python, written from the standard's facts. A good meter that somebody else made is
// passed, or the suite takes its own reading of the standard for the standard.
//
// The cases here are a sample, for a wire takes its time: all of wired/meter at 9600 Bd takes half
// an hour. docs/ports.md says how to run the whole.
#include "paths.hpp"
#include "tests/support/run_command.hpp"
#include "tests/support/sampled.hpp"
#include "tests/support/served_process.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace meterbench;
using nlohmann::json;
using tests::Ran;
using tests::ServedProcess;
using tests::TemporaryFolder;

namespace {

const std::string suite = METERBENCH_SOURCE_DIR "/scenarios/wired/meter";
const std::string interop = METERBENCH_SOURCE_DIR "/tests/interop/";

/// A station, how fast its wire is, and the cases it is put through.
struct Share {
    std::string program;
    std::vector<std::string> arguments;
    std::string statement;
    int baud;
    std::vector<const char*> passed;
    std::vector<const char*> not_runnable;
};

Share in_c(const std::string& port, int baud, std::vector<const char*> passed,
           std::vector<const char*> not_runnable = {}) {
    return {METERBENCH_MBUS_METER,
            {port, "5", "31415926", std::to_string(baud)},
            interop + "mbus_meter-ics.json",
            baud,
            std::move(passed),
            std::move(not_runnable)};
}

Share in_python(std::vector<const char*> passed) {
    return {"python3",
            {interop + "mbus_slave.py", "tcp", "5", "27182818", "3", "--baud", "9600"},
            interop + "mbus_slave-ics.json",
            9600,
            std::move(passed),
            {}};
}

/// A share at work: its station, and the run against it.
struct Running {
    const Share& share;
    ServedProcess station{share.program, share.arguments};
    TemporaryFolder folder{};
    std::future<Ran> run{};

    explicit Running(const Share& what) : share{what} {
        // A computer with other things to do is late by up to tenths of a second; more would leave
        // no time inside the reply window of 300 Bd, where times are judged.
        const char* const uncertainty = share.baud > 300 ? "300ms" : "200ms";
        (void)folder.write("rig.json",
                           fmt::format(R"({{"schema":"meterbench.rig/1","kind":"line","port":"{}",
            "baud":{},"uncertainty":"{}","dut":{{"role":"meter","address":5}}}})",
                                       station.port(), share.baud, uncertainty));
        std::string command = fmt::format(
            "run {0} --rig {1}/rig.json --ics {2} --report {1}/report --strict --confidence memory",
            suite, folder.path().string(), share.statement);
        for (const auto* list : {&share.passed, &share.not_runnable}) {
            for (const char* const id : *list) {
                command += fmt::format(" --select wired.{}", id);
            }
        }
        run = std::async(std::launch::async, [command] { return tests::run_command(command); });
    }

    void check() {
        const Ran ran = run.get();
        BOOST_TEST(ran.status == 0, ran.out << ran.err);
        std::ifstream file{folder.path() / "report/result.json"};
        BOOST_REQUIRE_MESSAGE(file, ran.err);
        const json result = json::parse(file);
        BOOST_TEST(result["cases"].size() == share.passed.size() + share.not_runnable.size());
        for (const json& one : result["cases"]) {
            const std::string id = one["id"].get<std::string>().substr(6);
            const bool passes = std::ranges::find(share.passed, id) != share.passed.end();
            BOOST_TEST(one["verdict"] == (passes ? "pass" : "not-runnable"),
                       id << ": " << one["reasons"].dump());
            // How long it took, not what the clock said.
            BOOST_TEST(one["duration_ns"] < std::int64_t{600'000'000'000});
        }
    }
};

void check_all(const std::vector<Share>& shares) {
    std::deque<Running> running;
    for (const Share& share : shares) {
        running.emplace_back(share);
        BOOST_REQUIRE(!running.back().station.port().empty());
    }
    for (Running& one : running) {
        one.check();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(independent_stations)

// Purpose: no false fails, and what a port cannot do is said. Steps: cases of each subject over
// TCP, a pty, and at 300 Bd, where a reply window is wide enough to be measured; every station at
// once. Expectation: all pass, as severely as the suite judges, or name what the rig lacks.
BOOST_AUTO_TEST_CASE(good_meters_of_others_pass) {
    std::vector<Share> shares{
        in_c("tcp", 9600,
             {"application.address", "link.fcb.not-valid", "link.fcb.repeat",
              "selection.enhanced.mismatch", "selection.wildcard.digits"},
             {"link.break", "link.frame.gap", "link.frame.parity-long", "selection.one",
              "selection.power"}),
        in_c("tcp", 9600,
             {"application.ci.unknown", "link.address.test", "link.sequence.selection.2",
              "selection.obsolete", "transport.ci.reserved"}),
        in_c("pty", 9600,
             {"application.write.protected", "link.address.broadcast-reset", "link.fcb.toggle",
              "link.frame.short-length", "records.label.primary", "selection.procedures"}),
        in_c("tcp", 300, {"timing.reply.data", "timing.reply.reset"}),
    };
    if (std::system("python3 -c 'import termios' > /dev/null 2>&1") == 0) {
        shares.push_back(
            in_python({"link.class1.form", "link.class1.repeat", "link.fcb.separate",
                       "link.frame.direction", "link.frame.noise", "link.sequence.selection.2"}));
        shares.push_back(in_python({"link.fcb.not-valid", "link.frame.truncated",
                                    "link.sequence.own.4", "selection.broadcast-reset"}));
    } else {
        BOOST_TEST_MESSAGE("no python3: the meter in Python is left out");
    }
    if (tests::one_in > 1) { // the same programs against the same stations, only slower
        shares.erase(shares.begin() + 1, shares.end() - 1);
    }
    check_all(shares);
}

BOOST_AUTO_TEST_SUITE_END()
