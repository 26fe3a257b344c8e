// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/other_access_table.hpp"

#include "core/link/table_text.hpp"

#include <array>

namespace meterbench::core::wireless {

namespace {

using S = OtherAccessState;
using E = OtherAccessEvent;
using G = OtherAccessGuard;
using A = OtherAccessAction;

constexpr std::array rows{
    // idle
    OtherAccessRow{S::idle, E::start, G::always, A::begin, S::waiting},
    OtherAccessRow{S::idle, E::opportunity, G::always, A::ignore_no_job, S::idle},
    OtherAccessRow{S::idle, E::closed, G::always, A::ignore_no_job, S::idle},
    OtherAccessRow{S::idle, E::other_session, G::always, A::ignore_no_job, S::idle},
    OtherAccessRow{S::idle, E::answer, G::always, A::ignore_no_job, S::idle},
    OtherAccessRow{S::idle, E::send_due, G::always, A::ignore_no_job, S::idle},
    OtherAccessRow{S::idle, E::sent, G::always, A::ignore_not_sending, S::idle},
    OtherAccessRow{S::idle, E::aborted, G::always, A::ignore_not_sending, S::idle},
    OtherAccessRow{S::idle, E::answer_over, G::always, A::ignore_no_job, S::idle},
    OtherAccessRow{S::idle, E::too_late, G::always, A::ignore_no_job, S::idle},
    OtherAccessRow{S::idle, E::cancel, G::always, A::ignore_no_job, S::idle},
    // waiting
    OtherAccessRow{S::waiting, E::start, G::always, A::reject_busy, S::waiting},
    OtherAccessRow{S::waiting, E::opportunity, G::no_opportunity_left, A::give_up, S::idle},
    OtherAccessRow{S::waiting, E::opportunity, G::passed_over, A::pass_over, S::waiting},
    OtherAccessRow{S::waiting, E::opportunity, G::always, A::take, S::delaying},
    OtherAccessRow{S::waiting, E::closed, G::always, A::ignore_no_window, S::waiting},
    OtherAccessRow{S::waiting, E::other_session, G::always, A::ignore_other_session, S::waiting},
    OtherAccessRow{S::waiting, E::answer, G::answer_expected, A::deliver, S::idle},
    OtherAccessRow{S::waiting, E::answer, G::always, A::ignore_unexpected, S::waiting},
    OtherAccessRow{S::waiting, E::send_due, G::always, A::ignore_not_due, S::waiting},
    OtherAccessRow{S::waiting, E::sent, G::always, A::ignore_not_sending, S::waiting},
    OtherAccessRow{S::waiting, E::aborted, G::always, A::ignore_not_sending, S::waiting},
    OtherAccessRow{S::waiting, E::answer_over, G::always, A::ignore_not_due, S::waiting},
    OtherAccessRow{S::waiting, E::too_late, G::always, A::give_up, S::idle},
    OtherAccessRow{S::waiting, E::cancel, G::always, A::drop, S::idle},
    // delaying
    OtherAccessRow{S::delaying, E::start, G::always, A::reject_busy, S::delaying},
    OtherAccessRow{S::delaying, E::opportunity, G::always, A::ignore_taken, S::delaying},
    OtherAccessRow{S::delaying, E::closed, G::always, A::ignore_taken, S::delaying},
    OtherAccessRow{S::delaying, E::other_session, G::always, A::ignore_taken, S::delaying},
    OtherAccessRow{S::delaying, E::answer, G::always, A::ignore_taken, S::delaying},
    OtherAccessRow{S::delaying, E::send_due, G::always, A::send, S::sending},
    OtherAccessRow{S::delaying, E::sent, G::always, A::ignore_not_sending, S::delaying},
    OtherAccessRow{S::delaying, E::aborted, G::always, A::ignore_not_sending, S::delaying},
    OtherAccessRow{S::delaying, E::answer_over, G::always, A::ignore_not_due, S::delaying},
    OtherAccessRow{S::delaying, E::too_late, G::always, A::ignore_taken, S::delaying},
    OtherAccessRow{S::delaying, E::cancel, G::always, A::drop, S::idle},
    // sending
    OtherAccessRow{S::sending, E::start, G::always, A::reject_busy, S::sending},
    OtherAccessRow{S::sending, E::opportunity, G::always, A::ignore_deaf, S::sending},
    OtherAccessRow{S::sending, E::closed, G::always, A::ignore_deaf, S::sending},
    OtherAccessRow{S::sending, E::other_session, G::always, A::ignore_deaf, S::sending},
    OtherAccessRow{S::sending, E::answer, G::always, A::ignore_deaf, S::sending},
    OtherAccessRow{S::sending, E::send_due, G::always, A::ignore_not_due, S::sending},
    OtherAccessRow{S::sending, E::sent, G::answer_expected, A::await_answer, S::awaiting},
    OtherAccessRow{S::sending, E::sent, G::always, A::finish, S::idle},
    OtherAccessRow{S::sending, E::aborted, G::tries_used, A::give_up, S::idle},
    OtherAccessRow{S::sending, E::aborted, G::always, A::try_again, S::waiting},
    OtherAccessRow{S::sending, E::answer_over, G::always, A::ignore_not_due, S::sending},
    OtherAccessRow{S::sending, E::too_late, G::always, A::ignore_taken, S::sending},
    OtherAccessRow{S::sending, E::cancel, G::always, A::ignore_taken, S::sending},
    // awaiting
    OtherAccessRow{S::awaiting, E::start, G::always, A::reject_busy, S::awaiting},
    OtherAccessRow{S::awaiting, E::opportunity, G::always, A::ignore_awaiting, S::awaiting},
    OtherAccessRow{S::awaiting, E::closed, G::always, A::ignore_no_window, S::awaiting},
    OtherAccessRow{S::awaiting, E::other_session, G::always, A::ignore_other_session, S::awaiting},
    OtherAccessRow{S::awaiting, E::answer, G::always, A::deliver, S::idle},
    OtherAccessRow{S::awaiting, E::send_due, G::always, A::ignore_not_due, S::awaiting},
    OtherAccessRow{S::awaiting, E::sent, G::always, A::ignore_not_sending, S::awaiting},
    OtherAccessRow{S::awaiting, E::aborted, G::always, A::ignore_not_sending, S::awaiting},
    OtherAccessRow{S::awaiting, E::answer_over, G::tries_used, A::give_up, S::idle},
    OtherAccessRow{S::awaiting, E::answer_over, G::always, A::try_again, S::waiting},
    OtherAccessRow{S::awaiting, E::too_late, G::always, A::ignore_awaiting, S::awaiting},
    OtherAccessRow{S::awaiting, E::cancel, G::always, A::drop, S::idle},
};

static_assert(link::is_complete<OtherAccessRow>(rows, other_access_state_count,
                                                other_access_event_count),
              "every state and event has a row whose guard holds");

constexpr std::array<std::string_view, 5> state_names{"idle", "waiting", "delaying", "sending",
                                                      "awaiting"};
constexpr std::array<std::string_view, 11> event_names{"start",
                                                       "telegram with window",
                                                       "telegram without window",
                                                       "telegram in another session",
                                                       "answer",
                                                       "send due",
                                                       "sent",
                                                       "aborted",
                                                       "answer window over",
                                                       "too late",
                                                       "cancel"};
constexpr std::array<std::string_view, 5> guard_names{"always", "answer expected", "passed over",
                                                      "no opportunity left", "tries used"};
constexpr std::array<std::string_view, 20> action_names{"ignore: no job",
                                                        "ignore: nothing was being sent",
                                                        "ignore: no window",
                                                        "ignore: another session",
                                                        "ignore: not due",
                                                        "ignore: opportunity taken",
                                                        "ignore: sending",
                                                        "ignore: awaiting the answer",
                                                        "ignore: no answer expected",
                                                        "reject: busy",
                                                        "begin",
                                                        "take opportunity",
                                                        "pass over",
                                                        "send",
                                                        "await answer",
                                                        "finish",
                                                        "deliver",
                                                        "try again",
                                                        "give up",
                                                        "drop"};

} // namespace

std::span<const OtherAccessRow> other_access_table() {
    return rows;
}

std::string_view name_of(OtherAccessState state) {
    return link::pick_name(state_names, state);
}
std::string_view name_of(OtherAccessEvent event) {
    return link::pick_name(event_names, event);
}
std::string_view name_of(OtherAccessGuard guard) {
    return link::pick_name(guard_names, guard);
}
std::string_view name_of(OtherAccessAction action) {
    return link::pick_name(action_names, action);
}

std::string print(std::span<const OtherAccessRow> table) {
    return link::table_text(table);
}

} // namespace meterbench::core::wireless
