// SPDX-License-Identifier: Apache-2.0
#include "sim/bus.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace meterbench::sim {

using core::BitTime;
using core::Instant;

namespace {

/// Kinds of tasks; at one instant and for one port they run in this order.
enum Kind : std::uint32_t { begin_kind, end_kind, run_kind, wake_kind, drain_kind, levels_kind };

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

/// One sender alone is heard, and is no collision.
bool usual(const Channel& channel, double milliampere) {
    return milliampere >= channel.waveform.receive_threshold() &&
           milliampere <= channel.waveform.collision_threshold();
}

constexpr std::uint64_t token_shift = 24; ///< a token carries the port's index in its low bits
constexpr std::uint64_t index_mask = (1ULL << token_shift) - 1;

} // namespace

BusPort::BusPort(Bus& bus, Participant& participant, std::uint32_t index, std::uint64_t order)
    : bus_{bus}, index_{index}, order_{order} {
    ear_.participant = &participant;
}

void BusPort::start(const core::Transmission& transmission) {
    bus_.begin(*this, transmission);
}

void BusPort::abort() {
    bus_.abort(*this);
}

void BusPort::listen(std::optional<core::Baud> baud) {
    if (baud != ear_.baud) {
        Bus::Direction& direction = bus_.heard_by(*this);
        bus_.take_apart(direction);
        direction.channel.retune(ear_, baud);
    }
}

void BusPort::set_interest(std::optional<FrameInterest> interest) {
    Bus::Direction& direction = bus_.heard_by(*this);
    bus_.take_apart(direction);
    direction.channel.set_interest(ear_, interest);
}

void BusPort::set_load(const Load& load) {
    bus_.levels_.set_load(index_, load);
    bus_.levels_soon();
}

Instant BusPort::now() const {
    return bus_.host_.now();
}

Terminal BusPort::terminal() const {
    return bus_.levels_.at(index_);
}

void BusPort::disconnect() {
    bus_.levels_.remove_load(index_);
    bus_.levels_soon();
}

void BusPort::begin_to_listen() {
    Bus::Direction& direction = bus_.heard_by(*this);
    bus_.catch_up(direction);
    direction.channel.begin_to_listen(ear_);
    if (!ear_.shared) {
        bus_.take_apart(direction);
    }
}

void BusPort::wants(std::size_t octets) {
    ear_.patience = octets;
    Bus::Direction& direction = bus_.heard_by(*this);
    if (direction.run.port != nullptr && direction.run.heard > 0) {
        bus_.plan(direction);
    }
}

void BusPort::catch_up() {
    bus_.catch_up(bus_.heard_by(*this));
}

Instant BusPort::busy_until() const {
    const Bus::Run& run = bus_.heard_by(*this).run;
    return run.port != nullptr ? run.due : Instant::min();
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
    Direction& direction = heard_by(port);
    take_apart(direction);
    direction.channel.add(port.ear_);
    if (side == Side::meter) {
        const auto place =
            std::ranges::upper_bound(meters_, participant.name(), {}, [](const BusPort* other) {
                return other->participant().name();
            });
        meters_.insert(place, &port);
        levels_.set_load(index, {});
        levels_soon();
    }
    return port;
}

/// levels_changed(), once for all that change now.
void Bus::levels_soon() {
    if (!levels_pending_) {
        levels_pending_ = true;
        host_.at(host_.now(), 0, *this, levels_kind, 0);
    }
}

void Bus::take_all_apart() {
    for (Direction& direction : directions_) {
        take_apart(direction);
    }
}

void Bus::set_disturbance(Disturbance* disturbance) {
    take_all_apart();
    disturbance_ = disturbance;
}

void Bus::set_echo(bool echo) {
    take_all_apart();
    echo_ = echo;
}

void Bus::set_recorder(Recorder* recorder) {
    take_all_apart();
    recorder_ = recorder;
    if (recorder_ != nullptr) {
        recorder_->begin(host_.now(), levels_);
        for (const auto& port : ports_) {
            if (port->live_) {
                recorder_->character(port->character_, from_master(*port));
            }
        }
    }
}

void Bus::levels_changed() {
    levels_pending_ = false;
    take_all_apart();
    time_constant_ = levels_.time_constant();
    const Converter& converter = levels_.converter();
    directions_[1].channel.waveform.set_thresholds(converter.receive_milliampere,
                                                   converter.collision_milliampere);
    if (recorder_ != nullptr) {
        recorder_->levels(host_.now(), levels_);
    }
    for (BusPort* const port : meters_) {
        const Terminal terminal = levels_.at(port->index_);
        if (terminal.hears() != port->ear_.hears) {
            heard_by(*port).channel.set_hears(port->ear_, terminal.hears());
        }
        port->ear_.participant->supplied(terminal);
    }
}

Bus::Reading Bus::read_levels() {
    take_all_apart();
    const Instant now = host_.now();
    if (levels_.mark_volt() <= 0) {
        return {};
    }
    const double drawn = directions_[1].channel.waveform.milliampere_at(now);
    const bool space = !directions_[0].channel.waveform.mark_at(now);
    const Converter& converter = levels_.converter();
    return {.volt = levels_.mark_volt() - (space ? converter.step_volt : 0) -
                    converter.source_ohm * drawn / 1000,
            .milliampere = levels_.rest_milliampere() + drawn};
}

void Bus::run(Instant now, std::uint32_t kind, std::uint64_t token) {
    if (kind == drain_kind) {
        Channel& channel = directions_[token & 1U].channel;
        if (token >> 1U == channel.drains && channel.on_the_wire == 0) {
            channel.drain(now); // else the end of what is on the wire samples again
        }
        return;
    }
    if (kind == levels_kind) {
        return levels_pending_ ? levels_changed() : void();
    }
    BusPort& port = *ports_[token & index_mask];
    const std::uint64_t generation = token >> token_shift;
    if (kind == wake_kind) {
        if (generation == port.wake_token_) {
            port.wake_.reset();
            port.ear_.participant->wake(now);
        }
        return;
    }
    if (generation != port.token_) {
        return;
    }
    switch (kind) {
    case begin_kind: return begin_character(port);
    case end_kind: return end_character(port, now);
    case run_kind: return run_on(sent_on(port), now);
    default: return;
    }
}

// Transmissions ---------------------------------------------------------------------------------

void Bus::begin(BusPort& port, const core::Transmission& transmission) {
    assert(!port.busy_);
    Direction& direction = sent_on(port);
    take_apart(direction);
    port.transmission_ = transmission;
    port.begin_ = host_.now();
    port.offset_ = {};
    port.next_ = 0;
    port.exception_ = 0;
    port.busy_ = true;
    ++port.token_;
    ++direction.senders;
    if (can_run(port, transmission)) {
        direction.run = Run{};
        direction.run.port = &port;
        plan(direction);
    } else {
        go_on(port, port.begin_);
    }
}

void Bus::abort(BusPort& port) {
    if (!port.busy_) {
        return;
    }
    Direction& direction = sent_on(port);
    Channel& channel = direction.channel;
    const Instant now = host_.now();
    take_apart(direction);
    port.busy_ = false;
    ++port.token_;
    --direction.senders;
    if (!port.live_) {
        return;
    }
    if (recorder_ != nullptr) {
        recorder_->cut(port.index_, now);
    }
    port.live_ = false;
    --channel.on_the_wire;
    if (port.character_.start == now && !channel.sampling()) {
        channel.waveform.cut(port.index_, now); // it never began
        return;
    }
    // What is cut in the middle of a character is for the receivers to make sense of.
    channel.waveform.cut(port.index_, now);
    channel.start_sampling(port.character_.start);
    sample(channel, now);
}

void Bus::finish(BusPort& port, Instant now) {
    port.busy_ = false;
    ++port.token_;
    --sent_on(port).senders;
    port.ear_.participant->sent(now);
}

// A character at a time -------------------------------------------------------------------------

/// The next character of the transmission, or its end.
void Bus::go_on(BusPort& port, Instant now) {
    const core::Transmission& transmission = port.transmission_;
    if (port.next_ == transmission.bytes.size()) {
        return finish(port, now);
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
    make_character(port, deviation);
    if (port.character_.start <= now) {
        begin_character(port);
    } else {
        host_.at(port.character_.start, port.order_, *this, begin_kind,
                 (port.token_ << token_shift) | port.index_);
    }
}

void Bus::make_character(BusPort& port, core::CharacterException::Kind deviation) {
    const core::Transmission& transmission = port.transmission_;
    const auto bit_count = static_cast<std::uint8_t>(10 + transmission.stop_bits);
    const BitTime end = port.offset_ + BitTime{bit_count};
    const std::uint8_t value = transmission.bytes[port.next_];
    port.character_ = Character{port.begin_ + port.offset_.floor(transmission.baud),
                                port.begin_ + end.floor(transmission.baud),
                                transmission.baud,
                                character_pattern(value, deviation, transmission.stop_bits),
                                bit_count,
                                port.index_};
    if (const Load* const load = levels_.load(port.index_)) {
        port.character_.milliampere = load->space_milliampere;
    }
    if (edges_are_slow(transmission.baud, time_constant_)) {
        port.character_.bits = slow_edges(port.character_, time_constant_);
    }
    if (disturbance_ != nullptr) {
        disturbance_->disturb(port.character_, from_master(port));
    }
    // What does not begin with a space, or is too weak or too strong a space, is not read as sent.
    port.character_.as_wave |= (port.character_.bits & 1U) != 0 ||
                               !usual(sent_on(port).channel, port.character_.milliampere);
    port.octet_ = read_character(port.character_);
    // From the frame's start, as all edges, so that it is the very instant the character ends.
    port.octet_.end = port.begin_ + (port.offset_ + core::character_bits).floor(transmission.baud);
    port.offset_ = end;
    ++port.next_;
}

void Bus::begin_character(BusPort& port) {
    Channel& channel = sent_on(port).channel;
    if (channel.on_the_wire > 0 || port.character_.as_wave) {
        overlap(channel, port.character_.start);
    }
    if (recorder_ != nullptr) {
        recorder_->character(port.character_, from_master(port));
    }
    port.live_ = true;
    ++channel.on_the_wire;
    channel.waveform.add(port.character_);
    host_.at(port.character_.end, port.order_, *this, end_kind,
             (port.token_ << token_shift) | port.index_);
}

/// A second sender begins at `start`: from the earliest character under way on, receivers sample.
void Bus::overlap(Channel& channel, Instant start) {
    Instant first = start;
    for (const auto& port : ports_) {
        if (port->live_ && &sent_on(*port).channel == &channel) {
            first = std::min(first, port->character_.start);
        }
    }
    channel.start_sampling(first);
}

void Bus::end_character(BusPort& port, Instant now) {
    Channel& channel = sent_on(port).channel;
    port.live_ = false;
    --channel.on_the_wire;
    channel.end_character(port.character_, port.octet_);
    if (channel.sampling()) {
        sample(channel, now);
    }
    if (echo_ && from_master(port)) {
        port.ear_.participant->heard({&port.octet_, 1});
    }
    if (port.busy_) { // a listener may have broken it off
        go_on(port, now);
    }
}

void Bus::sample(Channel& channel, Instant now) {
    const Instant drained = channel.sample(now);
    ++channel.drains;
    const std::uint64_t which = &channel == &directions_[0].channel ? 0 : 1;
    host_.at(drained, 0, *this, drain_kind, (channel.drains << 1U) | which);
}

// A transmission at a time ----------------------------------------------------------------------

bool Bus::can_run(const BusPort& port, const core::Transmission& transmission) {
    Direction& direction = sent_on(port);
    const bool from_meter = &direction == &directions_[1];
    const Load* const load = from_meter ? levels_.load(port.index_) : nullptr;
    const double milliampere = load != nullptr ? load->space_milliampere : space_milliampere;
    return direction.senders == 1 && disturbance_ == nullptr && recorder_ == nullptr && !echo_ &&
           !edges_are_slow(transmission.baud, time_constant_) &&
           usual(direction.channel, milliampere) && !transmission.bytes.empty() &&
           transmission.exceptions.empty() && transmission.gap == BitTime{} &&
           transmission.stop_bits == 1 && direction.channel.clean_for(transmission.baud);
}

/// When somebody must be told next.
void Bus::plan(Direction& direction) {
    Run& run = direction.run;
    BusPort& port = *run.port;
    // The first character may end a frame that broke off: after it the listeners know what to wait
    // for.
    const std::size_t step = run.heard == 0 ? 1 : direction.channel.patience();
    const std::size_t target = std::min(run.heard + step, port.transmission_.bytes.size());
    if (target == run.target) {
        return;
    }
    run.target = target;
    run.due = port.begin_ +
              core::bit_edge(port.transmission_.baud,
                             static_cast<std::int64_t>(target) * core::character_bits.numerator);
    ++port.token_; // one event a run
    host_.at(run.due, port.order_, *this, run_kind, (port.token_ << token_shift) | port.index_);
}

void Bus::run_on(Direction& direction, Instant now) {
    BusPort& port = *direction.run.port;
    tell(direction, direction.run.target);
    if (direction.run.port != &port) {
        return; // a listener has broken it off, or taken it apart
    }
    if (direction.run.heard == port.transmission_.bytes.size()) {
        direction.run.port = nullptr;
        return finish(port, now);
    }
    plan(direction);
}

/// Listeners are told of the characters up to `count` of the transmission.
void Bus::tell(Direction& direction, std::size_t count) {
    Run& run = direction.run;
    const BusPort& port = *run.port;
    const core::Transmission& transmission = port.transmission_;
    const std::size_t first = std::exchange(run.heard, count);
    // The edges from the frame's start, without a division each: quotient and remainder are summed.
    const std::int64_t rate = transmission.baud.value;
    const std::int64_t step = core::character_bits.numerator * std::nano::den;
    std::int64_t edge = static_cast<std::int64_t>(first) * step / rate;
    std::int64_t rest = static_cast<std::int64_t>(first) * step % rate;
    const std::int64_t whole = step / rate;
    const std::int64_t part = step % rate;
    octets_.resize(count - first);
    for (std::size_t i = first; i < count; ++i) {
        core::Octet& octet = octets_[i - first];
        octet = {.value = transmission.bytes[i], .start = port.begin_ + core::Duration{edge}};
        edge += whole;
        rest += part;
        if (rest >= rate) {
            rest -= rate;
            ++edge;
        }
        octet.end = port.begin_ + core::Duration{edge};
    }
    direction.channel.hear(octets_);
}

/// Listeners are told of what has ended by now; the last character is left to the run's own event.
void Bus::catch_up(Direction& direction) {
    Run& run = direction.run;
    if (run.port == nullptr) {
        return;
    }
    const core::Transmission& transmission = run.port->transmission_;
    const core::Duration elapsed = host_.now() - run.port->begin_;
    // One too many at most: edges are rounded down.
    auto ended = static_cast<std::int64_t>(elapsed.count() * transmission.baud.value /
                                           (core::character_bits.numerator * std::nano::den));
    if (core::bit_edge(transmission.baud, (ended + 1) * core::character_bits.numerator) <=
        elapsed) {
        ++ended;
    }
    const std::size_t count =
        std::min(static_cast<std::size_t>(ended), transmission.bytes.size() - 1);
    if (count > run.heard) {
        tell(direction, count);
    }
}

/// Something comes in the way of a run: from here on it goes a character at a time.
void Bus::take_apart(Direction& direction) {
    catch_up(direction);
    BusPort* const port = direction.run.port;
    if (port == nullptr || direction.run.heard == port->transmission_.bytes.size()) {
        return; // nothing under way, or nothing left of it: a listener does this at its last octet
    }
    direction.run.port = nullptr;
    ++port->token_;
    port->next_ = direction.run.heard;
    port->offset_ =
        BitTime{static_cast<std::int64_t>(port->next_) * core::character_bits.numerator};
    make_character(*port, core::CharacterException::Kind::none);
    begin_character(*port);
}

} // namespace meterbench::sim
