// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/frame_decoder.hpp"
#include "sim/participant.hpp"
#include "sim/uart.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterbench::sim {

/// How one participant listens to a channel.
struct Ear {
    Participant* participant = nullptr;
    std::optional<core::Baud> baud = core::Baud{};
    std::optional<FrameInterest> frames; ///< none: it wants octets
    bool shared = false;                 ///< the channel's decoder stands for its own
    bool hears = true;                   ///< it can tell mark from space
    std::size_t patience = 1;            ///< so many octets may come before it is told of them
};

/// One direction of the bus: who hears it, and what. Listeners of one rate hear the same octets, so
/// a frame is decoded once for all of them and handed to those it concerns; a listener that wants
/// octets, or that has heard something else than the others (it was sending, without power, at
/// another rate), gets octets until it is between frames again. Where characters overlap, or for
/// listeners of another rate than the sender's, a receiver samples the wave.
class Channel {
  public:
    /// Listeners are called in the order of their names.
    void add(Ear& ear);
    /// Something of an ear has changed.
    void changed() { stale_ = true; }
    /// The ear's rate becomes another.
    void retune(Ear& ear, std::optional<core::Baud> baud);
    /// The ear can hear from now on, or cannot.
    void set_hears(Ear& ear, bool hears);
    /// From now on the ear wants octets (none) or frames.
    void set_interest(Ear& ear, std::optional<FrameInterest> frames);
    /// The ear begins to listen, its own decoder between frames.
    void begin_to_listen(Ear& ear);

    /// Characters of this rate need no sampling.
    [[nodiscard]] bool clean_for(core::Baud baud);
    /// How many octets, one after the other, may pass before a listener must be called.
    [[nodiscard]] std::size_t patience();
    /// Octets that nothing disturbed, of a rate it is clean_for().
    void hear(std::span<const core::Octet> octets);
    /// A character has ended; `octet` is what a receiver of its rate makes of it undisturbed.
    void end_character(const Character& character, const core::Octet& octet);

    /// From `from` on all listeners sample.
    void start_sampling(core::Instant from);
    [[nodiscard]] bool sampling() const { return sampling_; }
    /// Hands out what receivers have sampled by now. A receiver may still be in the middle of a
    /// character: drain() is due at the instant returned.
    [[nodiscard]] core::Instant sample(core::Instant now);
    void drain(core::Instant now);

    Waveform waveform;   ///< the characters under way, and past ones as long as they are sampled
    int on_the_wire = 0; ///< characters under way
    std::uint64_t drains = 0; ///< the number of the latest drain that is due

  private:
    /// Listeners of one rate.
    struct Group {
        std::optional<core::Baud> baud;
        UartReceiver uart;
        core::link::FrameDecoder decoder;
        bool sampling = false;
        std::vector<Ear*> listeners;  ///< all
        std::vector<Ear*> individual; ///< those that get octets
        // Of those that get frames, as arrays, for there may be hundreds.
        std::vector<Ear*> sharing;
        std::vector<FrameInterest> interests;
    };

    void regroup();
    void sort_ears(Group& group);
    [[nodiscard]] Group* group_of(const Ear& ear);
    void start_sampling(Group& group, core::Instant from);
    void hand_out(Group& group, std::span<const core::Octet> octets);
    static void hand_out_frame(Group& group, std::span<const core::Octet> octets);
    void join(Group& group);
    void leave(Ear& ear);

    std::vector<Ear*> listeners_;
    std::vector<Group> groups_;
    std::vector<core::Octet> sampled_;
    bool stale_ = true;     ///< groups are to be made anew
    bool sampling_ = false; ///< some group samples
};

} // namespace meterbench::sim
