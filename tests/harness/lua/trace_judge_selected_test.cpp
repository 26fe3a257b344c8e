// SPDX-License-Identifier: Apache-2.0
// Purpose: predicates about a meter that is selected by its secondary address
// (scenarios/judge/meter/selected.lua) pass what EN 13757-7, 8.4 has, fail what breaks just that,
// and say nothing where a trace leaves open whether the meter is selected.
#include "tests/harness/lua/meter_conversation.hpp"

namespace {

using namespace meterbench;
using namespace meterbench::tests;
using formats::Trace;

constexpr std::string_view other = "79 56 34 12 58 34 01 04";
constexpr std::string_view backwards = "04 01 34 58 12 34 56 78";
constexpr std::string_view enhanced = R"({"enhanced_selection":true,"oms":true})";
constexpr std::string_view oms = R"({"oms":true,"telegrams":2,"fcb":true})";
constexpr std::string_view resets = R"({"application_reset":true,"telegrams":2,"fcb":true})";

/// The meter is selected, `between` happens, and FDh is asked.
Change selected(const Change& between, const std::string& answer,
                const std::string& control = "7B") {
    return [between, answer, control](Trace& t) {
        select(t, own_address);
        if (between) {
            between(t);
        }
        read_selected(t, control, answer);
    };
}
Change mask(const std::string& octets, const std::string& answer) {
    return [octets, answer](Trace& t) { select(t, octets, answer); };
}
void broadcast_reset(Trace& t) {
    ask(t, short_frame("40 FF"));
}
void deselect(Trace& t) {
    exchange(t, short_frame("40 FD"), "E5");
}
/// CI 56h to a meter that is not selected, then FDh is asked.
Change obsolete(const std::string& answer) {
    return [answer](Trace& t) {
        deselect(t);
        select(t, backwards, "", "56");
        read_selected(t, "7B", answer);
    };
}
/// A selection with this fabrication number behind the meter's own address.
Change numbered(const std::string& number, const std::string& acknowledge,
                const std::string& answer) {
    return [number, acknowledge, answer](Trace& t) {
        deselect(t);
        select(t, std::string{own_address} + " 0C 78 " + number, acknowledge);
        read_selected(t, "7B", answer);
    };
}
void read_once(Trace& t) {
    read_selected(t, "7B", first());
}
/// Two selections, and the answer to the first request behind the second.
Change again(const std::string& answer) {
    return [answer](Trace& t) {
        select(t, own_address);
        read_selected(t, "7B", first());
        select(t, own_address);
        read_selected(t, "7B", answer);
    };
}

const Rows& rows() {
    static const Rows all{
        {"MB7-SA-006", mask("78 56 34 12 FF 34 01 04", "E5"), mask("78 56 34 12 FF 34 01 04", ""),
         mask("78 56 34 12 FF 35 01 04", "")},
        {"MB7-SA-006", nullptr, mask("78 56 34 12 58 FF 01 04", ""),
         mask("78 56 34 12 FF FF 01 04", "")},
        {"MB7-SA-008", selected(broadcast_reset, ""), selected(broadcast_reset, first()),
         selected(nullptr, first())},
        {"MB7-SA-009", again(first()), again(second()), selected(nullptr, second())},
        {"MB7-SA-011", obsolete(""), obsolete(first()),
         // It was selected before, and need not be deselected.
         selected([](Trace& t) { select(t, backwards, "", "56"); }, first())},
        {"MB7-SA-012", selected(nullptr, first()), selected(nullptr, ""),
         // Whether a reset deselects is open.
         selected([](Trace& t) { reset(t); }, "")},
        {"MB7-SA-012", nullptr,
         states(resets, selected([](Trace& t) { command(t, "50", "", "73 FD"); }, ""))},
        {"MB7-SA-012", selected(read_once, second(), "5B"), selected(read_once, second(), "7B"),
         nullptr},
        {"MB7-SA-012", nullptr, selected(read_once, first(), "5B")},
        {"MB7-SA-013", nullptr, selected([](Trace& t) { read(t, "7B", first()); }, "")},
        {"MB7-SA-013", selected([](Trace& t) { read(t, "7B", first()); }, first()),
         selected([](Trace& t) { read(t, "7B", ""); }, first()), selected(nullptr, first())},
        {"MB7-SA-014", selected(mask(std::string{other}, "E5"), ""),
         selected(mask(std::string{other}, "E5"), first()),
         // With a wildcard another may be meant besides.
         selected(mask("F9 56 34 12 58 34 01 04", ""), "")},
        {"MB7-SA-014",
         selected(mask(std::string{other}, "E5"), telegram("04 13 31 D4 00 00", "06", other)),
         nullptr},
        {"MB7-SA-018", selected(read_once, second(), "5B"), selected(read_once, "", "5B"),
         selected(nullptr, "")},
        // The supply may have failed.
        {"MB7-SA-018", nullptr, nullptr,
         selected(
             [](Trace& t) {
                 t.needs = {"power"};
                 read_once(t);
                 say(t, true, short_frame("40 0A"), 5'000'000'000);
             },
             "", "5B")},
        {"MB7-SA-031", states(oms, mask("FF FF 34 12 58 34 01 04", "E5")),
         states(oms, mask("FF FF 34 12 58 34 01 04", "")), mask("FF FF 34 12 58 34 01 04", "")},
        {"MB7-SA-015", states(enhanced, numbered("F8 56 34 12", "E5", first())),
         states(enhanced, numbered("F8 56 34 12", "", "")), numbered("F8 56 34 12", "", "")},
        {"MB7-SA-016", states(enhanced, numbered("79 56 34 12", "", "")),
         states(enhanced, numbered("79 56 34 12", "E5", "")),
         states(enhanced, numbered("78 56 34 12", "E5", first()))},
        {"MB7-SA-016", nullptr, states(enhanced, numbered("79 56 34 12", "", first()))},
        {"MB7-SA-017", states(oms, numbered("78 56 34 12", "", "")),
         states(oms, numbered("78 56 34 12", "E5", first())),
         states(enhanced, numbered("78 56 34 12", "E5", first()))},
    };
    return all;
}
const RowsAreTested tested{rows()};

} // namespace

BOOST_AUTO_TEST_SUITE(trace_judge_selected)

BOOST_AUTO_TEST_CASE(selections) {
    judge_rows(meter_judge(), rows(), start);
}

BOOST_AUTO_TEST_SUITE_END()
