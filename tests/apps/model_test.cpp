// SPDX-License-Identifier: Apache-2.0
// meterbench model, learn and table-mutants, run as programs.
#include "paths.hpp"
#include "tests/support/run_command.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <pugixml.hpp>
#include <sstream>
#include <string>

using namespace meterbench::tests;

namespace {

const std::string rig = std::string{METERBENCH_SOURCE_DIR} + "/scenarios/wired/meter/rig.json";

bool well_formed(const std::filesystem::path& path) {
    pugi::xml_document document;
    return static_cast<bool>(document.load_file(path.c_str()));
}

std::string read_page(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream{std::string{METERBENCH_SOURCE_DIR} + "/docs/" + name}.rdbuf();
    return text.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(model)

// docs/model.md prints the table as the program has it.
BOOST_AUTO_TEST_CASE(the_page_has_the_table) {
    const Ran ran = run_command("model");
    BOOST_TEST(ran.status == 0);
    BOOST_TEST(ran.out.find("MB2-LL-038") != std::string::npos);
    BOOST_TEST((read_page("model.md").find("```text\n" + ran.out + "```") != std::string::npos),
               "docs/model.md has another table than `meterbench model`");
}

BOOST_AUTO_TEST_CASE(sequences_are_printed) {
    const Ran text = run_command("model --family own --telegrams 2");
    BOOST_TEST(text.status == 0);
    BOOST_TEST(text.out.find("request-own-1: telegram 1") != std::string::npos);
    const Ran more = run_command("model --family pauses --extra-states 1 --whole");
    BOOST_TEST(more.status == 0);
    BOOST_TEST(more.out.size() > run_command("model --family pauses --whole").out.size());
    BOOST_TEST(run_command("model --family selection --telegrams 3").status == 2);
    BOOST_TEST(run_command("model --family no-such").status == 2);
}

// The simulated meter comes out as the table allows, and is drawn.
BOOST_AUTO_TEST_CASE(the_reference_meter_is_learned) {
    const TemporaryFolder folder;
    const Ran ran = run_command("learn --rig " + rig + " --report " + folder.path().string());
    BOOST_TEST(ran.status == 0, ran.out << ran.err);
    BOOST_TEST(ran.out.find("8 states") != std::string::npos);
    BOOST_TEST(ran.out.find("differs") == std::string::npos);
    BOOST_TEST(well_formed(folder.path() / "machine.svg"));
    BOOST_TEST(well_formed(folder.path() / "difference.svg"));
}

BOOST_AUTO_TEST_CASE(a_mutant_is_learned_with_what_it_breaks) {
    const TemporaryFolder folder;
    const Ran ran = run_command("learn --rig " + rig + " --mutant link.fcb-ignored --report " +
                                folder.path().string());
    BOOST_TEST(ran.status == 1, ran.out << ran.err);
    BOOST_TEST(ran.out.find("(MB2-LL-038)") != std::string::npos);
    std::ostringstream svg;
    svg << std::ifstream{folder.path() / "difference.svg"}.rdbuf();
    BOOST_TEST(svg.str().find("MB2-LL-038") != std::string::npos);
}

// Without a reset that resets, a meter looks as if it could not decide; power still resets it.
BOOST_AUTO_TEST_CASE(a_reset_that_does_not_reset_is_told) {
    const TemporaryFolder folder;
    const std::string line = "learn --rig " + rig + " --mutant link.nke-without-reset --report " +
                             folder.path().string();
    const Ran by_link = run_command(line + " --reset link");
    BOOST_TEST(by_link.status == 1);
    BOOST_TEST(by_link.out.find("try --reset power") != std::string::npos);
    const Ran by_power = run_command(line + " --reset power");
    BOOST_TEST(by_power.status == 1);
    BOOST_TEST(by_power.out.find("(MB2-LL-036)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(steps_are_bounded_and_mistakes_named) {
    const TemporaryFolder folder;
    const std::string report = " --report " + folder.path().string();
    const Ran few = run_command("learn --rig " + rig + " --max-steps 50" + report);
    BOOST_TEST(few.status == 1);
    BOOST_TEST(few.out.find("the steps were used up") != std::string::npos);
    const Ran unknown = run_command("learn --rig " + rig + " --alphabet nonsense" + report);
    BOOST_TEST(unknown.status == 2);
    BOOST_TEST(unknown.err.find("--alphabet nonsense: ") != std::string::npos);
    BOOST_TEST(run_command("learn --rig no-such.json" + report).status == 2);
    BOOST_TEST(run_command("learn --rig " + rig + " --mutant no-such" + report).status == 2);
}

BOOST_AUTO_TEST_SUITE_END()
