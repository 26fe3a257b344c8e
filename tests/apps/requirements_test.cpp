// SPDX-License-Identifier: Apache-2.0
// `meterbench requirements`, `cases` and `meters`: what there is, and that the suites cover it.
#include "paths.hpp"
#include "tests/support/run_command.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace meterbench;
using nlohmann::json;
using tests::Ran;
using tests::run_command;

namespace {

std::vector<json> objects(const Ran& ran) {
    std::vector<json> list;
    std::istringstream lines{ran.out};
    for (std::string line; std::getline(lines, line);) {
        list.push_back(json::parse(line));
    }
    return list;
}

} // namespace

BOOST_AUTO_TEST_SUITE(requirements)

// Purpose: the catalogue is whole. Expectation: 273 rows, each with a way or a reason for each role
// that it binds.
BOOST_AUTO_TEST_CASE(every_requirement_is_listed_with_its_way_or_reason) {
    const Ran ran = run_command("requirements --json");
    BOOST_REQUIRE_MESSAGE(ran.status == 0, ran.err);
    const auto rows = objects(ran);
    BOOST_TEST(rows.size() == 273U);
    for (const json& row : rows) {
        const std::string role = row["role"];
        BOOST_TEST(row["tested"].size() == (role == "both" ? 2U : 1U), row["id"]);
        for (const auto& [name, tested] : row["tested"].items()) {
            BOOST_TEST((tested["by"] == "suite") == !tested.contains("reason"), row["id"]);
            BOOST_TEST((tested["by"] == "suite" || tested["cases"].empty()),
                       row["id"] << " has a case, so a case can decide it");
        }
    }
}

// Purpose: both directions agree. Expectation: what `requirements` lists under an id cites it, and
// every id that a case cites is there.
BOOST_AUTO_TEST_CASE(requirements_and_cases_cite_each_other) {
    std::set<std::pair<std::string, std::string>> from_requirements;
    for (const json& row : objects(run_command("requirements --json"))) {
        for (const auto& [role, tested] : row["tested"].items()) {
            for (const json& id : tested["cases"]) {
                from_requirements.emplace(row["id"], id);
            }
        }
    }
    std::set<std::pair<std::string, std::string>> from_cases;
    for (const json& one : objects(run_command("cases --json"))) {
        BOOST_TEST(!one["checks"].empty(), one["id"]);
        for (const json& id : one["checks"]) {
            from_cases.emplace(id, one["id"]);
        }
    }
    BOOST_TEST(from_cases.size() >= 60U);
    BOOST_TEST((from_requirements == from_cases));
}

BOOST_AUTO_TEST_CASE(filters) {
    const auto only = objects(run_command("requirements --json MB2-LL-038"));
    BOOST_REQUIRE(only.size() == 1U);
    BOOST_TEST(only[0]["severity"] == "shall");
    const json& cases = only[0]["tested"]["meter"]["cases"];
    BOOST_TEST(std::ranges::count(cases, json("wired.link.fcb.repeat")) == 1);
    for (const json& row : objects(run_command("requirements --json --role master --severity shall "
                                               "--layer selection --confidence confirmed"))) {
        BOOST_TEST(row["tested"].contains("master"));
        BOOST_TEST(!row["tested"].contains("meter"), "filtered by role");
        BOOST_TEST(row["severity"] == "shall");
        BOOST_TEST(row["layer"] == "selection");
        BOOST_TEST(row["confidence"] == "confirmed");
    }
    for (const json& row : objects(run_command("requirements --json --uncovered"))) {
        for (const auto& [role, tested] : row["tested"].items()) {
            BOOST_TEST(tested["by"] == "suite");
            BOOST_TEST(tested["cases"].empty());
        }
    }
    const Ran none = run_command("requirements --layer types --severity may");
    BOOST_TEST(none.status == 0);
    BOOST_TEST(none.out.empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
    const Ran unknown = run_command("requirements MB9-XX-001");
    BOOST_TEST(unknown.status == 2);
    BOOST_TEST(unknown.err == "meterbench requirements: no requirement is named 'MB9-XX-001'\n");
    BOOST_TEST(run_command("requirements --role gateway").status == 2);
    BOOST_TEST(run_command("cases no/such/folder").status == 2);
    BOOST_TEST(run_command("cases --select no-such-word").status == 2);
    const tests::TemporaryFolder folder;
    (void)folder.write("c.lua", "return case { id = 'c', title = 't', checks = { 'MB9-XX-001' }, "
                                "run = function() end }");
    const Ran cites = run_command("cases " + folder.path().string());
    BOOST_TEST(cites.status == 2);
    BOOST_TEST(cites.err.find("no requirement is named 'MB9-XX-001'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(meters_are_the_profiles_that_come_along) {
    std::map<std::string, json> meters;
    for (const json& meter : objects(run_command("meters --json"))) {
        meters[meter["name"]] = meter;
    }
    for (const char* const name : {"electricity", "gas", "heat", "water"}) {
        BOOST_TEST(meters.contains(name), name);
    }
    BOOST_TEST(meters["heat"]["telegrams"] == 3);
    BOOST_TEST(meters["heat"]["manufacturer"] == "MBX");
}

BOOST_AUTO_TEST_SUITE_END()
