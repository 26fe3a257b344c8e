// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/application/record.hpp"
#include "core/fault.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace meterbench::core::application {

/// What a clock synchronisation asks for: bits 0 and 1 of its timing control byte.
enum class ClockAction : std::uint8_t { set, add, subtract, reserved };
[[nodiscard]] std::string_view name_of(ClockAction action);

/// The body of a clock synchronisation (EN 13757-3:2018, clause 8). Only the meaning of the
/// CI-fields is confirmed; the layout is known from memory: a timing control byte, then type I and
/// three reserved bytes (absolute), or type J and six reserved bytes (relative).
struct ClockSync {
    bool absolute = true;
    std::uint8_t control = 0; ///< the timing control byte as sent; bits 2 to 7 are reserved
    Value time{};             ///< absolute: type I, a date and time; relative: type J, a duration

    [[nodiscard]] ClockAction action() const { return static_cast<ClockAction>(control & 0x03U); }
};

inline constexpr std::uint8_t ci_clock_absolute = 0x6C;
inline constexpr std::uint8_t ci_clock_relative = 0x6D;
inline constexpr std::size_t clock_sync_size = 10;
[[nodiscard]] constexpr bool is_clock_sync(std::uint8_t ci) {
    return ci == ci_clock_absolute || ci == ci_clock_relative;
}

/// `content` is what follows the long header of a telegram with this CI-field. Fails with
/// record-truncated when it is shorter than clock_sync_size; what follows is left alone.
[[nodiscard]] Expected<ClockSync> decode_clock_sync(std::uint8_t ci,
                                                    std::span<const std::uint8_t> content);

/// The body; reserved bytes are 0. Fails with value-out-of-range where types I or J cannot say the
/// time (a year before 2000 or after 2099).
[[nodiscard]] Expected<std::array<std::uint8_t, clock_sync_size>>
encode_clock_sync(const ClockSync& clock);

} // namespace meterbench::core::application
