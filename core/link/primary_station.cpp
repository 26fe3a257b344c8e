// SPDX-License-Identifier: Apache-2.0
#include "core/link/primary_station.hpp"

#include <utility>

namespace meterbench::core::link {

bool PrimaryStation::start(const Request& request) {
    if (!idle()) {
        return false;
    }
    request_ = request;
    outcome_ = {};
    finished_ = false;
    happen(PrimaryEvent::start, last_activity_);
    return true;
}

void PrimaryStation::receive(std::span<const Octet> octets) {
    for (const Octet& octet : octets) {
        take(octet);
    }
}

void PrimaryStation::take(const Octet& octet) {
    last_activity_ = octet.end;
    active_ = true;
    if (state_ != PrimaryState::awaiting) {
        if (state_ == PrimaryState::settling) {
            fault_ = make_fault(FaultCode::surplus_octets, outcome_.answer.bytes().size(), -1,
                                octet.value);
        }
        return happen(PrimaryEvent::octet, octet.end);
    }
    if (decoder_.bytes().empty()) {
        outcome_.answer_start = octet.start;
        outcome_.early = octet.start - outcome_.request_end < reply_earliest.floor(config_.baud);
    }
    switch (decoder_.push(octet, config_.baud)) {
    case FrameDecoder::State::more: return happen(PrimaryEvent::octet, octet.end);
    case FrameDecoder::State::frame: return judge_frame();
    case FrameDecoder::State::fault:
        fault_ = decoder_.fault();
        copy_answer();
        return happen(PrimaryEvent::bad_answer, octet.end);
    }
}

void PrimaryStation::judge_frame() {
    copy_answer();
    fault_ = misfit(decoder_.frame());
    outcome_.answer_end = decoder_.end();
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
        if (const auto gap = decoder_.deadline(config_.baud)) {
            return *gap + config_.limits.latency;
        }
        return window_end_;
    case PrimaryState::settling:
    case PrimaryState::pausing: return last_activity_ + config_.limits.idle.ceil(config_.baud);
    }
    return std::nullopt;
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
        copy_answer();
        return happen(PrimaryEvent::bad_answer, now);
    }
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
    const std::uint8_t retries = request_.retries.value_or(config_.limits.retries);
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
        ++outcome_.attempts;
        fault_.reset();
        return;
    case PrimaryAction::open_window:
        outcome_.request_end = now;
        outcome_.answer.clear();
        outcome_.answer_start = {}; // what an earlier attempt heard is not this one's
        outcome_.answer_end = {};
        outcome_.early = false;
        decoder_.reset();
        // The octet is known at its end: one character after the start bit that the limit bounds.
        window_end_ = now + config_.limits.response_timeout.ceil(config_.baud) +
                      character_bits.ceil(config_.baud) + config_.limits.latency;
        return;
    case PrimaryAction::deliver:
    case PrimaryAction::deliver_nothing:
    case PrimaryAction::give_up:
        outcome_.fault = std::exchange(fault_, std::nullopt);
        finished_ = true;
        return;
    }
}

} // namespace meterbench::core::link
