// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/header.hpp"
#include "core/application/record.hpp"
#include "core/fault.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meterbench::core::application {

/// How a maker read the legacy standard (EN 1434-3:1997) where sources differ.
struct FixedOptions {
    /// Status: bit 0 says binary counters, bit 1 stored ones. Some read bits 7 and 6 instead.
    bool status_in_high_bits = false;
    /// Media 10 to 14 ("mode 2") send the counters most significant byte first.
    bool mode_2 = true;
};

/// A unit code of the fixed structure, 00h to 3Fh.
struct FixedUnit {
    Quantity quantity = Quantity::unknown;
    Unit unit = Unit::none;
    std::int8_t exponent = 0;
    friend constexpr bool operator==(const FixedUnit&, const FixedUnit&) = default;
};
[[nodiscard]] FixedUnit fixed_unit(std::uint8_t code);

/// Name of one of the sixteen media.
[[nodiscard]] std::string_view fixed_medium_name(std::uint8_t medium);

struct FixedCounter {
    std::uint8_t unit_code = 0; ///< 00h to 3Fh; 3Eh of the second is replaced by the first's
    FixedUnit unit{};
    bool historic = false; ///< stored at the fixed date
    bool binary = false;   ///< signed binary, else BCD
    Value value{};
    std::span<const std::uint8_t> bytes{};
};

/// The fixed data structure: CI 73h with 16 bytes behind it.
struct FixedStructure {
    std::uint32_t id = 0; ///< as DeviceId::id
    std::uint8_t access_number = 0;
    std::uint8_t status = 0;
    std::uint8_t medium = 0; ///< 0 to 15
    std::array<FixedCounter, 2> counters{};
};

/// `content` are the 16 bytes behind the CI-field; header-truncated for another size.
[[nodiscard]] Expected<FixedStructure> decode_fixed(std::span<const std::uint8_t> content,
                                                    const FixedOptions& options = {});

/// The code of a unit; none for what the table lacks.
[[nodiscard]] std::optional<std::uint8_t> find_fixed_unit(const FixedUnit& unit);

/// The 16 bytes behind CI 73h, from id, access number, status, medium, and of each counter
/// unit_code, historic, binary and value (magnitude and sign in steps of the unit). Fails with
/// value-out-of-range.
[[nodiscard]] Expected<std::array<std::uint8_t, 16>> encode_fixed(const FixedStructure& fixed,
                                                                  const FixedOptions& options = {});

} // namespace meterbench::core::application
