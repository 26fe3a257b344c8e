// SPDX-License-Identifier: Apache-2.0
#include "harness/model/link_table.hpp"

#include <fmt/format.h>

namespace meterbench::harness::model {

namespace {

using E = Event;
using W = When;
using R = Reply;
using F = Effect;
using O = Open;

// What the sources leave open, and so does the table:
// - REQ_UD2 with FCB 0 first after a reset (wired.md, B.5: "not defined by the sources").
// - Whether SND_NKE to its own address deselects (MB7-SA-008: "does not have to").
// - Whether frames without FCV are known (MB2-LL-034), and what they do to the read-out.
// - Whether an application reset that is repeated with its FCB is executed again: MB2-LL-043 asks
//   for the contrary only where the action is not idempotent; and SND_UD with FCB 0 first.
// - Which telegram comes when a read-out at one address is continued at another: model.cpp.
// - Whether REQ_UD1 is answered by a meter without class 1 data (MB2-LL-029).
constexpr std::array rows{
    LinkRow{E::nke_own, W::selected, R::single, F::reset_own, O::still_selected, "MB2-LL-026"},
    LinkRow{E::nke_own, W::not_selected, R::single, F::reset_own, O::nothing, "MB2-LL-026"},
    LinkRow{E::nke_test, W::selected, R::single, F::reset_own, O::still_selected, "MB2-LL-052"},
    LinkRow{E::nke_test, W::not_selected, R::single, F::reset_own, O::nothing, "MB2-LL-052"},
    LinkRow{E::nke_selected, W::selected, R::single, F::leave, O::nothing, "MB2-LL-026 MB7-SA-007"},
    LinkRow{E::nke_selected, W::not_selected, R::nothing, F::none, O::nothing, "MB2-LL-051"},
    LinkRow{E::nke_broadcast, W::always, R::nothing, F::reset_all, O::nothing, "MB2-LL-053"},

    LinkRow{E::request_own, W::fresh, R::next_telegram, F::count, O::nothing,
            "MB2-LL-037 MB2-LL-028"},
    LinkRow{E::request_own, W::repeated, R::same_telegram, F::count, O::nothing,
            "MB2-LL-038 MB2-LL-028"},
    LinkRow{E::request_own, W::first_zero, R::next_telegram, F::count, O::which_telegram,
            "MB2-LL-028"},
    LinkRow{E::request_own, W::unnumbered, R::silence_or_same, F::count, O::nothing_done,
            "MB2-LL-034"},
    LinkRow{E::request_test, W::fresh, R::next_telegram, F::count, O::nothing, "MB2-LL-052"},
    LinkRow{E::request_test, W::repeated, R::same_telegram, F::count, O::nothing, "MB2-LL-052"},
    LinkRow{E::request_test, W::first_zero, R::next_telegram, F::count, O::which_telegram,
            "MB2-LL-052"},
    LinkRow{E::request_selected, W::selected_fresh, R::next_telegram, F::count, O::nothing,
            "MB7-SA-012"},
    LinkRow{E::request_selected, W::selected_repeated, R::same_telegram, F::count, O::nothing,
            "MB7-SA-012"},
    LinkRow{E::request_selected, W::selected_first_zero, R::next_telegram, F::count,
            O::which_telegram, "MB7-SA-012"},
    LinkRow{E::request_selected, W::selected_unnumbered, R::silence_or_same, F::count,
            O::nothing_done, "MB2-LL-034"},
    LinkRow{E::request_selected, W::not_selected, R::nothing, F::none, O::nothing, "MB2-LL-051"},
    LinkRow{E::request_broadcast, W::always, R::nothing, F::none, O::nothing, "MB2-LL-053"},

    LinkRow{E::class1_own, W::always, R::silence_or_acknowledge, F::none, O::nothing, "MB2-LL-029"},
    LinkRow{E::class1_selected, W::selected, R::silence_or_acknowledge, F::none, O::nothing,
            "MB2-LL-029"},
    LinkRow{E::class1_selected, W::not_selected, R::nothing, F::none, O::nothing, "MB2-LL-051"},
    LinkRow{E::class1_broadcast, W::always, R::nothing, F::none, O::nothing, "MB2-LL-053"},

    LinkRow{E::data_own, W::fresh, R::single, F::restart_readout, O::nothing, "MB2-LL-027"},
    LinkRow{E::data_own, W::repeated, R::single, F::remember, O::executed, "MB2-LL-027"},
    LinkRow{E::data_own, W::first_zero, R::single, F::restart_readout, O::executed, "MB2-LL-027"},
    LinkRow{E::data_selected, W::selected_fresh, R::single, F::restart_readout, O::nothing,
            "MB7-SA-012"},
    LinkRow{E::data_selected, W::selected_repeated, R::single, F::remember, O::executed,
            "MB7-SA-012"},
    LinkRow{E::data_selected, W::selected_first_zero, R::single, F::restart_readout, O::executed,
            "MB7-SA-012"},
    LinkRow{E::data_selected, W::not_selected, R::nothing, F::none, O::nothing, "MB2-LL-051"},
    LinkRow{E::data_broadcast, W::always, R::nothing, F::restart_readout_unnumbered, O::nothing,
            "MB2-LL-053"},

    LinkRow{E::select_match, W::always, R::single, F::select, O::nothing, "MB7-SA-002"},
    LinkRow{E::select_other, W::selected, R::nothing, F::deselect, O::nothing, "MB7-SA-003"},
    LinkRow{E::select_other, W::not_selected, R::nothing, F::none, O::nothing, "MB7-SA-003"},
    LinkRow{E::select_obsolete, W::selected, R::silence_or_acknowledge, F::deselect, O::nothing,
            "MB7-SA-011"},
    LinkRow{E::select_obsolete, W::not_selected, R::nothing, F::none, O::nothing, "MB7-SA-011"},

    LinkRow{E::foreign, W::always, R::nothing, F::none, O::nothing, "MB2-LL-056"},
    LinkRow{E::answer, W::always, R::nothing, F::none, O::nothing, "MB2-LL-025"},
    LinkRow{E::link_status, W::always, R::nothing, F::none, O::nothing, "MB2-LL-033"},
    LinkRow{E::misfit, W::always, R::nothing, F::none, O::nothing, "MB2-LL-076"},

    LinkRow{E::unknown_start, W::always, R::nothing, F::none, O::nothing, "MB2-LL-013"},
    LinkRow{E::wrong_checksum, W::always, R::nothing, F::none, O::nothing, "MB2-LL-007"},
    LinkRow{E::wrong_stop, W::always, R::nothing, F::none, O::nothing, "MB2-LL-008"},
    LinkRow{E::unequal_lengths, W::always, R::nothing, F::none, O::nothing, "MB2-LL-009"},
    LinkRow{E::wrong_second_start, W::always, R::nothing, F::none, O::nothing, "MB2-LL-010"},
    LinkRow{E::truncated, W::always, R::nothing, F::none, O::nothing, "MB2-LL-012"},
    LinkRow{E::length_below_three, W::always, R::nothing, F::none, O::nothing, "MB2-LL-073"},
    LinkRow{E::wrong_character, W::always, R::nothing, F::none, O::nothing, "MB2-LL-011"},
    LinkRow{E::broken_off, W::always, R::nothing, F::none, O::nothing, "MB2-LL-015"},
};

constexpr std::array<std::string_view, 30> event_texts{
    "SND_NKE to its address",
    "SND_NKE to FEh",
    "SND_NKE to FDh",
    "SND_NKE to FFh",
    "REQ_UD2 to its address",
    "REQ_UD2 to FEh",
    "REQ_UD2 to FDh",
    "REQ_UD2 to FFh",
    "REQ_UD1 to its address",
    "REQ_UD1 to FDh",
    "REQ_UD1 to FFh",
    "application reset to its address",
    "application reset to FDh",
    "application reset to FFh",
    "selection that means it",
    "selection that means another",
    "selection with CI 56h",
    "frame for another address",
    "frame of another meter",
    "REQ_SKE (49h)",
    "control field in the wrong frame",
    "unknown start byte",
    "wrong checksum",
    "wrong stop byte",
    "L fields differ",
    "second start not 68h",
    "fewer bytes than L says",
    "L below 3",
    "parity or framing error",
    "pause of more than 33 bit times",
};
constexpr std::array<std::string_view, 11> when_texts{
    "always",
    "selected",
    "not selected",
    "FCB fresh",
    "FCB repeated",
    "FCB 0 after a reset",
    "FCV 0",
    "selected, FCB fresh",
    "selected, FCB repeated",
    "selected, FCB 0 after a reset",
    "selected, FCV 0",
};
constexpr std::array<std::string_view, 6> reply_texts{
    "silence",       "E5h", "next telegram", "same telegram", "silence or same telegram",
    "silence or E5h"};
constexpr std::array<std::string_view, 10> effect_texts{
    "-",
    "reset its own address",
    "reset FDh, deselect",
    "reset all, deselect",
    "count telegram and FCB",
    "restart the read-out, count FCB",
    "restart the read-out",
    "count FCB",
    "select, reset FDh",
    "deselect",
};
constexpr std::array<std::string_view, 5> open_texts{"-", "which telegram", "whether deselected",
                                                     "whether executed", "whether done at all"};

template <class Names, class Enum> std::string_view pick(const Names& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

} // namespace

std::span<const LinkRow> link_table() {
    return rows;
}

std::string_view text_of(Event event) {
    return pick(event_texts, event);
}
std::string_view text_of(When when) {
    return pick(when_texts, when);
}
std::string_view text_of(Reply reply) {
    return pick(reply_texts, reply);
}
std::string_view text_of(Effect effect) {
    return pick(effect_texts, effect);
}
std::string_view text_of(Open open) {
    return pick(open_texts, open);
}

std::string print_link_table() {
    std::string text;
    for (const LinkRow& row : rows) {
        text += fmt::format("{} | {} | {} | {} | {} | {}\n", text_of(row.event), text_of(row.when),
                            text_of(row.reply), text_of(row.effect), text_of(row.open),
                            row.requirements);
    }
    return text;
}

Event event_of(Stimulus stimulus) {
    constexpr std::array<Event, stimulus_count> events{E::nke_own,
                                                       E::nke_test,
                                                       E::nke_selected,
                                                       E::nke_broadcast,
                                                       E::request_own,
                                                       E::request_own,
                                                       E::request_own,
                                                       E::request_test,
                                                       E::request_test,
                                                       E::request_selected,
                                                       E::request_selected,
                                                       E::request_selected,
                                                       E::request_broadcast,
                                                       E::class1_own,
                                                       E::class1_selected,
                                                       E::class1_broadcast,
                                                       E::data_own,
                                                       E::data_own,
                                                       E::data_selected,
                                                       E::data_selected,
                                                       E::data_broadcast,
                                                       E::select_match,
                                                       E::select_match,
                                                       E::select_other,
                                                       E::select_obsolete,
                                                       E::foreign,
                                                       E::foreign,
                                                       E::foreign,
                                                       E::answer,
                                                       E::answer,
                                                       E::link_status,
                                                       E::misfit,
                                                       E::misfit,
                                                       E::unknown_start,
                                                       E::wrong_checksum,
                                                       E::wrong_stop,
                                                       E::truncated,
                                                       E::wrong_checksum,
                                                       E::wrong_stop,
                                                       E::unequal_lengths,
                                                       E::wrong_second_start,
                                                       E::truncated,
                                                       E::length_below_three,
                                                       E::wrong_character,
                                                       E::wrong_character,
                                                       E::broken_off};
    return events[static_cast<std::size_t>(stimulus)];
}

} // namespace meterbench::harness::model
