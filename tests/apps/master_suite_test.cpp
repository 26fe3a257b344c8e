// SPDX-License-Identifier: Apache-2.0
// The suite for masters: the reference master passes it, each mutant is found out, null masters
// pass nothing, and programs are judged like simulated ones.
#include "tests/support/run_command.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace meterbench;
using tests::Ran;
using tests::run_command;
using tests::TemporaryFolder;

namespace {

const std::string suite = METERBENCH_SOURCE_DIR "/scenarios/wired/master";
const std::string statement = " --ics " + suite + "/ics.json";

/// A served rig for a program, and a run of some cases on it.
struct Bench {
    TemporaryFolder folder;
    explicit Bench(const std::string& command) {
        (void)folder.write("rig.json",
                           R"({"schema":"meterbench.rig/1","kind":"served","baud":2400,
                             "endpoint":"tcp://127.0.0.1:0","uncertainty":"60ms",
                             "dut":{"role":"master","command":[)" +
                               command + "]}}");
    }
    [[nodiscard]] Ran run(const std::string& select) const {
        const std::string path = folder.path().string();
        return run_command("run " + suite + statement + " --rig " + path + "/rig.json --report " +
                           path + "/report --select " + select);
    }
};

const std::string reference =
    R"(")" METERBENCH_COMMAND R"(","job","--port","{endpoint}","{job}","{args}")";

} // namespace

BOOST_AUTO_TEST_SUITE(master_suite)

// Purpose: no false fail. The reference master passes every case, also where a broken should fails.
BOOST_AUTO_TEST_CASE(reference_master_passes) {
    const TemporaryFolder folder;
    const Ran ran = run_command("run " + suite + " --strict --confidence memory --report " +
                                folder.path().string() + "/report");
    BOOST_TEST(ran.status == 0, ran.out);
    BOOST_TEST(ran.out.find(", 0 failed, 0 inconclusive, 0 errors, 0 not applicable, "
                            "0 not runnable, 0 remarks") != std::string::npos);
}

// Purpose: the suite finds out what is wrong. Every mutant master fails a case that cites the
// requirement it breaks, every benign one passes, no null master passes anything: else status 1.
BOOST_AUTO_TEST_CASE(campaign_of_masters) {
    const TemporaryFolder folder;
    const Ran ran = run_command("campaign " + suite + " --stop-at-kill --report " +
                                folder.path().string() + "/report");
    BOOST_TEST(ran.status == 0, ran.out);
}

// Purpose: a requirement of masters that a case could decide has one.
BOOST_AUTO_TEST_CASE(every_requirement_has_a_case_or_a_reason) {
    const Ran ran = run_command("requirements --role master --uncovered");
    BOOST_TEST(ran.status == 0);
    BOOST_TEST(ran.out.empty(), ran.out);
}

// Purpose: a program at the other end of a TCP port is judged by the same cases; what raw TCP
// cannot carry is not runnable.
BOOST_AUTO_TEST_CASE(reference_master_as_a_program) {
    const Bench bench{reference};
    const Ran ran = bench.run("wired.master.frame.short --select wired.master.request.fcb-toggles "
                              "--select wired.master.request.silence-reported "
                              "--select wired.master.selection.frame "
                              "--select wired.master.answer.faulty.checksum "
                              "--select wired.master.answer.faulty.parity");
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    BOOST_TEST(ran.out.find("5 passed, 0 failed, 0 inconclusive, 0 errors, 0 not applicable, 1 not "
                            "runnable") != std::string::npos,
               ran.out);
}

// Purpose: a master that has nothing of this stack, and few of the jobs.
BOOST_AUTO_TEST_CASE(independent_master) {
    const Bench bench{R"("python3",")" METERBENCH_SOURCE_DIR
                      R"(/tests/interop/mbus_job.py","{endpoint}","{job}","{args}")"};
    const Ran ran = bench.run("wired.master.frame.short --select wired.master.telegrams.plain.more "
                              "--select wired.master.telegrams.manufacturer.more "
                              "--select wired.master.answer.echo "
                              "--select wired.master.answer.surplus "
                              "--select wired.master.selection.frame "
                              "--select wired.master.frame.data");
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    BOOST_TEST(ran.out.find("6 passed, 0 failed, 0 inconclusive, 0 errors, 1 not applicable") !=
                   std::string::npos,
               ran.out);
}

// What a program does wrong beside the bus fails; one that cannot be started is an error.
BOOST_AUTO_TEST_CASE(bad_programs) {
    const std::string one = "wired.master.frame.short";
    const Ran missing = Bench{R"("/no/such/program")"}.run(one);
    BOOST_TEST(missing.status == 3);
    BOOST_TEST(missing.out.find("cannot be started: /no/such/program: No such file") !=
                   std::string::npos,
               missing.out);
    const Ran crashed = Bench{R"("sh","-c","kill -SEGV $$")"}.run(one);
    BOOST_TEST(crashed.status == 1);
    BOOST_TEST(crashed.out.find("died of signal 11") != std::string::npos, crashed.out);
    const Ran malformed = Bench{R"("echo","12 kWh")"}.run(one);
    BOOST_TEST(malformed.status == 1);
    BOOST_TEST(malformed.out.find("line 1 of its output") != std::string::npos, malformed.out);
    const Ran status = Bench{R"("sh","-c","exit 7")"}.run(one);
    BOOST_TEST(status.status == 1);
    BOOST_TEST(status.out.find("ended with status 7, not 0, 1 or 89") != std::string::npos,
               status.out);
    const Ran idle = Bench{R"("true")"}.run(one);
    BOOST_TEST(idle.status == 1);
    const Ran none = Bench{R"("sh","-c","exit 89")"}.run(one);
    BOOST_TEST(none.status == 1);
    BOOST_TEST(none.out.find("1 not applicable") != std::string::npos, none.out);
}

// A mutant is for a simulated master, a statement for its role.
BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
    const Bench bench{R"("true")"};
    const Ran mutant = bench.run("wired.master.frame.short --mutant master.gap");
    BOOST_TEST(mutant.status == 2);
    BOOST_TEST(mutant.err == "meterbench run: --mutant: only a simulated master can be one\n");
    const Ran unknown = run_command("run " + suite + " --mutant link.fcb-ignored");
    BOOST_TEST(unknown.status == 2);
    BOOST_TEST(unknown.err.find("no mutant master is named 'link.fcb-ignored'") !=
               std::string::npos);
    const Ran other = run_command(
        "run " + suite + " --ics " METERBENCH_SOURCE_DIR "/scenarios/wired/meter/ics.json");
    BOOST_TEST(other.status == 2);
    BOOST_TEST(other.err.find("role: the rig's device under test is a meter") == std::string::npos);
    BOOST_TEST(other.err.find("role: the rig's device under test is a master") != std::string::npos,
               other.err);
}

BOOST_AUTO_TEST_SUITE_END()
