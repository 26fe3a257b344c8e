// SPDX-License-Identifier: Apache-2.0
// Purpose: the search for sync words finds what a search chip by chip finds, for all words of the
// mode table, any number of wrong chips, and any position.
#include "core/wireless/sync_search.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

BOOST_AUTO_TEST_SUITE(sync_search)

using namespace meterbench::core;
using namespace meterbench::core::wireless;

namespace {

/// Chip by chip, one place after the other.
std::optional<SyncMatch> search_slowly(bytes::ChipView chips, std::span<const ChipWord> words,
                                       unsigned tolerance) {
    for (std::size_t at = 0; at < chips.count; ++at) {
        std::optional<SyncMatch> best;
        for (std::size_t w = 0; w < words.size(); ++w) {
            unsigned errors = 0;
            for (unsigned i = 0; i < words[w].length && at + i < chips.count; ++i) {
                const bool due = (words[w].chips >> (words[w].length - 1U - i) & 1U) != 0;
                errors += chips[at + i] != due ? 1 : 0;
            }
            if (at + words[w].length <= chips.count && errors <= tolerance &&
                (!best || errors < best->errors)) {
                best = SyncMatch{chips.first + at, w, errors};
            }
        }
        if (best) {
            return best;
        }
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_CASE(it_finds_what_a_search_chip_by_chip_finds) {
    std::vector<std::vector<ChipWord>> sets{{{0x543D, 16}},
                                            {{0x543D54CD, 32}, {0x543D543D, 32}},
                                            {{0xF68D, 16}, {0xF672, 16}},
                                            {{0b000111, 6}},
                                            {{1, 1}}};
    for (const ModeRow& row : mode_table()) {
        if (row.sync_a.value.length != 0) {
            sets.push_back({row.sync_a.value});
        }
    }
    std::mt19937 random{7};
    unsigned found = 0;
    for (unsigned round = 0; round < 4000; ++round) {
        std::vector<std::uint8_t> packed(1 + random() % 60);
        for (auto& byte : packed) {
            byte = static_cast<std::uint8_t>(random());
        }
        const auto& words = sets[round % sets.size()];
        // Plant a word with up to four wrong chips, so that hits at the limit are frequent.
        const ChipWord word = words[random() % words.size()];
        const std::size_t room = 8 * packed.size();
        if (room > word.length && round % 3 != 0) {
            std::uint32_t chips = word.chips;
            for (unsigned i = 0; i < random() % 5; ++i) {
                chips ^= std::uint32_t{1} << (random() % word.length);
            }
            const std::size_t at = random() % (room - word.length + 1);
            for (unsigned i = 0; i < word.length; ++i) {
                const auto mask = static_cast<std::uint8_t>(0x80U >> ((at + i) % 8));
                auto& byte = packed[(at + i) / 8];
                const bool one = (chips >> (word.length - 1U - i) & 1U) != 0;
                byte = static_cast<std::uint8_t>(one ? byte | mask : byte & ~mask);
            }
        }
        const std::size_t first = random() % room;
        const bytes::ChipView view{packed, first, room - first - random() % (room - first + 1)};
        for (unsigned tolerance = 0; tolerance <= most_sync_errors; ++tolerance) {
            const auto fast = find_sync(view, words, tolerance);
            const auto slow = search_slowly(view, words, tolerance);
            BOOST_REQUIRE(fast.has_value() == slow.has_value());
            if (fast) {
                ++found;
                BOOST_TEST(fast->chip == slow->chip);
                BOOST_TEST(fast->word == slow->word);
                BOOST_TEST(fast->errors == slow->errors);
            }
        }
    }
    BOOST_TEST(found > 2500U);
}

BOOST_AUTO_TEST_SUITE_END()
