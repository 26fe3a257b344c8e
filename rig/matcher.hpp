// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame_decoder.hpp"
#include "rig/line.hpp"

#include <optional>

namespace meterbench::rig {

/// Decides when a wait ends. A line owns one for its whole life: a frame may begin in one wait and
/// end in the next. It never asks for the time and never blocks.
///
/// begin() starts a wait; then the line reports what happens through heard(), sent(), job_ended()
/// and, when next() has come, tick(), until one of them returns a Wake. What happens between two
/// waits is reported too; it wakes nobody.
///
/// A frame is one that a strict receiver would take (core::link::FrameDecoder): after a wrong
/// character nothing counts until the line was idle for 33 bit times.
class Matcher {
  public:
    /// `tolerance`: how much longer than it was a pause between two characters may look.
    explicit Matcher(core::Duration tolerance = {}) : tolerance_{tolerance} {}

    /// A wait begins. Call tick(now) next: the deadline may have passed already.
    void begin(const Wait& wait, core::Instant now);
    [[nodiscard]] std::optional<Wake> heard(const core::Octet& octet);
    [[nodiscard]] std::optional<Wake> sent(core::Instant end);
    [[nodiscard]] std::optional<Wake> job_ended(core::Instant at);
    [[nodiscard]] std::optional<Wake> tick(core::Instant now);
    /// When tick() is due at the latest: the deadline, or the end of the silence waited for.
    [[nodiscard]] core::Instant next() const;
    /// Own octets leave: what was heard of a frame so far will not be completed.
    void started();
    [[nodiscard]] bool waiting() const { return waiting_; }
    /// How many octets, following each other without idle time, at least it takes to end this wait;
    /// at least 1. A line may report them together, if before the next tick().
    [[nodiscard]] std::size_t octets_needed() const;

  private:
    [[nodiscard]] std::optional<Wake> wake(Match match, core::Instant at);
    [[nodiscard]] bool completes_frame(const core::Octet& octet);

    core::Duration tolerance_;
    Wait wait_{};
    bool waiting_ = false;
    core::Instant quiet_since_{};
    core::Instant last_end_{};
    core::link::FrameScan scan_;
    std::size_t octets_ = 0; ///< heard in this wait
    bool deaf_ = false;      ///< a wrong character was heard and no idle time since
};

} // namespace meterbench::rig
