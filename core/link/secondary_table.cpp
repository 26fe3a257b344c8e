// SPDX-License-Identifier: Apache-2.0
#include "core/link/secondary_table.hpp"

#include "core/link/table_text.hpp"

namespace meterbench::core::link {

namespace {

using State = SecondaryState;
using Event = SecondaryEvent;
using Guard = SecondaryGuard;
using Action = SecondaryAction;

constexpr auto off = State::deselected;
constexpr auto on = State::selected;

constexpr std::array rows{
    // not selected
    SecondaryRow{off, Event::nke_own, Guard::always, Action::reset_and_acknowledge, off},
    SecondaryRow{off, Event::nke_selected, Guard::always, Action::ignore_not_selected, off},
    SecondaryRow{off, Event::nke_broadcast, Guard::always, Action::reset, off},
    SecondaryRow{off, Event::request2_own, Guard::fcb_fresh, Action::send_next, off},
    SecondaryRow{off, Event::request2_own, Guard::fcb_repeated, Action::send_current, off},
    SecondaryRow{off, Event::request2_own, Guard::fcb_not_valid, Action::send_current, off},
    SecondaryRow{off, Event::request2_own, Guard::fcb_undefined, Action::send_next, off},
    SecondaryRow{off, Event::request2_selected, Guard::always, Action::ignore_not_selected, off},
    SecondaryRow{off, Event::request2_broadcast, Guard::always, Action::ignore_broadcast, off},
    SecondaryRow{off, Event::request1_own, Guard::fcb_repeated, Action::send_class1_again, off},
    SecondaryRow{off, Event::request1_own, Guard::fcb_not_valid, Action::send_class1_again, off},
    SecondaryRow{off, Event::request1_own, Guard::always, Action::send_class1_next, off},
    SecondaryRow{off, Event::request1_selected, Guard::always, Action::ignore_not_selected, off},
    SecondaryRow{off, Event::request1_broadcast, Guard::always, Action::ignore_broadcast, off},
    SecondaryRow{off, Event::data_own, Guard::fcb_repeated, Action::acknowledge, off},
    SecondaryRow{off, Event::data_own, Guard::always, Action::execute_and_acknowledge, off},
    SecondaryRow{off, Event::data_selected, Guard::always, Action::ignore_not_selected, off},
    SecondaryRow{off, Event::data_broadcast, Guard::always, Action::execute, off},
    SecondaryRow{off, Event::select_match, Guard::always, Action::select_and_acknowledge, on},
    SecondaryRow{off, Event::select_mismatch, Guard::always, Action::deselect, off},
    SecondaryRow{off, Event::select_obsolete, Guard::always, Action::deselect, off},
    SecondaryRow{off, Event::foreign, Guard::always, Action::ignore_foreign, off},
    SecondaryRow{off, Event::answer, Guard::always, Action::ignore_answer, off},
    SecondaryRow{off, Event::misfit, Guard::always, Action::ignore_misfit, off},
    SecondaryRow{off, Event::unsupported, Guard::always, Action::ignore_unsupported, off},
    // selected
    SecondaryRow{on, Event::nke_own, Guard::always, Action::reset_and_acknowledge, on},
    SecondaryRow{on, Event::nke_selected, Guard::always, Action::deselect_and_acknowledge, off},
    SecondaryRow{on, Event::nke_broadcast, Guard::always, Action::reset, off},
    SecondaryRow{on, Event::request2_own, Guard::fcb_fresh, Action::send_next, on},
    SecondaryRow{on, Event::request2_own, Guard::fcb_repeated, Action::send_current, on},
    SecondaryRow{on, Event::request2_own, Guard::fcb_not_valid, Action::send_current, on},
    SecondaryRow{on, Event::request2_own, Guard::fcb_undefined, Action::send_next, on},
    SecondaryRow{on, Event::request2_selected, Guard::fcb_fresh, Action::send_next, on},
    SecondaryRow{on, Event::request2_selected, Guard::fcb_repeated, Action::send_current, on},
    SecondaryRow{on, Event::request2_selected, Guard::fcb_not_valid, Action::send_current, on},
    SecondaryRow{on, Event::request2_selected, Guard::fcb_undefined, Action::send_next, on},
    SecondaryRow{on, Event::request2_broadcast, Guard::always, Action::ignore_broadcast, on},
    SecondaryRow{on, Event::request1_own, Guard::fcb_repeated, Action::send_class1_again, on},
    SecondaryRow{on, Event::request1_own, Guard::fcb_not_valid, Action::send_class1_again, on},
    SecondaryRow{on, Event::request1_own, Guard::always, Action::send_class1_next, on},
    SecondaryRow{on, Event::request1_selected, Guard::fcb_repeated, Action::send_class1_again, on},
    SecondaryRow{on, Event::request1_selected, Guard::fcb_not_valid, Action::send_class1_again, on},
    SecondaryRow{on, Event::request1_selected, Guard::always, Action::send_class1_next, on},
    SecondaryRow{on, Event::request1_broadcast, Guard::always, Action::ignore_broadcast, on},
    SecondaryRow{on, Event::data_own, Guard::fcb_repeated, Action::acknowledge, on},
    SecondaryRow{on, Event::data_own, Guard::always, Action::execute_and_acknowledge, on},
    SecondaryRow{on, Event::data_selected, Guard::fcb_repeated, Action::acknowledge, on},
    SecondaryRow{on, Event::data_selected, Guard::always, Action::execute_and_acknowledge, on},
    SecondaryRow{on, Event::data_broadcast, Guard::always, Action::execute, on},
    SecondaryRow{on, Event::select_match, Guard::always, Action::select_and_acknowledge, on},
    SecondaryRow{on, Event::select_mismatch, Guard::always, Action::deselect, off},
    SecondaryRow{on, Event::select_obsolete, Guard::always, Action::deselect, off},
    SecondaryRow{on, Event::foreign, Guard::always, Action::ignore_foreign, on},
    SecondaryRow{on, Event::answer, Guard::always, Action::ignore_answer, on},
    SecondaryRow{on, Event::misfit, Guard::always, Action::ignore_misfit, on},
    SecondaryRow{on, Event::unsupported, Guard::always, Action::ignore_unsupported, on},
};

/// The rows for a state and event, taken together, hold for every frame count bit.
consteval bool covered(State state, Event event) {
    unsigned seen = 0;
    for (const SecondaryRow& row : rows) {
        if (row.state != state || row.event != event) {
            continue;
        }
        if (row.guard == Guard::always) {
            return true;
        }
        seen |= 1U << static_cast<unsigned>(row.guard);
    }
    constexpr unsigned all_relations = 0b11110;
    return (seen & all_relations) == all_relations;
}

consteval bool complete() {
    for (const State state : {off, on}) {
        for (std::size_t event = 0; event < secondary_event_count; ++event) {
            if (!covered(state, static_cast<Event>(event))) {
                return false;
            }
        }
    }
    return true;
}
static_assert(complete(), "every state and event has a row whose guard holds");

constexpr std::array<std::string_view, 2> state_names{"deselected", "selected"};
constexpr std::array<std::string_view, secondary_event_count> event_names{
    "SND_NKE own",   "SND_NKE FDh", "SND_NKE FFh",       "REQ_UD2 own",       "REQ_UD2 FDh",
    "REQ_UD2 FFh",   "REQ_UD1 own", "REQ_UD1 FDh",       "REQ_UD1 FFh",       "SND_UD own",
    "SND_UD FDh",    "SND_UD FFh",  "selection matches", "selection differs", "selection CI 56h",
    "other address", "answer",      "format misfit",     "unsupported"};
constexpr std::array<std::string_view, 5> guard_names{"always", "FCV = 0", "FCB fresh",
                                                      "FCB repeated", "FCB undefined"};
constexpr std::array<std::string_view, 18> action_names{"ignore: other address",
                                                        "ignore: an answer",
                                                        "ignore: not selected",
                                                        "ignore: broadcast",
                                                        "ignore: format misfit",
                                                        "ignore: unsupported",
                                                        "reset, E5h",
                                                        "reset",
                                                        "send next telegram",
                                                        "send current telegram",
                                                        "send next class 1",
                                                        "send class 1 again",
                                                        "execute, E5h",
                                                        "E5h",
                                                        "execute",
                                                        "select, E5h",
                                                        "deselect",
                                                        "deselect, E5h"};

} // namespace

std::span<const SecondaryRow> secondary_table() {
    return rows;
}

std::string_view name_of(SecondaryState state) {
    return pick_name(state_names, state);
}
std::string_view name_of(SecondaryEvent event) {
    return pick_name(event_names, event);
}
std::string_view name_of(SecondaryGuard guard) {
    return pick_name(guard_names, guard);
}
std::string_view name_of(SecondaryAction action) {
    return pick_name(action_names, action);
}

std::string print(std::span<const SecondaryRow> table) {
    return table_text(table);
}

} // namespace meterbench::core::link
