// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/meter_access_table.hpp"

#include "core/link/table_text.hpp"

#include <array>

namespace meterbench::core::wireless {

namespace {

using S = MeterAccessState;
using E = MeterAccessEvent;
using G = MeterAccessGuard;
using A = MeterAccessAction;

constexpr std::array rows{
    // asleep
    MeterAccessRow{S::asleep, E::telegram_due, G::always, A::send, S::sending},
    MeterAccessRow{S::asleep, E::sent, G::always, A::ignore_not_sending, S::asleep},
    MeterAccessRow{S::asleep, E::window_opens, G::always, A::ignore_no_window, S::asleep},
    MeterAccessRow{S::asleep, E::window_over, G::always, A::ignore_no_window, S::asleep},
    MeterAccessRow{S::asleep, E::request, G::always, A::ignore_not_listening, S::asleep},
    MeterAccessRow{S::asleep, E::reset, G::always, A::ignore_not_listening, S::asleep},
    MeterAccessRow{S::asleep, E::confirm, G::always, A::ignore_not_listening, S::asleep},
    MeterAccessRow{S::asleep, E::foreign, G::always, A::ignore_not_listening, S::asleep},
    MeterAccessRow{S::asleep, E::bad_frame, G::always, A::ignore_not_listening, S::asleep},
    MeterAccessRow{S::asleep, E::answer_due, G::always, A::ignore_no_answer_due, S::asleep},
    MeterAccessRow{S::asleep, E::repetition_due, G::always, A::ignore_no_cycle, S::asleep},
    MeterAccessRow{S::asleep, E::cycle_over, G::always, A::ignore_no_cycle, S::asleep},
    // sending
    MeterAccessRow{S::sending, E::telegram_due, G::always, A::postpone, S::sending},
    MeterAccessRow{S::sending, E::sent, G::window_follows, A::await_window, S::before_window},
    MeterAccessRow{S::sending, E::sent, G::always_open, A::listen, S::listening},
    MeterAccessRow{S::sending, E::sent, G::in_cycle, A::sleep, S::pausing},
    MeterAccessRow{S::sending, E::sent, G::always, A::sleep, S::asleep},
    MeterAccessRow{S::sending, E::window_opens, G::always, A::ignore_no_window, S::sending},
    MeterAccessRow{S::sending, E::window_over, G::always, A::ignore_no_window, S::sending},
    MeterAccessRow{S::sending, E::request, G::always, A::ignore_not_listening, S::sending},
    MeterAccessRow{S::sending, E::reset, G::always, A::ignore_not_listening, S::sending},
    MeterAccessRow{S::sending, E::confirm, G::always, A::ignore_not_listening, S::sending},
    MeterAccessRow{S::sending, E::foreign, G::always, A::ignore_not_listening, S::sending},
    MeterAccessRow{S::sending, E::bad_frame, G::always, A::ignore_not_listening, S::sending},
    MeterAccessRow{S::sending, E::answer_due, G::always, A::ignore_no_answer_due, S::sending},
    MeterAccessRow{S::sending, E::repetition_due, G::always, A::postpone, S::sending},
    MeterAccessRow{S::sending, E::cycle_over, G::always, A::end_cycle, S::sending},
    // before window
    MeterAccessRow{S::before_window, E::telegram_due, G::always, A::postpone, S::before_window},
    MeterAccessRow{S::before_window, E::sent, G::always, A::ignore_not_sending, S::before_window},
    MeterAccessRow{S::before_window, E::window_opens, G::always, A::listen, S::listening},
    MeterAccessRow{S::before_window, E::window_over, G::always, A::ignore_no_window,
                   S::before_window},
    MeterAccessRow{S::before_window, E::request, G::always, A::ignore_not_listening,
                   S::before_window},
    MeterAccessRow{S::before_window, E::reset, G::always, A::ignore_not_listening,
                   S::before_window},
    MeterAccessRow{S::before_window, E::confirm, G::always, A::ignore_not_listening,
                   S::before_window},
    MeterAccessRow{S::before_window, E::foreign, G::always, A::ignore_not_listening,
                   S::before_window},
    MeterAccessRow{S::before_window, E::bad_frame, G::always, A::ignore_not_listening,
                   S::before_window},
    MeterAccessRow{S::before_window, E::answer_due, G::always, A::ignore_no_answer_due,
                   S::before_window},
    MeterAccessRow{S::before_window, E::repetition_due, G::always, A::postpone, S::before_window},
    MeterAccessRow{S::before_window, E::cycle_over, G::always, A::end_cycle, S::before_window},
    // listening
    MeterAccessRow{S::listening, E::telegram_due, G::always_open, A::send, S::sending},
    MeterAccessRow{S::listening, E::telegram_due, G::always, A::postpone, S::listening},
    MeterAccessRow{S::listening, E::sent, G::always, A::ignore_not_sending, S::listening},
    MeterAccessRow{S::listening, E::window_opens, G::always, A::ignore_no_window, S::listening},
    MeterAccessRow{S::listening, E::window_over, G::in_cycle, A::sleep, S::pausing},
    MeterAccessRow{S::listening, E::window_over, G::always, A::sleep, S::asleep},
    MeterAccessRow{S::listening, E::request, G::number_known, A::answer_again, S::preparing},
    MeterAccessRow{S::listening, E::request, G::no_credit, A::refuse_no_credit, S::listening},
    MeterAccessRow{S::listening, E::request, G::always, A::execute, S::preparing},
    MeterAccessRow{S::listening, E::reset, G::always_open, A::end_session, S::listening},
    MeterAccessRow{S::listening, E::reset, G::always, A::end_session, S::asleep},
    MeterAccessRow{S::listening, E::confirm, G::always, A::note_confirm, S::listening},
    MeterAccessRow{S::listening, E::foreign, G::always, A::ignore_foreign, S::listening},
    MeterAccessRow{S::listening, E::bad_frame, G::always, A::ignore_bad_frame, S::listening},
    MeterAccessRow{S::listening, E::answer_due, G::always, A::ignore_no_answer_due, S::listening},
    MeterAccessRow{S::listening, E::repetition_due, G::always_open, A::repeat_answer, S::answering},
    MeterAccessRow{S::listening, E::repetition_due, G::always, A::postpone, S::listening},
    MeterAccessRow{S::listening, E::cycle_over, G::always, A::end_cycle, S::listening},
    // preparing
    MeterAccessRow{S::preparing, E::telegram_due, G::always, A::postpone, S::preparing},
    MeterAccessRow{S::preparing, E::sent, G::always, A::ignore_not_sending, S::preparing},
    MeterAccessRow{S::preparing, E::window_opens, G::always, A::ignore_no_window, S::preparing},
    MeterAccessRow{S::preparing, E::window_over, G::always, A::ignore_no_window, S::preparing},
    MeterAccessRow{S::preparing, E::request, G::always, A::ignore_not_listening, S::preparing},
    MeterAccessRow{S::preparing, E::reset, G::always, A::ignore_not_listening, S::preparing},
    MeterAccessRow{S::preparing, E::confirm, G::always, A::ignore_not_listening, S::preparing},
    MeterAccessRow{S::preparing, E::foreign, G::always, A::ignore_not_listening, S::preparing},
    MeterAccessRow{S::preparing, E::bad_frame, G::always, A::ignore_not_listening, S::preparing},
    MeterAccessRow{S::preparing, E::answer_due, G::no_answer, A::drop_answer, S::pausing},
    MeterAccessRow{S::preparing, E::answer_due, G::always, A::transmit_answer, S::answering},
    MeterAccessRow{S::preparing, E::repetition_due, G::always, A::ignore_answer_pending,
                   S::preparing},
    MeterAccessRow{S::preparing, E::cycle_over, G::always, A::ignore_answer_pending, S::preparing},
    // answering
    MeterAccessRow{S::answering, E::telegram_due, G::always, A::postpone, S::answering},
    MeterAccessRow{S::answering, E::sent, G::window_follows, A::await_window, S::before_window},
    MeterAccessRow{S::answering, E::sent, G::always_open, A::listen, S::listening},
    MeterAccessRow{S::answering, E::sent, G::in_cycle, A::sleep, S::pausing},
    MeterAccessRow{S::answering, E::sent, G::always, A::sleep, S::asleep},
    MeterAccessRow{S::answering, E::window_opens, G::always, A::ignore_no_window, S::answering},
    MeterAccessRow{S::answering, E::window_over, G::always, A::ignore_no_window, S::answering},
    MeterAccessRow{S::answering, E::request, G::always, A::ignore_not_listening, S::answering},
    MeterAccessRow{S::answering, E::reset, G::always, A::ignore_not_listening, S::answering},
    MeterAccessRow{S::answering, E::confirm, G::always, A::ignore_not_listening, S::answering},
    MeterAccessRow{S::answering, E::foreign, G::always, A::ignore_not_listening, S::answering},
    MeterAccessRow{S::answering, E::bad_frame, G::always, A::ignore_not_listening, S::answering},
    MeterAccessRow{S::answering, E::answer_due, G::always, A::ignore_no_answer_due, S::answering},
    MeterAccessRow{S::answering, E::repetition_due, G::always, A::postpone, S::answering},
    MeterAccessRow{S::answering, E::cycle_over, G::always, A::end_cycle, S::answering},
    // pausing
    MeterAccessRow{S::pausing, E::telegram_due, G::always, A::send, S::sending},
    MeterAccessRow{S::pausing, E::sent, G::always, A::ignore_not_sending, S::pausing},
    MeterAccessRow{S::pausing, E::window_opens, G::always, A::ignore_no_window, S::pausing},
    MeterAccessRow{S::pausing, E::window_over, G::always, A::ignore_no_window, S::pausing},
    MeterAccessRow{S::pausing, E::request, G::always, A::ignore_not_listening, S::pausing},
    MeterAccessRow{S::pausing, E::reset, G::always, A::ignore_not_listening, S::pausing},
    MeterAccessRow{S::pausing, E::confirm, G::always, A::ignore_not_listening, S::pausing},
    MeterAccessRow{S::pausing, E::foreign, G::always, A::ignore_not_listening, S::pausing},
    MeterAccessRow{S::pausing, E::bad_frame, G::always, A::ignore_not_listening, S::pausing},
    MeterAccessRow{S::pausing, E::answer_due, G::always, A::ignore_no_answer_due, S::pausing},
    MeterAccessRow{S::pausing, E::repetition_due, G::no_answer, A::sleep, S::pausing},
    MeterAccessRow{S::pausing, E::repetition_due, G::always, A::repeat_answer, S::answering},
    MeterAccessRow{S::pausing, E::cycle_over, G::always, A::end_cycle, S::asleep},
};

static_assert(link::is_complete<MeterAccessRow>(rows, meter_access_state_count,
                                                meter_access_event_count),
              "every state and event has a row whose guard holds");

constexpr std::array<std::string_view, 7> state_names{
    "asleep", "sending", "before window", "listening", "preparing", "answering", "pausing"};
constexpr std::array<std::string_view, 12> event_names{
    "telegram due", "sent",          "window opens", "window over", "request",        "SND-NKE",
    "confirmation", "other address", "bad frame",    "answer due",  "repetition due", "cycle over"};
constexpr std::array<std::string_view, 7> guard_names{"always",   "window follows", "always open",
                                                      "in cycle", "number known",   "no credit",
                                                      "no answer"};
constexpr std::array<std::string_view, 22> action_names{"ignore: nothing was being sent",
                                                        "ignore: no window",
                                                        "ignore: not listening",
                                                        "ignore: other address",
                                                        "ignore: bad frame",
                                                        "ignore: no answer due",
                                                        "ignore: no cycle",
                                                        "ignore: an answer is due",
                                                        "postpone",
                                                        "send",
                                                        "await window",
                                                        "listen",
                                                        "sleep",
                                                        "execute, begin cycle",
                                                        "answer again, begin cycle",
                                                        "refuse: no credit, restart time-out",
                                                        "note confirmation, restart time-out",
                                                        "transmit answer",
                                                        "drop: no answer",
                                                        "repeat answer",
                                                        "end session",
                                                        "end cycle"};

} // namespace

std::span<const MeterAccessRow> meter_access_table() {
    return rows;
}

std::string_view name_of(MeterAccessState state) {
    return link::pick_name(state_names, state);
}
std::string_view name_of(MeterAccessEvent event) {
    return link::pick_name(event_names, event);
}
std::string_view name_of(MeterAccessGuard guard) {
    return link::pick_name(guard_names, guard);
}
std::string_view name_of(MeterAccessAction action) {
    return link::pick_name(action_names, action);
}

std::string print(std::span<const MeterAccessRow> table) {
    return link::table_text(table);
}

} // namespace meterbench::core::wireless
