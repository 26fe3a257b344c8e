// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace meterbench::sim {

/// A random stream of its own for one purpose of one device: what one draws never disturbs another,
/// whoever else is in the world (xoshiro256** seeded by SplitMix64).
class Random {
  public:
    Random(std::uint64_t root_seed, std::string_view device, std::string_view purpose);

    [[nodiscard]] std::uint64_t next();
    /// Uniform in [0, 1), 53 bits.
    [[nodiscard]] double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    /// Uniform in [0, bound); 0 for a bound of 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);

  private:
    std::uint64_t state_[4];
};

} // namespace meterbench::sim
