// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "harness/model/link_alphabet.hpp"
#include "harness/model/mealy.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The standard's link layer of a meter (EN 13757-2, 5.7; EN 13757-7, 8.3 and 8.4; CEN/TR 17167,
/// A.7) as a table of its own, written from the requirements and not from the station in core/link.
/// docs/model.md prints it.
namespace meterbench::harness::model {

/// What a row is about: stimuli that the standard treats alike.
enum class Event : std::uint8_t {
    nke_own,            ///< SND_NKE to its address
    nke_test,           ///< SND_NKE to FEh
    nke_selected,       ///< SND_NKE to FDh
    nke_broadcast,      ///< SND_NKE to FFh
    request_own,        ///< REQ_UD2 to its address
    request_test,       ///< REQ_UD2 to FEh
    request_selected,   ///< REQ_UD2 to FDh
    request_broadcast,  ///< REQ_UD2 to FFh
    class1_own,         ///< REQ_UD1 to its address
    class1_selected,    ///< REQ_UD1 to FDh
    class1_broadcast,   ///< REQ_UD1 to FFh
    data_own,           ///< application reset to its address
    data_selected,      ///< application reset to FDh
    data_broadcast,     ///< application reset to FFh
    select_match,       ///< a selection that means it
    select_other,       ///< a selection that means another meter
    select_obsolete,    ///< a selection with CI 56h
    foreign,            ///< a frame for another address
    answer,             ///< a frame of another meter
    link_status,        ///< REQ_SKE, which meters need not have
    misfit,             ///< a control field in the wrong kind of frame
    unknown_start,      ///< a frame that begins with no start byte
    wrong_checksum,     ///< ... with a wrong checksum
    wrong_stop,         ///< ... with a wrong stop byte
    unequal_lengths,    ///< ... whose L fields differ
    wrong_second_start, ///< ... whose second start is not 68h
    truncated,          ///< ... with fewer bytes than it says
    length_below_three, ///< ... with L below 3
    wrong_character,    ///< ... with a parity or framing error
    broken_off,         ///< ... with a pause of more than 33 bit times
};

/// In which state a row holds.
enum class When : std::uint8_t {
    always,
    selected,
    not_selected,
    // of the frame count bit, for the address that was used
    fresh,      ///< toggled, or 1 after a reset
    repeated,   ///< as last time
    first_zero, ///< 0 after a reset: the standard does not say
    unnumbered, ///< FCV = 0
    // the same at FDh, where the meter must be selected
    selected_fresh,
    selected_repeated,
    selected_first_zero,
    selected_unnumbered,
};

/// What is heard.
enum class Reply : std::uint8_t {
    nothing,                ///< silence
    single,                 ///< E5h
    next_telegram,          ///< the next of the read-out, the first after a reset or the last
    same_telegram,          ///< the current one again, the first after a reset
    silence_or_same,        ///< the same telegram where it answers at all
    silence_or_acknowledge, ///< E5h where it answers at all
};

/// What it does to the state.
enum class Effect : std::uint8_t {
    none,
    reset_own,                  ///< clears the FCBs of its own address, starts the read-out anew
    leave,                      ///< the same for FDh, and is not selected any more
    reset_all,                  ///< both, and is not selected any more
    count,                      ///< goes to the telegram it sends; remembers the FCB
    restart_readout,            ///< executes the application reset, remembers the FCB
    restart_readout_unnumbered, ///< executes it; no FCB counts
    remember, ///< remembers the FCB of an application reset and does not execute it again
    select,   ///< is selected; clears the FCBs of FDh, starts the read-out anew
    deselect,
};

/// What the standard leaves open beside that.
enum class Open : std::uint8_t {
    nothing,
    which_telegram, ///< which telegram comes, and where the read-out stands after it
    still_selected, ///< whether it stays selected
    executed,       ///< whether it is executed (again)
    nothing_done,   ///< it may know no frame without FCV: then nothing happens
};

struct LinkRow {
    Event event;
    When when;
    Reply reply;
    Effect effect;
    Open open;
    std::string_view requirements; ///< ids, blanks between
};

/// The rows for one event stand together; exactly one of them holds in each state.
[[nodiscard]] std::span<const LinkRow> link_table();

[[nodiscard]] std::string_view text_of(Event event);
[[nodiscard]] std::string_view text_of(When when);
[[nodiscard]] std::string_view text_of(Reply reply);
[[nodiscard]] std::string_view text_of(Effect effect);
[[nodiscard]] std::string_view text_of(Open open);
/// The table as text: event | when | reply | effect | open | requirements, one row a line.
[[nodiscard]] std::string print_link_table();

/// Which event a stimulus is.
[[nodiscard]] Event event_of(Stimulus stimulus);

} // namespace meterbench::harness::model
