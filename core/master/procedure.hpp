// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/link/primary_station.hpp"
#include "core/master/target.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace meterbench::core::master {

/// What a procedure noticed of the line and the meters, beside what it came to.
struct LineNotes {
    bool echo = false;          ///< the converter echoes; the echo was cancelled
    std::uint32_t requests = 0; ///< frames sent, retries included
    std::uint32_t early = 0;    ///< answers before the reply window opened; taken
    std::uint32_t late = 0;     ///< answers after it had closed; discarded
    std::uint32_t garbled = 0;  ///< attempts answered by octets that were no answer
    Duration latest{};          ///< how late the latest of the late ones was
    Duration slowest{};         ///< longest time from a request to the start of a good answer

    void add(const link::Outcome& outcome);
    void add(const LineNotes& other);
};

/// What an outcome means for a meter: the fault by the name of its cause. Answers that overlapped
/// in every attempt are an address-conflict; one that was spoilt once, and then silence, is noise,
/// or truncated where it broke off.
[[nodiscard]] std::optional<Fault> diagnose(const link::Outcome& outcome);

/// A job of a master on one line: a protocol object that is done() at some time. rig::drive() runs
/// it. It always ends: every request is bounded, and so is their number.
class Procedure {
  public:
    virtual ~Procedure() = default;
    Procedure(const Procedure&) = default;
    Procedure& operator=(const Procedure&) = default;

    void receive(std::span<const Octet> octets);
    [[nodiscard]] std::optional<Transmission> transmit() const { return station_.transmit(); }
    void sent(Instant now);
    void aborted(Instant now);
    [[nodiscard]] std::optional<Baud> listens() const { return station_.listens(); }
    /// Begins again, with nothing learned.
    void restart(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const { return station_.deadline(); }
    void expire(Instant now);
    [[nodiscard]] std::size_t octets_wanted() const { return station_.octets_wanted(); }

    [[nodiscard]] bool done() const { return done_; }
    /// Why it ended early; none: it did what it was for.
    [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }
    [[nodiscard]] const LineNotes& notes() const { return notes_; }

  protected:
    explicit Procedure(const link::PrimaryConfig& config) : station_{config} {}

    /// Forgets all results and asks for the first time. The constructor of a final class calls it.
    virtual void begin() = 0;
    /// What became of the request. Lost ports do not get here.
    virtual void conclude(const link::Outcome& outcome) = 0;

    void ask(const link::Request& request) { (void)station_.start(request); }
    void finish(std::optional<Fault> fault);
    void set_baud(Baud baud) { station_.set_baud(baud); }
    [[nodiscard]] Baud baud() const { return station_.config().baud; }
    /// Waits longer for answers from now on, after one that came late: by its lateness and half as
    /// much again. False when the wait would be longer than the standard's by a second; it stays.
    [[nodiscard]] bool wait_for_late(const link::Outcome& outcome);

  private:
    void progress();

    link::PrimaryStation station_;
    LineNotes notes_;
    std::optional<Fault> fault_;
    bool done_ = false;
};

/// A procedure with one meter. It opens the link first: SND_NKE, or deselection and selection
/// (EN 13757-7, 8.4); then the first request carries FCB = 1 (MB2-LL-039, MB7-SA-010).
class MeterProcedure : public Procedure {
  public:
    [[nodiscard]] const Target& target() const { return target_; }

  protected:
    MeterProcedure(const Target& target, const link::PrimaryConfig& config)
        : Procedure{config}, target_{target} {}

    /// (Re)opens the link; then opened(), or finish() with silence or not-selected.
    void open();
    /// Without opening it: for FFh, where nobody answers a reset.
    void assume_open() { step_ = Step::open; }
    virtual void opened() = 0;
    /// What became of request2() or send_data(), with its fault diagnosed.
    virtual void answered(const link::Outcome& outcome, const std::optional<Fault>& fault) = 0;

    void request2();
    /// SND_UD; nobody answers a broadcast. Fails with data-too-long and length-too-small.
    [[nodiscard]] Expected<void> send_data(std::span<const std::uint8_t> user_data);
    [[nodiscard]] bool secondary() const { return std::holds_alternative<Selection>(target_); }
    /// The A field of frames to the meter.
    [[nodiscard]] std::uint8_t address() const;
    void set_target(const Target& target) { target_ = target; }

  private:
    enum class Step : std::uint8_t { reset, deselect, select, open };

    void conclude(const link::Outcome& outcome) final;
    void select();

    Target target_;
    Step step_ = Step::reset;
    bool fcb_ = true;
};

} // namespace meterbench::core::master
