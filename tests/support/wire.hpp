// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/octets.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

namespace meterbench::tests {

/// One protocol object and a scripted other side, in a time of their own: the object's
/// transmissions begin when it asks for them, octets reach it at their end, and its deadlines are
/// kept to the nanosecond. An octet that ends at a deadline is heard before it.
template <class Object> class Wire {
  public:
    struct Request {
        Bytes bytes;
        core::Instant start{};
        core::Instant end{};
    };
    /// What the other side says to a request that ended at `end`.
    using Answer = std::function<std::vector<core::Octet>(const Request&)>;

    Wire(Object& object, Answer answer) : object_{object}, answer_{std::move(answer)} {}

    /// Until `done` holds, or nothing can happen any more; at most 10000 steps.
    template <class Done> void run(Done done) {
        for (int step = 0; step < 10'000 && !done(); ++step) {
            if (const auto transmission = object_.transmit()) {
                send(*transmission);
            } else if (!listen()) {
                return;
            }
        }
    }
    /// Octets that come by themselves; in order.
    void say(std::vector<core::Octet> octets) {
        for (const core::Octet& octet : octets) {
            pending_.push_back(octet);
        }
    }

    [[nodiscard]] const std::vector<Request>& requests() const { return requests_; }
    [[nodiscard]] core::Instant now() const { return now_; }

  private:
    void send(const core::Transmission& transmission) {
        const core::Instant start = std::max(now_, transmission.not_before);
        if (!pending_.empty() && pending_.front().end <= start) {
            return hear();
        }
        const auto characters = octets(transmission.bytes, start, transmission.baud);
        requests_.push_back(
            {{transmission.bytes.begin(), transmission.bytes.end()}, start, end_of(characters)});
        while (!pending_.empty() && pending_.front().end <= requests_.back().end) {
            hear(); // while it sends
        }
        now_ = requests_.back().end;
        object_.sent(now_);
        say(answer_(requests_.back()));
    }
    bool listen() {
        const auto due = object_.deadline();
        if (!pending_.empty() && (!due || pending_.front().end <= *due)) {
            hear();
            return true;
        }
        if (!due) {
            return false;
        }
        now_ = std::max(now_, *due);
        object_.expire(now_);
        return true;
    }
    void hear() {
        const core::Octet octet = pending_.front();
        pending_.erase(pending_.begin());
        now_ = std::max(now_, octet.end);
        object_.receive({&octet, 1});
    }

    Object& object_;
    Answer answer_;
    core::Instant now_{};
    std::vector<Request> requests_;
    std::vector<core::Octet> pending_;
};

} // namespace meterbench::tests
