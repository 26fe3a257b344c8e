// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace meterbench::core::device {

/// A fault by name with its numbers, as bus file and scenario write it.
struct FaultDescription {
    std::string name;
    std::map<std::string, double, std::less<>> parameters;
};

/// One meter of a bus, as bus file and scenario describe it. It is made from a profile (records
/// with values that evolve) or from captured telegrams, never both.
struct MeterDescription {
    std::string name;
    std::optional<std::uint8_t> address; ///< primary, 0 to 250; captured: that of the telegram
    std::string id;                      ///< identification number, 8 BCD digits
    std::string profile;                 ///< name or path of a meter profile
    std::vector<std::vector<std::uint8_t>> telegrams; ///< captured RSP_UD frames, in order
    std::optional<Duration> response;  ///< from the end of a request to the answer's start bit
    std::optional<std::uint32_t> baud; ///< where it differs from the bus
    int unit_loads = 1;                ///< 1 to 4, of 1.5 mA each
    std::optional<int> distance;       ///< m of cable from the master; none: the far end
    std::vector<FaultDescription> faults;
};

} // namespace meterbench::core::device
