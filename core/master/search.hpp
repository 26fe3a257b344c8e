// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/procedure.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace meterbench::core::master {

/// A meter that a search found.
struct Find {
    Selection address;               ///< selects it and no other
    std::vector<std::uint8_t> frame; ///< the RSP_UD that proved it; empty after a resumption
};

/// A mask at which something answered that is not a meter to be found.
struct Conflict {
    Selection mask;
    Fault fault; ///< indistinguishable, noise, selection-lost, wrong-identification, late-answer
};

/// A search as plain data: what a file keeps, so that it can be stopped and resumed.
struct SearchState {
    Selection mask;                 ///< what was searched for
    bool hex = false;               ///< also digits A to E
    std::vector<Selection> pending; ///< masks to be tried, the next one last
    /// A mask that was split after a collision, and how much of the worklist was there before.
    struct Split {
        Selection mask;
        std::size_t below = 0; ///< entries of `pending` that are not its children
        std::uint64_t hits = 0;
    };
    std::vector<Split> splits;
    std::vector<Find> found;
    std::vector<Conflict> conflicts;
    std::uint64_t selections = 0; ///< selection frames sent, retries included
    std::uint64_t proofs = 0;     ///< selections by a full address beside them, retries included
    std::uint64_t empty = 0;      ///< masks that nobody answered to
    std::uint64_t collisions = 0; ///< masks that several answered to, or that were garbled
    std::uint64_t hits = 0;       ///< finds and conflicts
};

/// A search that has not begun. All sixteen F: everybody.
[[nodiscard]] SearchState new_search(const Selection& mask, bool hex);

/// How far a search is.
struct SearchProgress {
    double share = 0;                 ///< of the numbers searched, 0 to 1
    std::uint64_t selections = 0;     ///< so far
    std::optional<std::uint64_t> due; ///< estimate of those to come; none while too little is known
};
[[nodiscard]] SearchProgress progress_of(const SearchState& state);

struct SearchConfig {
    link::PrimaryConfig link{};
    /// After silence; silence is the normal answer, so one at most (MB7-SA-030).
    std::uint8_t retries = 1;
    /// How often a find is selected and read again by the mask that found it: shows a meter that
    /// did not hear the first selection and so stayed behind another.
    std::uint8_t confirmations = 0;
    /// A find behind wildcards is selected by its full address and read once more. Answers that
    /// overlap bit by bit are the AND of what was sent, which may be valid, too: then nobody has
    /// that address, or its meter says something else.
    bool prove = true;
    /// Meters that share all sixteen digits are told apart by their fabrication number, if they
    /// know enhanced selection.
    bool fabrication_numbers = true;
};

/// Searches meters by secondary address (EN 13757-7, 8.4; CEN/TR 17167, annex B): selects with
/// wildcards, digit by digit of the identification number, then byte by byte of manufacturer,
/// version and device type, then by fabrication number. Silence ends a branch. One clean E5h may
/// stand for several meters (MB2-LL-069), so REQ_UD2 decides: a clean RSP_UD is a find; anything
/// else that was heard, and silence too, is a collision, and the next digit is varied. Not seen: a
/// meter whose whole answer has a 1 wherever that of another has one, bit-aligned with it, as two
/// consecutive numbers may be.
///
/// fault(): babble when the line is held, collision when everything is garbled wherever it looks.
/// state() is consistent whenever it is looked at: the mask being tried is still in its worklist.
class Search final : public Procedure {
  public:
    Search(const SearchConfig& config, SearchState state);

    [[nodiscard]] const SearchState& state() const { return state_; }

  private:
    enum class Step : std::uint8_t { deselect, select, request, prove, prove_request };

    void begin() override;
    void conclude(const link::Outcome& outcome) override;
    void next();
    void conclude_selection(const link::Outcome& outcome);
    void conclude_request(const link::Outcome& outcome);
    void conclude_proof(const link::Outcome& outcome);
    void ask_selection(const Selection& mask);
    void ask_data();
    void take_answer(const link::Outcome& outcome);
    void found(const link::SecondaryAddress& address, std::span<const std::uint8_t> frame);
    void collided(const Fault& fault);
    void conflict(FaultCode code);
    void leave_mask();
    [[nodiscard]] bool held(const link::Outcome& outcome);

    SearchConfig config_;
    SearchState initial_;
    SearchState state_;
    Step step_ = Step::deselect;
    Find candidate_; ///< that is being proved
    std::uint8_t confirmed_ = 0;
    std::uint8_t repeats_ = 0;        ///< of the current mask, after its device fell silent
    std::uint8_t babbles_ = 0;        ///< in a row
    std::uint32_t lost_in_a_row_ = 0; ///< conflicts without a find between them
};

} // namespace meterbench::core::master
