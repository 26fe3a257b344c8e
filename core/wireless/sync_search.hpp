// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/chips.hpp"
#include "core/wireless/mode.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace meterbench::core::wireless {

/// Most chips of a sync word that may be wrong and the search still finds it.
inline constexpr unsigned most_sync_errors = 3;

struct SyncMatch {
    std::size_t chip = 0; ///< where the word begins
    std::size_t word = 0; ///< which one; with fewer errors before, then in the order given
    unsigned errors = 0;  ///< wrong chips in it
};

/// The first place at or after `chips.first` where one of one to four words stands with at most
/// `tolerance` (0 to most_sync_errors) wrong chips. The word lies wholly within the view. 64 places
/// are looked at together, one chip of the word at a time.
[[nodiscard]] std::optional<SyncMatch>
find_sync(bytes::ChipView chips, std::span<const ChipWord> words, unsigned tolerance);

} // namespace meterbench::core::wireless
