// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace meterbench::core::wireless {

/// The gateway access numbers towards one meter: a number means a new request, the same one again a
/// repetition, so none comes back within 300 s (OMS Vol. 2, 7.2.2.1; MB4-ACC-033). They count up,
/// which is what needs the fewest looks back.
class GatewayNumbers {
  public:
    static constexpr Duration reuse = std::chrono::seconds{300};

    constexpr explicit GatewayNumbers(std::uint8_t first) : next_{first} {}

    /// A number not used for 300 s; none while all are younger (256 requests within 300 s).
    [[nodiscard]] constexpr std::optional<std::uint8_t> take(Instant now) {
        auto& last = used_[next_];
        if (last && now - *last < reuse) {
            return {};
        }
        last = now;
        return next_++;
    }
    /// The number was on the air again (a retry): its 300 s count from there.
    constexpr void used_again(std::uint8_t number, Instant now) { used_[number] = now; }

  private:
    std::uint8_t next_;
    std::array<std::optional<Instant>, 256> used_{};
};

} // namespace meterbench::core::wireless
