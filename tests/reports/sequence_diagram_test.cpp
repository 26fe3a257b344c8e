// SPDX-License-Identifier: Apache-2.0
#include "reports/frame_tables.hpp"
#include "reports/sequence_diagram.hpp"
#include "tests/reports/markup.hpp"
#include "tests/reports/sample_run.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench;
using formats::Step;

formats::CaseResult case_named(const std::string& id) {
    formats::RunResult run = tests::sample_run();
    const auto found = std::find_if(run.cases.begin(), run.cases.end(),
                                    [&](const auto& item) { return item.info.id == id; });
    BOOST_REQUIRE(found != run.cases.end());
    return *found;
}

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

BOOST_AUTO_TEST_SUITE(sequence_diagrams)

BOOST_AUTO_TEST_CASE(every_sample_is_well_formed) {
    for (const formats::CaseResult& result : tests::sample_run().cases) {
        const std::string svg = reports::sequence_diagram(result);
        BOOST_TEST(svg.empty() == result.steps.empty());
        if (!svg.empty()) {
            pugi::xml_document document;
            tests::parse_page(document, svg);
        }
    }
}

// Purpose: what was measured is written there: names, gaps in ms and bit times, waits, verdicts.
BOOST_AUTO_TEST_CASE(shows_frames_gaps_waits_and_judgements) {
    const std::string svg = reports::sequence_diagram(case_named("wired.line.parity"));
    for (const std::string_view part :
         {"SND_NKE to 5", "REQ_UD2 FCB=1 to 5", "E5 acknowledge", "RSP_UD from 5, CI 72",
          "10 7B 05 80 16", "20.416 ms = 49 bit times", "458.333 ms = 1100 bit times",
          "prologue of the framework", "parity error in byte 1", "reply time",
          "expected 4.583 ms to 187.500 ms", "actual 201.250 ms"}) {
        BOOST_TEST(svg.find(part) != std::string::npos, part);
    }
    BOOST_TEST(count_of(svg, "class=\"bracket\"") == 3U); // answers to three requests
    BOOST_TEST(count_of(svg, "<g class=\"fail\">") == 1U);
}

// Purpose: each frame of the diagram leads to its table.
BOOST_AUTO_TEST_CASE(frames_link_to_their_tables) {
    const auto result = case_named("wired.link.fcb.repeat");
    const std::string svg = reports::sequence_diagram(result);
    const std::string tables = reports::frame_tables(result);
    const auto frames = count_of(tables, "<details class=\"frame");
    BOOST_TEST(frames == 16U);
    for (std::size_t i = 1; i <= frames; ++i) {
        BOOST_TEST(svg.find("href=\"#frame-" + std::to_string(i) + "\"") != std::string::npos);
        BOOST_TEST(tables.find("id=\"frame-" + std::to_string(i) + "\"") != std::string::npos);
    }
}

// Purpose: a long telegram is shortened in the diagram and whole in its table.
BOOST_AUTO_TEST_CASE(long_telegrams_are_shortened) {
    const auto result = case_named("wired.link.frame.longest");
    BOOST_TEST(reports::sequence_diagram(result).find("(207 more bytes)") != std::string::npos);
}

// Purpose: what a master under test said of a job is written behind the job's frames.
BOOST_AUTO_TEST_CASE(jobs_are_told_with_their_outcome) {
    formats::CaseResult result;
    Step& step = result.steps.emplace_back();
    step.kind = Step::Kind::job;
    step.text = "read 5";
    step.actual = "1";
    step.said = {"telegram 68", "telegram 16", "fault 5: silence"};
    BOOST_TEST(reports::sequence_diagram(result).find(
                   "Job read 5: status 1; 2 telegrams handed on; fault 5: silence") !=
               std::string::npos);
    step.actual.clear();
    BOOST_TEST(reports::sequence_diagram(result).find("Job read 5: did not end by itself") !=
               std::string::npos);
}

// Purpose: a case with very many steps still gives a page that opens, and says what it left out.
BOOST_AUTO_TEST_CASE(very_many_steps_are_cut_and_counted) {
    formats::CaseResult result;
    for (std::size_t i = 0; i < reports::max_drawn_steps + 25; ++i) {
        Step& step = result.steps.emplace_back();
        step.kind = Step::Kind::sent;
        step.bytes = {0xE5};
    }
    BOOST_TEST(reports::sequence_diagram(result).find("25 more steps are not drawn") !=
               std::string::npos);
    BOOST_TEST(count_of(reports::frame_tables(result), "<details") == reports::max_frame_tables);
    BOOST_TEST(reports::frame_tables(result).find("425 more frames") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
