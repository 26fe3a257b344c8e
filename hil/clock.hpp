// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <ctime>

namespace meterbench::hil {

/// The time line of a bench: CLOCK_MONOTONIC.
[[nodiscard]] inline core::Instant monotonic_now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return core::Instant{std::chrono::seconds{time.tv_sec} + core::Duration{time.tv_nsec}};
}

[[nodiscard]] constexpr timespec to_timespec(core::Duration duration) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    return {static_cast<std::time_t>(seconds.count()),
            static_cast<long>((duration - seconds).count())};
}

} // namespace meterbench::hil
