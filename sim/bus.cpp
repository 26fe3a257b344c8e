// SPDX-License-Identifier: Apache-2.0
#include "sim/bus.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace meterbench::sim {

using core::BitTime;
using core::Instant;
using core::Octet;

namespace {

/// Kinds of tasks; at one instant and for one port they run in this order.
enum Kind : std::uint32_t { begin_kind, end_kind, wake_kind, drain_kind };

constexpr BitTime operator+(BitTime a, BitTime b) {
    if (a.denominator == b.denominator) {
        return {a.numerator + b.numerator, a.denominator};
    }
    const std::int64_t common = std::lcm(a.denominator, b.denominator);
    return {a.numerator * (common / a.denominator) + b.numerator * (common / b.denominator),
            common};
}

/// FNV-1a: a place in the order of names that does not depend on who else is on the bus.
std::uint64_t hash(std::string_view name) {
    std::uint64_t value = 14695981039346656037ULL;
    for (const char c : name) {
        value = (value ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    return value;
}

constexpr std::uint64_t token_shift = 24; ///< a token carries the port's index in its low bits
constexpr std::uint64_t index_mask = (1ULL << token_shift) - 1;

} // namespace

BusPort::BusPort(Bus& bus, Participant& participant, std::uint32_t index, std::uint64_t order)
    : bus_{bus}, participant_{&participant}, index_{index}, order_{order} {}

void BusPort::start(const core::Transmission& transmission) {
    bus_.begin(*this, transmission);
}

void BusPort::abort() {
    bus_.abort(*this);
}

void BusPort::listen(std::optional<core::Baud> baud) {
    if (baud != baud_) {
        baud_ = baud;
        bus_.heard_by(*this).stale = true;
    }
}

void BusPort::wake_at(std::optional<Instant> when) {
    if (when == wake_) {
        return;
    }
    wake_ = when;
    ++wake_token_;
    if (when) {
        bus_.host_.at(*when, order_, bus_, wake_kind, (wake_token_ << token_shift) | index_);
    }
}

Bus::Bus(Host& host) : host_{host} {}

Bus::~Bus() = default;

BusPort& Bus::connect(Participant& participant, Side side) {
    const auto index = static_cast<std::uint32_t>(ports_.size());
    ports_.push_back(
        std::make_unique<BusPort>(*this, participant, index, hash(participant.name())));
    sides_.push_back(side);
    BusPort& port = *ports_.back();
    Channel& channel = heard_by(port);
    const auto place = std::ranges::upper_bound(
        channel.listeners, participant.name(), {},
        [](const BusPort* listener) { return listener->participant().name(); });
    channel.listeners.insert(place, &port);
    channel.stale = true;
    return port;
}

void Bus::run(Instant now, std::uint32_t kind, std::uint64_t token) {
    if (kind == drain_kind) {
        Channel& channel = channels_[token & 1U];
        if (token >> 1U == channel.drain) {
            drain(channel, now);
        }
        return;
    }
    BusPort& port = *ports_[token & index_mask];
    const std::uint64_t generation = token >> token_shift;
    switch (kind) {
    case begin_kind:
        if (generation == port.token_) {
            begin_character(port, now);
        }
        return;
    case end_kind:
        if (generation == port.token_) {
            end_character(port, now);
        }
        return;
    case wake_kind:
        if (generation == port.wake_token_) {
            port.wake_.reset();
            port.participant_->wake(now);
        }
        return;
    default: return;
    }
}

void Bus::begin(BusPort& port, const core::Transmission& transmission) {
    assert(!port.busy_);
    port.transmission_ = transmission;
    port.begin_ = host_.now();
    port.offset_ = {};
    port.next_ = 0;
    port.exception_ = 0;
    port.busy_ = true;
    ++port.token_;
    go_on(port, port.begin_);
}

void Bus::abort(BusPort& port) {
    if (!port.busy_) {
        return;
    }
    port.busy_ = false;
    ++port.token_;
    Channel& channel = channel_of(port);
    const Instant now = host_.now();
    if (port.live_) {
        port.live_ = false;
        // What is cut in the middle of a character is for the receivers to make sense of.
        channel.waveform.cut(port.index_, now);
        --channel.on_the_wire;
        regroup(channel);
        for (Group& group : channel.groups) {
            start_sampling(channel, group, port.character_.start);
        }
        sample(channel, now);
    }
}

/// The next character of the transmission, or its end.
void Bus::go_on(BusPort& port, Instant now) {
    const core::Transmission& transmission = port.transmission_;
    if (port.next_ == transmission.bytes.size()) {
        port.busy_ = false;
        ++port.token_;
        port.participant_->sent(now);
        return;
    }
    auto deviation = core::CharacterException::Kind::none;
    if (port.next_ != 0) {
        port.offset_ = port.offset_ + transmission.gap;
    }
    if (port.exception_ < transmission.exceptions.size() &&
        transmission.exceptions[port.exception_].index == port.next_) {
        const auto& exception = transmission.exceptions[port.exception_++];
        deviation = exception.kind;
        port.offset_ = port.offset_ + exception.gap_before;
    }
    const auto bit_count = static_cast<std::uint8_t>(10 + transmission.stop_bits);
    const BitTime end = port.offset_ + BitTime{bit_count};
    const std::uint8_t value = transmission.bytes[port.next_];
    port.character_ = Character{port.begin_ + port.offset_.floor(transmission.baud),
                                port.begin_ + end.floor(transmission.baud),
                                transmission.baud,
                                character_pattern(value, deviation, transmission.stop_bits),
                                bit_count,
                                port.index_};
    port.octet_ = read_character(port.character_);
    if (disturbance_ != nullptr) {
        const std::uint16_t clean = port.character_.bits;
        disturbance_->disturb(port.character_);
        if (port.character_.bits != clean) {
            port.octet_ = read_character(port.character_);
        }
    }
    // From the frame's start, as all edges, so that it is the very instant the character ends.
    port.octet_.end = port.begin_ + (port.offset_ + core::character_bits).floor(transmission.baud);
    port.offset_ = end;
    ++port.next_;
    if (port.character_.start <= now) {
        begin_character(port, now);
    } else {
        host_.at(port.character_.start, port.order_, *this, begin_kind,
                 (port.token_ << token_shift) | port.index_);
    }
}

void Bus::begin_character(BusPort& port, Instant /*now*/) {
    Channel& channel = channel_of(port);
    if (channel.on_the_wire > 0) {
        overlap(channel, port.character_.start);
    }
    port.live_ = true;
    ++channel.on_the_wire;
    channel.waveform.add(port.character_);
    host_.at(port.character_.end, port.order_, *this, end_kind,
             (port.token_ << token_shift) | port.index_);
}

/// A second sender begins at `start`: from the earliest character under way on, receivers sample.
void Bus::overlap(Channel& channel, Instant start) {
    regroup(channel);
    if (std::ranges::all_of(channel.groups, &Group::sampling)) {
        return;
    }
    Instant first = start;
    for (const auto& port : ports_) {
        if (port->live_ && &channel_of(*port) == &channel) {
            first = std::min(first, port->character_.start);
        }
    }
    for (Group& group : channel.groups) {
        start_sampling(channel, group, first);
    }
}

void Bus::end_character(BusPort& port, Instant now) {
    Channel& channel = channel_of(port);
    port.live_ = false;
    --channel.on_the_wire;
    deliver(channel, port, now);
    if (port.busy_) { // a listener may have broken it off
        go_on(port, now);
    }
}

void Bus::deliver(Channel& channel, const BusPort& from, Instant now) {
    regroup(channel);
    for (Group& group : channel.groups) {
        if (group.baud && *group.baud != from.character_.baud) {
            start_sampling(channel, group, from.character_.start);
        }
        if (!group.sampling) {
            hand_out(group, {&from.octet_, 1});
        }
    }
    if (channel.sampling) {
        sample(channel, now);
    } else if (channel.on_the_wire == 0) {
        channel.waveform.clear();
    }
}

void Bus::start_sampling(Channel& channel, Group& group, Instant from) {
    if (group.sampling || !group.baud) {
        return;
    }
    group.sampling = true;
    group.uart.restart(from);
    channel.sampling = true;
}

void Bus::sample(Channel& channel, Instant now) {
    Instant needed = now;
    core::Duration longest{};
    for (Group& group : channel.groups) {
        if (!group.sampling) {
            continue;
        }
        sampled_.clear();
        group.uart.advance(channel.waveform, now, sampled_);
        hand_out(group, sampled_);
        needed = std::min(needed, group.uart.needed_from());
        longest = std::max(longest, core::character_bits.ceil(group.uart.baud()));
    }
    channel.waveform.forget_before(needed - core::Duration{1});
    // A receiver may be in the middle of a character when the last one ends.
    ++channel.drain;
    const std::uint64_t which = &channel == channels_.data() ? 0 : 1;
    host_.at(now + longest, 0, *this, drain_kind, (channel.drain << 1U) | which);
}

void Bus::drain(Channel& channel, Instant now) {
    if (channel.on_the_wire > 0) {
        return; // its end samples again
    }
    for (Group& group : channel.groups) {
        if (group.sampling) {
            sampled_.clear();
            group.uart.advance(channel.waveform, now, sampled_);
            group.sampling = false;
            hand_out(group, sampled_);
        }
    }
    channel.sampling = false;
    channel.waveform.clear();
}

void Bus::regroup(Channel& channel) {
    if (!channel.stale) {
        return;
    }
    channel.stale = false;
    std::vector<Group> groups;
    for (BusPort* const listener : channel.listeners) {
        auto found = std::ranges::find(groups, listener->baud_, &Group::baud);
        if (found == groups.end()) {
            const auto old = std::ranges::find(channel.groups, listener->baud_, &Group::baud);
            groups.push_back(old != channel.groups.end()
                                 ? Group{old->baud, old->uart, old->sampling, {}}
                                 : Group{listener->baud_,
                                         UartReceiver{listener->baud_.value_or(core::Baud{})},
                                         false,
                                         {}});
            found = groups.end() - 1;
        }
        found->listeners.push_back(listener);
    }
    channel.groups = std::move(groups);
}

void Bus::hand_out(const Group& group, std::span<const Octet> octets) {
    if (octets.empty()) {
        return;
    }
    for (const BusPort* const listener : group.listeners) {
        listener->participant().heard(octets);
    }
}

} // namespace meterbench::sim
