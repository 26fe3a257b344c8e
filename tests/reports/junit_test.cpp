// SPDX-License-Identifier: Apache-2.0
#include "reports/junit.hpp"
#include "tests/reports/markup.hpp"
#include "tests/reports/sample_run.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace meterbench;

struct Parsed {
    pugi::xml_document document;
    Parsed() { tests::parse_page(document, reports::junit_xml(tests::sample_run())); }
    [[nodiscard]] pugi::xml_node suite() const {
        return document.child("testsuites").child("testsuite");
    }
    [[nodiscard]] pugi::xml_node named(const char* id) const {
        return suite().find_child_by_attribute("testcase", "name", id);
    }
};

BOOST_AUTO_TEST_SUITE(junit)

BOOST_FIXTURE_TEST_CASE(totals_agree_with_the_cases, Parsed) {
    BOOST_TEST(suite().attribute("tests").as_int() == 13);
    BOOST_TEST(suite().attribute("failures").as_int() == 2);
    BOOST_TEST(suite().attribute("errors").as_int() == 1);
    BOOST_TEST(suite().attribute("skipped").as_int() == 2);
    int cases = 0;
    int failures = 0;
    for (const pugi::xml_node item : suite().children("testcase")) {
        ++cases;
        failures += item.child("failure") ? 1 : 0;
    }
    BOOST_TEST(cases == 13);
    BOOST_TEST(failures == 2);
}

BOOST_FIXTURE_TEST_CASE(each_verdict_has_its_element, Parsed) {
    const pugi::xml_node passed = named("wired.link.fcb.repeat");
    BOOST_TEST(!passed.child("failure"));
    BOOST_TEST(!passed.child("error"));
    BOOST_TEST(!passed.child("skipped"));

    const pugi::xml_node failed = named("wired.link.frame.checksum").child("failure");
    BOOST_TEST(failed.attribute("type").value() == std::string{"fail"});
    BOOST_TEST(failed.attribute("message").value() ==
               std::string{"fail: the meter answered a request whose checksum is wrong"});
    const std::string detail = failed.text().get();
    BOOST_TEST(detail.find("  expected: silence\n") != std::string::npos);
    BOOST_TEST(detail.find("  sent: 10 7B 05 00 16\n") != std::string::npos);
    BOOST_TEST(detail.find("replay: meterbench run ") != std::string::npos);

    BOOST_TEST(named("wired.line.parity").child("failure").attribute("type").value() ==
               std::string{"inconclusive"});
    BOOST_TEST(named("wired.hostile.<script>").child("error"));
    BOOST_TEST(named("wired.power.polarity").child("skipped").attribute("message").value() ==
               std::string{"not runnable: the rig lacks power"});
    BOOST_TEST(named("wired.selection.enhanced").child("skipped"));
}

BOOST_FIXTURE_TEST_CASE(requirements_are_properties_and_artefacts_attachments, Parsed) {
    const pugi::xml_node item = named("wired.link.fcb.repeat");
    std::vector<std::string> ids;
    for (const pugi::xml_node property : item.child("properties").children("property")) {
        if (property.attribute("name").value() == std::string{"requirement"}) {
            ids.emplace_back(property.attribute("value").value());
        }
    }
    BOOST_TEST(ids == (std::vector<std::string>{"MB2-LL-037", "MB2-LL-038"}),
               boost::test_tools::per_element());
    BOOST_TEST(item.child("system-out").text().get() ==
               std::string{"[[ATTACHMENT|cases/wired.link.fcb.repeat/trace.pcapng]]\n"});
    BOOST_TEST(item.attribute("classname").value() == std::string{"wired.link.fcb"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
