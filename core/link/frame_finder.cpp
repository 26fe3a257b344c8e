// SPDX-License-Identifier: Apache-2.0
#include "core/link/frame_finder.hpp"

#include <algorithm>

namespace meterbench::core::link {

bool FrameFinder::push(const Octet& octet) {
    held_[count_++] = octet;
    return scan();
}

bool FrameFinder::again() {
    return scan();
}

bool FrameFinder::idle() {
    while (count_ != 0) {
        fault_ = make_fault(FaultCode::truncated, count_);
        skip();
        if (scan()) {
            return true;
        }
    }
    after_noise_ = false;
    return false;
}

bool FrameFinder::scan() {
    while (scanned_ < count_) {
        const Octet& octet = held_[scanned_];
        const OctetErrors bad = OctetErrors::parity | OctetErrors::framing | OctetErrors::break_;
        std::optional<Fault> fault;
        if ((static_cast<unsigned>(octet.errors) & static_cast<unsigned>(bad)) != 0) {
            fault = make_fault(FaultCode::parity_error, scanned_);
        } else if (after_noise_ && scanned_ == 0 && octet.value == start_single) {
            fault = make_fault(FaultCode::unknown_start, 0, start_long, octet.value);
        } else {
            fault = scan_.push(octet.value);
        }
        if (fault) {
            fault_ = *fault;
            skip();
            continue;
        }
        ++scanned_;
        if (scan_.complete()) {
            found_ = scanned_;
            std::ranges::transform(held_.begin(),
                                   held_.begin() + static_cast<std::ptrdiff_t>(found_),
                                   buffer_.begin(), &Octet::value);
            frame_ = scan_.view(bytes());
            start_ = held_.front().start;
            end_ = held_[found_ - 1].end;
            drop(found_);
            after_noise_ = false;
            return true;
        }
    }
    return false;
}

void FrameFinder::skip() {
    drop(1);
    ++skipped_;
    after_noise_ = true;
}

void FrameFinder::drop(std::size_t count) {
    std::shift_left(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count_),
                    static_cast<std::ptrdiff_t>(count));
    count_ -= count;
    scanned_ = 0;
    scan_.reset();
}

} // namespace meterbench::core::link
