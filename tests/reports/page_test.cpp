// SPDX-License-Identifier: Apache-2.0
#include "reports/case_page.hpp"
#include "reports/index_page.hpp"
#include "tests/reports/markup.hpp"
#include "tests/reports/sample_run.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>
#include <string_view>

namespace {

using namespace meterbench;

void walk(const pugi::xml_node& node, const std::function<void(const pugi::xml_node&)>& visit) {
    visit(node);
    for (const pugi::xml_node child : node.children()) {
        walk(child, visit);
    }
}

/// What no text of a case may bring into a page.
void check_safe(const pugi::xml_document& page) {
    std::size_t scripts = 0;
    walk(page, [&](const pugi::xml_node& node) {
        const std::string_view name = node.name();
        scripts += name == "script" ? 1U : 0U;
        BOOST_TEST((name != "link" && name != "img" && name != "iframe" && name != "b:bold"));
        for (const pugi::xml_attribute attribute : node.attributes()) {
            const std::string_view key = attribute.name();
            const std::string_view value = attribute.value();
            BOOST_TEST(!key.starts_with("on"), key);
            BOOST_TEST(key != "src");
            if (key == "href") {
                BOOST_TEST(value.find(':') == std::string_view::npos, value);
            }
        }
    });
    BOOST_TEST(scripts == 1U); // the page's own
}

/// Ids are unique and links within the page arrive.
void check_links(const pugi::xml_document& page) {
    std::set<std::string> ids;
    walk(page, [&](const pugi::xml_node& node) {
        if (const pugi::xml_attribute id = node.attribute("id")) {
            BOOST_TEST(ids.insert(id.value()).second, id.value());
        }
    });
    walk(page, [&](const pugi::xml_node& node) {
        const std::string href = node.attribute("href").value();
        if (href.starts_with("#")) {
            BOOST_TEST(ids.contains(href.substr(1)), href);
        }
    });
}

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(every_page_is_well_formed_and_safe) {
    const formats::RunResult run = tests::sample_run();
    pugi::xml_document index;
    tests::parse_page(index, reports::index_page(run));
    check_safe(index);
    check_links(index);
    for (std::size_t i = 0; i < run.cases.size(); ++i) {
        pugi::xml_document page;
        tests::parse_page(page, reports::case_page(run, i));
        check_safe(page);
        check_links(page);
    }
}

// Purpose: hostile text is shown as the text it is.
BOOST_AUTO_TEST_CASE(hostile_text_is_shown_as_text) {
    const formats::RunResult run = tests::sample_run();
    pugi::xml_document page;
    tests::parse_page(page, reports::case_page(run, 4));
    BOOST_TEST(tests::text_of(page.child("html").child("body").child("main").child("header").child(
                   "h1")) == "<script>alert('x')</script> & \"quotes\" \\xFF\\xFE invalid UTF-8");
    const std::string text = tests::text_of(page.child("html").child("body").child("main"));
    for (const std::string_view part :
         {"<b>bold</b>", "]]> --> \\x80", "</text></svg><script>alert(1)</script>", "bell \\x07"}) {
        BOOST_TEST(text.find(part) != std::string::npos, part);
    }
}

BOOST_AUTO_TEST_CASE(index_holds_everything_for_a_glance) {
    const std::string page = reports::index_page(tests::sample_run());
    for (const std::string_view part :
         {"meter hall, address 5",
          "8 of 11 executed cases passed, 1 failed, 1 inconclusive, 1 error", "13 = 11 + 2",
          "<b>13</b>all", "<b>8</b>passed", "scenarios/wired/rig.json", "the rig lacks power",
          "EN 13757-2, 5.7.4", "not in the catalogue", "not tested",
          "href=\"cases/wired.link.fcb.repeat.html\"", "href=\"result.json\"",
          "the meter pads its telegram with 200 idle fillers"}) {
        BOOST_TEST(page.find(part) != std::string::npos, part);
    }
}

BOOST_AUTO_TEST_CASE(case_page_holds_the_evidence) {
    const formats::RunResult run = tests::sample_run();
    const std::string page = reports::case_page(run, 1);
    for (const std::string_view part :
         {"A frame with a wrong checksum gets no answer", "RSP_UD from 5, 27 bytes",
          "10 7B 05 00 16", "A frame with a wrong checksum is discarded",
          "href=\"../index.html#req-MB2-LL-012\"", "--select wired.link.frame.checksum --seed 1",
          "href=\"../cases/wired.link.frame.checksum/trace.pcapng\"", "link.lua:12"}) {
        BOOST_TEST(page.find(part) != std::string::npos, part);
    }
}

// Purpose: the banner never flatters: the worst verdict wins, and no case at all is no pass.
BOOST_AUTO_TEST_CASE(verdict_of_a_run) {
    using formats::Verdict;
    formats::Counts counts;
    BOOST_TEST((reports::verdict_of(counts) == Verdict::none));
    counts.not_runnable = counts.not_applicable = 3;
    BOOST_TEST((reports::verdict_of(counts) == Verdict::none));
    counts.passed = 9;
    BOOST_TEST((reports::verdict_of(counts) == Verdict::pass));
    counts.inconclusive = 1;
    BOOST_TEST((reports::verdict_of(counts) == Verdict::inconclusive));
    counts.failed = 1;
    BOOST_TEST((reports::verdict_of(counts) == Verdict::fail));
    counts.errors = 1;
    BOOST_TEST((reports::verdict_of(counts) == Verdict::error));
    BOOST_TEST(reports::index_page({}).find("Nothing was tested") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
