// SPDX-License-Identifier: Apache-2.0
// The record of a campaign: its file, its shards, and what is refused.
#include "formats/campaign.hpp"

#include <boost/test/unit_test.hpp>

using namespace meterbench::formats;

namespace {

Campaign sample() {
    Campaign campaign;
    campaign.version = "1";
    campaign.rig = "rig.json";
    campaign.fingerprint = "f";
    campaign.seeds = {1, 2};
    campaign.cases = {{"a", "A", {"R-1"}}, {"b", "B \"<\xFF", {"R-1", "R-2"}}};
    campaign.requirements = {{"R-1", "5.1", "first"}};
    campaign.explained = {{"m1", "cannot be seen"}};
    campaign.devices = {"good", "m1", "m2"};
    campaign.runs = {
        {{"good", Ring::good, "", "as it is"}, {"pp", "pp"}, {}},
        {{"m1", Ring::table, "R-1", "x"}, {"p.", "fi"}, {{1, 0, "t", "c.lua:1", "R-1"}}},
        {{"m2", Ring::behavioural, "R-2", "y"}, {"pf", "pf"}, {}}};
    campaign.table_mutants = {{"row 1 left out", "killed", "R-1", ""},
                              {"row 2 left out", "allowed", "", "SND_NKE: E5h"}};
    return campaign;
}

/// One shard of the sample: the good device, and those of `names`.
Campaign shard(unsigned index, unsigned count, const std::vector<std::string>& names) {
    Campaign campaign = sample();
    campaign.shard = index;
    campaign.shards = count;
    std::erase_if(campaign.runs, [&](const DeviceRun& run) {
        return run.device.ring != Ring::good &&
               std::ranges::find(names, run.device.name) == names.end();
    });
    std::erase_if(campaign.table_mutants, [&](const CampaignTableMutant& mutant) {
        return shard_of(mutant.name, count) != index;
    });
    return campaign;
}

std::string refusal(const std::string& from, const std::string& to) {
    std::string text = write_campaign(sample());
    const auto at = text.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
    const auto read = read_campaign(text.replace(at, from.size(), to), "c.json");
    BOOST_REQUIRE(!read);
    return read.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(campaign)

BOOST_AUTO_TEST_CASE(a_written_campaign_reads_back) {
    const std::string text = write_campaign(sample());
    const auto read = read_campaign(text, "c.json");
    BOOST_REQUIRE_MESSAGE(read.has_value(), read.error());
    BOOST_TEST(write_campaign(*read) == text);
    BOOST_TEST(read->runs[1].findings[0].where == "c.lua:1");
    BOOST_TEST((read->runs[1].device.ring == Ring::table));
    BOOST_TEST(read->cases[1].title == "B \"<\\xFF");
}

BOOST_AUTO_TEST_CASE(a_broken_record_is_refused_with_its_place) {
    BOOST_TEST(refusal("\"fingerprint\"", "\"finger\"").find("unknown key") != std::string::npos);
    BOOST_TEST(refusal("\"p.\"", "\"p\"") ==
               "c.json: runs[1].verdicts[0]: must be one letter of p i f e a r . for each case");
    BOOST_TEST(refusal("\"p.\"", "\"pq\"").starts_with("c.json: runs[1].verdicts[0]: "));
    BOOST_TEST(
        refusal("\"case\": 0", "\"case\": 2").starts_with("c.json: runs[1].findings[0].case"));
    BOOST_TEST(refusal("\"killed\"", "\"dead\"").starts_with("c.json: table_mutants[0].outcome: "));
    BOOST_TEST(refusal("\"table\"", "\"chair\"").starts_with("c.json: runs[1].ring: "));
    BOOST_TEST(refusal("campaign/1", "campaign/9").starts_with("c.json: schema: "));
    BOOST_TEST(!read_campaign("{", "c.json"));
}

// Steps: three shards, in any order. Expectation: the bytes of the whole.
BOOST_AUTO_TEST_CASE(shards_merge_to_the_whole) {
    const auto merged = merge_campaigns({shard(3, 3, {}), shard(1, 3, {"m2"}), shard(2, 3, {"m1"})},
                                        {"c", "a", "b"});
    BOOST_REQUIRE_MESSAGE(merged.has_value(), merged.error());
    BOOST_TEST(write_campaign(*merged) == write_campaign(sample()));
}

BOOST_AUTO_TEST_CASE(a_set_of_shards_that_is_not_whole_is_refused) {
    const auto trouble = [](std::vector<Campaign> shards) {
        const auto merged = merge_campaigns(std::move(shards), {"a", "b", "c"});
        return merged ? std::string{} : merged.error();
    };
    BOOST_TEST(trouble({}) == "no shard to merge");
    BOOST_TEST(trouble({shard(1, 4, {"m1"}), shard(3, 4, {"m2"})}) == "shards missing: 2/4 4/4");
    BOOST_TEST(trouble({shard(1, 2, {"m1"}), shard(1, 2, {"m2"})}) ==
               "b: shard 1 is there already, from a");
    BOOST_TEST(trouble({shard(1, 2, {"m1"}), shard(2, 2, {})}) ==
               "device m2: no shard has its result");
    BOOST_TEST(trouble({shard(1, 2, {"m1"}), shard(2, 3, {"m2"})}).starts_with("b: shard.count: "));
    Campaign other = shard(2, 2, {"m2"});
    other.fingerprint = "another suite";
    BOOST_TEST(trouble({shard(1, 2, {"m1"}), other}).starts_with("b: fingerprint: "));
    Campaign unequal = shard(2, 2, {"m2"});
    unequal.runs.front().verdicts.front() = "pf";
    BOOST_TEST(trouble({shard(1, 2, {"m1"}), unequal}) ==
               "b: device good: another result than in a");
}

// The shard of a name is part of the contract: other machines compute it, too.
BOOST_AUTO_TEST_CASE(the_shard_of_a_device_is_stable) {
    BOOST_TEST(shard_of("link.fcb-ignored", 1) == 1U);
    std::array<std::size_t, 4> sizes{};
    for (int i = 0; i < 400; ++i) {
        ++sizes.at(shard_of("device-" + std::to_string(i), 4) - 1);
    }
    for (const std::size_t size : sizes) {
        BOOST_TEST(size > 60U);
    }
    // FNV-1a of "a" is AF63DC4C8601EC8C (its authors' test vector), folded to 32 bits.
    BOOST_TEST(shard_of("a", 7) == (0x8601EC8CULL ^ 0xAF63DC4CULL) % 7 + 1);
}

BOOST_AUTO_TEST_CASE(explained_survivors) {
    const auto read =
        parse_survivors(R"({"schema":"meterbench.survivors/1","explained":{"m":"why"}})", "s.json");
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->at("m") == "why");
    const auto wrong =
        parse_survivors(R"({"schema":"meterbench.survivors/1","explained":{"m":""}})", "s.json");
    BOOST_REQUIRE(!wrong);
    BOOST_TEST(wrong.error().starts_with("s.json: explained.m: "), wrong.error());
}

BOOST_AUTO_TEST_SUITE_END()
