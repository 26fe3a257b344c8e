// SPDX-License-Identifier: Apache-2.0
#include "core/master/scan.hpp"

namespace meterbench::core::master {

namespace {
/// A line that is held is given another chance so often.
constexpr std::uint8_t max_babbles = 3;
} // namespace

Scan::Scan(const ScanConfig& config) : Procedure{config.link}, config_{config} {
    begin();
}

void Scan::begin() {
    found_.clear();
    address_ = config_.first;
    babbles_ = 0;
    try_address();
}

link::Request Scan::request_for(link::ControlField control) const {
    return {.frame = link::encode_short(control, static_cast<std::uint8_t>(address_)),
            .answer = link::Answer::acknowledge,
            .address = {},
            .retries = config_.retries,
            .whole_window = true};
}

void Scan::try_address() {
    requested_ = false;
    ask(request_for(link::snd_nke));
}

void Scan::request() {
    requested_ = true;
    link::Request request = request_for(link::req_ud2(true)); // MB2-LL-039
    request.answer = link::Answer::data;
    request.address = static_cast<std::uint8_t>(address_);
    ask(request);
}

void Scan::next() {
    if (address_ >= config_.last) {
        return finish(std::nullopt);
    }
    ++address_;
    try_address();
}

void Scan::conclude(const link::Outcome& outcome) {
    if (outcome.fault && outcome.fault->code == FaultCode::babble) {
        return ++babbles_ >= max_babbles ? finish(outcome.fault) : try_address();
    }
    babbles_ = 0;
    if (outcome.fault && outcome.fault->code == FaultCode::late_answer && wait_for_late(outcome)) {
        return try_address();
    }
    const bool silent = outcome.fault && outcome.fault->code == FaultCode::silence;
    if (!requested_) {
        return silent ? next() : request();
    }
    const auto address = static_cast<std::uint8_t>(address_);
    if (const auto fault = diagnose(outcome)) {
        found_.push_back({address, {}, fault});
    } else {
        const auto frame = outcome.answer.bytes();
        found_.push_back({address, {frame.begin(), frame.end()}, std::nullopt});
    }
    next();
}

} // namespace meterbench::core::master
