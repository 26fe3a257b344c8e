// SPDX-License-Identifier: Apache-2.0
// Purpose: the access of meter and other device and polite access are tables: complete, printable,
// and with the key rows as the facts have them (B.2, B.7, B.8, E.2).
#include "core/wireless/meter_access_table.hpp"
#include "core/wireless/other_access_table.hpp"
#include "core/wireless/polite_access_table.hpp"
#include "paths.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(wireless_access_tables)

using namespace meterbench::core::wireless;

namespace {

template <class Row, class State, class Event>
void one_row_for_everything(std::span<const Row> table, std::size_t states, std::size_t events) {
    for (std::size_t state = 0; state < states; ++state) {
        for (std::size_t event = 0; event < events; ++event) {
            const Row* last = nullptr;
            for (const Row& row : table) {
                if (row.state == static_cast<State>(state) &&
                    row.event == static_cast<Event>(event)) {
                    BOOST_TEST((last == nullptr || static_cast<int>(last->guard) != 0),
                               "a row behind one that always holds: " << name_of(row.event));
                    last = &row;
                }
            }
            BOOST_REQUIRE(last != nullptr);
            BOOST_TEST(static_cast<int>(last->guard) == 0);
        }
    }
}

void prints_well(const std::string& text) {
    std::istringstream lines{text};
    std::set<std::string> seen;
    for (std::string line; std::getline(lines, line);) {
        BOOST_TEST(std::ranges::count(line, '|') == 4, line);
        BOOST_TEST(line.find("|  |") == std::string::npos, line);
        BOOST_TEST(seen.insert(line).second, "twice: " << line);
    }
}

void has(const std::string& text, const char* row) {
    BOOST_TEST(text.find(std::string{row} + "\n") != std::string::npos, row);
}

std::string read(const std::string& path) {
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(each_has_a_row_for_everything) {
    one_row_for_everything<MeterAccessRow, MeterAccessState, MeterAccessEvent>(
        meter_access_table(), meter_access_state_count, meter_access_event_count);
    one_row_for_everything<OtherAccessRow, OtherAccessState, OtherAccessEvent>(
        other_access_table(), other_access_state_count, other_access_event_count);
    one_row_for_everything<PoliteAccessRow, PoliteAccessState, PoliteAccessEvent>(
        polite_access_table(), polite_access_state_count, polite_access_event_count);
}

BOOST_AUTO_TEST_CASE(they_print_one_row_a_line_without_a_blank_name) {
    prints_well(print(meter_access_table()));
    prints_well(print(other_access_table()));
    prints_well(print(polite_access_table()));
}

BOOST_AUTO_TEST_CASE(key_rows) {
    const std::string meter = print(meter_access_table());
    has(meter, "listening | request | number known | answer again, begin cycle | preparing");
    has(meter, "listening | request | always | execute, begin cycle | preparing");
    has(meter, "listening | SND-NKE | always | end session | asleep");
    has(meter, "pausing | repetition due | always | repeat answer | answering");
    has(meter, "pausing | cycle over | always | end cycle | asleep");
    has(meter, "asleep | request | always | ignore: not listening | asleep");
    has(meter, "listening | other address | always | ignore: other address | listening");
    const std::string other = print(other_access_table());
    has(other, "waiting | telegram with window | passed over | pass over | waiting");
    has(other,
        "waiting | telegram in another session | always | ignore: another session | waiting");
    has(other, "awaiting | answer window over | tries used | give up | idle");
    has(other, "awaiting | answer window over | always | try again | waiting");
    has(other, "waiting | answer | answer expected | deliver | idle");
    const std::string polite = print(polite_access_table());
    has(polite, "assessing | channel busy | always | defer: random | deferring");
    has(polite, "clear | dead time over | always | assess | assessing");
}

// docs/wireless.md prints them.
BOOST_AUTO_TEST_CASE(the_page_prints_the_tables) {
    const std::string page = read(std::string{METERBENCH_SOURCE_DIR} + "/docs/wireless.md");
    BOOST_TEST(page.find("```text\n" + print(meter_access_table()) + "```") != std::string::npos,
               "the meter's table, as printed:\n"
                   << print(meter_access_table()));
    BOOST_TEST(page.find("```text\n" + print(other_access_table()) + "```") != std::string::npos,
               "the other device's table, as printed:\n"
                   << print(other_access_table()));
    BOOST_TEST(page.find("```text\n" + print(polite_access_table()) + "```") != std::string::npos,
               "the table of polite access, as printed:\n"
                   << print(polite_access_table()));
}

BOOST_AUTO_TEST_SUITE_END()
