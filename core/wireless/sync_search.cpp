// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/sync_search.hpp"

#include <array>
#include <bit>

namespace meterbench::core::wireless {

namespace {

/// Places are looked at in lanes of 64, several lanes at once: their loops become vector
/// instructions.
constexpr std::size_t lane = 64;
constexpr std::size_t lanes = 4;
using Lanes = std::array<std::uint64_t, lanes>;

/// Two words of 64 chips a lane: enough to see a word of up to 32 at each of its places.
struct Window {
    Lanes here{};
    Lanes behind{};

    /// One chip on: now `here` holds the next chip of what begins at each place.
    void step() {
        for (std::size_t i = 0; i < lanes; ++i) {
            here[i] = here[i] << 1U | behind[i] >> 63U;
            behind[i] <<= 1U;
        }
    }
};

bool none(const Lanes& places) {
    std::uint64_t any = 0;
    for (const std::uint64_t mine : places) {
        any |= mine;
    }
    return any == 0;
}

/// Most places are out after so many chips of a word, and then nearly always all of them.
constexpr unsigned early = 12;

/// A bit for each place where the word differs in no chip.
Lanes exact_places(Window window, ChipWord word) {
    Lanes places;
    places.fill(~std::uint64_t{0});
    std::uint32_t left = word.chips << (32U - word.length);
    for (unsigned i = 0; i < word.length; ++i, left <<= 1U, window.step()) {
        if (i == early && none(places)) {
            break;
        }
        const std::uint64_t zero = (left >> 31U) - std::uint64_t{1}; // all ones where 0 is due
        for (std::size_t k = 0; k < lanes; ++k) {
            places[k] &= window.here[k] ^ zero;
        }
    }
    return places;
}

/// Wrong chips at each place of a lane, counted in bit planes of 1, 2, and 4 or more.
struct Counts {
    Lanes ones{};
    Lanes twos{};
    Lanes many{};

    void add(const Window& window, std::uint64_t one) {
        for (std::size_t k = 0; k < lanes; ++k) {
            const std::uint64_t wrong = window.here[k] ^ one;
            const std::uint64_t carry = ones[k] & wrong;
            ones[k] ^= wrong;
            many[k] |= twos[k] & carry;
            twos[k] ^= carry;
        }
    }
    /// Places with at most `tolerance`.
    template <unsigned tolerance> [[nodiscard]] Lanes places() const {
        Lanes found{};
        for (std::size_t k = 0; k < lanes; ++k) {
            const std::uint64_t three = twos[k] & ones[k];
            found[k] = ~(many[k] | (tolerance == 1   ? twos[k]
                                    : tolerance == 2 ? three
                                                     : std::uint64_t{0}));
        }
        return found;
    }
};

/// The same with up to three wrong chips.
template <unsigned tolerance> Lanes close_places(Window window, ChipWord word) {
    Counts counts;
    std::uint32_t left = word.chips << (32U - word.length);
    for (unsigned i = 0; i < word.length; ++i, left <<= 1U, window.step()) {
        if (i == early && none(counts.places<tolerance>())) {
            break;
        }
        counts.add(window, std::uint64_t{0} - (left >> 31U));
    }
    return counts.places<tolerance>();
}

Lanes places_of(const Window& window, ChipWord word, unsigned tolerance) {
    switch (tolerance) {
    case 0: return exact_places(window, word);
    case 1: return close_places<1>(window, word);
    case 2: return close_places<2>(window, word);
    default: return close_places<3>(window, word);
    }
}

/// The window from a chip at a byte on.
Window window_at(std::span<const std::uint8_t> packed, std::size_t start) {
    Window window;
    for (std::size_t k = 0; k < lanes; ++k) {
        window.here[k] = bytes::chips_at(packed, start + k * lane);
    }
    for (std::size_t k = 0; k + 1 < lanes; ++k) {
        window.behind[k] = window.here[k + 1];
    }
    window.behind[lanes - 1] = bytes::chips_at(packed, start + lanes * lane);
    return window;
}

/// Places of the lane at `start` that begin within [first, end).
std::uint64_t wanted_places(std::size_t start, std::size_t first, std::size_t end) {
    std::uint64_t places = ~std::uint64_t{0};
    if (first > start) {
        places = first - start >= lane ? 0 : places >> (first - start);
    }
    if (end < start + lane) {
        places &= end <= start ? 0 : ~std::uint64_t{0} << (lane - (end - start));
    }
    return places;
}

unsigned errors_at(bytes::ChipView chips, std::size_t chip, ChipWord word) {
    const std::uint64_t seen = bytes::chips_at(chips.packed, chip) >> (64U - word.length);
    return static_cast<unsigned>(std::popcount(seen ^ word.chips));
}

/// The word that fits best at a place where at least one fits.
SyncMatch best_at(bytes::ChipView chips, std::size_t chip, std::span<const ChipWord> words) {
    SyncMatch best{chip, 0, 64};
    const std::size_t end = chips.first + chips.count;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const unsigned errors = errors_at(chips, chip, words[i]);
        if (chip + words[i].length <= end && errors < best.errors) {
            best = {chip, i, errors};
        }
    }
    return best;
}

} // namespace

std::optional<SyncMatch> find_sync(bytes::ChipView chips, std::span<const ChipWord> words,
                                   unsigned tolerance) {
    const std::size_t end = chips.first + chips.count;
    for (std::size_t start = chips.first / 8 * 8; start < end; start += lanes * lane) {
        const Window window = window_at(chips.packed, start);
        Lanes places{};
        for (const ChipWord word : words) {
            const Lanes found = places_of(window, word, tolerance);
            if (none(found) || word.length > end) {
                continue;
            }
            for (std::size_t k = 0; k < lanes; ++k) {
                places[k] |=
                    found[k] & wanted_places(start + k * lane, chips.first, end - word.length + 1);
            }
        }
        for (std::size_t k = 0; k < lanes; ++k) {
            if (places[k] != 0) {
                const auto place = static_cast<std::size_t>(std::countl_zero(places[k]));
                return best_at(chips, start + k * lane + place, words);
            }
        }
    }
    return {};
}

} // namespace meterbench::core::wireless
