// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/polite_access_table.hpp"

#include "core/link/table_text.hpp"

#include <array>

namespace meterbench::core::wireless {

namespace {

using S = PoliteAccessState;
using E = PoliteAccessEvent;
using G = PoliteAccessGuard;
using A = PoliteAccessAction;

constexpr std::array rows{
    // idle
    PoliteAccessRow{S::idle, E::want, G::answer, A::permit, S::clear},
    PoliteAccessRow{S::idle, E::want, G::no_air_time, A::refuse_air_time, S::idle},
    PoliteAccessRow{S::idle, E::want, G::off_time, A::defer_off_time, S::deferring},
    PoliteAccessRow{S::idle, E::want, G::always, A::assess, S::assessing},
    PoliteAccessRow{S::idle, E::busy, G::always, A::ignore_idle, S::idle},
    PoliteAccessRow{S::idle, E::assessed, G::always, A::ignore_idle, S::idle},
    PoliteAccessRow{S::idle, E::deferral_over, G::always, A::ignore_idle, S::idle},
    PoliteAccessRow{S::idle, E::dead_time_over, G::always, A::ignore_idle, S::idle},
    PoliteAccessRow{S::idle, E::sent, G::always, A::ignore_not_sending, S::idle},
    PoliteAccessRow{S::idle, E::cancel, G::always, A::ignore_idle, S::idle},
    // assessing
    PoliteAccessRow{S::assessing, E::want, G::always, A::reject_pending, S::assessing},
    PoliteAccessRow{S::assessing, E::busy, G::attempts_used, A::refuse_busy, S::idle},
    PoliteAccessRow{S::assessing, E::busy, G::always, A::defer_random, S::deferring},
    PoliteAccessRow{S::assessing, E::assessed, G::always, A::permit, S::clear},
    PoliteAccessRow{S::assessing, E::deferral_over, G::always, A::ignore_not_deferring,
                    S::assessing},
    PoliteAccessRow{S::assessing, E::dead_time_over, G::always, A::ignore_not_clear, S::assessing},
    PoliteAccessRow{S::assessing, E::sent, G::always, A::ignore_not_sending, S::assessing},
    PoliteAccessRow{S::assessing, E::cancel, G::always, A::drop, S::idle},
    // deferring
    PoliteAccessRow{S::deferring, E::want, G::always, A::reject_pending, S::deferring},
    PoliteAccessRow{S::deferring, E::busy, G::always, A::ignore_not_assessing, S::deferring},
    PoliteAccessRow{S::deferring, E::assessed, G::always, A::ignore_not_assessing, S::deferring},
    PoliteAccessRow{S::deferring, E::deferral_over, G::always, A::assess, S::assessing},
    PoliteAccessRow{S::deferring, E::dead_time_over, G::always, A::ignore_not_clear, S::deferring},
    PoliteAccessRow{S::deferring, E::sent, G::always, A::ignore_not_sending, S::deferring},
    PoliteAccessRow{S::deferring, E::cancel, G::always, A::drop, S::idle},
    // clear
    PoliteAccessRow{S::clear, E::want, G::always, A::reject_pending, S::clear},
    PoliteAccessRow{S::clear, E::busy, G::always, A::ignore_not_assessing, S::clear},
    PoliteAccessRow{S::clear, E::assessed, G::always, A::ignore_not_assessing, S::clear},
    PoliteAccessRow{S::clear, E::deferral_over, G::always, A::ignore_not_deferring, S::clear},
    PoliteAccessRow{S::clear, E::dead_time_over, G::always, A::assess, S::assessing},
    PoliteAccessRow{S::clear, E::sent, G::always, A::note_sent, S::idle},
    PoliteAccessRow{S::clear, E::cancel, G::always, A::drop, S::idle},
};

static_assert(link::is_complete<PoliteAccessRow>(rows, polite_access_state_count,
                                                 polite_access_event_count),
              "every state and event has a row whose guard holds");

constexpr std::array<std::string_view, 4> state_names{"idle", "assessing", "deferring", "clear"};
constexpr std::array<std::string_view, 7> event_names{
    "want", "channel busy", "assessment over", "deferral over", "dead time over", "sent", "cancel"};
constexpr std::array<std::string_view, 5> guard_names{
    "always", "answer in a session", "no air time left", "off time runs", "attempts used"};
constexpr std::array<std::string_view, 14> action_names{"ignore: idle",
                                                        "ignore: nothing was being sent",
                                                        "ignore: not assessing",
                                                        "ignore: not deferring",
                                                        "ignore: not clear",
                                                        "reject: pending",
                                                        "assess",
                                                        "permit",
                                                        "defer: random",
                                                        "defer: off time",
                                                        "refuse: busy",
                                                        "refuse: air time",
                                                        "note sent",
                                                        "drop"};

} // namespace

std::span<const PoliteAccessRow> polite_access_table() {
    return rows;
}

std::string_view name_of(PoliteAccessState state) {
    return link::pick_name(state_names, state);
}
std::string_view name_of(PoliteAccessEvent event) {
    return link::pick_name(event_names, event);
}
std::string_view name_of(PoliteAccessGuard guard) {
    return link::pick_name(guard_names, guard);
}
std::string_view name_of(PoliteAccessAction action) {
    return link::pick_name(action_names, action);
}

std::string print(std::span<const PoliteAccessRow> table) {
    return link::table_text(table);
}

} // namespace meterbench::core::wireless
