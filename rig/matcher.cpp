// SPDX-License-Identifier: Apache-2.0
#include "rig/matcher.hpp"

#include <algorithm>

namespace meterbench::rig {

void Matcher::begin(const Wait& wait, core::Instant now) {
    wait_ = wait;
    waiting_ = true;
    octets_ = 0;
    quiet_since_ = now;
}

std::optional<Wake> Matcher::heard(const core::Octet& octet) {
    quiet_since_ = std::max(quiet_since_, octet.end);
    const bool frame = completes_frame(octet);
    if (frame && has(wait_.match, Match::frame)) {
        return wake(Match::frame, octet.end);
    }
    ++octets_;
    return has(wait_.match, Match::octet) && octets_ >= wait_.octets ? wake(Match::octet, octet.end)
                                                                     : std::nullopt;
}

std::optional<Wake> Matcher::sent(core::Instant end) {
    return has(wait_.match, Match::sent) ? wake(Match::sent, end) : std::nullopt;
}

std::optional<Wake> Matcher::job_ended(core::Instant at) {
    return has(wait_.match, Match::job_ended) ? wake(Match::job_ended, at) : std::nullopt;
}

std::optional<Wake> Matcher::tick(core::Instant now) {
    if (has(wait_.match, Match::silence) && quiet_since_ + wait_.silence <= now) {
        return wake(Match::silence, now);
    }
    return wait_.deadline <= now ? wake(Match::none, now) : std::nullopt;
}

core::Instant Matcher::next() const {
    return has(wait_.match, Match::silence) ? std::min(wait_.deadline, quiet_since_ + wait_.silence)
                                            : wait_.deadline;
}

std::size_t Matcher::octets_needed() const {
    std::size_t needed = core::link::max_frame_size;
    if (!waiting_) {
        return needed;
    }
    if (has(wait_.match, Match::octet)) {
        needed = std::min(needed, wait_.octets - std::min(octets_, wait_.octets));
    }
    if (has(wait_.match, Match::frame) && !deaf_) {
        needed = std::min(needed, scan_.needed());
    }
    return std::max<std::size_t>(needed, 1);
}

void Matcher::started() {
    scan_.reset();
    deaf_ = false;
}

std::optional<Wake> Matcher::wake(Match match, core::Instant at) {
    if (!waiting_) {
        return std::nullopt;
    }
    waiting_ = false;
    return Wake{match, at};
}

bool Matcher::completes_frame(const core::Octet& octet) {
    // 33 bit times are three characters of 11; a character that was heard tells its own length.
    const core::Duration idle = 3 * (octet.end - octet.start) + tolerance_;
    if (octet.start - last_end_ > idle) {
        started();
    }
    last_end_ = octet.end;
    if (deaf_) {
        return false;
    }
    if (octet.errors != core::OctetErrors::none || scan_.push(octet.value)) {
        deaf_ = true;
        return false;
    }
    if (!scan_.complete()) {
        return false;
    }
    scan_.reset();
    return true;
}

} // namespace meterbench::rig
