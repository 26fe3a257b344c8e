// SPDX-License-Identifier: Apache-2.0
// Purpose: the two link layers are tables: complete, printable, and with the key rows as the facts
// have them (B.5 to B.7). The rows are data, so a mutant of one row is seen here as well.
#include "core/link/primary_table.hpp"
#include "core/link/secondary_table.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <sstream>

BOOST_AUTO_TEST_SUITE(link_tables)

using namespace meterbench::core::link;

namespace {

const SecondaryRow* meter_row(SecondaryState state, SecondaryEvent event, SecondaryGuard guard) {
    for (const SecondaryRow& row : secondary_table()) {
        if (row.state == state && row.event == event &&
            (row.guard == SecondaryGuard::always || row.guard == guard)) {
            return &row;
        }
    }
    return nullptr;
}

const PrimaryRow* master_row(PrimaryState state, PrimaryEvent event, PrimaryGuard guard) {
    for (const PrimaryRow& row : primary_table()) {
        if (row.state == state && row.event == event &&
            (row.guard == PrimaryGuard::always || row.guard == guard)) {
            return &row;
        }
    }
    return nullptr;
}

constexpr SecondaryGuard relations[]{SecondaryGuard::fcb_not_valid, SecondaryGuard::fcb_fresh,
                                     SecondaryGuard::fcb_repeated, SecondaryGuard::fcb_undefined};

} // namespace

BOOST_AUTO_TEST_CASE(the_meter_has_a_row_for_everything) {
    for (const SecondaryState state : {SecondaryState::deselected, SecondaryState::selected}) {
        for (std::size_t event = 0; event < secondary_event_count; ++event) {
            for (const SecondaryGuard guard : relations) {
                BOOST_TEST(
                    (meter_row(state, static_cast<SecondaryEvent>(event), guard) != nullptr));
            }
        }
    }
}

// A row behind one that always holds would never count.
BOOST_AUTO_TEST_CASE(no_row_of_the_meter_is_out_of_reach) {
    for (const SecondaryRow& row : secondary_table()) {
        const bool reached = std::ranges::any_of(relations, [&](SecondaryGuard guard) {
            return meter_row(row.state, row.event, guard) == &row;
        });
        BOOST_TEST(reached, name_of(row.state) << " " << name_of(row.event));
    }
}

BOOST_AUTO_TEST_CASE(the_master_has_one_row_for_everything) {
    using enum PrimaryGuard;
    for (std::size_t state = 0; state < primary_state_count; ++state) {
        for (std::size_t event = 0; event < primary_event_count; ++event) {
            const auto row = [&](PrimaryGuard guard) {
                return master_row(static_cast<PrimaryState>(state),
                                  static_cast<PrimaryEvent>(event), guard);
            };
            const bool all =
                (row(answer_expected) != nullptr && row(no_answer_expected) != nullptr) ||
                (row(attempts_left) != nullptr && row(attempts_used) != nullptr);
            BOOST_TEST(all, state << " " << event);
        }
    }
}

BOOST_AUTO_TEST_CASE(key_rows_of_the_meter) {
    using State = SecondaryState;
    using Event = SecondaryEvent;
    using Guard = SecondaryGuard;
    using Action = SecondaryAction;
    struct Key {
        const char* requirement;
        State state;
        Event event;
        Guard guard;
        Action action;
        State next;
    };
    constexpr Key keys[]{
        {"MB2-LL-037", State::deselected, Event::request2_own, Guard::fcb_fresh, Action::send_next,
         State::deselected},
        {"MB2-LL-038", State::deselected, Event::request2_own, Guard::fcb_repeated,
         Action::send_current, State::deselected},
        {"MB2-LL-034", State::deselected, Event::request2_own, Guard::fcb_not_valid,
         Action::send_current, State::deselected},
        {"MB2-LL-043", State::deselected, Event::data_own, Guard::fcb_repeated, Action::acknowledge,
         State::deselected},
        {"MB2-LL-053", State::deselected, Event::data_broadcast, Guard::fcb_fresh, Action::execute,
         State::deselected},
        {"MB7-SA-002", State::deselected, Event::select_match, Guard::fcb_fresh,
         Action::select_and_acknowledge, State::selected},
        {"MB7-SA-003", State::selected, Event::select_mismatch, Guard::fcb_fresh, Action::deselect,
         State::deselected},
        {"MB7-SA-007", State::selected, Event::nke_selected, Guard::fcb_not_valid,
         Action::deselect_and_acknowledge, State::deselected},
        {"MB7-SA-008", State::selected, Event::nke_own, Guard::fcb_not_valid,
         Action::reset_and_acknowledge, State::selected},
        {"MB7-SA-008", State::selected, Event::nke_broadcast, Guard::fcb_not_valid, Action::reset,
         State::deselected},
        {"MB7-SA-011", State::selected, Event::select_obsolete, Guard::fcb_fresh, Action::deselect,
         State::deselected},
        {"MB2-LL-051", State::deselected, Event::request2_selected, Guard::fcb_fresh,
         Action::ignore_not_selected, State::deselected},
    };
    for (const Key& key : keys) {
        BOOST_TEST_CONTEXT(key.requirement) {
            const SecondaryRow* const row = meter_row(key.state, key.event, key.guard);
            BOOST_REQUIRE(row != nullptr);
            BOOST_TEST(name_of(row->action) == name_of(key.action));
            BOOST_TEST(name_of(row->next) == name_of(key.next));
        }
    }
}

BOOST_AUTO_TEST_CASE(key_rows_of_the_master) {
    using State = PrimaryState;
    using Event = PrimaryEvent;
    using Guard = PrimaryGuard;
    const auto* const again = master_row(State::awaiting, Event::window_over, Guard::attempts_left);
    BOOST_TEST((again->action == PrimaryAction::send_again && again->next == State::sending),
               "MB2-LL-019");
    const auto* const over = master_row(State::awaiting, Event::window_over, Guard::attempts_used);
    BOOST_TEST((over->action == PrimaryAction::give_up && over->next == State::idle), "MB2-LL-020");
    const auto* const bad = master_row(State::awaiting, Event::bad_answer, Guard::always);
    BOOST_TEST((bad->next == State::pausing), "MB2-LL-015");
    const auto* const surplus = master_row(State::settling, Event::octet, Guard::always);
    BOOST_TEST((surplus->next == State::pausing), "MB2-LL-068");
    for (const State state : {State::sending, State::awaiting, State::settling, State::pausing}) {
        const auto* const row = master_row(state, Event::start, Guard::always);
        BOOST_TEST((row->action == PrimaryAction::reject && row->next == state));
    }
}

BOOST_AUTO_TEST_CASE(they_print_one_row_a_line_without_a_blank_name) {
    for (const std::string& text : {print(secondary_table()), print(primary_table())}) {
        std::istringstream lines{text};
        std::set<std::string> seen;
        for (std::string line; std::getline(lines, line);) {
            BOOST_TEST(std::ranges::count(line, '|') == 4, line);
            BOOST_TEST(line.find("|  |") == std::string::npos, line);
            BOOST_TEST(seen.insert(line).second, "twice: " << line);
        }
        BOOST_TEST(!seen.empty());
    }
    BOOST_TEST(print(secondary_table())
                   .find("deselected | REQ_UD2 own | FCB repeated | send current "
                         "telegram | deselected\n") != std::string::npos);
    BOOST_TEST(print(primary_table())
                   .find("awaiting | window over | attempts left | send again | sending\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
