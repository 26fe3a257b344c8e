// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/polite_access.hpp"

namespace meterbench::core::wireless {

namespace {

using State = PoliteAccessState;
using Event = PoliteAccessEvent;
using Guard = PoliteAccessGuard;
using Action = PoliteAccessAction;

} // namespace

PoliteAccess::PoliteAccess(const PoliteLimits& limits, DutyCycle& air_time,
                           std::span<const PoliteAccessRow> table)
    : limits_{limits}, air_time_{&air_time}, table_{table} {}

bool PoliteAccess::holds(Guard guard) const {
    switch (guard) {
    case Guard::answer:
        return answer_ && dialogue_ && now_ + on_air_ - *dialogue_ <= limits_.longest_dialogue &&
               air_time_->allows(now_, on_air_);
    case Guard::off_time: return last_end_ && now_ < *last_end_ + limits_.off_time;
    case Guard::no_air_time:
        return on_air_ > limits_.longest_alone || !air_time_->allows(now_, on_air_);
    case Guard::attempts_used: return attempts_ >= limits_.attempts;
    default: return true;
    }
}

/// The one place that writes the state.
void PoliteAccess::dispatch(Event event) {
    for (const PoliteAccessRow& row : table_) {
        if (row.state == state_ && row.event == event && holds(row.guard)) {
            last_action_ = row.action;
            perform(row.action);
            state_ = row.next;
            return;
        }
    }
}

void PoliteAccess::perform(Action action) {
    switch (action) {
    case Action::assess:
        ++attempts_;
        timer_ = now_ + limits_.assessment;
        break;
    case Action::permit:
        timer_ = now_ + limits_.dead_time;
        outcome_ = PoliteOutcome::clear;
        break;
    case Action::defer_random:
        timer_ = now_ + (1 + random_ % limits_.most_deferral_steps) * limits_.shortest_deferral;
        break;
    case Action::defer_off_time: timer_ = *last_end_ + limits_.off_time; break;
    case Action::refuse_busy:
        timer_.reset();
        outcome_ = PoliteOutcome::busy;
        break;
    case Action::refuse_air_time: outcome_ = PoliteOutcome::no_air_time; break;
    case Action::note_sent:
    case Action::drop: timer_.reset(); break;
    default: break; // nothing to do but to stay
    }
}

bool PoliteAccess::want(Duration on_air, bool answer, Instant now) {
    now_ = now;
    if (state_ == State::idle) {
        on_air_ = on_air;
        answer_ = answer;
        attempts_ = 0;
        outcome_.reset();
    }
    dispatch(Event::want);
    return last_action_ != Action::reject_pending;
}

void PoliteAccess::busy(Instant now, std::uint32_t random) {
    now_ = now;
    random_ = random;
    dispatch(Event::busy);
}

void PoliteAccess::sent(Instant start, Instant end) {
    now_ = end;
    dispatch(Event::sent);
    if (last_action_ != Action::note_sent) {
        return;
    }
    air_time_->sent(start, end);
    if (!answer_ || !dialogue_) {
        dialogue_ = start;
    }
    last_end_ = end;
}

void PoliteAccess::cancel(Instant now) {
    now_ = now;
    dispatch(Event::cancel);
}

void PoliteAccess::expire(Instant now) {
    if (!timer_ || *timer_ > now) {
        return;
    }
    now_ = now;
    timer_.reset();
    switch (state_) {
    case State::assessing: dispatch(Event::assessed); break;
    case State::deferring: dispatch(Event::deferral_over); break;
    case State::clear: dispatch(Event::dead_time_over); break;
    default: break;
    }
}

std::optional<PoliteOutcome> PoliteAccess::outcome() {
    const auto ended = outcome_;
    outcome_.reset();
    return ended;
}

} // namespace meterbench::core::wireless
