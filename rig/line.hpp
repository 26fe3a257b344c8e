// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fault.hpp"
#include "core/octet.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::rig {

/// What a Pump moves transmissions into: a wire, simulated or real.
class Medium {
  public:
    virtual ~Medium() = default;

    /// Puts the first start bit on the wire now. The spans of `transmission` stay valid until the
    /// medium has reported it sent or abort() was called. Call only when none is under way.
    virtual void start(const core::Transmission& transmission) = 0;
    /// Stops a transmission under way; what is on the wire already stays there.
    virtual void abort() = 0;
    /// The rate at which the object listens; none: any rate.
    virtual void listen(std::optional<core::Baud> baud) = 0;
};

/// What a wait is for: a set, from a closed list, so that it can travel over a socket.
enum class Match : std::uint8_t {
    none = 0,      ///< only the deadline
    octet = 1,     ///< a character was heard
    frame = 2,     ///< a complete frame was heard
    silence = 4,   ///< nothing was heard for Wait::silence
    sent = 8,      ///< the last bit of a transmission has left
    job_ended = 16 ///< the master under test has finished its job
};
[[nodiscard]] constexpr Match operator|(Match a, Match b) {
    return static_cast<Match>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has(Match set, Match match) {
    return (static_cast<unsigned>(set) & static_cast<unsigned>(match)) != 0;
}

struct Wait {
    Match match = Match::none;
    core::Instant deadline{};
    core::Duration silence{}; ///< with Match::silence: from the last octet heard, or from the call
    std::size_t octets = 1;   ///< with Match::octet: so many; a line may return earlier
};

/// Why a wait ended: `none` is the deadline.
struct Wake {
    Match match = Match::none;
    core::Instant at{};
};

/// The harness's end of the wire.
class Line : public Medium {
  public:
    [[nodiscard]] virtual core::Instant now() const = 0;

    /// Blocks until the match or the deadline, whichever is first. A deadline that has passed
    /// returns at once. Fails with port-lost when the wire is gone.
    [[nodiscard]] virtual core::Expected<Wake> wait(const Wait& wait) = 0;

    /// Characters heard since the last call, in order; valid until the next wait().
    [[nodiscard]] virtual std::span<const core::Octet> heard() = 0;

    /// End of the last stop bit of a transmission that completed since the last call.
    [[nodiscard]] virtual std::optional<core::Instant> sent() = 0;

    /// Characters as the device under test hears them, since the last call; of a line whose device
    /// under test is a master. heard() has what that master sends.
    [[nodiscard]] virtual std::span<const core::Octet> overheard() { return {}; }
    /// This end is a meter's: what it sends is overheard, too.
    [[nodiscard]] virtual bool overhears() const { return false; }

    /// The rate the line is set to, for `line:bits(n)` and for what says no other rate.
    [[nodiscard]] virtual core::Baud baud() const = 0;

    /// How far a time this line reports can be from the truth; 0 in simulation.
    [[nodiscard]] virtual core::Duration uncertainty() const = 0;
};

} // namespace meterbench::rig
