// SPDX-License-Identifier: Apache-2.0
#include "sim/random.hpp"

#include <bit>

namespace meterbench::sim {

namespace {

std::uint64_t mix(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

void absorb(std::uint64_t& state, std::string_view text) {
    for (const char c : text) {
        state ^= static_cast<unsigned char>(c);
        state = mix(state);
    }
    state ^= text.size() << 32U;
    state = mix(state);
}

} // namespace

Random::Random(std::uint64_t root_seed, std::string_view device, std::string_view purpose)
    : state_{} {
    std::uint64_t seed = root_seed;
    seed = mix(seed);
    absorb(seed, device);
    absorb(seed, purpose);
    for (std::uint64_t& word : state_) {
        word = mix(seed);
    }
}

std::uint64_t Random::next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
    if (bound == 0) {
        return 0;
    }
    // Rejection keeps every value equally likely.
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    std::uint64_t drawn = next();
    while (drawn >= limit) {
        drawn = next();
    }
    return drawn % bound;
}

} // namespace meterbench::sim
