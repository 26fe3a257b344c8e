// SPDX-License-Identifier: Apache-2.0
#include "core/link/primary_station.hpp"

#include <algorithm>
#include <utility>

namespace meterbench::core::link {

namespace {

constexpr std::uint64_t fnv_basis = 0xCBF29CE484222325;
constexpr std::uint64_t fnv_prime = 0x100000001B3;

} // namespace

bool Outcome::collided() const {
    const bool overlapped = torn || (errored > 1 && errored < octets);
    const bool same_errors =
        errored > 0 && errored < octets && repeated > 0 && repeated + 1 == attempts;
    return garbled > 0 && silent == 0 && (overlapped || same_errors || octets > max_frame_size);
}

bool PrimaryStation::start(const Request& request) {
    if (!idle()) {
        return false;
    }
    request_ = request;
    outcome_ = {};
    finished_ = false;
    busy_ = false; // the time of a babbler counts from here
    happen(PrimaryEvent::start, last_activity_);
    return true;
}

void PrimaryStation::receive(std::span<const Octet> octets) {
    for (const Octet& octet : octets) {
        take(octet);
    }
}

void PrimaryStation::take(const Octet& octet) {
    note_busy(octet);
    last_activity_ = octet.end;
    active_ = true;
    switch (state_) {
    case PrimaryState::idle: return;
    case PrimaryState::sending:
        if (!echoes(octet)) {
            strays_ = true;
            note_late(octet);
        }
        break;
    case PrimaryState::awaiting: return answer_octet(octet);
    case PrimaryState::settling:
        fault_ =
            make_fault(FaultCode::surplus_octets, outcome_.answer.bytes().size(), -1, octet.value);
        ++outcome_.garbled;
        note_octet(octet);
        break;
    case PrimaryState::pausing: note_octet(octet); break;
    }
    happen(PrimaryEvent::octet, octet.end);
    const bool waits = state_ == PrimaryState::sending || state_ == PrimaryState::pausing;
    if (waits && octet.end - busy_since_ > config_.limits.babble.ceil(config_.baud)) {
        fault_ = make_fault(FaultCode::babble);
        happen(PrimaryEvent::babble, octet.end);
    }
}

/// Ends of octets are compared: then the line was never free for a request in between.
void PrimaryStation::note_busy(const Octet& octet) {
    const Duration idle = config_.limits.idle.ceil(config_.baud);
    if (!busy_ || octet.end - last_activity_ >= idle) {
        busy_since_ = octet.start;
        busy_ = true;
    }
}

void PrimaryStation::note_late(const Octet& octet) {
    if (outcome_.silent > 0 && outcome_.late == Duration::zero() && octet.start > window_end_ &&
        octet.errors == OctetErrors::none &&
        (octet.value == start_single || octet.value == start_long)) {
        outcome_.late = octet.start - window_end_;
    }
}

/// An answer to a retry that begins as none does may be what is left of the one before.
void PrimaryStation::note_first(const Octet& octet) {
    const bool start =
        octet.value == start_single || octet.value == start_short || octet.value == start_long;
    strays_ = strays_ || (outcome_.attempts > 1 && (outcome_.early || !start));
}

void PrimaryStation::note_octet(const Octet& octet) {
    ++outcome_.octets;
    for (const std::uint8_t byte : {octet.value, static_cast<std::uint8_t>(octet.errors)}) {
        digest_ = (digest_ ^ byte) * fnv_prime;
    }
    if (octet.errors != OctetErrors::none) {
        ++outcome_.errored;
        // A line at space makes breaks all by itself.
        outcome_.torn = outcome_.torn || (octet.errors != OctetErrors::parity &&
                                          !has(octet.errors, OctetErrors::break_));
    }
}

/// Whether this octet is the next of the request coming back. One that comes when a meter may
/// answer already is an answer.
bool PrimaryStation::echoes(const Octet& octet) {
    const auto request = request_.frame.bytes();
    if (echoed_ == request.size() || octet.errors != OctetErrors::none) {
        return false;
    }
    const Instant latest =
        outcome_.request_end + reply_earliest.floor(config_.baud) + config_.limits.latency;
    const bool in_time = state_ == PrimaryState::sending || echoed_ > 0 || octet.start < latest;
    if (in_time && octet.value == request[echoed_]) {
        ++echoed_;
        return true;
    }
    if (state_ == PrimaryState::sending) {
        echoed_ = octet.value == request[0] ? 1 : 0;
        return echoed_ > 0;
    }
    return false;
}

/// What looked like an echo was the beginning of something else.
void PrimaryStation::replay_echo(const Octet& until) {
    const auto request = request_.frame.bytes();
    for (std::size_t left = std::exchange(echoed_, request.size()); left > 0; --left) {
        const auto bits = static_cast<std::int64_t>(left) * character_bits.numerator;
        const Instant start = until.start - bit_edge(config_.baud, bits);
        const std::size_t index = decoder_.bytes().size();
        if (state_ != PrimaryState::awaiting || index >= request.size()) {
            return;
        }
        answer_octet({.value = request[index],
                      .start = start,
                      .end = start + character_bits.floor(config_.baud)});
    }
}

void PrimaryStation::answer_octet(const Octet& octet) {
    const std::size_t size = request_.frame.bytes().size();
    if (decoder_.bytes().empty() && echoed_ < size) {
        if (echoes(octet)) {
            if (echoed_ == size) {
                outcome_.echo = true;
                open_window(octet.end);
            }
            return;
        }
        replay_echo(octet);
        if (state_ != PrimaryState::awaiting) {
            return take(octet);
        }
    }
    note_octet(octet);
    if (decoder_.bytes().empty()) {
        outcome_.answer_start = octet.start;
        outcome_.early = octet.start - outcome_.request_end < reply_earliest.floor(config_.baud);
        note_first(octet);
    }
    switch (decoder_.push(octet, config_.baud)) {
    case FrameDecoder::State::more: return happen(PrimaryEvent::octet, octet.end);
    case FrameDecoder::State::frame: return judge_frame();
    case FrameDecoder::State::fault:
        fault_ = decoder_.fault();
        ++outcome_.garbled;
        copy_answer();
        return happen(PrimaryEvent::bad_answer, octet.end);
    }
}

void PrimaryStation::judge_frame() {
    copy_answer();
    fault_ = misfit(decoder_.frame());
    outcome_.answer_end = decoder_.end();
    outcome_.garbled = static_cast<std::uint8_t>(outcome_.garbled + (fault_ ? 1 : 0));
    happen(fault_ ? PrimaryEvent::bad_answer : PrimaryEvent::good_answer, decoder_.end());
}

std::optional<Fault> PrimaryStation::misfit(const Frame& frame) const {
    const bool wants_data =
        request_.answer == Answer::data || request_.answer == Answer::acknowledge_or_data;
    const bool wants_acknowledge =
        request_.answer == Answer::acknowledge || request_.answer == Answer::acknowledge_or_data;
    if (frame.kind == FrameKind::single) {
        if (wants_acknowledge) {
            return std::nullopt;
        }
        return make_fault(FaultCode::unexpected_frame, 0, start_long, start_single);
    }
    const bool is_short = frame.kind == FrameKind::short_frame;
    const std::size_t control_offset = is_short ? 1 : 4;
    if (frame.control.from_master()) {
        return make_fault(FaultCode::wrong_direction, control_offset, -1, frame.control.value);
    }
    if (is_short || !wants_data || frame.control.function() != Function::rsp_ud) {
        return make_fault(FaultCode::unexpected_frame, control_offset, -1, frame.control.value);
    }
    if (request_.address && frame.address != *request_.address) {
        return make_fault(FaultCode::wrong_address, 5, *request_.address, frame.address);
    }
    return std::nullopt;
}

void PrimaryStation::copy_answer() {
    outcome_.answer.clear();
    for (const std::uint8_t byte : decoder_.bytes()) {
        outcome_.answer.push(byte);
    }
}

std::optional<Transmission> PrimaryStation::transmit() const {
    if (state_ != PrimaryState::sending) {
        return std::nullopt;
    }
    Transmission transmission{.bytes = request_.frame.bytes(), .baud = config_.baud};
    if (active_) {
        transmission.not_before = last_activity_ + config_.limits.idle.ceil(config_.baud);
    }
    return transmission;
}

void PrimaryStation::sent(Instant now) {
    last_activity_ = now;
    active_ = true;
    happen(PrimaryEvent::sent, now);
}

void PrimaryStation::aborted(Instant now) {
    fault_ = make_fault(FaultCode::port_lost);
    happen(PrimaryEvent::aborted, now);
}

void PrimaryStation::restart(Instant now) {
    decoder_.reset();
    state_ = PrimaryState::idle;
    finished_ = false;
    active_ = true;
    last_activity_ = now;
}

std::optional<Instant> PrimaryStation::deadline() const {
    switch (state_) {
    case PrimaryState::idle:
    case PrimaryState::sending: return std::nullopt;
    case PrimaryState::awaiting:
        if (decoder_.inside()) {
            return decoder_.deadline(config_.baud);
        }
        if (inside_echo()) {
            return last_activity_ + config_.limits.idle.ceil(config_.baud) + config_.limits.latency;
        }
        return window_end_;
    case PrimaryState::settling: return quiet_from(last_activity_);
    case PrimaryState::pausing:
        // The rest of what was heard may be on its way through the port.
        return quiet_from(last_activity_ + config_.limits.latency);
    }
    return std::nullopt;
}

/// For the rest of an answer. Through a port it comes in pieces; where several may answer, one that
/// breaks off is a collision as a rule.
Duration PrimaryStation::patience() const {
    const PrimaryLimits& limits = config_.limits;
    const bool pieces = limits.latency > Duration::zero() && !request_.whole_window;
    return limits.latency +
           (pieces ? limits.response_timeout.ceil(config_.baud) : Duration::zero());
}

/// When the line counts as quiet after this.
Instant PrimaryStation::quiet_from(Instant last) const {
    Instant idle = last + config_.limits.idle.ceil(config_.baud);
    if (strays_ || (state_ == PrimaryState::settling && outcome_.attempts > 1)) {
        idle += config_.limits.response_timeout.ceil(config_.baud);
    }
    return request_.whole_window ? std::max(idle, window_end_) : idle;
}

void PrimaryStation::expire(Instant now) {
    const auto due = deadline();
    if (!due || *due > now) {
        return;
    }
    if (state_ != PrimaryState::awaiting) {
        return happen(PrimaryEvent::quiet, now);
    }
    if (decoder_.idle(now, config_.baud) == FrameDecoder::State::fault) {
        fault_ = decoder_.fault();
        ++outcome_.garbled;
        copy_answer();
        return happen(PrimaryEvent::bad_answer, now);
    }
    if (inside_echo()) {
        // The rest of the echo is missing, so the request itself may be.
        fault_ = make_fault(FaultCode::noise, echoed_);
        ++outcome_.garbled;
        return happen(PrimaryEvent::bad_answer, now);
    }
    ++outcome_.silent;
    fault_ = make_fault(FaultCode::silence);
    happen(PrimaryEvent::window_over, now);
}

std::optional<Outcome> PrimaryStation::event() {
    if (!finished_) {
        return std::nullopt;
    }
    finished_ = false;
    return outcome_;
}

bool PrimaryStation::holds(PrimaryGuard guard) const {
    std::uint8_t retries = request_.retries.value_or(config_.limits.retries);
    if (state_ == PrimaryState::pausing) {
        retries = request_.garbled_retries.value_or(retries);
    }
    switch (guard) {
    case PrimaryGuard::always: return true;
    case PrimaryGuard::answer_expected: return request_.answer != Answer::none;
    case PrimaryGuard::no_answer_expected: return request_.answer == Answer::none;
    case PrimaryGuard::attempts_left: return outcome_.attempts <= retries;
    case PrimaryGuard::attempts_used: return outcome_.attempts > retries;
    }
    return false;
}

void PrimaryStation::happen(PrimaryEvent event, Instant now) {
    for (const PrimaryRow& row : config_.table) {
        if (row.state == state_ && row.event == event && holds(row.guard)) {
            state_ = row.next;
            return act(row.action, now);
        }
    }
}

void PrimaryStation::act(PrimaryAction action, Instant now) {
    switch (action) {
    case PrimaryAction::ignore:
    case PrimaryAction::reject:
    case PrimaryAction::keep_answer:
    case PrimaryAction::note_fault: return;
    case PrimaryAction::send:
    case PrimaryAction::send_again:
        note_attempt_fault();
        ++outcome_.attempts;
        echoed_ = 0;
        strays_ = false;
        fault_.reset();
        return;
    case PrimaryAction::open_window:
        outcome_.answer.clear();
        outcome_.answer_start = {}; // what an earlier attempt heard is not this one's
        outcome_.answer_end = {};
        outcome_.early = false;
        outcome_.octets = 0;
        outcome_.errored = 0;
        outcome_.torn = false;
        digest_before_ = std::exchange(digest_, fnv_basis);
        outcome_.echo = outcome_.echo || echoed_ == request_.frame.bytes().size();
        decoder_.reset();
        decoder_.set_patience(patience());
        busy_ = false;
        return open_window(now);
    case PrimaryAction::deliver:
    case PrimaryAction::deliver_nothing:
    case PrimaryAction::give_up:
        note_attempt_fault();
        outcome_.fault = std::exchange(fault_, std::nullopt);
        if (outcome_.late > Duration::zero() && outcome_.fault &&
            outcome_.fault->layer != Layer::bench && outcome_.fault->code != FaultCode::babble) {
            outcome_.fault = make_fault(FaultCode::late_answer);
        }
        finished_ = true;
        return;
    }
}

void PrimaryStation::note_attempt_fault() {
    if (fault_ && fault_->code != FaultCode::silence) {
        outcome_.garbled_fault = fault_;
    }
    if (outcome_.attempts > 1 && digest_ == digest_before_) {
        ++outcome_.repeated;
    }
}

void PrimaryStation::open_window(Instant request_end) {
    outcome_.request_end = request_end;
    // The octet is known at its end: one character after the start bit that the limit bounds.
    window_end_ = request_end + config_.limits.response_timeout.ceil(config_.baud) +
                  character_bits.ceil(config_.baud) + config_.limits.latency;
}

} // namespace meterbench::core::link
