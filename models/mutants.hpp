// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/fault_rows.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace meterbench::models {

/// What a device is good for when the suite itself is under test (docs/faults.md).
enum class Ring : std::uint8_t {
    behavioural, ///< breaks one requirement: a case that checks it must fail
    benign,      ///< at the edge of what is allowed: every case must pass
    null,        ///< no meter at all: no case may pass
};

[[nodiscard]] std::string_view name_of(Ring ring);

/// A meter with exactly one deviation.
struct Mutant {
    Ring ring{};
    const FaultRow* row = nullptr; ///< never none
};

/// Every mutant, benign variant and null device, by ring and name.
[[nodiscard]] std::vector<Mutant> mutants();

/// A master with exactly one deviation (models/master_fault_rows.hpp).
struct MasterMutant {
    Ring ring{};
    const rig::FaultInfo* info = nullptr; ///< never none
};

/// Every mutant master, benign variant and null master, by ring and name.
[[nodiscard]] std::vector<MasterMutant> master_mutants();

/// The layer a requirement is about, by its id: link for MB2-LL-038; empty for none.
[[nodiscard]] std::string_view layer_of(std::string_view requirement);

} // namespace meterbench::models
