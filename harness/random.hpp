// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace meterbench::harness {

/// The random stream of one case: the same numbers for the same seed and case id, on every rig
/// (SplitMix64).
class Random {
  public:
    Random(std::uint64_t seed, std::string_view case_id) : state_{seed} {
        for (const char c : case_id) {
            state_ = next() ^ static_cast<unsigned char>(c);
        }
    }
    [[nodiscard]] std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    /// Uniform from `low` to `high`, both included.
    [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) {
        const std::uint64_t span =
            static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
        if (span == 0) {
            return static_cast<std::int64_t>(next());
        }
        const std::uint64_t limit = UINT64_MAX - UINT64_MAX % span;
        std::uint64_t drawn = next();
        while (drawn >= limit) {
            drawn = next();
        }
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + drawn % span);
    }

  private:
    std::uint64_t state_;
};

} // namespace meterbench::harness
