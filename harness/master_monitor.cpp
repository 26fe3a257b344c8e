// SPDX-License-Identifier: Apache-2.0
#include "harness/master_monitor.hpp"

#include "core/link/address.hpp"
#include "core/link/control_field.hpp"

#include <cstdlib>
#include <fmt/format.h>

namespace meterbench::harness {

using core::BitTime;
using core::Duration;
using core::Instant;
using core::Octet;
using core::OctetErrors;

namespace {

/// A master's clock may be off by 0.5 %, so its bit times are (EN 13757-2, 5.2.7; MB2-PH-035).
constexpr BitTime idle_bits{std::int64_t{33} * 995, 1000};
constexpr BitTime wait_bits{std::int64_t{330} * 995, 1000};
constexpr Duration wait_extra = std::chrono::milliseconds{50};
/// More idle time than this inside a frame is a failure (MB2-LL-014).
constexpr BitTime gap_limit{11};

core::Baud rate_of(const Octet& octet) {
    const std::int64_t length = std::max<std::int64_t>((octet.end - octet.start).count(), 1);
    const std::int64_t bits = core::character_bits.numerator * std::nano::den;
    return {static_cast<std::uint32_t>((bits + length / 2) / length)};
}

std::string milliseconds(Duration value) {
    const auto count = value.count();
    return fmt::format("{}{}.{:06} ms", count < 0 ? "-" : "", std::abs(count / 1'000'000),
                       std::abs(count % 1'000'000));
}

} // namespace

void MasterMonitor::Shortest::add(Duration time, Duration limit_there, Instant when) {
    if (count++ == 0 || time - limit_there < value - limit) {
        value = time;
        limit = limit_there;
        at = when;
    }
}

void MasterMonitor::answered(std::span<const Octet> octets) {
    if (suspended_ || octets.empty()) {
        return;
    }
    // What began before the request had ended answers nothing: an echo, or a late one.
    if (request_end_ && octets.back().start >= *request_end_) {
        request_end_.reset();
    }
    answer_end_ = octets.back().end;
    answer_rate_ = rate_of(octets.back());
}

void MasterMonitor::requested(std::span<const Octet> octets) {
    for (const Octet& octet : octets) {
        if (suspended_) {
            return;
        }
        const Duration idle = 3 * (octet.end - octet.start); // 33 bit times are three characters
        const bool fresh = !last_ || frame_.empty() || octet.start - *last_ >= idle ||
                           (frame_possible_ && scan_.complete());
        ++octets_;
        if (octet.errors != OctetErrors::none) {
            first_error_ = errors_++ == 0 ? octet.start : first_error_;
        }
        fresh ? begin(octet) : go_on(octet);
        frame_.push_back(octet.value);
        if (frame_possible_ && scan_.push(octet.value)) {
            frame_possible_ = false;
        }
        last_ = octet.end;
        request_end_.reset();
        if (frame_possible_ && scan_.complete()) {
            end_frame();
        }
    }
}

void MasterMonitor::begin(const Octet& octet) {
    const core::Baud rate = rate_of(octet);
    if (answer_end_) {
        idle_.add(octet.start - *answer_end_, idle_bits.floor(answer_rate_), octet.start);
    } else if (request_end_) {
        wait_.add(octet.start - *request_end_, wait_bits.floor(rate) + wait_extra, octet.start);
    }
    answer_end_.reset();
    frame_.clear();
    scan_.reset();
    frame_possible_ = true;
}

void MasterMonitor::go_on(const Octet& octet) {
    const Duration gap = octet.start - *last_;
    if (gap > longest_gap_) {
        longest_gap_ = gap;
        gap_at_ = octet.start;
        gap_limit_ = gap_limit.ceil(rate_of(octet));
    }
}

void MasterMonitor::end_frame() {
    namespace link = core::link;
    const link::Frame frame = scan_.view(frame_);
    if (frame.kind == link::FrameKind::single) {
        return;
    }
    ++frames_;
    if ((frame.control.value & 0x80U) != 0) {
        first_bit7_ = wrong_bit7_++ == 0 ? *last_ : first_bit7_;
    }
    if (!frame.control.from_master()) {
        first_direction_ = wrong_direction_++ == 0 ? *last_ : first_direction_;
    }
    // Nobody answers FFh, and an alarm poll may wait for less (MB3-AP-020).
    const bool alarm = frame.control.function() == link::Function::req_ud1;
    if (frame.address != link::address::broadcast && !alarm) {
        request_end_ = last_;
    }
}

void MasterMonitor::report(Judge& judge) const {
    if (octets_ == 0) {
        return;
    }
    report_times(judge);
    report_frames(judge);
}

void MasterMonitor::report_times(Judge& judge) const {
    if (!setup_.timing) {
        return;
    }
    const auto observe = [&](const char* what, const Shortest& shortest, const char* requirement,
                             const char* where) {
        if (shortest.count == 0) {
            return;
        }
        judge.monitored({.now = nanoseconds(shortest.at),
                         .what = what,
                         .passed = shortest.value >= shortest.limit - setup_.uncertainty,
                         .expected = fmt::format("at least {}", milliseconds(shortest.limit)),
                         .actual = milliseconds(shortest.value),
                         .requirement = requirement,
                         .where = where});
    };
    observe("shortest idle time before a request", idle_, "MB2-LL-021", "monitor.idle");
    observe("shortest wait for an answer that did not come", wait_, "MB2-LL-018",
            "monitor.reply-window");
    if (setup_.gaps && gap_limit_ != Duration::zero()) {
        judge.monitored({.now = nanoseconds(gap_at_),
                         .what = "longest idle time between characters of the master",
                         .passed = longest_gap_ <= gap_limit_ + setup_.uncertainty,
                         .expected = fmt::format("at most {}", milliseconds(gap_limit_)),
                         .actual = milliseconds(longest_gap_),
                         .requirement = "MB2-LL-014",
                         .where = "monitor.gaps"});
    }
}

void MasterMonitor::report_frames(Judge& judge) const {
    const auto observe = [&](const char* what, std::size_t count, std::size_t of, Instant first,
                             const char* requirement, const char* where) {
        judge.monitored({.now = nanoseconds(first),
                         .what = what,
                         .passed = count == 0,
                         .expected = fmt::format("0 of {}", of),
                         .actual = std::to_string(count),
                         .requirement = requirement,
                         .where = where});
    };
    if (setup_.octet_errors) {
        observe("octets of the master with wrong parity or stop bit", errors_, octets_,
                first_error_, "MB2-PH-036", "monitor.parity");
    }
    if (frames_ != 0) {
        observe("frames of the master with bit 7 of the C field", wrong_bit7_, frames_, first_bit7_,
                "MB2-LL-023", "monitor.control-field");
        observe("frames of the master without PRM", wrong_direction_, frames_, first_direction_,
                "MB2-LL-024", "monitor.control-field");
    }
}

} // namespace meterbench::harness
