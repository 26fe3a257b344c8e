// SPDX-License-Identifier: Apache-2.0
// The standard's table against the reference meter: written apart, they must agree.
#include "harness/model/link_model.hpp"
#include "harness/model/station_device.hpp"
#include "harness/model/test_sequences.hpp"
#include "tests/support/sampled.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

using namespace meterbench;
using namespace meterbench::harness::model;

namespace {

constexpr std::uint8_t address = 5;

std::string show(const LinkModel& model, const Word& word) {
    std::string text;
    for (const Input input : word) {
        text += text.empty() ? "" : ", ";
        text += row_of(model.alphabet()[input]).name;
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(model_link)

// Every event of the table has exactly one row in every state; seen from the machine: every input
// is defined everywhere, and each row is reached by some state.
BOOST_AUTO_TEST_CASE(every_row_is_reached_and_no_state_is_without_one) {
    const LinkModel model{whole_alphabet(), {}, Reading::reference};
    std::set<std::size_t> rows;
    for (State state = 0; state < model.machine().states(); ++state) {
        for (Input input = 0; input < stimulus_count; ++input) {
            const Cited& cited = model.cited(state, input);
            BOOST_REQUIRE(model.machine().at(state, input).defined());
            BOOST_REQUIRE((link_table()[cited.row].event == event_of(model.alphabet()[input])));
            rows.insert(cited.row);
        }
    }
    BOOST_TEST(rows.size() == link_table().size());
}

// In each reading of one state exactly one row holds (asked of the machine of the standard, whose
// states are many at once, the rows of one event overlap).
BOOST_AUTO_TEST_CASE(the_reference_does_what_the_standard_allows) {
    // Of three telegrams the machine has 40 000 transitions more: too many for sanitizers.
    const std::size_t most = tests::one_in == 1 ? 3 : 2;
    for (std::size_t telegrams = 1; telegrams <= most; ++telegrams) {
        const LinkModel standard{whole_alphabet(), {.telegrams = telegrams}, Reading::standard};
        const LinkModel reference{whole_alphabet(), {.telegrams = telegrams}, Reading::reference};
        BOOST_TEST(!difference(standard.machine(), reference.machine()));
    }
}

// Purpose: core/device with core/link's station is the table's reference, state by state.
// Steps: test words of the whole alphabet, complete for as many states as the table has.
// Expectation: the same output at each step.
BOOST_DATA_TEST_CASE(the_station_equals_the_table,
                     boost::unit_test::data::make({1, 2, 3}), // NOLINT
                     telegrams) {
    const auto count = static_cast<std::size_t>(telegrams);
    const LinkModel model{whole_alphabet(), {.telegrams = count}, Reading::reference};
    const Mealy machine = minimised(model.machine());
    StationDevice device{reference_meter(count), address};
    std::size_t steps = 0;
    for (const Word& word : test_words(machine, Method::hsi, 0)) {
        BOOST_REQUIRE(device.reset());
        State state = 0;
        for (const Input input : word) {
            const Transition& due = machine.at(state, input);
            const auto output = device.step(model.alphabet()[input]);
            BOOST_REQUIRE(output);
            if (*output != due.allowed) {
                BOOST_FAIL("after " << show(model, word) << ": the table says "
                                    << text_of(due.allowed) << ", the station "
                                    << text_of(*output));
            }
            state = due.next;
            ++steps;
        }
    }
    BOOST_TEST_MESSAGE(telegrams << " telegrams: " << steps << " steps");
}

BOOST_AUTO_TEST_SUITE_END()
