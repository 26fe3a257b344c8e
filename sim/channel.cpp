// SPDX-License-Identifier: Apache-2.0
#include "sim/channel.hpp"

#include "core/link/address.hpp"

#include <algorithm>

namespace meterbench::sim {

using core::Instant;
using core::Octet;
using core::link::FrameDecoder;

namespace {

bool concerns(const core::link::Frame& frame, const FrameInterest& interest) {
    if (interest.everything) {
        return true;
    }
    return frame.control.from_master() &&
           (frame.address == interest.address || frame.address >= core::link::address::selected);
}

} // namespace

void Channel::add(Ear& ear) {
    const auto place =
        std::ranges::upper_bound(listeners_, ear.participant->name(), {},
                                 [](const Ear* other) { return other->participant->name(); });
    listeners_.insert(place, &ear);
    stale_ = true;
}

void Channel::retune(Ear& ear, std::optional<core::Baud> baud) {
    leave(ear);
    ear.baud = baud;
    stale_ = true;
}

void Channel::set_hears(Ear& ear, bool hears) {
    leave(ear);
    ear.hears = hears;
    stale_ = true;
}

void Channel::set_interest(Ear& ear, std::optional<FrameInterest> frames) {
    if (!frames) {
        leave(ear);
    }
    ear.frames = frames;
    stale_ = true;
}

void Channel::begin_to_listen(Ear& ear) {
    const Group* const group = group_of(ear);
    if (ear.shared && (group == nullptr || !group->decoder.between_frames())) {
        ear.shared = false; // its own decoder has heard nothing, as it should have
        stale_ = true;
    }
}

/// The ear gets octets from now on, and its decoder the state that the shared one has.
void Channel::leave(Ear& ear) {
    if (!ear.shared) {
        return;
    }
    ear.shared = false;
    stale_ = true;
    const Group* const group = group_of(ear);
    if (group != nullptr && !group->decoder.between_frames()) {
        ear.participant->continue_from(group->decoder);
    }
}

Channel::Group* Channel::group_of(const Ear& ear) {
    const auto found = std::ranges::find(groups_, ear.baud, &Group::baud);
    return found == groups_.end() ? nullptr : &*found;
}

bool Channel::clean_for(core::Baud baud) {
    regroup();
    return !sampling_ && std::ranges::all_of(groups_, [baud](const Group& group) {
        return !group.baud || *group.baud == baud;
    });
}

std::size_t Channel::patience() {
    regroup();
    std::size_t patience = core::link::max_frame_size;
    for (const Group& group : groups_) {
        for (const Ear* const ear : group.individual) {
            patience = std::min(patience, ear->patience);
        }
        if (!group.sharing.empty() && !group.decoder.deaf()) {
            patience =
                std::min(patience, group.decoder.between_frames() ? 1 : group.decoder.needed());
        }
    }
    return std::max<std::size_t>(patience, 1);
}

void Channel::hear(std::span<const Octet> octets) {
    regroup();
    for (Group& group : groups_) {
        hand_out(group, octets);
    }
}

void Channel::end_character(const Character& character, const Octet& octet) {
    regroup();
    for (Group& group : groups_) {
        if (group.baud && *group.baud != character.baud) {
            start_sampling(group, character.start);
        }
        if (!group.sampling) {
            hand_out(group, {&octet, 1});
        }
    }
    if (!sampling_ && on_the_wire == 0) {
        waveform.clear();
    }
}

void Channel::start_sampling(Instant from) {
    regroup();
    for (Group& group : groups_) {
        start_sampling(group, from);
    }
}

void Channel::start_sampling(Group& group, Instant from) {
    if (group.sampling || !group.baud) {
        return;
    }
    group.sampling = true;
    group.uart.restart(from);
    sampling_ = true;
}

Instant Channel::sample(Instant now) {
    Instant needed = now;
    core::Duration longest{};
    for (Group& group : groups_) {
        if (!group.sampling) {
            continue;
        }
        sampled_.clear();
        group.uart.advance(waveform, now, sampled_);
        hand_out(group, sampled_);
        needed = std::min(needed, group.uart.needed_from());
        longest = std::max(longest, core::character_bits.ceil(group.uart.baud()));
    }
    waveform.forget_before(needed - core::Duration{1});
    return now + longest;
}

void Channel::drain(Instant now) {
    for (Group& group : groups_) {
        if (group.sampling) {
            sampled_.clear();
            group.uart.advance(waveform, now, sampled_);
            group.sampling = false;
            hand_out(group, sampled_);
        }
    }
    sampling_ = false;
    waveform.clear();
}

void Channel::regroup() {
    if (!stale_) {
        return;
    }
    stale_ = false;
    std::vector<Group> groups;
    for (Ear* const ear : listeners_) {
        if (!ear->hears) {
            continue;
        }
        auto found = std::ranges::find(groups, ear->baud, &Group::baud);
        if (found == groups.end()) {
            Group group{.baud = ear->baud,
                        .uart = UartReceiver{ear->baud.value_or(core::Baud{})},
                        .decoder = {},
                        .listeners = {},
                        .individual = {},
                        .sharing = {},
                        .interests = {}};
            if (const Group* const old = group_of(*ear)) {
                group.uart = old->uart;
                group.decoder = old->decoder;
                group.sampling = old->sampling;
            }
            groups.push_back(std::move(group));
            found = groups.end() - 1;
        }
        found->listeners.push_back(ear);
    }
    groups_ = std::move(groups);
    for (Group& group : groups_) {
        sort_ears(group);
    }
}

/// Who gets octets and who frames.
void Channel::sort_ears(Group& group) {
    // Nobody's state depends on a decoder that nobody shares.
    if (std::ranges::none_of(group.listeners, &Ear::shared)) {
        group.decoder.reset();
    }
    const bool can_join = group.baud && group.decoder.between_frames();
    for (Ear* const ear : group.listeners) {
        if (ear->frames && !ear->shared && can_join && ear->participant->between_frames()) {
            ear->shared = true;
        }
        if (ear->shared) {
            group.sharing.push_back(ear);
            group.interests.push_back(*ear->frames);
        } else {
            group.individual.push_back(ear);
        }
    }
}

void Channel::hand_out(Group& group, std::span<const Octet> octets) {
    std::size_t first = 0;
    if (!group.sharing.empty()) {
        for (std::size_t i = 0; i < octets.size(); ++i) {
            if (group.decoder.push(octets[i], *group.baud) == FrameDecoder::State::frame) {
                hand_out_frame(group, octets.subspan(first, i + 1 - first));
                first = i + 1;
            }
        }
    }
    const auto rest = octets.subspan(first);
    if (!rest.empty()) {
        for (const Ear* const ear : group.individual) {
            ear->participant->heard(rest);
        }
    }
    if (!octets.empty() && !group.individual.empty()) {
        join(group);
    }
}

/// The last of `octets` completes a frame.
void Channel::hand_out_frame(Group& group, std::span<const Octet> octets) {
    const core::link::Frame& frame = group.decoder.frame();
    const Instant end = group.decoder.end();
    if (group.individual.empty()) {
        for (std::size_t i = 0; i < group.sharing.size(); ++i) {
            if (concerns(frame, group.interests[i])) {
                group.sharing[i]->participant->heard_frame(frame, end);
            }
        }
        return;
    }
    std::size_t shared = 0;
    for (const Ear* const ear : group.listeners) {
        if (shared < group.sharing.size() && group.sharing[shared] == ear) {
            if (concerns(frame, group.interests[shared])) {
                ear->participant->heard_frame(frame, end);
            }
            ++shared;
        } else {
            ear->participant->heard(octets);
        }
    }
}

/// Listeners that get octets and want frames join where both decoders are between frames.
void Channel::join(Group& group) {
    if (!group.baud || (!group.sharing.empty() && !group.decoder.between_frames())) {
        return;
    }
    for (const Ear* const ear : group.individual) {
        if (ear->frames && ear->participant->between_frames()) {
            stale_ = true; // sort_ears() does it
            return;
        }
    }
}

} // namespace meterbench::sim
