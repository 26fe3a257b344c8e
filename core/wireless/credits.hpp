// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace meterbench::core::wireless {

/// What a bidirectional meter pays for (OMS Vol. 2, 4.3.4; MB4-ACC-046).
enum class CreditUse : std::uint8_t {
    receive_data,       ///< SND-UD, SND-UD2, or an unknown C-field
    receive_request,    ///< REQ-UD1, REQ-UD2, SND-NKE, CNF-IR
    send_data,          ///< RSP-UD
    send_acknowledge,   ///< ACK, NACK
    send_of_own_accord, ///< costs nothing
};
[[nodiscard]] constexpr unsigned cost_of(CreditUse use) {
    constexpr std::array<unsigned, 5> costs{2, 1, 5, 1, 0};
    return costs[static_cast<std::size_t>(use)];
}

/// The least that OMS asks of a mode C meter (single source; the table of its text is scrambled, so
/// these are data).
struct CreditRules {
    unsigned growth = 10; ///< credits a growth period
    Duration growth_period = std::chrono::hours{2};
    unsigned capacity = 4000;
    unsigned start = 4000;
    unsigned burst = 240; ///< credits it grants within a burst period; then it may stop
    Duration burst_period = std::chrono::hours{12};
};

/// The energy account of a meter.
class Credits {
  public:
    explicit Credits(Instant now, const CreditRules& rules = {});

    /// Credits at that instant, the burst limit not counted.
    [[nodiscard]] unsigned balance(Instant now) const;
    /// What may be spent at that instant: the balance, or what the burst period has left.
    [[nodiscard]] unsigned available(Instant now) const;
    /// No access any more: to be said in B and A of this and every further telegram.
    [[nodiscard]] bool exhausted(Instant now) const { return available(now) == 0; }
    /// Pays; never below 0. A session that has begun may overdraw, it is not broken off.
    void spend(CreditUse use, Instant now);

  private:
    struct Spent {
        Instant at{};
        unsigned cost = 0;
    };
    void grow(Instant now);

    CreditRules rules_;
    unsigned balance_;
    Instant grown_;
    /// The uses of a burst period: each costs something, and beyond the limit none matters.
    std::array<Spent, 256> spent_{};
    std::size_t next_ = 0;
};

} // namespace meterbench::core::wireless
