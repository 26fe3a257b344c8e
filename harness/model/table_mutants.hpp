// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/secondary_table.hpp"
#include "harness/model/link_sequences.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meterbench::harness::model {

/// The reference station's own table with one edit.
struct TableMutant {
    std::string name; ///< the row, and what is instead
    std::vector<core::link::SecondaryRow> table;
};

/// Every single edit of the table: each row with the other next state, with each other action,
/// without its guard, and left out.
[[nodiscard]] std::vector<TableMutant> table_mutants();

struct TableMutantResult {
    std::string name;
    enum class Outcome : std::uint8_t {
        killed,   ///< a sequence found it
        survived, ///< none did, and it breaks the table
        equal,    ///< does what the station does, always
        allowed,  ///< differs only where the standard leaves it open
    } outcome = Outcome::survived;
    std::string requirement;   ///< killed: the one that the step which found it cites
    std::string family;        ///< killed: of the sequence that found it
    std::size_t sequences = 0; ///< killed: sequences run until then
    std::string witness;       ///< survived, allowed: what to send, and what comes
};
[[nodiscard]] std::string_view name_of(TableMutantResult::Outcome outcome);

/// Runs the generated sequences of all families against core/device with each mutant, without a
/// simulation, as the suite runs them: reset over the wire, step by step. The model decides which
/// survivors are no mutants at all. `done` is called after each mutant, in their order.
[[nodiscard]] std::vector<TableMutantResult>
run_table_mutants(const std::vector<TableMutant>& mutants, const SequenceOptions& options,
                  const std::function<void(const TableMutantResult&)>& done);

} // namespace meterbench::harness::model
