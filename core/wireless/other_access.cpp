// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/other_access.hpp"

#include <algorithm>

namespace meterbench::core::wireless {

namespace {

using State = OtherAccessState;
using Event = OtherAccessEvent;
using Guard = OtherAccessGuard;
using Action = OtherAccessAction;

} // namespace

OtherAccess::OtherAccess(const OtherAccessConfig& config, std::span<const OtherAccessRow> table)
    : config_{config}, table_{table} {}

/// How long after the meter's telegram the other device sends.
const ResponseDelay* OtherAccess::reply_delay() const {
    if (!heard_) {
        return nullptr;
    }
    if (heard_->fast && config_.access.other_fast) {
        return &config_.access.other_fast->value;
    }
    return config_.access.other_slow ? &config_.access.other_slow->value : nullptr;
}

bool OtherAccess::holds(Guard guard) const {
    switch (guard) {
    case Guard::answer_expected: return job_.answer_expected && on_air_;
    case Guard::passed_over: return pass_ > 0;
    case Guard::no_opportunity_left: return opportunities_ >= config_.opportunities;
    case Guard::tries_used:
        return tries_ >= config_.tries || opportunities_ >= config_.opportunities;
    default: return true;
    }
}

/// The one place that writes the state, but for restart().
void OtherAccess::dispatch(Event event) {
    for (const OtherAccessRow& row : table_) {
        if (row.state == state_ && row.event == event && holds(row.guard)) {
            last_action_ = row.action;
            perform(row.action);
            state_ = row.next;
            return;
        }
    }
}

void OtherAccess::perform(Action action) {
    switch (action) {
    case Action::begin:
        tries_ = opportunities_ = pass_ = 0;
        on_air_ = false;
        too_late_ = now_ + config_.patience;
        break;
    case Action::take:
        ++opportunities_;
        ++tries_;
        send_due_ = heard_->end + reply_delay()->typical;
        break;
    case Action::pass_over:
        ++opportunities_;
        --pass_;
        break;
    case Action::send:
        transmission_ = RadioTransmission{job_.bytes, now_, heard_->end + reply_delay()->max};
        break;
    case Action::await_answer: {
        const bool fast = job_.fast && config_.access.meter_fast;
        const auto& delay = fast ? config_.access.meter_fast : config_.access.meter_slow;
        const Duration latest = delay ? delay->value.max : Duration{};
        answer_over_ = end_ + latest + config_.margin + config_.longest_answer;
        break;
    }
    case Action::finish: end(OtherOutcome::sent); break;
    case Action::deliver: end(OtherOutcome::answered); break;
    case Action::try_again:
        answer_over_.reset();
        // From the third try on one of the next two opportunities, so that two gateways part.
        pass_ = tries_ < config_.tries_at_once ? 0 : random_ % 2;
        break;
    case Action::give_up:
        end(now_ >= too_late_ && tries_ < config_.tries ? OtherOutcome::late
                                                        : OtherOutcome::failed);
        break;
    case Action::drop: end(OtherOutcome::failed); break;
    default: break; // nothing to do but to stay
    }
}

void OtherAccess::end(OtherOutcome outcome) {
    outcome_ = outcome;
    send_due_.reset();
    answer_over_.reset();
    too_late_.reset();
    transmission_.reset();
}

bool OtherAccess::start(const OtherJob& job, Instant now) {
    now_ = now;
    if (state_ == State::idle) {
        job_ = job;
        outcome_.reset();
    }
    dispatch(Event::start);
    if (last_action_ != Action::begin) {
        return false;
    }
    if (const ResponseDelay* const delay = reply_delay();
        delay != nullptr && now <= heard_->end + delay->typical) {
        dispatch(Event::opportunity);
    }
    return true;
}

void OtherAccess::cancel(Instant now) {
    now_ = now;
    dispatch(Event::cancel);
}

void OtherAccess::receive(const HeardFromMeter& heard) {
    now_ = heard.end;
    const bool open =
        heard.access == Accessibility::window || heard.access == Accessibility::always;
    const bool mine = heard.answers && heard.number == job_.number && on_air_;
    if (heard.answers && !mine && heard.number != session_) {
        dispatch(Event::other_session);
        return;
    }
    const bool sending = state_ == State::delaying || state_ == State::sending;
    if (!sending) {
        heard_ = open ? std::optional{heard} : std::nullopt;
        if (reply_delay() == nullptr) {
            heard_.reset(); // no window in this mode
        }
    }
    if (mine) {
        dispatch(Event::answer);
        return;
    }
    dispatch(open && (sending || heard_) ? Event::opportunity : Event::closed);
}

void OtherAccess::sent(Instant, Instant end) {
    if (!transmission_) {
        return;
    }
    now_ = end_ = end;
    on_air_ = true;
    if (job_.answer_expected) {
        session_ = job_.number;
    }
    transmission_.reset();
    heard_.reset(); // the window is used
    dispatch(Event::sent);
}

void OtherAccess::aborted(Instant now, std::uint32_t random) {
    if (!transmission_) {
        return;
    }
    now_ = now;
    random_ = random;
    transmission_.reset();
    heard_.reset();
    dispatch(Event::aborted);
}

std::optional<Instant> OtherAccess::deadline() const {
    std::optional<Instant> first;
    for (const auto& due : {send_due_, answer_over_, too_late_}) {
        if (due && (!first || *due < *first)) {
            first = due;
        }
    }
    return first;
}

void OtherAccess::expire(Instant now, std::uint32_t random) {
    now_ = now;
    random_ = random;
    const auto due = [now](std::optional<Instant>& timer) {
        if (!timer || *timer > now) {
            return false;
        }
        timer.reset();
        return true;
    };
    if (due(send_due_)) {
        dispatch(Event::send_due);
    }
    if (due(answer_over_)) {
        dispatch(Event::answer_over);
    }
    if (too_late_ && *too_late_ <= now) {
        dispatch(Event::too_late);
        if (state_ != State::idle) {
            too_late_ = now + std::chrono::seconds{1}; // a try is under way: look again
        }
    }
}

std::optional<OtherOutcome> OtherAccess::outcome() {
    const auto ended = outcome_;
    outcome_.reset();
    return ended;
}

void OtherAccess::restart(Instant now) {
    *this = OtherAccess{config_, table_};
    now_ = now;
}

} // namespace meterbench::core::wireless
