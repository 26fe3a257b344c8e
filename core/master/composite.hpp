// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/master/procedure.hpp"

#include <memory>

namespace meterbench::core::master {

/// A job made of procedures, one after another: passes the verbs on to the one under way, and asks
/// advance() when it is done. A lost port ends the whole job.
class Composite {
  public:
    virtual ~Composite() = default;
    Composite(const Composite&) = delete;
    Composite& operator=(const Composite&) = delete;

    void receive(std::span<const Octet> octets) {
        for (const Octet& octet : octets) {
            current_->receive({&octet, 1});
            progress();
        }
    }
    [[nodiscard]] std::optional<Transmission> transmit() const {
        return done_ ? std::nullopt : current_->transmit();
    }
    void sent(Instant now) {
        current_->sent(now);
        progress();
    }
    void aborted(Instant now) {
        current_->aborted(now);
        progress();
    }
    [[nodiscard]] std::optional<Baud> listens() const { return current_->listens(); }
    void restart(Instant now) {
        notes_ = {};
        fault_.reset();
        done_ = false;
        begin();
        current_->restart(now);
    }
    [[nodiscard]] std::optional<Instant> deadline() const {
        return done_ ? std::nullopt : current_->deadline();
    }
    void expire(Instant now) {
        current_->expire(now);
        progress();
    }
    [[nodiscard]] std::size_t octets_wanted() const { return current_->octets_wanted(); }

    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }
    [[nodiscard]] const LineNotes& notes() const { return notes_; }

  protected:
    Composite() = default;

    /// Forgets all results and runs the first procedure; the constructor of a final class calls it.
    virtual void begin() = 0;
    /// The current procedure is done: runs the next one, or finishes.
    virtual void advance() = 0;

    template <class Step, class... Arguments> void run(Arguments&&... arguments) {
        current_ = std::make_unique<Step>(std::forward<Arguments>(arguments)...);
    }
    template <class Step> [[nodiscard]] const Step& current_as() const {
        return static_cast<const Step&>(*current_);
    }
    [[nodiscard]] const Procedure& current() const { return *current_; }
    void finish(std::optional<Fault> fault) {
        fault_ = fault;
        done_ = true;
    }

  private:
    void progress() {
        while (!done_ && current_->done()) {
            notes_.add(current_->notes());
            const auto& fault = current_->fault();
            if (fault && fault->layer == Layer::bench) {
                return finish(fault);
            }
            advance();
        }
    }

    std::unique_ptr<Procedure> current_;
    LineNotes notes_;
    std::optional<Fault> fault_;
    bool done_ = false;
};

} // namespace meterbench::core::master
