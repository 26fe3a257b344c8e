// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/line.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace meterbench::rig {

/// Decides when a wait ends. A line owns one for its whole life: a frame may begin in one wait and
/// end in the next. It never asks for the time and never blocks.
///
/// begin() starts a wait and says whether it has ended already; then the line reports what happens
/// through heard(), sent(), job_ended() and, when next() has come, tick(), until one of them returns
/// a Wake. What happens between two waits is reported too; it wakes nobody.
class Matcher {
  public:
    /// `tolerance`: how much longer than it was a pause between two characters may look; a longer
    /// pause than 33 bit times ends a frame that is under way (EN 13757-2: no pause inside a frame,
    /// 33 bit times of idle end it).
    explicit Matcher(core::Duration tolerance = {}) : tolerance_{tolerance} {}

    [[nodiscard]] std::optional<Wake> begin(const Wait& wait, core::Instant now);
    [[nodiscard]] std::optional<Wake> heard(const core::Octet& octet);
    [[nodiscard]] std::optional<Wake> sent(core::Instant end);
    [[nodiscard]] std::optional<Wake> job_ended(core::Instant at);
    [[nodiscard]] std::optional<Wake> tick(core::Instant now);
    /// When tick() is due at the latest: the deadline, or the end of the silence waited for.
    [[nodiscard]] core::Instant next() const;
    /// Own octets leave: what was heard of a frame so far will not be completed.
    void started();
    [[nodiscard]] bool waiting() const { return waiting_; }

  private:
    [[nodiscard]] std::optional<Wake> wake(Match match, core::Instant at);
    [[nodiscard]] bool completes_frame(const core::Octet& octet);

    core::Duration tolerance_;
    Wait wait_{};
    bool waiting_ = false;
    core::Instant quiet_since_{};
    core::Instant last_end_{};
    std::array<std::uint8_t, 4> head_{}; ///< the first bytes of the frame under way
    std::size_t count_ = 0;              ///< its bytes so far
};

} // namespace meterbench::rig
