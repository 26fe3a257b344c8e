// SPDX-License-Identifier: Apache-2.0
#include "models/input_fault.hpp"

#include "core/link/frame.hpp"
#include "core/link/secondary_station.hpp"

namespace meterbench::models {

using core::Octet;
using core::OctetErrors;
namespace link = core::link;
using Kind = InputEdit::Kind;

namespace {

constexpr OctetErrors without(OctetErrors set, OctetErrors error) {
    return static_cast<OctetErrors>(static_cast<unsigned>(set) & ~static_cast<unsigned>(error));
}

} // namespace

core::Duration InputFault::bits(std::uint8_t count) const {
    return core::BitTime{count}.ceil(station_.config().baud);
}

/// Where in its frame the octet stands, as the sender meant it.
void InputFault::follow(const Octet& octet) {
    const bool over = !inside_ || (length_ != 0 && position_ + 1 >= length_);
    broken_off_ = !over && !bad_ && octet.start - last_end_ > 3 * (octet.end - octet.start);
    if (over || octet.start - last_end_ > 3 * (octet.end - octet.start)) {
        position_ = 0;
        bad_ = false;
        inside_ = true;
    } else {
        ++position_;
    }
    if (position_ == 0) {
        long_frame_ = octet.value == link::start_long;
        length_ = long_frame_ ? 0 : octet.value == link::start_short ? link::short_frame_size : 1;
        sum_ = 0;
        altered_sum_ = 0;
    }
    if (long_frame_ && position_ == 1) {
        first_length_ = octet.value;
        length_ = octet.value + link::long_frame_overhead;
    }
}

InputFault::Place InputFault::place() const {
    if (length_ == 1) {
        return Place::single;
    }
    if (position_ == 0) {
        return Place::start;
    }
    if (length_ != 0 && position_ + 2 >= length_) {
        return position_ + 1 == length_ ? Place::stop : Place::checksum;
    }
    if (long_frame_ && position_ < 4) {
        return position_ == 1   ? Place::length
               : position_ == 2 ? Place::length_again
                                : Place::start_again;
    }
    const std::size_t at = position_ - (long_frame_ ? 4 : 1);
    return at == 0   ? Place::control
           : at == 1 ? Place::address
           : at == 2 ? Place::information
                     : Place::data;
}

void InputFault::note_errors(const Octet& octet, Place place) {
    const bool wrong = octet.errors != OctetErrors::none ||
                       (place == Place::checksum && octet.value != sum_) ||
                       (place == Place::stop && octet.value != link::stop) ||
                       (place == Place::length_again && octet.value != first_length_) ||
                       (place == Place::start_again && octet.value != link::start_long);
    bad_ = bad_ || wrong;
}

bool InputFault::unheard(const InputEdit& edit, const Octet& octet, Place place) const {
    switch (edit.kind) {
    case Kind::address_unheard: return place == Place::address && octet.value == edit.value;
    case Kind::control_unheard: return place == Place::control && octet.value == edit.value;
    case Kind::command_unheard: return place == Place::information && octet.value == edit.value;
    case Kind::long_unheard:
        return place == Place::control && long_frame_ && first_length_ > edit.value;
    default: return false;
    }
}

void InputFault::alter(const InputEdit& edit, Octet& octet, Place place) {
    switch (edit.kind) {
    case Kind::checksum_unchecked:
        if (place == Place::checksum) {
            octet.value = altered_sum_;
        }
        return;
    case Kind::stop_unchecked:
        if (place == Place::stop) {
            octet.value = link::stop;
        }
        return;
    case Kind::length_unchecked:
        if (place == Place::length_again) {
            octet.value = first_length_;
        }
        return;
    case Kind::second_start_unchecked:
        if (place == Place::start_again) {
            octet.value = link::start_long;
        }
        return;
    case Kind::parity_unchecked: octet.errors = without(octet.errors, OctetErrors::parity); return;
    case Kind::framing_unchecked:
        octet.errors = without(octet.errors, OctetErrors::framing);
        return;
    case Kind::gap_unnoticed: // the decoder judges gaps by the start of the next octet
        if (broken_off_) {
            octet.start = last_end_;
        }
        return;
    case Kind::address_bit_ignored:
        if (place == Place::address &&
            ((octet.value ^ station_.address()) & ~unsigned{edit.value}) == 0) {
            octet.value = station_.address();
        }
        return;
    default: return;
    }
}

std::optional<Octet> InputFault::pass(const Octet& octet) {
    follow(octet);
    const Place at = place();
    note_errors(octet, at);
    if (at == Place::address) {
        address_ = octet.value;
    }
    Octet heard = octet;
    bool lost = octet.start < deaf_until_;
    for (const InputEdit& edit : edits_) {
        const bool fits = edit.frames == InputEdit::Frames::every ||
                          (edit.frames == InputEdit::Frames::long_ones) == long_frame_;
        if (fits) {
            lost = lost || unheard(edit, octet, at);
            alter(edit, heard, at);
        }
        const bool stray = at == Place::single && octet.value != link::start_single;
        if ((edit.kind == Kind::deaf_after_stray_octet && stray) ||
            (edit.kind == Kind::deaf_after_error && at == Place::stop && bad_)) {
            deaf_until_ = octet.end + bits(edit.value);
        }
    }
    if (at >= Place::control && at <= Place::data) {
        sum_ = static_cast<std::uint8_t>(sum_ + octet.value);
        altered_sum_ = static_cast<std::uint8_t>(altered_sum_ + heard.value);
    }
    if (at == Place::checksum && octet.value == sum_ && sum_ != altered_sum_) {
        heard.value = altered_sum_; // an altered field is no reason to discard the frame
    }
    last_end_ = octet.end;
    return lost ? std::nullopt : std::optional{heard};
}

} // namespace meterbench::models
