// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame_decoder.hpp"
#include "core/octet.hpp"
#include "sim/levels.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meterbench::sim {

/// A device on the simulated bus: the bus calls it, in simulated time.
class Participant {
  public:
    virtual ~Participant() = default;
    /// Unique on the bus. Order at the same instant follows names, not the order of creation.
    [[nodiscard]] virtual std::string_view name() const = 0;
    virtual void heard(std::span<const core::Octet> octets) = 0;
    /// The last stop bit of its transmission has left.
    virtual void sent(core::Instant now) = 0;
    /// The instant given to BusPort::wake_at() has come.
    virtual void wake(core::Instant now) = 0;

    /// Of a meter: the voltages at its terminals have become others. Whether it can hear at them is
    /// the bus's business.
    virtual void supplied(const Terminal& /*terminal*/) {}

    // Of participants that take whole frames (BusPort::hear_frames()):

    /// A frame that ended at `end`; the view lasts for the call.
    virtual void heard_frame(const core::link::Frame& /*frame*/, core::Instant /*end*/) {}
    /// Octets come one by one from here on, in the middle of what `decoder` has heard.
    virtual void continue_from(const core::link::FrameDecoder& /*decoder*/) {}
    /// Its own decoder is, so that frames can take the place of octets.
    [[nodiscard]] virtual bool between_frames() const { return false; }
};

/// Which frames a participant wants to be told of.
struct FrameInterest {
    std::uint8_t address = 0; ///< those to it; frames to FDh, FEh and FFh always
    bool everything = false;  ///< frames to other addresses and answers, too

    friend bool operator==(const FrameInterest&, const FrameInterest&) = default;
};

} // namespace meterbench::sim
