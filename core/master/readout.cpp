// SPDX-License-Identifier: Apache-2.0
#include "core/master/readout.hpp"

#include "core/application/selection.hpp"
#include "core/application/telegram.hpp"

namespace meterbench::core::master {

namespace {

/// Where the access number stands in a frame with a long header (EN 13757-7, 7.5).
constexpr std::size_t access_number_offset = 7 + 8;

} // namespace

Readout::Readout(const ReadoutConfig& config)
    : MeterProcedure{config.target, config.link}, config_{config} {
    begin();
}

void Readout::begin() {
    telegrams_.clear();
    reselected_ = 0;
    open();
}

void Readout::answered(const link::Outcome& outcome, const std::optional<Fault>& fault) {
    if (fault) {
        return secondary() && fault->code == FaultCode::silence ? selection_lost() : finish(fault);
    }
    const auto bytes = outcome.answer.bytes();
    const auto user_data = bytes.subspan(6, bytes.size() - 8);
    if (other_device(user_data)) {
        return finish(make_fault(FaultCode::wrong_identification, 7));
    }
    const bool repeated = repeats(bytes);
    telegrams_.push_back({.frame = {bytes.begin(), bytes.end()},
                          .request_end = outcome.request_end,
                          .start = outcome.answer_start,
                          .end = outcome.answer_end,
                          .attempts = outcome.attempts,
                          .early = outcome.early});
    if (!application::more_follows(user_data)) {
        return finish(std::nullopt);
    }
    if (repeated || telegrams_.size() >= config_.max_telegrams) {
        if (repeated) {
            telegrams_.pop_back();
        }
        return finish(make_fault(FaultCode::endless_sequence));
    }
    request2();
}

/// A selection rewinds the telegrams, so those that came before are read again.
void Readout::selection_lost() {
    if (reselected_ >= config_.reselections) {
        return finish(make_fault(FaultCode::selection_lost));
    }
    ++reselected_;
    telegrams_.clear();
    open();
}

/// A secondary target, and the answer's header names a device that the selection did not mean.
bool Readout::other_device(std::span<const std::uint8_t> user_data) const {
    const auto* const selection = std::get_if<Selection>(&config_.target);
    if (selection == nullptr) {
        return false;
    }
    const application::Telegram telegram = application::decode_telegram(user_data);
    if (telegram.header != application::HeaderKind::long_header) {
        return false;
    }
    return !application::selection_matches(selection->address.bytes, telegram.fields.device,
                                           std::nullopt);
}

/// The same telegram as the one before, or as the first: the sequence goes round. The access number
/// counts answers and says nothing about the telegram.
bool Readout::repeats(std::span<const std::uint8_t> frame) const {
    const auto same = [frame](const ReadTelegram& other) {
        if (other.frame.size() != frame.size()) {
            return false;
        }
        for (std::size_t i = 4; i + 2 < frame.size(); ++i) {
            if (i != access_number_offset && frame[i] != other.frame[i]) {
                return false;
            }
        }
        return true;
    };
    return !telegrams_.empty() && (same(telegrams_.front()) || same(telegrams_.back()));
}

} // namespace meterbench::core::master
