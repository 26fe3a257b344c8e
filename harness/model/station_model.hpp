// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/secondary_table.hpp"
#include "harness/model/link_alphabet.hpp"
#include "harness/model/mealy.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::harness::model {

/// What the reference meter does with a given table: each action written a second time and apart
/// from the station, so that every state can be visited. A test holds it against the station
/// itself, for each table mutant.
///
/// The meter has no class 1 data, and `telegrams` of a read-out, fewer than max_telegrams: the next
/// number stands for its application error report.
class StationModel {
  public:
    StationModel(std::span<const core::link::SecondaryRow> table, std::size_t telegrams);

    /// All state that a meter has, packed; 0 is the first.
    using Packed = std::uint32_t;
    struct Outcome {
        OutputSet output = silence;
        Packed next = 0;
    };
    [[nodiscard]] Outcome step(Packed from, Stimulus stimulus) const;

  private:
    /// By state, event and guard of the frame: the row's action and next state; none: no row.
    struct Cell {
        core::link::SecondaryAction action{};
        core::link::SecondaryState next{};
        bool filled = false;
    };
    friend class StationRules;
    static constexpr std::size_t guards = 5;
    std::array<std::array<std::array<Cell, guards>, core::link::secondary_event_count>, 2> cells_{};
    std::uint8_t telegrams_;
};

/// The shortest word of `alphabet` after which a station with this table gives an output that
/// `standard`, over the same alphabet, does not allow. None: there is none, for ever.
[[nodiscard]] std::optional<Word> first_difference(const StationModel& station,
                                                   const Mealy& standard,
                                                   const std::vector<Stimulus>& alphabet);

/// The same for two stations: the shortest word that tells them apart.
[[nodiscard]] std::optional<Word> first_difference(const StationModel& one,
                                                   const StationModel& other,
                                                   const std::vector<Stimulus>& alphabet);

} // namespace meterbench::harness::model
