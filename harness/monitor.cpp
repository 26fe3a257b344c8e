// SPDX-License-Identifier: Apache-2.0
#include "harness/monitor.hpp"

#include "core/link/frame.hpp"
#include "harness/recording_line.hpp"

#include <fmt/format.h>

namespace meterbench::harness {

using core::BitTime;
using core::Duration;
using core::Instant;
using core::Octet;
using core::OctetErrors;

namespace {

/// A meter's clock may be off by 0.5 %, so its bit times are (EN 13757-2, 5.2.7; MB2-PH-035).
constexpr BitTime earliest_bits{std::int64_t{11} * 995, 1000};
constexpr BitTime latest_bits{std::int64_t{330} * 1005, 1000};
constexpr Duration latest_extra = std::chrono::milliseconds{50};
/// More idle time than this inside a frame is a failure (MB2-LL-014).
constexpr BitTime gap_limit{11};
/// EN 13757-2, 4.2.2.2 (MB2-PH-008), in mA; and what sums of numbers may be off.
constexpr double unit_load = 1.5;
constexpr double rounding = 1e-3;

/// The address that a frame is for; none for anything that is too short to say.
std::optional<std::uint8_t> address_of(std::span<const std::uint8_t> bytes) {
    constexpr std::size_t short_at = 2;
    constexpr std::size_t long_at = 5;
    if (bytes.empty()) {
        return std::nullopt;
    }
    const std::size_t at = bytes.front() == core::link::start_short ? short_at : long_at;
    return bytes.size() > at ? std::optional{bytes[at]} : std::nullopt;
}

std::string milliseconds(Duration value) {
    const auto count = value.count();
    return fmt::format("{}{}.{:06} ms", count < 0 ? "-" : "", std::abs(count / 1'000'000),
                       std::abs(count % 1'000'000));
}

} // namespace

void Monitor::sent(std::span<const std::uint8_t> bytes, Instant start, Instant finish,
                   core::Baud baud) {
    if (setup_.role == rig::Dut::Role::master) {
        return; // what it hears counts
    }
    // Sent into an answer that is under way: what comes then belongs to nobody for sure.
    const bool overlaps = last_ && *last_ > start;
    to_device_ = !overlaps && address_of(bytes) == setup_.address;
    request_start_ = start;
    request_finish_ = finish;
    baud_ = baud;
    last_.reset();
    scan_.reset();
    frame_possible_ = true;
}

void Monitor::overheard(std::span<const Octet> octets) {
    if (setup_.role == rig::Dut::Role::master) {
        master_.answered(octets);
    }
}

void Monitor::heard(std::span<const Octet> octets) {
    if (setup_.role == rig::Dut::Role::master) {
        return master_.requested(octets);
    }
    if (suspended_ || !to_device_) {
        return;
    }
    for (const Octet& octet : octets) {
        hear(octet);
    }
}

void Monitor::hear(const Octet& octet) {
    if (octet.start < request_start_) {
        return; // the end of the answer before
    }
    ++octets_;
    if (core::has(octet.errors, OctetErrors::collision)) {
        first_collision_ = collisions_++ == 0 ? octet.start : first_collision_;
        return;
    }
    if (octet.errors != OctetErrors::none) {
        first_error_ = errors_++ == 0 ? octet.start : first_error_;
    }
    last_ ? hear_next(octet) : hear_first(octet);
    last_ = octet.end;
    if (frame_possible_ && scan_.push(octet.value)) {
        frame_possible_ = false;
    }
}

void Monitor::hear_first(const Octet& octet) {
    ++answers_;
    const Duration delay = octet.start - request_finish_;
    const Extreme early{delay, earliest_bits.floor(baud_), octet.start};
    const Extreme late{delay, latest_bits.ceil(baud_) + latest_extra, octet.start};
    if (!earliest_ || early.value - early.limit < earliest_->value - earliest_->limit) {
        earliest_ = early;
    }
    if (!latest_ || late.value - late.limit > latest_->value - latest_->limit) {
        latest_ = late;
    }
}

void Monitor::hear_next(const Octet& octet) {
    if (frame_possible_ && scan_.complete()) {
        first_surplus_ = surplus_++ == 0 ? octet.start : first_surplus_;
        frame_possible_ = false;
        return;
    }
    const Extreme gap{octet.start - *last_, gap_limit.ceil(baud_), octet.start};
    if (!longest_gap_ || gap.value - gap.limit > longest_gap_->value - longest_gap_->limit) {
        longest_gap_ = gap;
    }
}

void Monitor::drawn(double milliampere, Instant now) {
    if (suspended_ || (most_drawn_ && milliampere <= *most_drawn_)) {
        return;
    }
    most_drawn_ = milliampere;
    most_drawn_at_ = now;
}

void Monitor::report(Judge& judge) const {
    if (setup_.role == rig::Dut::Role::master) {
        return master_.report(judge);
    }
    if (most_drawn_) {
        report_current(judge);
    }
    if (answers_ != 0) {
        report_times(judge);
        report_octets(judge);
    }
    if (collisions_ != 0) {
        judge.reason(
            formats::Verdict::inconclusive,
            fmt::format("somebody else talked into {} octets of the device's answers", collisions_),
            "monitor.collisions");
    }
}

void Monitor::report_times(Judge& judge) const {
    if (!setup_.timing) {
        return;
    }
    const auto observe = [&](const char* what, const Extreme& extreme, bool passed,
                             const char* side, const char* requirement, const char* where) {
        judge.monitored({.now = nanoseconds(extreme.at),
                         .what = what,
                         .passed = passed,
                         .expected = fmt::format("{} {}", side, milliseconds(extreme.limit)),
                         .actual = milliseconds(extreme.value),
                         .requirement = requirement,
                         .where = where});
    };
    const Duration doubt = setup_.uncertainty;
    observe("earliest answer of the case", *earliest_, earliest_->value >= earliest_->limit - doubt,
            "at least", "MB2-LL-016", "monitor.reply-window");
    observe("latest answer of the case", *latest_, latest_->value <= latest_->limit + doubt,
            "at most", "MB2-LL-017", "monitor.reply-window");
    // A port hands over octets when its host gets round to it: their times say nothing of gaps.
    if (setup_.gaps && longest_gap_) {
        observe("longest idle time between characters of the case", *longest_gap_,
                longest_gap_->value <= longest_gap_->limit + doubt, "at most", "MB2-LL-014",
                "monitor.gaps");
    }
}

void Monitor::report_current(Judge& judge) const {
    const double budget = setup_.unit_loads * unit_load;
    judge.monitored({.now = nanoseconds(most_drawn_at_),
                     .what = "highest current at rest of the case",
                     .passed = *most_drawn_ <= budget + rounding,
                     .expected = fmt::format("at most {:.3f} mA", budget),
                     .actual = fmt::format("{:.3f} mA", *most_drawn_),
                     .requirement = "MB2-PH-008",
                     .where = "monitor.current"});
}

void Monitor::report_octets(Judge& judge) const {
    const auto observe = [&](const char* what, std::size_t count, Instant first,
                             const char* requirement, const char* where) {
        judge.monitored({.now = nanoseconds(first),
                         .what = what,
                         .passed = count == 0,
                         .expected = fmt::format("0 of {}", octets_),
                         .actual = std::to_string(count),
                         .requirement = requirement,
                         .where = where});
    };
    if (setup_.octet_errors) {
        observe("octets of answers with wrong parity or stop bit", errors_, first_error_,
                "MB2-PH-036", "monitor.parity");
    }
    observe("octets after a complete answer that nobody asked for", surplus_, first_surplus_,
            "MB2-LL-022", "monitor.unasked");
}

} // namespace meterbench::harness
