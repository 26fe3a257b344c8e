// SPDX-License-Identifier: Apache-2.0
// `meterbench campaign` and `meterbench merge` as a user meets them.
#include "paths.hpp"
#include "tests/support/run_command.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

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

} // namespace

BOOST_AUTO_TEST_SUITE(campaign)

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
