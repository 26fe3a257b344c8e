// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "core/application/vif_table.hpp"
#include "core/fault.hpp"

#include <cstdint>

namespace meterbench::core::application::detail {

/// One VIB being read: where it stands, what may be assumed of it, what it says beyond the record.
struct VibReading {
    const std::uint8_t* at;  ///< the VIF, in front of `end`; then what follows what was read
    const std::uint8_t* end; ///< of the records
    bool legacy_plain_text;  ///< as RecordReader::Options has it
    DataRule rule = DataRule::signed_number;
    bool offset = false;       ///< an additive correction is among the VIFEs
    bool manufacturer = false; ///< the VIFEs from here on are a manufacturer's
    FaultCode fault{};
};

/// Reads any VIB: extension tables, VIFEs, plain text. Fills the record's sizes, quantity, units,
/// exponents, error and profile; its DIB is there already. False for a fault, whose place is `at`.
[[nodiscard]] bool read_vib(Record& record, VibReading& vib);

} // namespace meterbench::core::application::detail
