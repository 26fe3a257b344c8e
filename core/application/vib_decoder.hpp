// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "core/application/vif_table.hpp"
#include "core/fault.hpp"

#include <cstdint>

namespace meterbench::core::application::detail {

/// Where a VIB stands and what may be assumed of it.
struct VibPlace {
    const std::uint8_t* vif; ///< in front of `end`
    const std::uint8_t* end; ///< of the records
    std::uint8_t field;      ///< data field of the DIF: a plain text leaves room for its data
    bool legacy_plain_text;  ///< as RecordReader::Options has it
};

/// What was read of a VIB.
struct VibResult {
    const std::uint8_t* rest = nullptr; ///< what follows it; null for a fault
    DataRule rule = DataRule::signed_number;
    bool offset = false; ///< an additive correction is among the VIFEs
    FaultCode fault{};
    const std::uint8_t* fault_at = nullptr;
};

/// Reads any VIB: extension tables, VIFEs, plain text. Fills the record's sizes, quantity, units,
/// exponents, error and profile; the record's direction is there already.
[[nodiscard]] VibResult read_vib(Record& record, const VibPlace& place);

} // namespace meterbench::core::application::detail
