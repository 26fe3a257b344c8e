// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/wireless/address.hpp"
#include "core/wireless/frame_format.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::core::receiver {

/// From here on a meter's counter is about to end and its key must be changed; at FFFFFFFFh it
/// sends no further message (OMS Vol. 2).
inline constexpr std::uint32_t counter_alert = 0xFFFF'0000;

/// Remembers the last message counter of each sender, so that nothing old is taken for new. Only
/// counters of messages whose authentication was verified belong here, or whoever sends FFFFFFFFh
/// silences a meter.
class ReplayGuard {
  public:
    enum class Verdict : std::uint8_t {
        fresh,     ///< above the last one
        repeated,  ///< the last message again, byte for byte
        replayed,  ///< at or below the last one
        unguarded, ///< there is no room for another sender: nothing is known
    };

    /// Room for this many senders, allocated now.
    explicit ReplayGuard(std::size_t senders);

    /// `digest` tells the message from others with the same counter.
    [[nodiscard]] Verdict check(const wireless::LinkAddress& meter, wireless::Direction direction,
                                std::uint32_t counter, std::uint64_t digest);

    /// The state, to be kept where a restart must not open the door to replays.
    struct Entry {
        wireless::LinkAddress meter{};
        wireless::Direction direction{};
        std::uint32_t counter = 0;
        std::uint64_t digest = 0;
        bool used = false;
    };
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    /// Takes up what was kept. False when there is no room.
    [[nodiscard]] bool restore(const Entry& kept);

  private:
    [[nodiscard]] Entry* find(const wireless::LinkAddress& meter, wireless::Direction direction);

    std::vector<Entry> entries_; ///< a power of two of them, at most half in use
    std::size_t senders_;
    std::size_t used_ = 0;
};

/// A 64-bit digest (FNV-1a) to tell messages apart; it protects against nothing.
[[nodiscard]] constexpr std::uint64_t digest_of(std::span<const std::uint8_t> bytes) {
    std::uint64_t digest = 0xCBF2'9CE4'8422'2325;
    for (const std::uint8_t byte : bytes) {
        digest = (digest ^ byte) * 0x0000'0100'0000'01B3;
    }
    return digest;
}

} // namespace meterbench::core::receiver
