// SPDX-License-Identifier: Apache-2.0
#include "models/faulty_device.hpp"

#include "core/link/frame.hpp"

#include <algorithm>

namespace meterbench::models {

namespace link = core::link;

namespace {

constexpr core::Duration chatter_period = std::chrono::seconds{10};
constexpr core::BitTime silence{33}; ///< ends what was heard, as for every receiver
constexpr std::size_t noise_octets = 24;

/// SplitMix64; the same noise in every run.
std::uint64_t draw(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t value = state;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

} // namespace

bool FaultyDevice::has(ConductEdit edit) const {
    return std::ranges::find(edits_, edit) != edits_.end();
}

bool FaultyDevice::is_null() const {
    return std::ranges::any_of(edits_,
                               [](ConductEdit edit) { return edit <= ConductEdit::replay; });
}

void FaultyDevice::receive(std::span<const core::Octet> octets) {
    if (edits_.empty()) {
        return station_.receive(octets);
    }
    if (!answer_.empty()) {
        return; // half-duplex
    }
    for (const core::Octet& octet : octets) {
        note(octet);
    }
    if (!is_null()) {
        station_.receive(octets);
    }
}

void FaultyDevice::note(const core::Octet& octet) {
    const core::Baud baud = station_.config().baud;
    if (octet.start - last_end_ >= silence.ceil(baud)) {
        heard_.clear();
    }
    heard_.push_back(octet.value);
    last_end_ = octet.end;
    due_ = octet.end +
           std::max(silence.ceil(baud), station_.config().limits.response_delay.ceil(baud));
    chatter_ = octet.end + chatter_period;
}

std::optional<core::Transmission> FaultyDevice::transmit() const {
    if (answer_.empty()) {
        return is_null() ? std::nullopt : station_.transmit();
    }
    return core::Transmission{
        .bytes = answer_, .not_before = answer_at_, .baud = station_.config().baud};
}

void FaultyDevice::sent(core::Instant now) {
    if (answer_.empty()) {
        station_.sent(now);
    }
    answer_.clear();
    heard_.clear();
    due_.reset();
    if (chatter_) {
        chatter_ = now + chatter_period;
    }
}

void FaultyDevice::aborted(core::Instant now) {
    if (answer_.empty()) {
        station_.aborted(now);
    }
    answer_.clear();
}

void FaultyDevice::restart(core::Instant now) {
    heard_.clear();
    due_.reset();
    chatter_ = now + chatter_period;
    if (has(ConductEdit::selection_kept)) {
        return station_.aborted(now);
    }
    station_.restart(now);
}

std::optional<core::Instant> FaultyDevice::deadline() const {
    auto first = station_.deadline();
    if (edits_.empty() || !answer_.empty()) {
        return first;
    }
    const auto sooner = [&first](const std::optional<core::Instant>& other) {
        if (other && (!first || *other < *first)) {
            first = other;
        }
    };
    sooner(due_);
    if (has(ConductEdit::chatter_acknowledge) || has(ConductEdit::chatter_data)) {
        sooner(chatter_);
    }
    return first;
}

void FaultyDevice::expire(core::Instant now) {
    if (const auto due = station_.deadline(); due && *due <= now) {
        station_.expire(now);
    }
    if (due_ && *due_ <= now) {
        due_.reset();
        if (is_null() || !station_.transmit()) {
            answer_ = answer_to_heard(now);
            answer_at_ = now;
        }
    }
    if (chatter_ && *chatter_ <= now) {
        chatter_ = now + chatter_period;
        if (answer_.empty() && !station_.transmit()) {
            answer_ = unasked(now);
            answer_at_ = now;
        }
    }
}

std::vector<std::uint8_t> FaultyDevice::answer_to_heard(core::Instant now) {
    if (has(ConductEdit::echo)) {
        return heard_;
    }
    if (has(ConductEdit::noise)) {
        std::vector<std::uint8_t> noise(1 + draw(drawn_) % noise_octets);
        std::ranges::generate(noise, [this] { return static_cast<std::uint8_t>(draw(drawn_)); });
        return noise;
    }
    if (has(ConductEdit::replay)) {
        canned_data_ = !canned_data_;
        return canned_data_ ? std::vector{link::start_single} : own_telegram(now);
    }
    const bool answered = has(ConductEdit::yes) ||
                          (has(ConductEdit::short_length) && heard_short_length()) ||
                          (has(ConductEdit::truncated) && heard_truncated());
    return answered ? std::vector{link::start_single} : std::vector<std::uint8_t>{};
}

std::vector<std::uint8_t> FaultyDevice::unasked(core::Instant now) {
    if (has(ConductEdit::chatter_acknowledge)) {
        return {link::start_single};
    }
    return has(ConductEdit::chatter_data) ? own_telegram(now) : std::vector<std::uint8_t>{};
}

std::vector<std::uint8_t> FaultyDevice::own_telegram(core::Instant now) {
    const auto frame = link::encode_long(link::rsp_ud, station_.address(),
                                         application_.class2().current(now).user_data);
    if (!frame) {
        return {};
    }
    return {frame->bytes().begin(), frame->bytes().end()};
}

/// 68 02 02 68 C A CS 16 for this device, and 68 00 00 68 CS 16.
bool FaultyDevice::heard_short_length() const {
    return heard_.size() >= link::long_frame_overhead && heard_[0] == link::start_long &&
           heard_[1] < link::min_length_field && heard_[1] == heard_[2] &&
           heard_.size() == heard_[1] + link::long_frame_overhead &&
           (heard_[1] < 2 || heard_[5] == station_.address());
}

/// A frame to this device that lacks octets at its end.
bool FaultyDevice::heard_truncated() const {
    const bool is_short = heard_.size() >= 3 && heard_.size() < link::short_frame_size &&
                          heard_[0] == link::start_short && heard_[2] == station_.address();
    const bool is_long = heard_.size() > 5 && heard_[0] == link::start_long &&
                         heard_[1] == heard_[2] && heard_[5] == station_.address() &&
                         heard_.size() < heard_[1] + link::long_frame_overhead;
    return is_short || is_long;
}

} // namespace meterbench::models
