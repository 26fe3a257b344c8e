// SPDX-License-Identifier: Apache-2.0
#include "core/sender/radio_meter.hpp"

#include <algorithm>
#include <limits>

namespace meterbench::core::sender {

using wireless::Accessibility;
using wireless::CreditUse;
using wireless::Service;

namespace {

constexpr Duration look_again = std::chrono::milliseconds{10};

bool carries_data(Service service) {
    return service == Service::snd_nr || service == Service::snd_ir;
}

} // namespace

RadioMeter::RadioMeter(const RadioMeterConfig& config, RadioApplication& application,
                       wireless::Credits* credits, const security::ProtectionOptions& options)
    : config_{config}, application_{&application}, credits_{credits}, encoder_{options},
      access_{config.access, credits}, schedule_{config.plan, config.first_number, config.first},
      counter_{config.message_counter} {}

Accessibility RadioMeter::own_access(Instant now) const {
    const bool poor = credits_ != nullptr && credits_->exhausted(now);
    return poor ? Accessibility::none : config_.profile.access;
}

bool RadioMeter::make(const Message& wanted, Accessibility access, wireless::AirFrame& into) {
    SenderProfile profile = config_.profile;
    profile.access = access;
    Message message = wanted;
    const bool counted =
        profile.authentication != 0 || profile.security >= transport::SecurityMode::aes_cbc_derived;
    if (counted && message.subject != Subject::nothing) {
        if (counter_ == std::numeric_limits<std::uint32_t>::max()) {
            fault_ = make_fault(FaultCode::counter_missing);
            return false;
        }
        message.message_counter = ++counter_;
    }
    auto telegram = compose(profile, message);
    if (!telegram) {
        fault_ = telegram.error();
        return false;
    }
    if (config_.filter != nullptr) {
        config_.filter->change(*telegram);
    }
    const auto frame = encoder_.frame(*telegram, config_.key ? &*config_.key : nullptr);
    if (!frame) {
        fault_ = frame.error();
        return false;
    }
    into = *frame;
    return true;
}

void RadioMeter::send_due(Instant now) {
    const Due due = schedule_.next();
    const auto state = access_.state();
    const bool free = state == wireless::MeterAccessState::asleep ||
                      state == wireless::MeterAccessState::pausing ||
                      (state == wireless::MeterAccessState::listening &&
                       config_.profile.access == Accessibility::always);
    again_.reset();
    if (!free) {
        if (due.synchronous) {
            ++skipped_;
            schedule_.done(due);
        } else {
            again_ = now + look_again;
        }
        return;
    }
    const auto content = due.static_data ? MessageContent::installation : MessageContent::standard;
    const bool data = carries_data(due.service);
    const Accessibility access = own_access(now);
    const Message message{.service = due.service,
                          .subject = data ? Subject::records : Subject::nothing,
                          .synchronous = due.synchronous,
                          .access_number = due.access_number,
                          .status = application_->status(),
                          .content = content,
                          .data =
                              data ? application_->data(content) : std::span<const std::uint8_t>{}};
    schedule_.done(due);
    if (make(message, access, own_)) {
        static_cast<void>(
            access_.offer({own_.bytes(), access, config_.profile.fast_response}, now));
    }
}

void RadioMeter::take_notices() {
    using Kind = wireless::MeterAccessNotice::Kind;
    while (const auto notice = access_.notice()) {
        if (notice->kind == Kind::confirmed) {
            schedule_.confirmed();
        }
        if (notice->kind != Kind::execute) {
            continue;
        }
        const RadioAnswer answer = application_->answer(request_.service, request_.content);
        // The answer carries the number of the request (OMS Vol. 2, 7.2.2.1).
        const Message message{.service = answer.service,
                              .subject = answer.subject,
                              .access_number = notice->number,
                              .status = application_->status(),
                              .data = answer.data};
        const Accessibility access = config_.profile.access == Accessibility::always
                                         ? Accessibility::always
                                         : Accessibility::window;
        const bool data = answer.service == Service::rsp_ud;
        if (make(message, access, answer_)) {
            access_.answer({answer_.bytes(), access, config_.profile.fast_response,
                            data ? CreditUse::send_data : CreditUse::send_acknowledge});
        }
    }
}

void RadioMeter::receive(const RadioRequest& request) {
    request_ = request;
    const bool data = request.service == Service::snd_ud || request.service == Service::snd_ud2;
    access_.receive({request.event, request.number, request.fast, data, request.end});
    take_notices();
}

void RadioMeter::sent(Instant start, Instant end) {
    access_.sent(start, end);
    take_notices();
}

void RadioMeter::aborted(Instant now) {
    access_.aborted(now);
    take_notices();
}

std::optional<Instant> RadioMeter::deadline() const {
    const Instant due = again_ ? *again_ : schedule_.next().at;
    const auto access = access_.deadline();
    return access ? std::min(*access, due) : due;
}

void RadioMeter::expire(Instant now) {
    access_.expire(now);
    take_notices();
    if ((again_ ? *again_ : schedule_.next().at) <= now) {
        send_due(now);
    }
}

} // namespace meterbench::core::sender
