// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/receiver/message.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace meterbench::core::receiver {

/// Which message a fragment belongs to.
struct FragmentKey {
    wireless::LinkAddress sender{};
    std::uint8_t access_number = 0; ///< of the extended link layer
    friend constexpr bool operator==(const FragmentKey&, const FragmentKey&) = default;
};

/// Puts fragmented messages together (EN 13757-7, 6.2). It holds a bounded number of messages at
/// once, each bounded in size, in memory that is allocated once: whoever floods it loses the oldest
/// message and nothing else.
class Fragments {
  public:
    struct Message {
        std::span<const std::uint8_t> bytes; ///< from the CI-field behind the AFL
        transport::Afl afl;                  ///< with the fields of all its fragments
    };

    /// `messages` at once, of at most `bound` bytes each.
    Fragments(std::size_t messages, std::size_t bound);

    /// Takes a fragment; `afl.fragmented()`. Gives the message with its last fragment, valid until
    /// the next call. The same fragment again takes the place of the one before. Fails with
    /// fragment-incomplete (more are due), fragment-missing (out of order: the message is given
    /// up), afl-inconsistent, fragments-too-long, message-length-mismatch.
    [[nodiscard]] Expected<Message> add(const FragmentKey& key, const transport::Afl& afl,
                                        std::span<const std::uint8_t> payload);

  private:
    struct Partial {
        bool used = false;
        FragmentKey key{};
        transport::Afl afl{};
        std::uint8_t last = 0;      ///< the fragment that came last
        std::size_t last_start = 0; ///< where it begins
        std::size_t size = 0;
        std::uint64_t touched = 0;
        std::vector<std::uint8_t> bytes{};
    };
    [[nodiscard]] Partial* find(const FragmentKey& key);
    [[nodiscard]] Partial& begin(const FragmentKey& key);
    [[nodiscard]] Expected<Message> append(Partial& partial, const transport::Afl& afl,
                                           std::span<const std::uint8_t> payload);

    std::vector<Partial> partials_;
    std::size_t bound_;
    std::uint64_t clock_ = 0;
};

} // namespace meterbench::core::receiver
