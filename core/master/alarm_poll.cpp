// SPDX-License-Identifier: Apache-2.0
#include "core/master/alarm_poll.hpp"

namespace meterbench::core::master {

AlarmPoll::AlarmPoll(const AlarmPollConfig& config, link::FcbImages& images)
    : Procedure{config.link}, config_{config}, images_{&images} {
    begin();
}

void AlarmPoll::begin() {
    answers_.clear();
    next();
}

void AlarmPoll::next() {
    if (answers_.size() == config_.addresses.size()) {
        return finish(std::nullopt);
    }
    const std::uint8_t address = config_.addresses[answers_.size()];
    ask({.frame = link::encode_short(link::req_ud1(images_->of(address).next()), address),
         .answer = link::Answer::acknowledge_or_data,
         .address = address,
         .retries = {}});
}

void AlarmPoll::conclude(const link::Outcome& outcome) {
    AlarmAnswer answer{config_.addresses[answers_.size()], {}, diagnose(outcome)};
    if (!answer.fault) {
        images_->of(answer.address).answered();
        const auto frame = outcome.answer.bytes();
        if (frame.size() > 1) {
            answer.frame.assign(frame.begin(), frame.end());
        }
    }
    answers_.push_back(std::move(answer));
    next();
}

} // namespace meterbench::core::master
