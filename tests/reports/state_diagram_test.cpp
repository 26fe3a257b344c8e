// SPDX-License-Identifier: Apache-2.0
// Drawings of state machines: well-formed, each label once, deviations by themselves.
#include "reports/state_diagram.hpp"

#include <boost/test/unit_test.hpp>
#include <pugixml.hpp>

using namespace meterbench::reports;

namespace {

StateDiagram sample() {
    return {.title = "A <meter>",
            .subtitle = "3 states",
            .states = 3,
            .transitions = {{0, 1, "a", "E5h", false, ""},
                            {0, 1, "b", "E5h", false, ""},
                            {1, 2, "a", "telegram 1", true, "telegram 2"},
                            {2, 2, "a", "silence", false, ""},
                            {2, 2, "b", "silence", false, ""},
                            {0, 0, "r", "E5h", false, ""},
                            {1, 0, "r", "E5h", false, ""},
                            {2, 0, "r", "E5h", false, ""},
                            {1, 1, "b", "E5h", true, "silence"}}};
}

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(state_diagram)

BOOST_AUTO_TEST_CASE(a_drawing_is_well_formed_and_merges_labels) {
    const std::string svg = draw_state_diagram(sample());
    pugi::xml_document document;
    BOOST_TEST(static_cast<bool>(document.load_string(svg.c_str())));
    BOOST_TEST(count(svg, "a, b / E5h") == 1U);
    BOOST_TEST(count(svg, "stays / silence: a, b") == 1U);
    BOOST_TEST(count(svg, "from anywhere / E5h: r") == 1U);
    BOOST_TEST(count(svg, "class=\"edge") == 2U); // the ways of `r` are not drawn
    BOOST_TEST(svg.find("A &lt;meter&gt;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(deviations_are_drawn_by_themselves) {
    const std::string svg = draw_state_diagram(sample());
    BOOST_TEST(count(svg, "class=\"edge differs\"") == 1U);
    BOOST_TEST(count(svg, "a / telegram 1  (due: telegram 2)") == 1U);
    BOOST_TEST(count(svg, "stays / E5h: b  (due: silence)") == 1U);
}

// Boxes do not lie on each other, however many states there are.
BOOST_AUTO_TEST_CASE(boxes_do_not_overlap) {
    StateDiagram diagram{.title = "many", .subtitle = "", .states = 20, .transitions = {}};
    for (std::size_t i = 0; i < 20; ++i) {
        diagram.transitions.push_back({i, (i * 7 + 3) % 20, "x", "y", false, ""});
        diagram.transitions.push_back({i, (i + 1) % 20, "z", "y", false, ""});
    }
    pugi::xml_document document;
    BOOST_REQUIRE(document.load_string(draw_state_diagram(diagram).c_str()));
    struct Rect {
        double x, y, w, h;
    };
    std::vector<Rect> rects;
    for (const auto& node : document.child("svg").children("rect")) {
        if (std::string_view{node.attribute("class").value()} == "state") {
            rects.push_back({node.attribute("x").as_double(), node.attribute("y").as_double(),
                             node.attribute("width").as_double(),
                             node.attribute("height").as_double()});
        }
    }
    BOOST_REQUIRE(rects.size() == 20U);
    for (std::size_t i = 0; i < rects.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            const Rect& a = rects[i];
            const Rect& b = rects[k];
            BOOST_TEST(!(a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
