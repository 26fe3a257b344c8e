// SPDX-License-Identifier: Apache-2.0
#include "core/receiver/replay_guard.hpp"

#include <bit>

namespace meterbench::core::receiver {

ReplayGuard::ReplayGuard(std::size_t senders)
    : entries_(std::bit_ceil(2 * senders + 1)), senders_{senders} {}

/// The sender's entry, or the free one that it would get; null when there is no room.
ReplayGuard::Entry* ReplayGuard::find(const wireless::LinkAddress& meter,
                                      wireless::Direction direction) {
    const std::size_t mask = entries_.size() - 1;
    std::size_t slot = static_cast<std::size_t>(digest_of(meter.bytes)) & mask;
    while (entries_[slot].used) {
        if (entries_[slot].meter == meter && entries_[slot].direction == direction) {
            return &entries_[slot];
        }
        slot = (slot + 1) & mask;
    }
    return used_ == senders_ ? nullptr : &entries_[slot];
}

ReplayGuard::Verdict ReplayGuard::check(const wireless::LinkAddress& meter,
                                        wireless::Direction direction, std::uint32_t counter,
                                        std::uint64_t digest) {
    Entry* const entry = find(meter, direction);
    if (entry == nullptr) {
        return Verdict::unguarded;
    }
    if (!entry->used) {
        *entry = {meter, direction, counter, digest, true};
        ++used_;
        return Verdict::fresh;
    }
    if (counter > entry->counter) {
        entry->counter = counter;
        entry->digest = digest;
        return Verdict::fresh;
    }
    const bool same = counter == entry->counter && digest == entry->digest;
    return same ? Verdict::repeated : Verdict::replayed;
}

bool ReplayGuard::restore(const Entry& kept) {
    Entry* const entry = find(kept.meter, kept.direction);
    if (entry == nullptr) {
        return false;
    }
    used_ += entry->used ? 0U : 1U;
    *entry = kept;
    entry->used = true;
    return true;
}

} // namespace meterbench::core::receiver
