// SPDX-License-Identifier: Apache-2.0
#include "core/master/readout.hpp"

#include "core/application/selection.hpp"
#include "core/application/telegram.hpp"

#include <algorithm>
#include <array>

namespace meterbench::core::master {

namespace {

constexpr std::uint8_t ci_selection = 0x52;

/// Where the access number stands in a frame with a long header (EN 13757-7, 7.5).
constexpr std::size_t access_number_offset = 7 + 8;

} // namespace

Readout::Readout(const ReadoutConfig& config) : config_{config}, station_{config.link} {
    begin(secondary() ? Step::deselect : Step::reset);
}

std::uint8_t Readout::address() const {
    return secondary() ? link::address::selected : std::get<std::uint8_t>(config_.target);
}

void Readout::receive(std::span<const Octet> octets) {
    // An outcome frees the station for the next request; what is heard then belongs to that.
    for (const Octet& octet : octets) {
        station_.receive({&octet, 1});
        progress();
    }
}

void Readout::sent(Instant now) {
    station_.sent(now);
    progress();
}

void Readout::aborted(Instant now) {
    station_.aborted(now);
    progress();
}

void Readout::restart(Instant now) {
    station_.restart(now);
    telegrams_.clear();
    fault_.reset();
    begin(secondary() ? Step::deselect : Step::reset);
}

void Readout::expire(Instant now) {
    station_.expire(now);
    progress();
}

void Readout::begin(Step step) {
    step_ = step;
    link::Request request;
    switch (step) {
    case Step::reset: request.frame = link::encode_short(link::snd_nke, address()); break;
    case Step::deselect:
        // Nobody may be selected, so silence is a good answer too; one attempt is enough.
        request.frame = link::encode_short(link::snd_nke, link::address::selected);
        request.retries = 0;
        break;
    case Step::select: {
        std::array<std::uint8_t, 9> user_data{ci_selection};
        std::ranges::copy(std::get<link::SecondaryAddress>(config_.target).bytes,
                          user_data.begin() + 1);
        // Always fits: nine bytes of user data.
        request.frame = link::encode_long(link::snd_ud(false), link::address::selected, user_data)
                            .value_or(link::FrameBuffer{});
        break;
    }
    case Step::request: return begin_request();
    case Step::done: return;
    }
    fcb_ = true; // MB2-LL-039, MB7-SA-010
    (void)station_.start(request);
}

void Readout::begin_request() {
    link::Request request{.frame = link::encode_short(link::req_ud2(fcb_), address()),
                          .answer = link::Answer::data,
                          .address = std::nullopt,
                          .retries = std::nullopt};
    if (!secondary() && address() != link::address::test) {
        request.address = address(); // MB2-LL-075
    }
    (void)station_.start(request);
}

void Readout::progress() {
    if (const auto outcome = station_.event()) {
        conclude(*outcome);
    }
}

void Readout::conclude(const link::Outcome& outcome) {
    switch (step_) {
    case Step::reset: return outcome.fault ? finish(outcome.fault) : begin(Step::request);
    case Step::deselect:
        // No answer is as good as any; a line that is gone is not.
        return outcome.fault && outcome.fault->code == FaultCode::port_lost ? finish(outcome.fault)
                                                                            : begin(Step::select);
    case Step::select:
        if (outcome.fault && outcome.fault->code == FaultCode::silence) {
            return finish(make_fault(FaultCode::not_selected));
        }
        return outcome.fault ? finish(outcome.fault) : begin(Step::request);
    case Step::request: return outcome.fault ? finish(outcome.fault) : take_telegram(outcome);
    case Step::done: return;
    }
}

void Readout::take_telegram(const link::Outcome& outcome) {
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
    fcb_ = !fcb_; // MB2-LL-040: only after a correct answer
    if (!application::more_follows(user_data)) {
        return finish(std::nullopt);
    }
    if (repeated || telegrams_.size() >= config_.max_telegrams) {
        if (repeated) {
            telegrams_.pop_back();
        }
        return finish(make_fault(FaultCode::endless_sequence));
    }
    begin(Step::request);
}

/// A secondary target, and the answer's header names a device that the selection did not mean.
bool Readout::other_device(std::span<const std::uint8_t> user_data) const {
    if (!secondary()) {
        return false;
    }
    const application::Telegram telegram = application::decode_telegram(user_data);
    if (telegram.header != application::HeaderKind::long_header) {
        return false;
    }
    return !application::selection_matches(std::get<link::SecondaryAddress>(config_.target).bytes,
                                           telegram.fields.device, std::nullopt);
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

void Readout::finish(std::optional<Fault> fault) {
    fault_ = fault;
    step_ = Step::done;
}

} // namespace meterbench::core::master
