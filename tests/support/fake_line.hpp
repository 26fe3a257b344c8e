// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rig/line.hpp"
#include "tests/support/octets.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace meterbench::tests {

/// A line in a time of its own. What is sent takes its characters; `answer` says what is heard
/// then. After `lost_at` every wait fails.
class FakeLine : public rig::Line {
  public:
    struct Sent {
        Bytes bytes;
        core::Instant start{};
        core::Instant end{};
    };
    std::function<std::vector<core::Octet>(const Sent&)> answer = [](const Sent&) {
        return std::vector<core::Octet>{};
    };
    std::optional<core::Instant> lost_at;
    std::vector<Sent> log;
    std::vector<core::Instant> deadlines; ///< of each wait
    int aborts = 0;

    void start(const core::Transmission& transmission) override {
        const auto characters = octets(transmission.bytes, now_, transmission.baud);
        log.push_back(
            {{transmission.bytes.begin(), transmission.bytes.end()}, now_, end_of(characters)});
        busy_until_ = log.back().end;
    }
    void abort() override {
        ++aborts;
        busy_until_.reset();
    }
    void listen(std::optional<core::Baud> baud) override { baud_ = baud.value_or(core::Baud{}); }
    [[nodiscard]] core::Instant now() const override { return now_; }

    [[nodiscard]] core::Expected<rig::Wake> wait(const rig::Wait& wait) override {
        deadlines.push_back(wait.deadline);
        core::Instant next = std::max(now_, wait.deadline);
        rig::Match match = rig::Match::none;
        if (busy_until_ && *busy_until_ <= next) {
            next = *busy_until_;
            match = rig::Match::sent;
        }
        if (!coming_.empty() && coming_.front().end <= next) {
            next = coming_.front().end;
            match = rig::Match::octet;
        }
        if (lost_at && next >= *lost_at) {
            now_ = *lost_at;
            return core::failure(core::FaultCode::port_lost);
        }
        now_ = std::max(now_, next);
        if (match == rig::Match::sent) {
            busy_until_.reset();
            sent_ = now_;
            coming_ = answer(log.back());
        } else if (match == rig::Match::octet) {
            heard_.push_back(coming_.front());
            coming_.erase(coming_.begin());
        }
        return rig::Wake{match, now_};
    }
    [[nodiscard]] std::span<const core::Octet> heard() override {
        handed_out_ = std::exchange(heard_, {});
        return handed_out_;
    }
    [[nodiscard]] std::optional<core::Instant> sent() override {
        return std::exchange(sent_, std::nullopt);
    }
    [[nodiscard]] core::Baud baud() const override { return baud_; }
    [[nodiscard]] core::Duration uncertainty() const override { return {}; }

  private:
    core::Instant now_{};
    core::Baud baud_{};
    std::optional<core::Instant> busy_until_;
    std::optional<core::Instant> sent_;
    std::vector<core::Octet> coming_;
    std::vector<core::Octet> heard_;
    std::vector<core::Octet> handed_out_;
};

} // namespace meterbench::tests
