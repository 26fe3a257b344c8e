// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.hpp"

#include <array>
#include <cstdint>

namespace meterbench::core::receiver {

/// Tells whether a frame was heard before: by another receiver, or from a repeater. It remembers
/// the last 256 frames.
class DuplicateFilter {
  public:
    /// Frames that are further apart than `window` are no duplicates: a meter may say the same
    /// again.
    explicit DuplicateFilter(Duration window) : window_{window} {}

    /// `digest` of a frame that was heard at `now`; see digest_of.
    [[nodiscard]] bool heard_before(std::uint64_t digest, Instant now) {
        for (Heard& heard : heard_) {
            if (heard.used && heard.digest == digest && now - heard.at <= window_) {
                return true;
            }
        }
        heard_[next_] = {digest, now, true};
        next_ = (next_ + 1) % heard_.size();
        return false;
    }

  private:
    struct Heard {
        std::uint64_t digest = 0;
        Instant at{};
        bool used = false;
    };
    std::array<Heard, 256> heard_{};
    std::size_t next_ = 0;
    Duration window_;
};

} // namespace meterbench::core::receiver
