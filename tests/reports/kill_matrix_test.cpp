// SPDX-License-Identifier: Apache-2.0
// What a campaign's cells come to: kills told from collateral, survivors with the reason.
#include "reports/campaign_page.hpp"
#include "reports/campaign_text.hpp"
#include "reports/kill_matrix.hpp"

#include <boost/test/unit_test.hpp>
#include <pugixml.hpp>

using namespace meterbench;
using formats::Campaign;
using formats::Ring;
using reports::Fate;

namespace {

/// Cases: a and b cite R-1, c cites R-2, d cites R-3.
Campaign sample() {
    Campaign campaign;
    campaign.seeds = {1, 2};
    campaign.cases = {{"x.a", "A", {"R-1"}},
                      {"x.b", "B", {"R-1"}},
                      {"y.c", "C", {"R-2"}},
                      {"y.d", "D <&>", {"R-3"}}};
    campaign.requirements = {{"R-1", "5.1", "the first"}};
    return campaign;
}

void add(Campaign& campaign, const std::string& name, Ring ring, const std::string& requirement,
         const std::vector<std::string>& verdicts) {
    campaign.devices.push_back(name);
    campaign.runs.push_back({{name, ring, requirement, "v"}, verdicts, {}});
}

reports::DeviceFate fate_of(const std::string& name, Ring ring, const std::string& requirement,
                            const std::vector<std::string>& verdicts) {
    static Campaign campaign;
    campaign = sample();
    campaign.explained = {{"explained", "equal to the good one"}};
    add(campaign, "good", Ring::good, "", {"pppp", "pppp"});
    add(campaign, name, ring, requirement, verdicts);
    return reports::kill_matrix(campaign).devices.back();
}

} // namespace

BOOST_AUTO_TEST_SUITE(kill_matrix)

BOOST_AUTO_TEST_CASE(only_a_fail_of_a_citing_case_kills) {
    const auto killed = fate_of("m", Ring::behavioural, "R-1", {"pppp", "pffp"});
    BOOST_TEST((killed.fate == Fate::killed));
    BOOST_TEST((killed.killers == std::vector<std::size_t>{1}));
    BOOST_TEST((killed.collateral == std::vector<std::size_t>{2}));

    const auto collateral = fate_of("m", Ring::table, "R-1", {"ppff", "pppp"});
    BOOST_TEST((collateral.fate == Fate::survived));
    BOOST_TEST(collateral.why == "2 cases cite R-1: 4 passed");

    const auto disturbed = fate_of("m", Ring::behavioural, "R-1", {"ieii", "arpp"});
    BOOST_TEST((disturbed.fate == Fate::survived));
    BOOST_TEST(disturbed.why ==
               "2 cases cite R-1: 1 inconclusive, 1 error, 1 not applicable, 1 not runnable");

    const auto uncited = fate_of("m", Ring::behavioural, "R-9", {"ffff", "ffff"});
    BOOST_TEST((uncited.fate == Fate::survived));
    BOOST_TEST(uncited.why == "no case cites R-9");
}

BOOST_AUTO_TEST_CASE(explanations) {
    const auto explained = fate_of("explained", Ring::behavioural, "R-1", {"pppp", "pppp"});
    BOOST_TEST((explained.fate == Fate::explained));
    BOOST_TEST(explained.why == "equal to the good one");
    const auto killed = fate_of("explained", Ring::behavioural, "R-1", {"fppp", "pppp"});
    BOOST_TEST((killed.fate == Fate::killed));
    BOOST_TEST(killed.explanation_outdated);
}

BOOST_AUTO_TEST_CASE(benign_variants_and_null_devices) {
    BOOST_TEST((fate_of("b", Ring::benign, "", {"ppap", "pppp"}).fate == Fate::accepted));
    BOOST_TEST((fate_of("b", Ring::benign, "", {"pppp", "pppf"}).fate == Fate::false_fail));
    BOOST_TEST((fate_of("n", Ring::null, "", {"iiff", "iiii"}).fate == Fate::rejected));
    BOOST_TEST((fate_of("n", Ring::null, "", {"iiii", "iipi"}).fate == Fate::false_pass));
}

// A case that does not pass on the good device proves nothing when it fails on a mutant.
BOOST_AUTO_TEST_CASE(an_unsound_case_kills_nothing) {
    Campaign campaign = sample();
    add(campaign, "good", Ring::good, "", {"pppp", "fppp"});
    add(campaign, "m", Ring::behavioural, "R-1", {"fppp", "pppp"});
    const auto matrix = reports::kill_matrix(campaign);
    BOOST_TEST((matrix.devices[0].fate == Fate::unsound));
    BOOST_TEST((matrix.devices[1].fate == Fate::survived));
    BOOST_TEST((matrix.unsound == std::vector<std::size_t>{0}));
    BOOST_TEST(matrix.bad());
}

BOOST_AUTO_TEST_CASE(rates_and_idle_cases) {
    Campaign campaign = sample();
    add(campaign, "good", Ring::good, "", {"pppp", "pppp"});
    add(campaign, "m1", Ring::behavioural, "R-1", {"ffpp", "pppp"}); // by a and b
    add(campaign, "m2", Ring::behavioural, "R-1", {"pfpp", "pppp"}); // by b alone
    add(campaign, "m3", Ring::behavioural, "R-2", {"pppp", "pppp"});
    const auto matrix = reports::kill_matrix(campaign);
    BOOST_TEST((matrix.idle == std::vector<std::size_t>{2, 3}));
    BOOST_TEST((matrix.never_alone == std::vector<std::size_t>{0}));
    BOOST_REQUIRE(matrix.requirements.size() == 2U);
    BOOST_TEST(matrix.requirements[0].killed == 2U);
    BOOST_TEST(matrix.requirements[0].text == "the first");
    BOOST_TEST(matrix.requirements[1].killed == 0U);
    BOOST_TEST(matrix.cells == 32U);
    BOOST_TEST(reports::summary_line(matrix) ==
               "2 of 3 mutants killed (66.6 %), 0 explained, 1 survived, 0 false passes, "
               "0 false fails, 0 errors");
    campaign.stop_at_kill = true;
    BOOST_TEST(reports::kill_matrix(campaign).idle.empty());
}

BOOST_AUTO_TEST_CASE(a_rate_of_100_percent_means_all) {
    BOOST_TEST(reports::percent(9999, 10000) == "99.9 %");
    BOOST_TEST(reports::percent(5, 5) == "100.0 %");
    BOOST_TEST(reports::percent(0, 0) == "-");
}

// Whatever a device or a case is called, the page stays well-formed.
BOOST_AUTO_TEST_CASE(the_page_is_well_formed) {
    Campaign campaign = sample();
    add(campaign, "good", Ring::good, "", {"pppp", "pppp"});
    add(campaign, "m<\"&'>", Ring::behavioural, "R-1", {"fpfp", "pppp"});
    campaign.runs.back().findings = {{0, 0, "<script>", "c.lua:1", "R-1"},
                                     {0, 2, "collateral & more", "", ""}};
    const auto matrix = reports::kill_matrix(campaign);
    const std::string markup = reports::campaign_page(campaign, matrix);
    pugi::xml_document page;
    const auto parsed = page.load_string(markup.c_str(), pugi::parse_full);
    BOOST_TEST(parsed, parsed.description());
    BOOST_TEST(page.select_nodes("//table[@class='cases']/tbody/tr").size() == 2U);
    BOOST_TEST(page.select_nodes("//*[local-name()='svg']").size() == 2U);
    BOOST_TEST(page.select_nodes("//script").size() == 1U);
    BOOST_TEST(reports::campaign_text(campaign, matrix).find("by x.a; collateral 1") !=
               std::string::npos);
}

// Table mutants count in their ring, but not those that break nothing; a survivor fails the
// campaign and is named.
BOOST_AUTO_TEST_CASE(table_mutants) {
    Campaign campaign = sample();
    add(campaign, "good", Ring::good, "", {"pppp", "pppp"});
    campaign.table_mutants = {{"a", "killed", "R-1", ""},
                              {"b", "equal", "", ""},
                              {"c", "allowed", "", "FCB 0 first"},
                              {"d", "killed", "R-1", ""}};
    const auto good = reports::kill_matrix(campaign);
    BOOST_TEST(!good.bad());
    BOOST_REQUIRE(good.rings.size() == 1U);
    BOOST_TEST(good.rings[0].mutants == 2U);
    BOOST_TEST(good.rings[0].killed == 2U);
    BOOST_TEST(reports::campaign_text(campaign, good)
                   .find("Table mutants: 2 of 2 killed; not counted: 1 equal, 1 allowed\n") !=
               std::string::npos);
    campaign.table_mutants.push_back({"e", "survived", "", "SND_NKE: silence"});
    const auto bad = reports::kill_matrix(campaign);
    BOOST_TEST(bad.bad());
    BOOST_TEST(reports::campaign_text(campaign, bad).find("survived e: SND_NKE: silence") !=
               std::string::npos);
    const std::string page = reports::campaign_page(campaign, bad);
    BOOST_TEST(page.find("2 of 3 killed") != std::string::npos);
    BOOST_TEST(page.find("FCB 0 first") != std::string::npos);
    pugi::xml_document document;
    BOOST_TEST(bool{document.load_string(page.c_str())});
}

BOOST_AUTO_TEST_SUITE_END()
