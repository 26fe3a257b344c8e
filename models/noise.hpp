// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/bus.hpp"
#include "sim/random.hpp"

#include <cstdint>

namespace meterbench::models {

/// The fault line.noise: in each character, with probability `rate`, one bit after the start bit is
/// flipped; both directions alike.
class Noise : public sim::Disturbance {
  public:
    Noise(std::uint64_t seed, double rate) : random_{seed, "line", "noise"}, rate_{rate} {}
    void disturb(sim::Character& character) override {
        if (random_.unit() < rate_) {
            const auto bit = 1U + random_.below(10);
            character.bits = static_cast<std::uint16_t>(character.bits ^ (1U << bit));
        }
    }

  private:
    sim::Random random_;
    double rate_;
};

} // namespace meterbench::models
