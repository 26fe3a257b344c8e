// SPDX-License-Identifier: Apache-2.0
// `meterbench campaign` and `meterbench merge` as a user meets them.
#include "paths.hpp"
#include "tests/support/run_command.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace meterbench;
using tests::Ran;
using tests::run_command;
using tests::TemporaryFolder;

namespace {

const std::string suite = METERBENCH_SOURCE_DIR "/scenarios/wired/meter";
const std::string link_cases = suite + "/link/basic.lua";
const std::string rig = " --rig " + suite + "/rig.json --ics " + suite + "/ics.json";

std::string read_file(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

std::string last_line(const std::string& text) {
    const std::string trimmed = text.substr(0, text.find_last_not_of('\n') + 1);
    return trimmed.substr(trimmed.rfind('\n') + 1);
}

/// Names of a ring, as --mutants wants them.
std::string ring(const std::string& name) {
    std::string names;
    std::istringstream rows{run_command("mutants --json --role meter --ring " + name).out};
    for (std::string line; std::getline(rows, line);) {
        names += "," + nlohmann::json::parse(line)["name"].get<std::string>();
    }
    return names;
}

} // namespace

BOOST_AUTO_TEST_SUITE(campaign)

// Purpose: the suite is worth something. Steps: every case against every null device, every benign
// variant and mutants of each kind. Expectation: nothing passes on what is no meter, nothing fails
// on what is allowed, each mutant is killed. The whole campaign is `meterbench campaign
// scenarios/wired/meter`.
BOOST_AUTO_TEST_CASE(no_false_pass_no_false_fail) {
    const TemporaryFolder folder;
    const std::string mutants =
        "byte.ack-wrong,byte.checksum,byte.stop-wrong,header.identification-not-bcd,"
        "link.fcb-ignored,link.fcb-stuck,link.nke-unanswered,link.nke-without-reset,"
        "records.date-month-13,selection.fcb-ignored,timing.data-early,timing.data-late";
    const Ran ran =
        run_command("campaign " + suite + " --stop-at-kill --mutants " + mutants + ring("null") +
                    ring("benign") + " --report " + folder.path().string());
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    BOOST_TEST(last_line(ran.out) ==
               "12 of 12 mutants killed (100.0 %), 0 explained, 0 survived, 0 false passes, "
               "0 false fails, 0 errors");
    const auto record = nlohmann::json::parse(read_file(folder.path() / "campaign.json"));
    std::size_t null = 0;
    std::size_t benign = 0;
    for (const auto& run : record["runs"]) {
        null += run["ring"] == "null" ? 1U : 0U;
        benign += run["ring"] == "benign" ? 1U : 0U;
    }
    BOOST_TEST(null >= 6U);
    BOOST_TEST(benign >= 40U);
}

// The campaign above can fail: a case without substance passes on a null device, one that asks for
// too much fails a benign variant, and both are named.
BOOST_AUTO_TEST_CASE(a_case_that_is_worth_nothing_is_found) {
    const TemporaryFolder folder;
    (void)folder.write("hollow.lua", R"(return case { id = "hollow", title = "t",
        checks = { "MB2-LL-026" }, judges = { "reset", "request", "foreign" },
        run = function(rig)
          rig.line:exchange(frame { c = 0x40, a = rig.dut.address })
          rig.line:request(rig.dut, { fcb = 1 })
          expect(1, "one"):equals(1)
        end })");
    (void)folder.write("greedy.lua", R"(return case { id = "greedy", title = "t",
        checks = { "MB2-LL-017" },
        run = function(rig)
          rig.line:reset(rig.dut)
          local r = rig.line:request(rig.dut, { fcb = 1 })
          expect(r.start - r.request.finish, "delay"):at_most(ms(100))
        end })");
    const auto path = [&](const std::string& name) { return (folder.path() / name).string(); };
    const Ran ran = run_command("campaign " + path("hollow.lua") + " " + path("greedy.lua") + rig +
                                " --mutants null.replay,benign.slowest --report " + path("report"));
    BOOST_TEST(ran.status == 1);
    BOOST_TEST(last_line(ran.out).find("1 false passes, 1 false fails") != std::string::npos,
               ran.out);
    BOOST_TEST(ran.out.find("passed hollow") != std::string::npos, ran.out);
    BOOST_TEST(ran.out.find("failed greedy") != std::string::npos, ran.out);
}

// A benign variant that shows an error states so; a mutant is judged by the device's statement.
BOOST_AUTO_TEST_CASE(a_variant_is_judged_by_its_own_statement) {
    const TemporaryFolder folder;
    for (const char* const name : {"bus.json", "rig.json", "ics.json", "suite.json"}) {
        std::filesystem::copy_file(std::filesystem::path{suite} / name, folder.path() / name);
    }
    (void)folder.write("c.lua", R"(return case { id = "c", title = "t", checks = { "MB7-TL-011" },
        run = function(rig)
          rig.line:reset(rig.dut)
          local r = rig.line:request(rig.dut, { fcb = 1 })
          expect(r.frame.data:byte(10), "status"):equals(rig.ics.status)
        end })");
    const std::string what = "campaign " + folder.path().string() +
                             " --mutants benign.status-power-low --report " +
                             (folder.path() / "r").string();
    BOOST_TEST(run_command(what).status == 1, "without a statement of its own it fails");
    (void)folder.write("variants.json", R"({"schema":"meterbench.variants/1",
        "statements":{"benign.status-power-low":{"status":4}}})");
    const Ran own = run_command(what);
    BOOST_TEST(own.status == 0, own.out << own.err);
    const Ran one = run_command("run " + folder.path().string() +
                                " --mutant benign.status-power-low --report " +
                                (folder.path() / "one").string());
    BOOST_TEST(one.status == 0, one.out << one.err);
    (void)folder.write("variants.json", R"({"schema":"meterbench.variants/1",
        "statements":{"link.fcb-stuck":{"status":4}}})");
    const Ran mutant = run_command(what);
    BOOST_TEST(mutant.status == 2);
    BOOST_TEST(mutant.err.find("variants.json: statements.link.fcb-stuck: no benign variant") !=
                   std::string::npos,
               mutant.err);
}

// Purpose: shards on several machines are worth one run. Steps: one run, three shards merged in
// another order. Expectation: the same bytes in every file but run.json.
BOOST_AUTO_TEST_CASE(merged_shards_give_the_bytes_of_one_run) {
    const TemporaryFolder folder;
    const auto path = [&](const std::string& name) { return (folder.path() / name).string(); };
    const std::string what = "campaign " + link_cases + rig + " --mutants " +
                             "link.nke-unanswered,byte.checksum,byte.ack-wrong,link.fcb-stuck "
                             "--seeds 2 --report ";
    const Ran whole = run_command(what + path("whole"));
    BOOST_TEST(whole.status == 1, whole.err); // link.fcb-stuck is for cases of another file
    for (const char* const k : {"1", "2", "3"}) {
        (void)run_command(what + path(k) + " --jobs 1 --shard " + k + "/3");
    }
    const Ran merged = run_command("merge " + path("3") + " " + path("1") + " " + path("2") +
                                   " --report " + path("merged"));
    BOOST_TEST(merged.status == whole.status, merged.err);
    BOOST_TEST(merged.out == whole.out);
    for (const char* const name : {"campaign.json", "campaign.txt", "index.html"}) {
        BOOST_TEST((read_file(folder.path() / "whole" / name) ==
                    read_file(folder.path() / "merged" / name)),
                   name);
        BOOST_TEST(!read_file(folder.path() / "merged" / name).empty());
    }
    const Ran partial =
        run_command("merge " + path("1") + " " + path("3") + " --report " + path("partial"));
    BOOST_TEST(partial.status == 2);
    BOOST_TEST(partial.err == "meterbench merge: shards missing: 2/3\n");
    BOOST_TEST(!std::filesystem::exists(path("partial")));
}

BOOST_AUTO_TEST_CASE(survivors_and_their_explanations_decide_the_status) {
    const TemporaryFolder folder;
    const std::string report = " --report " + (folder.path() / "r").string();
    const std::string what = "campaign " + link_cases + rig + report;
    const Ran killed = run_command(what + " --mutants byte.checksum --stop-at-kill");
    BOOST_TEST(killed.status == 0, killed.out << killed.err);
    BOOST_TEST(last_line(killed.out) ==
               "1 of 1 mutants killed (100.0 %), 0 explained, 0 survived, 0 false passes, "
               "0 false fails, 0 errors");
    const Ran survived = run_command(what + " --mutants link.fcb-stuck");
    BOOST_TEST(survived.status == 1);
    BOOST_TEST(survived.out.find("no case cites MB2-LL-037") != std::string::npos, survived.out);
    (void)folder.write("s.json", R"({"schema":"meterbench.survivors/1",
        "explained":{"link.fcb-stuck":"not tested here","byte.checksum":"never seen"}})");
    const std::string explained = " --survivors " + (folder.path() / "s.json").string();
    const Ran fine = run_command(what + " --mutants link.fcb-stuck" + explained);
    BOOST_TEST(fine.status == 0, fine.out);
    BOOST_TEST(fine.out.find("not tested here") != std::string::npos);
    const Ran outdated = run_command(what + " --mutants byte.checksum" + explained);
    BOOST_TEST(outdated.out.find("EXPLAINED AS A SURVIVOR") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
    const TemporaryFolder folder;
    const auto refused = [&](const std::string& more) {
        const Ran ran = run_command("campaign " + link_cases + rig + " --report " +
                                    (folder.path() / "r").string() + " " + more);
        BOOST_TEST(ran.status == 2, more);
        BOOST_TEST(std::ranges::count(ran.err, '\n') == 1, ran.err);
        return ran.err;
    };
    BOOST_TEST(refused("--shard 5/4") ==
               "meterbench campaign: --shard 5/4: must be K/N with 1 <= K <= N\n");
    BOOST_TEST(refused("--shard 1").find("--shard") != std::string::npos);
    BOOST_TEST(refused("--mutants no.such").find("no.such") != std::string::npos);
    BOOST_TEST(refused("--select nothing").find("--select nothing") != std::string::npos);
    (void)folder.write("s.json",
                       R"({"schema":"meterbench.survivors/1","explained":{"no.such":"x"}})");
    BOOST_TEST(refused("--survivors " + (folder.path() / "s.json").string())
                   .find("s.json: explained.no.such: no mutant of that name") != std::string::npos);
    const Ran nowhere = run_command("merge " + folder.path().string());
    BOOST_TEST(nowhere.status == 2);
    BOOST_TEST(nowhere.err.find("campaign.json") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
