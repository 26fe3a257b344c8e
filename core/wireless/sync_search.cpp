// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/sync_search.hpp"

#include <bit>

namespace meterbench::core::wireless {

namespace {

constexpr std::size_t block = 64; ///< places looked at together

/// Two words of 64 chips each: enough to see a word of up to 32 at each of the first 64 places.
struct Window {
    std::uint64_t here = 0;
    std::uint64_t behind = 0;

    /// Chip `i` of what begins at each place, 0 to 63.
    [[nodiscard]] constexpr std::uint64_t shifted(unsigned i) const {
        return i == 0 ? here : here << i | behind >> (64U - i);
    }
};

/// A bit for each place where the word differs in no chip. Most places are out after a few chips,
/// and then nearly always all of them.
std::uint64_t exact_places(const Window& window, ChipWord word) {
    constexpr unsigned early = 12;
    std::uint64_t places = ~std::uint64_t{0};
    for (unsigned i = 0; i < word.length; ++i) {
        if (i == early && places == 0) {
            return 0;
        }
        const bool one = (word.chips >> (word.length - 1U - i) & 1U) != 0;
        places &= one ? window.shifted(i) : ~window.shifted(i);
    }
    return places;
}

/// The same with up to three wrong chips: each place counts its own in three bit planes (1, 2, and
/// 4 or more), all 64 at once.
std::uint64_t close_places(const Window& window, ChipWord word, unsigned tolerance) {
    std::uint64_t ones = 0;
    std::uint64_t twos = 0;
    std::uint64_t many = 0;
    for (unsigned i = 0; i < word.length; ++i) {
        const bool one = (word.chips >> (word.length - 1U - i) & 1U) != 0;
        const std::uint64_t wrong = one ? ~window.shifted(i) : window.shifted(i);
        const std::uint64_t carry = ones & wrong;
        ones ^= wrong;
        many |= twos & carry;
        twos ^= carry;
    }
    switch (tolerance) {
    case 1: return ~(many | twos);
    case 2: return ~(many | (twos & ones));
    default: return ~many;
    }
}

/// Places of the block that begin within [first, end).
std::uint64_t wanted_places(std::size_t start, std::size_t first, std::size_t end) {
    std::uint64_t places = ~std::uint64_t{0};
    if (first > start) {
        places &= places >> (first - start);
    }
    if (end < start + block) {
        places &= end <= start ? 0 : ~std::uint64_t{0} << (block - (end - start));
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
    for (std::size_t start = chips.first / 8 * 8; start < end; start += block) {
        const Window window{bytes::chips_at(chips.packed, start),
                            bytes::chips_at(chips.packed, start + block)};
        std::uint64_t places = 0;
        for (const ChipWord word : words) {
            if (word.length > end) {
                continue;
            }
            const std::uint64_t found =
                tolerance == 0 ? exact_places(window, word) : close_places(window, word, tolerance);
            places |= found & wanted_places(start, chips.first, end - word.length + 1);
        }
        if (places != 0) {
            return best_at(chips, start + static_cast<std::size_t>(std::countl_zero(places)),
                           words);
        }
    }
    return {};
}

} // namespace meterbench::core::wireless
