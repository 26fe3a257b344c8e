// SPDX-License-Identifier: Apache-2.0
#include "core/link/frame_decoder.hpp"

namespace meterbench::core::link {

std::optional<Fault> FrameScan::push(std::uint8_t byte) {
    const std::size_t offset = size_;
    ++size_;
    if (offset == 0) {
        return push_first(byte);
    }
    if (kind_ == FrameKind::long_frame && offset < 4) {
        return push_head(byte);
    }
    if (needed_ > 2) {
        sum_ = static_cast<std::uint8_t>(sum_ + byte);
        --needed_;
        return std::nullopt;
    }
    return push_tail(byte);
}

std::optional<Fault> FrameScan::push_first(std::uint8_t byte) {
    switch (byte) {
    case start_single:
        kind_ = FrameKind::single;
        needed_ = 0;
        return std::nullopt;
    case start_short:
        kind_ = FrameKind::short_frame;
        needed_ = short_frame_size - 1;
        return std::nullopt;
    case start_long:
        kind_ = FrameKind::long_frame;
        needed_ = long_frame_overhead - 1 + min_length_field;
        return std::nullopt;
    default: return make_fault(FaultCode::unknown_start, 0, start_long, byte);
    }
}

std::optional<Fault> FrameScan::push_head(std::uint8_t byte) {
    const std::size_t offset = size_ - 1;
    if (offset == 1) {
        length_ = byte;
        if (length_ < min_length_field) {
            return make_fault(FaultCode::length_too_small, offset, min_length_field, byte);
        }
        needed_ = length_ + long_frame_overhead - 2;
        return std::nullopt;
    }
    if (offset == 2 && byte != length_) {
        return make_fault(FaultCode::length_mismatch, offset, length_, byte);
    }
    if (offset == 3 && byte != start_long) {
        return make_fault(FaultCode::second_start_missing, offset, start_long, byte);
    }
    --needed_;
    return std::nullopt;
}

std::optional<Fault> FrameScan::push_tail(std::uint8_t byte) {
    const std::size_t offset = size_ - 1;
    if (needed_ == 2 && byte != sum_) {
        return make_fault(FaultCode::checksum_mismatch, offset, sum_, byte);
    }
    if (needed_ == 1 && byte != stop) {
        return make_fault(FaultCode::stop_missing, offset, stop, byte);
    }
    --needed_;
    return std::nullopt;
}

Frame FrameScan::view(std::span<const std::uint8_t> bytes) const {
    if (kind_ == FrameKind::single) {
        return {};
    }
    if (kind_ == FrameKind::short_frame) {
        return {FrameKind::short_frame, {bytes[1]}, bytes[2], {}};
    }
    const FrameKind kind = length_ == min_length_field ? FrameKind::control : FrameKind::long_frame;
    return {kind, {bytes[4]}, bytes[5], bytes.subspan(6, length_ - 2U)};
}

namespace {
std::optional<FaultCode> fault_of(OctetErrors errors) {
    if (has(errors, OctetErrors::collision)) {
        return FaultCode::collision;
    }
    if (has(errors, OctetErrors::break_)) {
        return FaultCode::break_received;
    }
    if (has(errors, OctetErrors::framing)) {
        return FaultCode::framing_error;
    }
    if (has(errors, OctetErrors::parity)) {
        return FaultCode::parity_error;
    }
    return std::nullopt;
}
} // namespace

FrameDecoder::State FrameDecoder::push_any(const Octet& octet, Baud baud) {
    const Duration idle = idle_after_error.floor(baud) + (inside() ? patience_ : Duration{});
    const bool was_idle = size_ == 0 || octet.start - end_ >= idle;
    if (deaf_ && !was_idle) {
        end_ = octet.end;
        return State::more;
    }
    // A frame that idle() was not told about broke off; the octet that ends the silence starts
    // anew.
    if (state_ != State::more || deaf_ || was_idle) {
        reset();
    }
    if (size_ == 0) {
        start_ = octet.start;
    }
    end_ = octet.end;
    buffer_[size_++] = octet.value;
    if (const auto code = fault_of(octet.errors)) {
        return stop_with(make_fault(*code, size_ - 1));
    }
    if (const auto fault = scan_.push(octet.value)) {
        return stop_with(*fault);
    }
    if (scan_.complete()) {
        frame_ = scan_.view(bytes());
        state_ = State::frame;
    }
    return state_;
}

FrameDecoder::State FrameDecoder::stop_with(const Fault& fault) {
    fault_ = fault;
    deaf_ = true;
    state_ = State::fault;
    return state_;
}

std::optional<Instant> FrameDecoder::deadline(Baud baud) const {
    if (!inside()) {
        return std::nullopt;
    }
    return end_ + idle_after_error.ceil(baud) + patience_;
}

FrameDecoder::State FrameDecoder::idle(Instant now, Baud baud) {
    if (const auto due = deadline(baud); due && now >= *due) {
        fault_ = make_fault(FaultCode::truncated, size_,
                            static_cast<std::int32_t>(size_ + scan_.needed()),
                            static_cast<std::int32_t>(size_));
        state_ = State::fault;
        deaf_ = false;
        return state_;
    }
    return State::more;
}

void FrameDecoder::reset() {
    scan_.reset();
    size_ = 0;
    state_ = State::more;
    deaf_ = false;
}

} // namespace meterbench::core::link
