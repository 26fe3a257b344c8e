// SPDX-License-Identifier: Apache-2.0
#include "core/wireless/meter_access.hpp"

#include <algorithm>

namespace meterbench::core::wireless {

namespace {

using State = MeterAccessState;
using Event = MeterAccessEvent;
using Guard = MeterAccessGuard;
using Action = MeterAccessAction;
using Notice = MeterAccessNotice::Kind;

/// What cannot be done now is looked at again so much later.
constexpr Duration look_again = std::chrono::milliseconds{10};

const ResponseDelay* choose(const std::optional<Marked<ResponseDelay>>& fast,
                            const std::optional<Marked<ResponseDelay>>& slow, bool wants_fast) {
    if (wants_fast && fast) {
        return &fast->value;
    }
    return slow ? &slow->value : nullptr;
}

} // namespace

MeterAccess::MeterAccess(const MeterAccessConfig& config, Credits* credits,
                         std::span<const MeterAccessRow> table)
    : config_{config}, credits_{credits}, table_{table} {
    if (config_.row != nullptr && carries(config_.row->path, Direction::other_to_meter)) {
        windows_ = config_.row->access;
        detection_ = config_.detection.value_or(detection_time(*config_.row));
    }
    if (config_.cycle_multiple == 0) {
        config_.cycle_multiple = windows_.frequent_access[0];
    }
}

const ResponseDelay* MeterAccess::window_of(const MeterTelegram& telegram) const {
    return choose(windows_.other_fast, windows_.other_slow, telegram.fast);
}

bool MeterAccess::holds(Guard guard) const {
    switch (guard) {
    case Guard::window_follows:
        return current_.access == Accessibility::window && window_of(current_) != nullptr;
    case Guard::always_open:
        return current_.access == Accessibility::always && window_of(current_) != nullptr;
    case Guard::in_cycle: return cycle_end_.has_value();
    case Guard::number_known: return number_ == heard_.number;
    case Guard::no_credit: return credits_ != nullptr && credits_->exhausted(now_);
    case Guard::no_answer: return !answer_.has_value();
    default: return true;
    }
}

/// The one place that writes the state, but for restart().
void MeterAccess::dispatch(Event event) {
    for (const MeterAccessRow& row : table_) {
        if (row.state == state_ && row.event == event && holds(row.guard)) {
            last_action_ = row.action;
            perform(row.action);
            state_ = row.next;
            return;
        }
    }
}

void MeterAccess::perform(Action action) {
    const auto window = window_of(current_);
    switch (action) {
    case Action::send: transmit_now(own_, now_, now_); break;
    case Action::await_window:
        window_opens_ = end_ + window->min - config_.margin;
        window_over_ = end_ + window->max + config_.margin + detection_;
        break;
    case Action::listen: window_opens_.reset(); break;
    case Action::sleep: window_over_.reset(); break;
    case Action::execute:
        answer_.reset();
        number_ = heard_.number;
        begin_cycle();
        put(Notice::execute);
        break;
    case Action::answer_again:
        begin_cycle();
        put(Notice::repeated);
        break;
    case Action::refuse_no_credit:
        restart_timeout();
        put(Notice::refused);
        break;
    case Action::note_confirm:
        if (credits_ != nullptr) {
            credits_->spend(CreditUse::receive_request, now_);
        }
        restart_timeout();
        put(Notice::confirmed);
        break;
    case Action::transmit_answer: {
        const ResponseDelay* const delay =
            choose(windows_.meter_fast, windows_.meter_slow, heard_.fast);
        transmit_now(*answer_, now_, delay == nullptr ? now_ : heard_.end + delay->max);
        break;
    }
    case Action::drop_answer: put(Notice::unanswered); break;
    case Action::repeat_answer: transmit_now(*answer_, now_, now_); break;
    case Action::end_session:
        if (credits_ != nullptr) {
            credits_->spend(CreditUse::receive_request, now_);
        }
        window_over_.reset();
        leave_session();
        break;
    case Action::end_cycle: leave_session(); break;
    default: break; // nothing to do but to stay
    }
}

void MeterAccess::begin_cycle() {
    if (credits_ != nullptr) {
        credits_->spend(heard_.data ? CreditUse::receive_data : CreditUse::receive_request, now_);
    }
    window_over_.reset();
    repetition_.reset();
    cycle_end_ = heard_.end + config_.cycle_timeout;
    const ResponseDelay* const delay =
        choose(windows_.meter_fast, windows_.meter_slow, heard_.fast);
    answer_due_ = delay == nullptr ? now_ : std::max(now_, heard_.end + delay->typical);
}

/// Of a cycle that runs.
void MeterAccess::restart_timeout() {
    if (cycle_end_) {
        cycle_end_ = heard_.end + config_.cycle_timeout;
    }
}

void MeterAccess::leave_session() {
    const bool was = cycle_end_.has_value();
    cycle_end_.reset();
    repetition_.reset();
    number_.reset();
    answer_.reset();
    if (was) {
        put(Notice::session_over);
    }
}

void MeterAccess::transmit_now(const MeterTelegram& telegram, Instant not_before,
                               Instant not_after) {
    current_ = telegram;
    window_opens_.reset();
    window_over_.reset();
    answer_due_.reset();
    repetition_.reset();
    transmission_ = RadioTransmission{telegram.bytes, not_before, not_after};
}

bool MeterAccess::offer(const MeterTelegram& telegram, Instant now) {
    now_ = now;
    const auto slot = repetition_;
    own_ = telegram;
    dispatch(Event::telegram_due);
    if (last_action_ != Action::send) {
        return false;
    }
    repetition_ = slot; // its own telegrams do not move the slots of the cycle
    return true;
}

void MeterAccess::sync_found(Instant frame_end) {
    if (window_over_ && state_ == State::listening) {
        window_over_ = std::max(*window_over_, frame_end + config_.margin);
    }
}

void MeterAccess::receive(const HeardByMeter& heard) {
    now_ = heard.end;
    heard_ = heard;
    dispatch(heard.event);
}

void MeterAccess::sent(Instant start, Instant end) {
    if (!transmission_) {
        return;
    }
    now_ = end;
    start_ = start;
    end_ = end;
    transmission_.reset();
    if (credits_ != nullptr) {
        credits_->spend(current_.cost, end);
    }
    if (state_ == State::answering && cycle_end_) {
        repetition_ = (config_.cycle_from_end ? end : start) +
                      std::chrono::seconds{1} * config_.cycle_multiple;
    }
    dispatch(Event::sent);
}

void MeterAccess::aborted(Instant now) {
    if (!transmission_) {
        return;
    }
    current_.access = Accessibility::no_window;
    current_.cost = CreditUse::send_of_own_accord;
    sent(now, now);
}

std::optional<Instant> MeterAccess::deadline() const {
    std::optional<Instant> first;
    for (const auto& due : {window_opens_, window_over_, answer_due_, repetition_, cycle_end_}) {
        if (due && (!first || *due < *first)) {
            first = due;
        }
    }
    return first;
}

void MeterAccess::expire(Instant now) {
    now_ = now;
    const auto due = [now](std::optional<Instant>& timer) {
        if (!timer || *timer > now) {
            return false;
        }
        timer.reset();
        return true;
    };
    if (due(window_opens_)) {
        dispatch(Event::window_opens);
    }
    if (due(window_over_)) {
        dispatch(Event::window_over);
    }
    if (due(answer_due_)) {
        dispatch(Event::answer_due);
    }
    if (cycle_end_ && *cycle_end_ <= now) {
        dispatch(Event::cycle_over);
        if (cycle_end_) {
            cycle_end_ = now + look_again; // an answer is pending, and begins it anew
        }
    }
    if (due(repetition_)) {
        dispatch(Event::repetition_due);
        if (last_action_ == Action::postpone) {
            repetition_ = now + look_again;
        }
    }
}

void MeterAccess::put(Notice kind) {
    if (notice_count_ == notices_.size()) {
        notice_first_ = (notice_first_ + 1) % notices_.size();
        --notice_count_;
    }
    notices_[(notice_first_ + notice_count_) % notices_.size()] = {kind, heard_.number};
    ++notice_count_;
}

std::optional<MeterAccessNotice> MeterAccess::notice() {
    if (notice_count_ == 0) {
        return {};
    }
    const MeterAccessNotice first = notices_[notice_first_];
    notice_first_ = (notice_first_ + 1) % notices_.size();
    --notice_count_;
    return first;
}

void MeterAccess::restart(Instant now) {
    *this = MeterAccess{config_, credits_, table_};
    now_ = now;
}

} // namespace meterbench::core::wireless
