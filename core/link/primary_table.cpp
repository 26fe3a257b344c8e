// SPDX-License-Identifier: Apache-2.0
#include "core/link/primary_table.hpp"

#include "core/link/table_text.hpp"

namespace meterbench::core::link {

namespace {

using State = PrimaryState;
using Event = PrimaryEvent;
using Guard = PrimaryGuard;
using Action = PrimaryAction;

constexpr std::array rows{
    PrimaryRow{State::idle, Event::start, Guard::always, Action::send, State::sending},
    PrimaryRow{State::idle, Event::sent, Guard::always, Action::ignore, State::idle},
    PrimaryRow{State::idle, Event::aborted, Guard::always, Action::ignore, State::idle},
    PrimaryRow{State::idle, Event::good_answer, Guard::always, Action::ignore, State::idle},
    PrimaryRow{State::idle, Event::bad_answer, Guard::always, Action::ignore, State::idle},
    PrimaryRow{State::idle, Event::surplus, Guard::always, Action::ignore, State::idle},
    PrimaryRow{State::idle, Event::octet, Guard::always, Action::ignore, State::idle},
    PrimaryRow{State::idle, Event::window_over, Guard::always, Action::ignore, State::idle},
    PrimaryRow{State::idle, Event::quiet, Guard::always, Action::ignore, State::idle},
    PrimaryRow{State::idle, Event::babble, Guard::always, Action::ignore, State::idle},

    PrimaryRow{State::sending, Event::start, Guard::always, Action::reject, State::sending},
    PrimaryRow{State::sending, Event::sent, Guard::answer_expected, Action::open_window,
               State::awaiting},
    PrimaryRow{State::sending, Event::sent, Guard::no_answer_expected, Action::deliver_nothing,
               State::idle},
    PrimaryRow{State::sending, Event::aborted, Guard::always, Action::give_up, State::idle},
    PrimaryRow{State::sending, Event::good_answer, Guard::always, Action::ignore, State::sending},
    PrimaryRow{State::sending, Event::bad_answer, Guard::always, Action::ignore, State::sending},
    PrimaryRow{State::sending, Event::surplus, Guard::always, Action::ignore, State::sending},
    PrimaryRow{State::sending, Event::octet, Guard::always, Action::ignore, State::sending},
    PrimaryRow{State::sending, Event::window_over, Guard::always, Action::ignore, State::sending},
    PrimaryRow{State::sending, Event::quiet, Guard::always, Action::ignore, State::sending},
    PrimaryRow{State::sending, Event::babble, Guard::always, Action::give_up, State::idle},

    PrimaryRow{State::awaiting, Event::start, Guard::always, Action::reject, State::awaiting},
    PrimaryRow{State::awaiting, Event::sent, Guard::always, Action::ignore, State::awaiting},
    PrimaryRow{State::awaiting, Event::aborted, Guard::always, Action::give_up, State::idle},
    PrimaryRow{State::awaiting, Event::good_answer, Guard::always, Action::keep_answer,
               State::settling},
    PrimaryRow{State::awaiting, Event::bad_answer, Guard::always, Action::note_fault,
               State::pausing},
    PrimaryRow{State::awaiting, Event::surplus, Guard::always, Action::note_fault, State::pausing},
    PrimaryRow{State::awaiting, Event::octet, Guard::always, Action::ignore, State::awaiting},
    PrimaryRow{State::awaiting, Event::window_over, Guard::attempts_left, Action::send_again,
               State::sending},
    PrimaryRow{State::awaiting, Event::window_over, Guard::attempts_used, Action::give_up,
               State::idle},
    PrimaryRow{State::awaiting, Event::quiet, Guard::always, Action::ignore, State::awaiting},
    PrimaryRow{State::awaiting, Event::babble, Guard::always, Action::ignore, State::awaiting},

    PrimaryRow{State::settling, Event::start, Guard::always, Action::reject, State::settling},
    PrimaryRow{State::settling, Event::sent, Guard::always, Action::ignore, State::settling},
    PrimaryRow{State::settling, Event::aborted, Guard::always, Action::give_up, State::idle},
    PrimaryRow{State::settling, Event::good_answer, Guard::always, Action::note_fault,
               State::pausing},
    PrimaryRow{State::settling, Event::bad_answer, Guard::always, Action::note_fault,
               State::pausing},
    PrimaryRow{State::settling, Event::surplus, Guard::always, Action::note_fault, State::pausing},
    PrimaryRow{State::settling, Event::octet, Guard::always, Action::note_fault, State::pausing},
    PrimaryRow{State::settling, Event::window_over, Guard::always, Action::ignore, State::settling},
    PrimaryRow{State::settling, Event::quiet, Guard::always, Action::deliver, State::idle},
    PrimaryRow{State::settling, Event::babble, Guard::always, Action::ignore, State::settling},

    PrimaryRow{State::pausing, Event::start, Guard::always, Action::reject, State::pausing},
    PrimaryRow{State::pausing, Event::sent, Guard::always, Action::ignore, State::pausing},
    PrimaryRow{State::pausing, Event::aborted, Guard::always, Action::give_up, State::idle},
    PrimaryRow{State::pausing, Event::good_answer, Guard::always, Action::ignore, State::pausing},
    PrimaryRow{State::pausing, Event::bad_answer, Guard::always, Action::ignore, State::pausing},
    PrimaryRow{State::pausing, Event::surplus, Guard::always, Action::ignore, State::pausing},
    PrimaryRow{State::pausing, Event::octet, Guard::always, Action::ignore, State::pausing},
    PrimaryRow{State::pausing, Event::window_over, Guard::always, Action::ignore, State::pausing},
    PrimaryRow{State::pausing, Event::quiet, Guard::attempts_left, Action::send_again,
               State::sending},
    PrimaryRow{State::pausing, Event::quiet, Guard::attempts_used, Action::give_up, State::idle},
    PrimaryRow{State::pausing, Event::babble, Guard::always, Action::give_up, State::idle},
};

consteval bool covered(State state, Event event) {
    unsigned seen = 0;
    for (const PrimaryRow& row : rows) {
        if (row.state == state && row.event == event) {
            seen |= 1U << static_cast<unsigned>(row.guard);
        }
    }
    return seen == 0b00001 || seen == 0b00110 || seen == 0b11000;
}

consteval bool complete() {
    for (std::size_t state = 0; state < primary_state_count; ++state) {
        for (std::size_t event = 0; event < primary_event_count; ++event) {
            if (!covered(static_cast<State>(state), static_cast<Event>(event))) {
                return false;
            }
        }
    }
    return true;
}
static_assert(complete(), "every state and event has exactly one row whose guard holds");

constexpr std::array<std::string_view, primary_state_count> state_names{
    "idle", "sending", "awaiting", "settling", "pausing"};
constexpr std::array<std::string_view, primary_event_count> event_names{
    "start",   "sent",  "aborted",     "good answer", "bad answer",
    "surplus", "octet", "window over", "quiet",       "babble"};
constexpr std::array<std::string_view, 5> guard_names{
    "always", "answer expected", "no answer expected", "attempts left", "attempts used"};
constexpr std::array<std::string_view, 10> action_names{
    "ignore",  "reject",          "send",       "open window", "keep answer", "note fault",
    "deliver", "deliver nothing", "send again", "give up"};

} // namespace

std::span<const PrimaryRow> primary_table() {
    return rows;
}

std::string_view name_of(PrimaryState state) {
    return pick_name(state_names, state);
}
std::string_view name_of(PrimaryEvent event) {
    return pick_name(event_names, event);
}
std::string_view name_of(PrimaryGuard guard) {
    return pick_name(guard_names, guard);
}
std::string_view name_of(PrimaryAction action) {
    return pick_name(action_names, action);
}
std::string print(std::span<const PrimaryRow> table) {
    return table_text(table);
}

} // namespace meterbench::core::link
